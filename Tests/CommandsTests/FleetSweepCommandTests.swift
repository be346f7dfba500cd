import Foundation
import Model
import Records
import TestSupport
import Testing

/// `fleet collect` of several fleets: one for each power limit, on the same nodes.
struct FleetSweepCommandTests {
  /// Rate in MH/s and watts at each limit.
  private static let caps: [(watts: Int, rate: Double, power: Double)] = [
    (320, 100, 300), (160, 70, 150), (80, 40, 90),
  ]

  private static func submit(
    _ folder: RecordFolder, _ name: String, expect: [String] = [],
    run: [String] = ["--suite", "quick"]
  ) throws {
    let outcome = folder.run(
      [
        "fleet", "submit", "\(folder.path)/\(name)", "--engine", "commands", "--nodes", "n[1-5]",
        "--program", "/opt/hashwatt",
      ] + expect.flatMap { ["--expect", $0] } + ["--"] + run)
    #expect(outcome.code == .done, "\(outcome.notes)")
  }

  private static func plan(_ folder: RecordFolder, _ name: String) throws -> FleetPlan {
    let path = "\(folder.path)/\(name)/fleet.json"
    return try FleetFile.decode(
      Array(try Data(contentsOf: URL(fileURLWithPath: path))), name: path)
  }

  /// A result of a node as its command would have written it.
  private static func answer(
    _ folder: RecordFolder, _ name: String, _ node: Int, limit: Int, rate: Double,
    power: Double, into place: String? = nil, _ change: (inout RunResult) -> Void = { _ in }
  ) throws {
    let plan = try plan(folder, name)
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16",
        rates: [0.999, 1, 1.001].map { $0 * rate * 1e6 * (1 + 0.0002 * Double(node)) },
        watts: [.cpuPackage: [power, power * 1.001, power * 0.999]])
    ]
    var result = sample.make()
    result.challenge = plan.challenge(of: plan.nodes[node - 1].name, attempt: 1)
    result.challengeWasGiven = true
    result.startedAt += Double(1000 * limit + node)
    result.endedAt = result.startedAt + 60
    let state = MachineState(
      instant: result.samples[0].start.first, unixTime: result.startedAt,
      facts: [.longTermPowerLimit: .value(.integer(Int64(limit) * 1_000_000))])
    for index in result.samples.indices {
      result.samples[index].stateBefore = state
      result.samples[index].stateAfter = state
    }
    change(&result)
    try folder.add(
      "\(place ?? "\(name)/results")/n\(node)/r-\(limit).json", bytes: ResultFile.encode(result))
  }

  /// Three fleets of five nodes, each measured at its limit.
  private static func sweep(expects: Bool = true) throws -> RecordFolder {
    let folder = try RecordFolder()
    for cap in caps {
      let name = "cap\(cap.watts)"
      try submit(
        folder, name, expect: expects ? ["pl1_limit_uw=\(cap.watts)000000"] : [],
        run: ["--suite", "quick", "--note", "\(cap.watts) W"])
      for node in 1...5 {
        try answer(folder, name, node, limit: cap.watts, rate: cap.rate, power: cap.power)
      }
    }
    return folder
  }

  /// A line that is too long for the terminal is broken at any place.
  private static func words(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  private func collect(_ folder: RecordFolder, _ words: String...) -> (
    code: ExitCode, text: String, notes: String
  ) {
    folder.run(
      ["fleet", "collect"] + Self.caps.map { "\(folder.path)/cap\($0.watts)" } + ["--no-verify"]
        + words)
  }

  @Test("each limit is compared by itself, then all over the limit, in every form")
  func forms() throws {
    let folder = try Self.sweep()
    let text = collect(folder)
    #expect(text.code == .done, "\(text.notes)")
    assertSnapshot(text.text, named: "fleet-sweep.txt")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(collect(folder, "--format", "json").text.utf8))
        as? [String: Any])
    #expect(json["over"] as? String == "pl1_limit_uw")
    let curves = try #require(json["curves"] as? [[String: Any]])
    #expect(curves.map { $0["most_efficient"] as? String } == ["160 W"])
    let points = try #require(curves.first?["points"] as? [[String: Any]])
    #expect(points.map { $0["setting"] as? String } == ["80 W", "160 W", "320 W"])
    let csv = collect(folder, "--format", "csv").text.split(separator: "\r\n")
    #expect(csv.count == 1 + 3 * 5 * 2)
    #expect(csv.count { $0.contains(",160 W,true") } == 5)
    #expect(csv.count { $0.contains(",320 W,false") } == 5)
    let markdown = collect(folder, "--format", "markdown").text
    #expect(markdown.contains("most efficient") && markdown.contains("| 160 W "), "\(markdown)")
    let junit = collect(folder, "--format", "junit").text
    #expect(junit.contains("n3 at PL1 160 W, efficiency in cpu-package"), "\(junit)")
    #expect(junit.contains(" at PL1 320 W\" timestamp"))
  }

  @Test(
    "the page draws work per joule over the limit where gnuplot is there, and says where it is not")
  func page() throws {
    let folder = try Self.sweep()
    let page = collect(folder, "--format", "html").text
    #expect(page.contains("Over PL1") && page.contains("most efficient at 160 W"))
    #expect(page.contains("<svg") || page.contains("gnuplot is not installed"))
    let without = folder.run(
      ["fleet", "collect"] + Self.caps.map { "\(folder.path)/cap\($0.watts)" }
        + ["--no-verify", "--format", "html"], path: folder.path)
    #expect(without.text.contains("Pictures left out: gnuplot is not installed"))
    #expect(!without.text.contains("<script") && !without.text.contains("<svg"))
  }

  @Test(
    "gates judge each limit by itself, and a node that was not set as its fleet expects is refused")
  func gates() throws {
    let folder = try Self.sweep()
    try Self.answer(folder, "cap160", 2, limit: 160, rate: 65, power: 150)
    #expect(collect(folder).code == .no)
    #expect(
      collect(folder, "--gate", "throughput=-10%", "--gate", "efficiency=-10%").code == .done)
    try Self.answer(folder, "cap80", 3, limit: 80, rate: 40, power: 90) {
      for index in $0.samples.indices {
        $0.samples[index].stateBefore?.facts[.longTermPowerLimit] = .value(.integer(90_000_000))
      }
    }
    let refused = collect(folder, "--gate", "throughput=-10%", "--gate", "efficiency=-10%")
    #expect(refused.code == .no)
    let words = Self.words(refused.text)
    #expect(
      words.contains(
        "n3 at PL1 80 W: not as expected: pl1_limit_uw is 90000000, expected 80000000"),
      "\(refused.text)")
    #expect(words.contains("14 of 15 measurements of 5 nodes answered, not verified"))
    let base = collect(folder, "--base", folder.path + "/cap320/results/n1/r-320.json")
    #expect(base.code == .usage && base.notes.contains("--base is of one setting"))
  }

  @Test(
    "a result counts for the fleet whose challenge it has, wherever it lies; who sent none is named with the limit"
  )
  func places() throws {
    let folder = try Self.sweep()
    let manager = FileManager.default
    try manager.removeItem(atPath: folder.path + "/cap160/results/n4/r-160.json")
    try Self.answer(
      folder, "cap160", 4, limit: 160, rate: 70, power: 150, into: "cap320/results")
    #expect(collect(folder).code == .done)
    try manager.removeItem(atPath: folder.path + "/cap80/results/n5/r-80.json")
    try folder.add("cap80/results/n5/cut.json", bytes: Array("{".utf8))
    try manager.removeItem(atPath: folder.path + "/cap80/results/n1/r-80.json")
    let outcome = collect(folder)
    #expect(outcome.code == .no)
    #expect(outcome.text.contains("n1 at PL1 80 W: no answer"), "\(outcome.text)")
    #expect(outcome.text.contains("n5 at PL1 80 W: unreadable"), "\(outcome.text)")
    // The very run of one limit, sent for another one.
    try Self.answer(folder, "cap80", 1, limit: 80, rate: 40, power: 90)
    try manager.removeItem(atPath: folder.path + "/cap80/results/n5/cut.json")
    try Self.answer(folder, "cap80", 5, limit: 80, rate: 40, power: 90)
    #expect(collect(folder).code == .done)
    try manager.copyItem(
      atPath: folder.path + "/cap320/results/n2/r-320.json",
      toPath: folder.path + "/cap80/results/n2/again.json")
    #expect(collect(folder).text.contains("is the run of"))
  }

  @Test("without --expect the fact is named by --over, for fleets as for any folders")
  func over() throws {
    let folder = try Self.sweep(expects: false)
    let refused = collect(folder)
    #expect(refused.code == .badInput && refused.notes.contains("--over pl1_limit_uw"))
    let named = collect(folder, "--over", "pl1_limit_uw")
    #expect(named.code == .done, "\(named.notes)")
    #expect(Self.words(named.text).contains("most work per joule at PL1 160 W"), "\(named.text)")
    // The same files without their fleets.
    for cap in Self.caps {
      try FileManager.default.removeItem(atPath: "\(folder.path)/cap\(cap.watts)/fleet.json")
    }
    let plain = folder.run(
      ["fleet", "collect"] + Self.caps.map { "\(folder.path)/cap\($0.watts)/results" }
        + ["--no-verify", "--over", "pl1_limit_uw"])
    #expect(plain.code == .done, "\(plain.notes)")
    #expect(Self.words(plain.text).contains("most work per joule at PL1 160 W"), "\(plain.text)")
    let unknown = folder.run([
      "fleet", "collect", folder.path + "/cap80/results", "--no-verify", "--over", "no_such_fact",
    ])
    #expect(unknown.code == .no)
    #expect(unknown.text.contains("no_such_fact is not recorded"), "\(unknown.text)")
  }

  @Test("two fleets at one limit, or of other options, are refused before anything is read")
  func refused() throws {
    let folder = try RecordFolder()
    try Self.submit(folder, "a", expect: ["pl1_limit_uw=80000000"])
    try Self.submit(folder, "b", expect: ["pl1_limit_uw=80000000"])
    try Self.submit(folder, "c", expect: ["pl1_limit_uw=90000000"], run: ["--suite", "standard"])
    for (names, part) in [
      (["a", "b"], "no --expect in which they differ"), (["a", "c"], "run options"),
      (["a", "a/"], "are one fleet"),
    ] {
      let outcome = folder.run(["fleet", "collect"] + names.map { "\(folder.path)/\($0)" })
      #expect(outcome.code == .badInput && outcome.notes.contains(part), "\(outcome.notes)")
    }
  }

  // MARK: - The program

  /// A file that begins as programs do.
  private static func program(_ folder: RecordFolder, _ text: String) throws -> String {
    try folder.add("bin/hashwatt", bytes: [0x7f] + Array("ELF\(text)".utf8))
  }

  @Test(
    "a fleet remembers which program it was submitted with, and a node with another one is refused")
  func otherProgram() throws {
    let folder = try RecordFolder()
    let path = try Self.program(folder, "one")
    let submit = ["fleet", "submit", folder.path + "/a"]
    let outcome = folder.run(
      submit + ["--engine", "commands", "--nodes", "n[1-5]", "--program", path, "--"]
        + ["--suite", "quick"])
    #expect(outcome.code == .done, "\(outcome.notes)")
    let digest = Hexadecimal.encode(SHA256.hash([0x7f] + Array("ELFone".utf8)))
    #expect(try Self.plan(folder, "a").programDigest == digest)
    for node in 1...5 {
      try Self.answer(folder, "a", node, limit: 80, rate: 40, power: 90) {
        $0.tool.executableDigest = .value(node == 3 ? String(repeating: "cd", count: 32) : digest)
      }
    }
    let report = folder.run(["fleet", "collect", folder.path + "/a", "--no-verify"])
    #expect(report.code == .no)
    let words = Self.words(report.text)
    #expect(
      words.contains("n3: not as expected: measured by another program: hashwatt"), "\(report.text)"
    )
    #expect(words.contains("of SHA-256 cdcdcdcdcdcd, submitted was \(digest.prefix(12))"))
    // What is unfinished goes on with that program only.
    try FileManager.default.removeItem(atPath: folder.path + "/a/results/n3/r-80.json")
    _ = try Self.program(folder, "two")
    let again = folder.run(submit + ["--again"])
    #expect(again.code == .badInput && again.notes.contains("is another program"), "\(again.notes)")
    _ = try Self.program(folder, "one")
    #expect(folder.run(submit + ["--again"]).text.contains("1 command"))
  }

  @Test("a script that starts the program is not taken for it")
  func script() throws {
    let folder = try RecordFolder()
    let path = try folder.add("bin/start", bytes: Array("#!/bin/sh\nexec hashwatt \"$@\"\n".utf8))
    let outcome = folder.run([
      "fleet", "submit", folder.path + "/a", "--engine", "commands", "--nodes", "n1", "--program",
      path, "--", "--suite", "quick",
    ])
    #expect(outcome.code == .done, "\(outcome.notes)")
    #expect(try Self.plan(folder, "a").programDigest == nil)
  }
}
