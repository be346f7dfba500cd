import Analysis
import JSON
import Model
import Records
import TestSupport
import Testing
import Verification

struct VerificationTests {
  static let proven = ProvenRun().make().derivedAnew

  /// Runs every judgement in order.
  static func judge(_ count: Int, _ isTrue: @escaping @Sendable (Int) -> Bool) -> Int? {
    (0..<count).first { !isTrue($0) }
  }

  /// The first falsehood, as `verify` finds it.
  static func falsehood(_ result: RunResult, stated: [SampleFigures]? = nil) throws -> Falsehood? {
    do {
      _ = try WorkVerification(result, references: QuickReferences())
        .verify(stated ?? result.samples.map(\.figures), judge: judge)
    } catch let falsehood as Falsehood {
      return falsehood
    }
    return try ResultFile.firstDifference(stated: result, derived: result.derivedAnew)
      .map { Falsehood($0.place, $0.message) }
  }

  @Test("a true result is true, and its shares prove its hashes")
  func trueResult() throws {
    let result = Self.proven
    #expect(try Self.falsehood(result) == nil)
    let series = try WorkVerification(result, references: QuickReferences())
      .verify(result.samples.map(\.figures), judge: Self.judge)
    #expect(series.map(\.units) == [4200])
    #expect(series.map(\.windows) == [3])
    #expect(series[0].shares == result.samples.reduce(0) { $0 + $1.shares.count })
  }

  @Test("a true result is true after a way through a file")
  func throughFile() throws {
    let read = try ResultFile.read(try ResultFile.encode(Self.proven), name: "a.json")
    #expect(try Self.falsehood(read.result, stated: read.statedFigures) == nil)
  }

  @Test("checks are told apart by their origin, wherever they stand")
  func origins() throws {
    let calibrated = Check(
      name: .calibratedWall, verdict: .pass, message: "sha256d: estimated(calibrated) wall power",
      origin: .external)
    let measured = Check(name: .selfTest, verdict: .pass, message: "sha256d: agrees")
    var result = Self.proven
    result.checks = [measured] + result.checks + [calibrated]
    #expect(try Self.falsehood(result) == nil)
    // An external check cannot stand in for one that follows from the samples.
    result.checks.remove(at: 1)
    #expect(try Self.falsehood(result)?.place.hasPrefix("checks") == true)
  }

  @Test("each share is hashed: another nonce is named")
  func nonce() throws {
    var result = Self.proven
    let share = result.samples[1].shares[5]
    // The next nonce that is no share.
    var value = share.position.value + 1
    while result.samples[1].shares.contains(where: { $0.position.value == value }) { value += 1 }
    result.samples[1].shares[5] = Proof(worker: share.worker, position: WorkPosition(value))
    let found = try #require(try Self.falsehood(result))
    #expect(found.place == "samples[1].shares[5]")
    #expect(found.message.contains("does not meet the target: its value is "))
  }

  @Test("a sample's hash count, time and rate must follow from its spans and instants")
  func figures() throws {
    var stated = Self.proven.samples.map(\.figures)
    stated[2].units += 1
    let hashes = try #require(try Self.falsehood(Self.proven, stated: stated))
    #expect(hashes == Falsehood("samples[2].units", "claims 1401; its spans give 1400"))
    stated[2].units -= 1
    stated[0].duration = Seconds(9.9)
    #expect(
      try Self.falsehood(Self.proven, stated: stated)
        == Falsehood("samples[0].window_s", "claims 9.9; its instants give 10.0"))
    stated[0].duration = Seconds(10)
    stated[1].throughput = nil
    #expect(try Self.falsehood(Self.proven, stated: stated)?.place == "samples[1].rate_per_s")
  }

  @Test("what was prepared lies in no window, is of known meters and took what is said of it")
  func preparations() throws {
    let first = Self.proven.samples[0].start.first
    let meter = try #require(Self.proven.meters.first?.id)
    func at(_ seconds: Double) -> SnapshotInstants {
      let instant = Instant(
        nanoseconds: UInt64(Int64(first.nanoseconds) + Int64(seconds * 1e9)))
      return SnapshotInstants(first: instant, second: instant, third: instant)
    }
    func falsehood(
      _ from: Double, _ to: Double, _ meters: [MeterID], took: Double = 2, claimed: Double = 1.9
    ) throws -> String? {
      var result = Self.proven
      result.workers[0].facts[.preparation] = .number(claimed)
      result.workers[0].preparations = [
        MeteredPreparation(
          start: at(from), end: at(to),
          energy: meters.map {
            ChannelEnergy(
              meter: $0,
              interval: .value(
                EnergyInterval(energy: Microjoules(80_000_000), duration: Seconds(took))))
          })
      ]
      return try Self.falsehood(result)?.place
    }
    let place = "workers[0].preparations[0]"
    #expect(try falsehood(-3, -1, [meter]) == nil)
    #expect(try falsehood(-3, -1, []) == nil)
    #expect(try falsehood(-1, 1, [meter]) == place)
    #expect(try falsehood(1, 3, [meter]) == place)
    #expect(try falsehood(-3, -1, [meter, meter]) == "\(place).energy")
    #expect(try falsehood(-3, -1, [MeterID(rawValue: "other")]) == "\(place).energy")
    #expect(
      try falsehood(-3, -1, [meter], took: 3) == "\(place).energy[0].interval.duration_s")
    #expect(
      try falsehood(-3, -1, [meter], claimed: 2.5) == "workers[0].facts.preparation_s")
  }

  /// One change of the truth and the place that is named.
  struct Lie: CustomTestStringConvertible, Sendable {
    let what: String
    let place: String
    let change: @Sendable (inout RunResult) -> Void
    var testDescription: String { what }
  }

  static let lies = [
    Lie(what: "summary mean", place: "summaries[0].rate_per_s.mean") {
      $0.summaries[0].throughput.mean *= 1.000_001
    },
    Lie(what: "hashes per joule", place: "summaries[0].energy[0].work_per_joule") {
      guard case .value(var scopes) = $0.summaries[0].energy else { return }
      scopes[0].workPerJoule *= 1.01
      $0.summaries[0].energy = .value(scopes)
    },
    Lie(what: "energy where there was none", place: "grading.aspects") {
      $0.samples = $0.samples.map { sample in
        var sample = sample
        sample.energy = []
        return sample
      }
      $0.checks = $0.derivedAnew.checks
    },
    Lie(what: "the time of an energy", place: "samples[1].energy[0].interval.duration_s") {
      guard let interval = $0.samples[1].energy[0].interval.value else { return }
      $0.samples[1].energy[0] = ChannelEnergy(
        meter: $0.samples[1].energy[0].meter,
        interval: .value(
          EnergyInterval(
            energy: interval.energy, duration: Seconds(interval.duration.value * 1.1))))
    },
    Lie(what: "better grade", place: "grading.grade") { $0.grading.grade = .r3 },
    Lie(what: "a reason withheld", place: "grading.reasons_against_better") {
      $0.grading.reasonsAgainstBetter.removeLast()
    },
    Lie(what: "a check withheld", place: "checks") { $0.checks.removeLast() },
    Lie(what: "two series of one name", place: "workers[1]") { $0.workers.append($0.workers[0]) },
    Lie(what: "fewer CPUs than threads", place: "workers[0].placement") {
      $0.workers[0].placement = .cpus([0])
    },
    Lie(what: "one CPU twice", place: "workers[0].placement") {
      $0.workers[0].placement = .cpus([0, 0])
    },
    Lie(what: "no place for one thread", place: "workers[0].placement") {
      $0.workers[0].placement = Placement($0.workers[0].series.placement, places: [0])
    },
    Lie(what: "a share twice", place: "samples[0].shares[4]") {
      $0.samples[0].shares.insert($0.samples[0].shares[3], at: 4)
    },
    Lie(what: "shares out of order", place: "samples[0].shares[1]") {
      $0.samples[0].shares.swapAt(0, 1)
    },
    Lie(what: "a share outside its span", place: "samples[0].shares[0]") {
      $0.samples[0].shares[0] = Proof(worker: 0, position: WorkPosition(7))
    },
    Lie(what: "a share of nobody", place: "samples[0].shares[") {
      $0.samples[0].shares.append(Proof(worker: 9, position: WorkPosition(7)))
    },
    Lie(what: "a window counted twice", place: "samples[1].spans[0]") {
      $0.samples[1].spans = $0.samples[0].spans
      $0.samples[1].shares = $0.samples[0].shares
    },
    Lie(what: "a worker left out", place: "samples[2].spans") {
      $0.samples[2].spans.removeLast()
      $0.samples[2].shares.removeAll { $0.worker == 1 }
    },
    Lie(what: "windows at one time", place: "samples[1].start") {
      $0.samples[1].start = $0.samples[0].start
    },
    Lie(what: "a series without workers", place: "samples[0].series") { $0.workers = [] },
    Lie(what: "a meter from nowhere", place: "samples[0].energy") { $0.meters = [] },
    Lie(what: "twice the hashes", place: "samples[0].shares") {
      $0.samples[0].spans = $0.samples[0].spans.map {
        WorkerSpan(
          worker: $0.worker, from: $0.from, to: WorkPosition($0.to.value + $0.units))
      }
    },
    Lie(what: "shares withheld", place: "samples[1].shares") {
      $0.samples[1].shares = $0.samples[1].shares.enumerated().filter { $0.offset % 3 == 0 }
        .map(\.element)
    },
    Lie(what: "another challenge", place: "samples[0].shares[0]") {
      guard let other = Challenge(bytes: Array(2...33)) else { return }
      $0.challenge = other
    },
    Lie(what: "another kernel", place: "samples[0].shares[0]") { result in
      let old = result.workers[0].series
      let new = SeriesID(
        algorithm: old.algorithm, device: old.device, kernel: KernelID(rawValue: "faster"),
        placement: old.placement)
      result.workers[0].series = new
      result.samples = result.samples.map { sample in
        var sample = sample
        sample.series = new
        return sample
      }
    },
    Lie(what: "work that a number proves", place: "samples[1].proven") {
      $0.samples[1].proven = ProvenWork(shares: 1_000_000, unitsPerShare: 1e9)
      $0.samples[1].shares = []
      // Everything that follows is made to follow.
      $0 = $0.derivedAnew
    },
    Lie(what: "instants of its own that make it fast", place: "samples[1].spans[0]") { result in
      let window = (result.samples[1].start.second, result.samples[1].end.second)
      result.samples[1].spans = result.samples[1].spans.map {
        WorkerSpan(
          worker: $0.worker, from: $0.from, to: $0.to, fromInstant: window.0,
          toInstant: window.0.advanced(by: Seconds(window.1.since(window.0).value / 2)))
      }
      result = result.derivedAnew
    },
    Lie(what: "an easier target", place: "samples[0].shares") {
      $0.workers[0].target = Target(leadingZeroBits: 2)
    },
  ]

  @Test("the first thing that is false is named", arguments: lies)
  func lie(_ lie: Lie) throws {
    var result = Self.proven
    lie.change(&result)
    let found = try #require(try Self.falsehood(result), "the lie was not found")
    #expect(found.place.hasPrefix(lie.place), "\(found)")
  }

  @Test("an algorithm without a reference is not called false")
  func unknownAlgorithm() throws {
    var result = Self.proven
    let series = SeriesID(
      algorithm: AlgorithmID(rawValue: "later"), device: .cpu, kernel: KernelID(rawValue: "k"),
      threads: 2)
    result.workers[0].series = series
    let failure = #expect(throws: Failure.self) { try Self.falsehood(result) }
    #expect(failure?.exitCode == .unavailable)
  }

  @Test("a dataset that the algorithm does not work on is false")
  func dataset() throws {
    var result = Self.proven
    result.workers[0].facts[.datasetBytes] = .integer(1_048_448)
    #expect(try Self.falsehood(result)?.place == "workers[0].facts.dataset_bytes")
  }

  // MARK: Rescan

  @Test("a rescan of everything finds exactly the recorded shares")
  func rescan() throws {
    var random = SeededGenerator(seed: 1)
    let scan = try Rescan(
      Self.proven, references: QuickReferences(), count: 12, size: { _ in 200 }, using: &random)
    #expect(scan.parts.count == 12)
    #expect(scan.parts.allSatisfy { $0.count == 200 })
    let listed = scan.parts.reduce(0) { sum, part in
      sum
        + Self.proven.samples[part.sample].shares.filter {
          $0.worker == part.worker && $0.position >= part.from
            && $0.position.value < part.from.value + part.count
        }.count
    }
    #expect(try scan.verify(judge: Self.judge) == listed)
    #expect(listed > 0)
  }

  @Test("one share left out of one part is found and named")
  func missingShare() throws {
    var result = Self.proven
    let gone = result.samples[1].shares.remove(at: 3)
    var random = SeededGenerator(seed: 2)
    let scan = try Rescan(
      result, references: QuickReferences(), count: 60, size: { _ in 700 }, using: &random)
    let found = #expect(throws: Falsehood.self) { try scan.verify(judge: Self.judge) }
    #expect(found?.place == "samples[1].spans[0]")
    #expect(
      found?.message
        == "sequence \(gone.position.sequence), nonce \(gone.position.nonce) meets the target but is "
        + "no share of the file")
  }

  @Test("of another version's result the numbers and the grade are derived, its words stay")
  func anotherVersion() throws {
    var result = Self.proven
    result.grading.reasonsAgainstBetter = [Reason(.failed, "worded by another version")]
    result.checks.removeLast()
    #expect(
      try ResultFile.firstDifference(stated: result, derived: result.numbersDerivedAnew) == nil)
    result.grading.grade = .r3
    #expect(
      try ResultFile.firstDifference(stated: result, derived: result.numbersDerivedAnew)?.place
        == "grading.grade")
    result = Self.proven
    result.summaries[0].sharesFound += 1
    #expect(
      try ResultFile.firstDifference(stated: result, derived: result.numbersDerivedAnew)?.place
        == "summaries[0].shares_found")
  }

  @Test("a kernel that skips one lane of 16 is caught by its number of shares alone")
  func skippedLane() throws {
    var run = ProvenRun()
    run.hashes = 16 * 500
    run.windows = 1
    run.leadingZeroBits = 1
    var result = run.make()
    result.samples[0].shares.removeAll { $0.position.nonce % 16 == 11 }
    let found = try #require(try Self.falsehood(result.derivedAnew))
    #expect(found.place == "samples[0].shares")
    #expect(found.message.hasPrefix("\(result.samples[0].shares.count) shares, where "))
  }

  @Test("parts are within their spans and spread over all windows")
  func parts() throws {
    var random = SeededGenerator(seed: 3)
    let scan = try Rescan(
      Self.proven, references: QuickReferences(), count: 300, size: { _ in 50 }, using: &random)
    for part in scan.parts {
      let span = Self.proven.samples[part.sample].spans[part.worker]
      #expect(span.from <= part.from && part.from.value + part.count <= span.to.value)
    }
    #expect(Set(scan.parts.map(\.sample)) == [0, 1, 2])
    #expect(Set(scan.parts.map(\.worker)) == [0, 1])
  }
}
