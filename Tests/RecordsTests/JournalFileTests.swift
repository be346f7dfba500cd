import Model
import Records
import TestSupport
import Testing

/// Journals: what is whole comes back, a last line may be torn, and nothing else.
struct JournalFileTests {
  static let header: JournalHeader? = {
    guard let result = try? EveryField.result() else { return nil }
    return JournalHeader(
      command: "run", origin: Instant(nanoseconds: EveryField.boot), startedAt: result.startedAt,
      tool: result.tool, plan: result.plan, seed: result.seed, challenge: result.challenge,
      challengeWasGiven: true, arguments: result.arguments, machine: result.machine,
      devices: result.devices,
      series: [
        PlannedSeries(
          series: EveryField.series, target: Target(leadingZeroBits: 22),
          placement: EveryField.workers.placement, epoch: 440)
      ], measuresSpin: true, kernelChoices: result.kernelChoices, meters: result.meters,
      unavailableMeters: result.unavailableMeters, checks: result.checks,
      state: EveryField.state(1), roofline: result.roofline,
      deviceRooflines: result.deviceRooflines, note: result.note,
      powerSupply: "supply 1")
  }()

  static func steps() throws -> [JournalStep] {
    let result = try EveryField.result()
    return [
      JournalStep(samples: [result.samples[0]]),
      JournalStep(
        samples: [result.samples[1]], workers: result.workers, checks: result.checks,
        trace: result.trace, givenUp: [EveryField.series], endReason: result.endReason),
      JournalStep(isResumption: true),
    ]
  }

  static func bytes() throws -> (all: [UInt8], ends: [Int]) {
    var all = try JournalFile.line(try #require(header))
    var ends = [all.count]
    for (index, step) in try steps().enumerated() {
      all += try JournalFile.line(step, number: index + 2)
      ends.append(all.count)
    }
    return (all, ends)
  }

  @Test("what was written comes back")
  func roundTrip() throws {
    let (all, _) = try Self.bytes()
    let content = try JournalFile.read(all, name: "j")
    #expect(content.journal.header == Self.header)
    #expect(content.journal.steps == (try Self.steps()))
    #expect(content.length == all.count)
    #expect(content.lines == 4)
  }

  @Test("a file that ends anywhere is read up to its last whole line")
  func torn() throws {
    let (all, ends) = try Self.bytes()
    for length in stride(from: ends[0], through: all.count, by: 7) {
      let content = try JournalFile.read(Array(all[..<length]), name: "j")
      let whole = ends.last { $0 <= length } ?? 0
      #expect(content.length == whole)
      #expect(content.lines == ends.count { $0 <= length })
    }
  }

  @Test("a last line of nothing, or of another line's bytes, was torn too")
  func garbage() throws {
    let (all, ends) = try Self.bytes()
    for tail in [[UInt8](repeating: 0, count: 100), [UInt8](repeating: 0, count: 9) + [10]] {
      #expect(try JournalFile.read(all + tail, name: "j").length == ends[3])
    }
  }

  @Test("a first line that is not whole is refused")
  func tornHeader() throws {
    let (all, ends) = try Self.bytes()
    for length in [0, 1, ends[0] / 2, ends[0] - 1] {
      let failure = #expect(throws: Failure.self) {
        try JournalFile.read(Array(all[..<length]), name: "j")
      }
      #expect(failure?.exitCode == .badInput)
    }
  }

  @Test("a damaged line that is not the last is refused with its number and what may be done")
  func damaged() throws {
    let (all, ends) = try Self.bytes()
    func refusal(_ bytes: [UInt8]) -> Failure? {
      #expect(throws: Failure.self) { try JournalFile.read(bytes, name: "j.journal") }
    }
    var bytes = all
    bytes[ends[1] + 5] = 0
    let broken = refusal(bytes)
    #expect(broken?.exitCode == .badInput)
    #expect(broken?.message.hasPrefix("j.journal: line 3: ") == true)
    #expect(broken?.remedy?.contains("head -n 2") == true)
    // A line that is missing, one that is there twice, one of another format, and a key that is not known.
    #expect(refusal(Array(all[..<ends[0]] + all[ends[1]...]))?.message.contains("line 2") == true)
    #expect(refusal(Array(all[..<ends[1]] + all[ends[0]...]))?.message.contains("line 3") == true)
    #expect(refusal(all + Array("{}\n".utf8))?.message.contains("line 5") == true)
    let text = String(decoding: all, as: UTF8.self)
    #expect(refusal(Array(text.replacing("\"given_up\"", with: "\"gave_up\"").utf8)) != nil)
  }

  @Test("another format or a newer version is refused as such")
  func otherFormat() throws {
    let (all, _) = try Self.bytes()
    let text = String(decoding: all, as: UTF8.self)
    for (from, to, words) in [
      ("hashwatt-journal", "hashwatt-result", "its format is"),
      ("\"version\":1}", "\"version\":2}", "version 2 of hashwatt-journal"),
    ] {
      let failure = #expect(throws: Failure.self) {
        try JournalFile.read(Array(text.replacing(from, with: to).utf8), name: "j")
      }
      #expect(failure?.exitCode == .badInput)
      #expect(failure?.message.contains(words) == true)
    }
    let failure = #expect(throws: Failure.self) {
      try JournalFile.read(try ResultFile.encode(try EveryField.result()), name: "j")
    }
    #expect(failure?.exitCode == .badInput)
  }
}
