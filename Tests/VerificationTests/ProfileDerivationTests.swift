import Analysis
import LinuxSystem
import Model
import Records
import TestSupport
import Testing
import Verification

struct ProfileDerivationTests {
  /// A result of one run, cited by its true digest.
  static func cited(
    _ name: String, startedAt: Double, watts: Double? = 40,
    change: (inout RunResult) -> Void = { _ in }
  ) throws -> CitedResult {
    var run = ProvenRun()
    run.hashes = 100
    run.watts = watts
    var result = run.make()
    result.startedAt = startedAt
    change(&result)
    result = result.derivedAnew
    let recorded = try ResultFile.read(try ResultFile.encode(result), name: name)
    return CitedResult(name: name, digest: recorded.digest, result: recorded.result)
  }

  @Test("windows are pooled as sums: hashes over joules, and every result is cited")
  func pooled() throws {
    let first = try Self.cited("a.json", startedAt: 100, watts: 40)
    let second = try Self.cited("b.json", startedAt: 200, watts: 60)
    let profile = try #require(try ProfileDerivation.profiles(from: [first, second]).first)
    #expect(profile.hardwareID.rawValue == "cpu/test-2c")
    #expect(profile.unitsAtLeast == 1)
    #expect(profile.sources.map(\.result) == ["a.json", "b.json"])
    #expect(profile.sources.map(\.digest) == [first.digest, second.digest])
    #expect(profile.measured.count == 1)
    let figure = profile.measured[0]
    #expect(figure.results == ["a.json", "b.json"])
    #expect(figure.units == 1200)
    #expect(figure.summary.throughput.count == 6)
    #expect(figure.summary.stopReason == .pooled)
    let totals = try #require(figure.scopeTotals.first)
    let scope = try #require(figure.summary.energy.value?.first)
    #expect(totals.windows == 6)
    #expect(abs(scope.workPerJoule - 1200 / totals.joules) < 1e-9)
    // Six windows of 10 s and a little, three at 40 W and three at 60 W.
    #expect(abs(totals.joules - (40 + 60) * figure.time.value / 2) < 1e-3)
  }

  @Test("the order of the results and their repetition change no byte")
  func deterministic() throws {
    let results = try [300.0, 100, 200].map { try Self.cited("r\(Int($0)).json", startedAt: $0) }
    let bytes = try ProfileDerivation.profiles(from: results).map(ProfileFile.encode)
    for order in [[2, 0, 1], [1, 2, 0, 1, 1], [0, 1, 2, 0]] {
      let again = try ProfileDerivation.profiles(from: order.map { results[$0] })
      #expect(try again.map(ProfileFile.encode) == bytes)
    }
    let read = try ProfileFile.decode(bytes[0], name: "p.json")
    #expect(try ProfileFile.encode(read) == bytes[0])
  }

  @Test("other plans, hypervisors and meters are not pooled")
  func apart() throws {
    let plain = try Self.cited("a.json", startedAt: 1)
    let others = [
      try Self.cited("b.json", startedAt: 2) { $0.plan.suite = nil },
      try Self.cited("c.json", startedAt: 3) { $0.machine.platform.hypervisor = .value("kvm") },
      try Self.cited("d.json", startedAt: 4, watts: nil),
    ]
    for other in others {
      let profile = try #require(try ProfileDerivation.profiles(from: [plain, other]).first)
      #expect(Set(profile.measured.map(\.results)) == [["a.json"], [other.name]])
    }
  }

  @Test("windows over datasets of two epochs are two figures, each with its epoch in the file")
  func epochs() throws {
    let results = try [435, 440, 435].enumerated().map { index, epoch in
      try Self.cited("\(index).json", startedAt: Double(index)) {
        $0.workers[0].facts[.epoch] = .integer(Int64(epoch))
      }
    }
    let profile = try #require(try ProfileDerivation.profiles(from: results).first)
    let read = try ProfileFile.decode(try ProfileFile.encode(profile), name: "p.json")
    #expect(read.measured.map(\.results) == [["0.json", "2.json"], ["1.json"]])
    #expect(read.measured.map(\.epoch) == [435, 440])
    #expect(Figure.all(of: read, name: "p.json").map(\.epoch) == [435, 440])
  }

  @Test("the lowest grade of the pooled results counts")
  func grade() throws {
    let good = try Self.cited("a.json", startedAt: 1)
    let partial = try Self.cited("b.json", startedAt: 2) { $0.isComplete = false }
    #expect(good.result.grading.grade > partial.result.grading.grade)
    let profile = try #require(try ProfileDerivation.profiles(from: [good, partial]).first)
    #expect(profile.measured.map(\.grade) == [.r0])
  }

  @Test("machines that differ are counted as units")
  func units() throws {
    let results = try ["A", "B", "B"].enumerated().map { index, board in
      try Self.cited("\(index).json", startedAt: Double(index)) {
        $0.machine.platform.boardName = .value(board)
      }
    }
    #expect(try ProfileDerivation.profiles(from: results).map(\.unitsAtLeast) == [2])
  }

  @Test("two results of one name, and a hardware identifier that is a path, are refused")
  func refused() throws {
    let first = try Self.cited("a.json", startedAt: 1)
    let second = try Self.cited("a.json", startedAt: 2)
    let sameName = #expect(throws: Failure.self) {
      try ProfileDerivation.profiles(from: [first, second])
    }
    #expect(sameName?.exitCode == .badInput)
    for id in ["../../etc/passwd", "cpu", "cpu/../x", "cpu//x", "cpu/.x", "cpu/A b", ""] {
      let bad = try Self.cited("a.json", startedAt: 1) {
        $0.devices[0].hardwareID = HardwareID(rawValue: id)
      }
      let failure = #expect(throws: Failure.self) {
        try ProfileDerivation.profiles(from: [bad])
      }
      #expect(failure?.exitCode == .badInput)
    }
  }

  /// The repository's own folder, seen from this file.
  static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  /// Every JSON file below a folder of the repository.
  static func files(_ folder: String) -> [String] {
    let names = (try? SystemRoot.live.names("\(repository)/\(folder)")) ?? []
    return names.sorted().flatMap { name in
      name.hasSuffix(".json") ? ["\(folder)/\(name)"] : files("\(folder)/\(name)")
    }
  }

  @Test("each measured profile of the repository follows from its results byte for byte")
  func repositoryProfiles() throws {
    for path in Self.files("profiles")
    where !path.hasSuffix(".schema.json") && !path.hasPrefix("profiles/chains/") {
      let bytes = try SystemRoot.live.bytes("\(Self.repository)/\(path)", limit: 1 << 26)
      let profile = try ProfileFile.decode(bytes, name: path)
      #expect(try ProfileFile.encode(profile) == bytes, "\(path) is canonical")
      #expect(path == "profiles/\(profile.hardwareID.rawValue).json")
      guard !profile.sources.isEmpty else { continue }
      let results = try profile.sources.map { source in
        let file = "results/\(source.result)"
        let bytes = try SystemRoot.live.bytes("\(Self.repository)/\(file)", limit: 1 << 28)
        let recorded = try ResultFile.read(bytes, name: file)
        #expect(recorded.digest == source.digest)
        return CitedResult(
          name: source.result, digest: recorded.digest, result: recorded.result)
      }
      var derived = try #require(
        try ProfileDerivation.profiles(from: results).first {
          $0.hardwareID == profile.hardwareID
        })
      derived.published = profile.published
      derived.vendor = profile.vendor
      #expect(try ProfileFile.encode(derived) == bytes, "\(path)")
    }
  }

  @Test("each result of the repository is canonical")
  func repositoryResults() throws {
    for path in Self.files("results") {
      let bytes = try SystemRoot.live.bytes("\(Self.repository)/\(path)", limit: 1 << 28)
      let result = try ResultFile.decode(bytes, name: path)
      #expect(try ResultFile.encode(result) == bytes)
    }
  }
}
