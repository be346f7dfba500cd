import Analysis
import Foundation
import Model
import TestSupport
import Testing

@Suite("Comparison")
struct ComparisonTests {
  /// Values around a mean, normally distributed.
  private static func noise(
    _ count: Int, mean: Double, relative: Double, _ random: inout SeededGenerator
  ) -> [Double] {
    (0..<count).map { _ in
      let first = 1 - Double.random(in: 0..<1, using: &random)
      let second = Double.random(in: 0..<1, using: &random)
      return mean * (1 + relative * (-2 * log(first)).squareRoot() * cos(2 * .pi * second))
    }
  }

  private static func result(
    rate: Double, relative: Double, windows: Int = 5, _ random: inout SeededGenerator,
    change: (inout SampleResult) -> Void = { _ in }
  ) -> RunResult {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16",
        rates: noise(windows, mean: rate, relative: relative, &random),
        watts: [.cpuPackage: noise(windows, mean: 98, relative: relative, &random)])
    ]
    change(&sample)
    return sample.make()
  }

  private static func compare(
    _ base: RunResult, _ new: RunResult, _ options: ComparisonOptions = ComparisonOptions()
  ) throws -> Comparison {
    try Comparison.make(
      base: Figure.all(of: base, name: "base.json"), new: Figure.all(of: new, name: "new.json"),
      options)
  }

  private static func row(
    _ comparison: Comparison, _ quantity: ComparedQuantity
  ) throws -> ComparisonRow {
    try #require(comparison.rows.first { $0.quantity == quantity })
  }

  @Test(
    "a setting that differs in the machine's state is noted",
    arguments: [
      (StateFact.transparentHugePages, "thp", "[always] madvise never", "always [madvise] never"),
      (.scalingDriver, "driver", "intel_pstate", "acpi-cpufreq"),
      (.energyPreference, "epp", "performance", "balance_power"),
      (.governor, "governor", "performance", "powersave"),
    ])
  func settings(fact: StateFact, name: String, old: String, young: String) throws {
    func result(_ text: String) -> RunResult {
      var random = SeededGenerator(seed: 7)
      var result = Self.result(rate: 120e6, relative: 0.003, &random)
      for index in result.samples.indices {
        result.samples[index].stateBefore = MachineState(
          instant: Instant(nanoseconds: 0), unixTime: 0, facts: [fact: .value(.text(text))])
      }
      return result
    }
    let notes = try Self.compare(result(old), result(young)).notes
    #expect(notes.contains("Differs: \(name), \(old) against \(young)."))
    #expect(try !Self.compare(result(old), result(old)).notes.contains { $0.contains(name) })
  }

  @Test("runs of the same thing stay without difference in at least 95 of 100", arguments: 1...5)
  func same(batch: UInt64) throws {
    var quiet = 0
    for pair in 0..<100 {
      var random = SeededGenerator(seed: batch << 32 + UInt64(pair))
      let comparison = try Self.compare(
        Self.result(rate: 120e6, relative: 0.003, &random),
        Self.result(rate: 120e6, relative: 0.003, &random))
      if comparison.rows.allSatisfy({ $0.verdict == .noDifference }) { quiet += 1 }
    }
    #expect(quiet >= 95, "\(quiet) of 100 without difference")
  }

  @Test("a run that was counted and sampled in one scope is one run, not two")
  func twins() throws {
    var random = SeededGenerator(seed: 20)
    func metered(_ watts: [Double]) -> RunResult {
      Self.result(rate: 120e6, relative: 0.003, &random) { sample in
        sample.series[0].watts = [.wall: watts]
      }
    }
    func doubled(_ result: RunResult) -> RunResult {
      var result = result
      for index in result.summaries.indices {
        guard case .value(let scopes) = result.summaries[index].energy, var twin = scopes.first
        else { continue }
        var own = twin
        own.kind = .measuredCounter
        twin.kind = .measuredSampled
        result.summaries[index].energy = .value([own, twin])
      }
      return result
    }
    let base = metered([60, 60.1, 59.9, 60, 60])
    let new = metered([60.2, 60.1, 60, 60, 60.1])
    let counted = try Self.row(Self.compare(doubled(base), doubled(new)), .efficiency)
    let alone = try Self.row(Self.compare(base, new), .efficiency)
    #expect(counted.base.windows.count == alone.base.windows.count)
    #expect(counted.lower == alone.lower && counted.upper == alone.upper)
    #expect(alone.lower != nil)
  }

  @Test("a true loss of 3 % is found when the uncertainty allows it")
  func loss() throws {
    var found = 0
    var gated = 0
    let gate = try #require(ComparisonGate(.throughput, limit: -0.0175))
    for pair in 0..<100 {
      var random = SeededGenerator(seed: 7 << 32 + UInt64(pair))
      let comparison = try Self.compare(
        Self.result(rate: 120e6, relative: 0.003, &random),
        Self.result(rate: 0.97 * 120e6, relative: 0.003, &random),
        ComparisonOptions(gates: [gate]))
      if try Self.row(comparison, .throughput).verdict == .worse { found += 1 }
      if !comparison.passes([gate], strict: false) { gated += 1 }
    }
    #expect(found >= 99)
    #expect(gated >= 95)
  }

  @Test("where the noise is greater than the loss nothing is claimed")
  func noisy() throws {
    var claims = 0
    var silent = 0
    let gate = try #require(ComparisonGate(.throughput, limit: -0.0175))
    for pair in 0..<100 {
      var random = SeededGenerator(seed: 9 << 32 + UInt64(pair))
      let comparison = try Self.compare(
        Self.result(rate: 120e6, relative: 0.05, &random),
        Self.result(rate: 0.97 * 120e6, relative: 0.05, &random),
        ComparisonOptions(gates: [gate]))
      let row = try Self.row(comparison, .throughput)
      if row.verdict == .better { claims += 1 }
      if row.verdict == .cannotTell {
        silent += 1
        #expect(row.gates.map(\.verdict) == [.cannotTell])
        #expect(comparison.passes([gate], strict: false))
        #expect(!comparison.passes([gate], strict: true))
      }
    }
    #expect(claims <= 2)
    #expect(silent >= 90)
  }

  @Test("rounds of one run are compared pair by pair, and drift cancels")
  func paired() throws {
    let drift = [1.0, 0.97, 1.02, 0.95, 1.03]
    let wobble = [0.001, -0.001, 0.0005, 0, -0.0005]
    var sample = SampleResult()
    sample.interleaves = true
    sample.series = [
      SampleResult.Series(.sha256d, "old", rates: drift.map { 100e6 * $0 }),
      SampleResult.Series(
        .sha256d, "new", rates: zip(drift, wobble).map { 97e6 * $0 * (1 + $1) }),
    ]
    func kernels(_ result: RunResult) throws -> ComparisonRow {
      let figures = Figure.all(of: result, name: "one.json")
      return try Self.row(
        Comparison.make(
          base: figures, new: figures,
          ComparisonOptions(
            baseKernel: KernelID(rawValue: "old"), newKernel: KernelID(rawValue: "new"))),
        .throughput)
    }
    let together = try kernels(sample.make())
    #expect(together.method == "paired, 5 rounds")
    #expect(together.verdict == .worse)
    #expect(abs(together.ratio - 0.97) < 0.001)
    // The same windows one kernel after the other: nothing pairs them, and the drift is noise.
    sample.interleaves = false
    let apart = try kernels(sample.make())
    #expect(apart.method.hasPrefix("two groups"))
    #expect(apart.verdict == .cannotTell)
  }

  private static func pairs(
    _ names: [String], chosen: [String]? = nil, base: String? = nil, new: String? = nil
  ) -> KernelPairing {
    var sample = SampleResult()
    sample.series = names.map { SampleResult.Series(.sha256d, $0, rates: [1e6, 1.1e6]) }
    let choice = KernelChoice(
      algorithm: .sha256d, unit: .hash, device: .cpu, requested: "",
      chosen: (chosen ?? names).map(KernelID.init), candidates: [])
    return KernelPairing(
      Figure.all(of: sample.make(), name: "one.json"), choices: [choice],
      base: base.map(KernelID.init), new: new.map(KernelID.init))
  }

  private static func text(_ pairing: KernelPairing) -> [String] {
    pairing.pairs.map { "\($0.base) \($0.new)" }
  }

  @Test("the kernels of one result find their partners")
  func pairing() {
    #expect(Self.text(Self.pairs(["b", "a"])) == ["b a"])
    // The order of the command line counts, not that of the file.
    #expect(Self.text(Self.pairs(["a", "b"], chosen: ["b", "a"])) == ["b a"])
    #expect(
      Self.text(Self.pairs(["plugin:x", "plugin:y", "other:y", "other:x"])) == [
        "other:y plugin:y", "other:x plugin:x",
      ])
    #expect(Self.text(Self.pairs(["avx2", "portable", "other:avx2"])) == ["other:avx2 avx2"])
    #expect(
      Self.text(Self.pairs(["other:x", "other:y", "avx2"])) == ["other:x avx2", "other:y avx2"])
    #expect(Self.text(Self.pairs(["a", "b", "c"], base: "b")) == ["b a", "b c"])
    #expect(Self.text(Self.pairs(["a", "b", "c"], new: "b")) == ["a b", "c b"])
    #expect(Self.text(Self.pairs(["a", "b", "c"], base: "c", new: "a")) == ["c a"])
    let many = Self.pairs(["a", "b", "c"])
    #expect(many.pairs.isEmpty && many.refusals[0].contains("3 kernels, choose with --base-kernel"))
    #expect(Self.pairs(["a"]).refusals == ["sha256d: only a was measured"])
    #expect(Self.pairs(["a", "b", "other:x"]).refusals[0].contains("name of none of a, b"))
    #expect(Self.pairs(["a", "b"], base: "z").pairs.isEmpty)
  }

  @Test("pairs keep to the same number of threads")
  func pairedThreads() throws {
    var sample = SampleResult()
    sample.interleaves = true
    sample.series = [1, 2].flatMap { threads in
      [("old", 1.0), ("new", 0.5)].map { name, factor in
        SampleResult.Series(
          .sha256d, name, threads: threads,
          rates: [1e6, 1.01e6, 1.02e6].map { $0 * factor * Double(threads) })
      }
    }
    let figures = Figure.all(of: sample.make(), name: "one.json")
    let comparison = try Comparison.make(
      base: figures, new: figures,
      ComparisonOptions(
        pairing: KernelPairing(figures, choices: [], base: nil, new: nil)))
    #expect(comparison.rows.map(\.base.placement?.workers) == [1, 2])
    #expect(comparison.rows.allSatisfy { $0.base.placement == $0.new.placement })
    #expect(comparison.rows.allSatisfy { $0.method == "paired, 3 rounds" && $0.ratio == 0.5 })
  }

  @Test("a textbook case by hand: two means, Welch's degrees of freedom, one comparison")
  func byHand() throws {
    var sample = SampleResult()
    sample.series = [SampleResult.Series(.sha256d, "k", rates: [99, 100, 101])]
    let base = sample.make()
    sample.series = [SampleResult.Series(.sha256d, "k", rates: [109, 110, 111])]
    let row = try Self.row(Self.compare(base, sample.make()), .throughput)
    #expect(abs(row.ratio - 1.1) < 1e-12)
    // u = sqrt((1/sqrt(3)/100)^2 + (1/sqrt(3)/110)^2) = 0.0078025, 3.964 degrees of freedom; the 0.995 quantile
    // of t is 4.604 at 4 and 5.841 at 3 degrees (printed tables), hence about 4.64.
    let lower = try #require(row.lower)
    #expect(abs(log(1.1 / lower) - 0.0078025 * 4.64) < 3e-4, "\(log(1.1 / lower))")
    #expect(row.verdict == .better)
  }

  @Test("between machines the meters' own accuracy counts, on one machine it does not")
  func machines() throws {
    var random = SeededGenerator(seed: 3)
    let base = Self.result(rate: 120e6, relative: 0.002, &random)
    let better = Self.result(rate: 123e6, relative: 0.002, &random)
    var other = Self.result(rate: 123e6, relative: 0.002, &random) { $0.boardName = "other" }
    other.devices[0].hardwareID = HardwareID(rawValue: "cpu/other")
    let same = try Self.compare(base, better)
    let apart = try Self.compare(base, other)
    #expect(same.relation == .same)
    #expect(apart.relation == .different)
    #expect(try Self.row(same, .efficiency).verdict == .better)
    // 2.5 % better by meters of 5 % each: nobody can tell.
    #expect(try Self.row(apart, .efficiency).verdict == .cannotTell)
    #expect(try Self.row(apart, .throughput).verdict == .better)
    #expect(
      try Self.compare(base, better, ComparisonOptions(relation: .different)).relation
        == .different)
  }

  @Test("what must not be compared is refused with its reason")
  func refusals() throws {
    var random = SeededGenerator(seed: 4)
    let base = Self.result(rate: 120e6, relative: 0.002, &random)
    func refusal(_ change: (inout SampleResult) -> Void) -> String {
      let other = Self.result(rate: 120e6, relative: 0.002, &random, change: change)
      do {
        let comparison = try Self.compare(base, other)
        return comparison.refusals.joined(separator: "\n")
      } catch let error as Failure {
        #expect(error.exitCode == .badInput)
        return error.line
      } catch {
        return "\(error)"
      }
    }
    #expect(refusal { $0.suite = "quick-2" }.contains("different suites, quick-1 against quick-2"))
    #expect(refusal { $0.suite = nil }.contains("quick-1 against custom"))
    #expect(
      refusal {
        $0.series[0].watts = [.wall: $0.series[0].watts[.cpuPackage] ?? []]
      }.contains("scope cpu-package against wall"))
    #expect(
      refusal { $0.series = [SampleResult.Series(.scrypt, "avx2-4", rates: [1, 2, 3])] }
        .contains("sha256d: only on the base"))
    #expect(refusal { $0.series = [] }.contains("holds no figures"))
    #expect(refusal { $0.series[0].watts = [:] }.contains("energy: the new side has none"))
    #expect(refusal { _ in }.isEmpty)
  }

  @Test("a claim stands against a measurement only when that is said")
  func claims() throws {
    var random = SeededGenerator(seed: 5)
    let base = Figure.all(
      of: Self.result(rate: 120e6, relative: 0.002, &random), name: "base.json")
    var claim = base
    claim[0].provenance = .claimed
    claim[0].kernel = nil
    claim[0].placement = nil
    claim[0].suite = nil
    claim[0].throughputSpread = nil
    claim[0].source.name = "claim.json"
    #expect(throws: Failure.self) { try Comparison.make(base: base, new: claim) }
    let comparison = try Comparison.make(
      base: base, new: claim, ComparisonOptions(allowsClaims: true))
    // A bare claim has no spread, so nothing can be told of the throughput.
    #expect(try Self.row(comparison, .throughput).verdict == .cannotTell)
  }

  @Test("several runs on a side: the run is the unit, not the window")
  func sets() throws {
    var random = SeededGenerator(seed: 6)
    func runs(_ rate: Double) -> [Figure] {
      (0..<4).flatMap { index -> [Figure] in
        // Runs differ by 2 %, windows within a run by 0.1 %.
        let own = Self.noise(1, mean: rate, relative: 0.02, &random)[0]
        return Figure.all(
          of: Self.result(rate: own, relative: 0.001, &random), name: "\(rate)-\(index).json")
      }
    }
    let row = try Self.row(Comparison.make(base: runs(100e6), new: runs(100e6)), .throughput)
    #expect(row.method == "two groups, 4 runs and 4 runs")
    #expect(row.verdict == .cannotTell)
  }

  @Test(
    "gates",
    arguments: [
      (0.99, 0.985, 0.995, GateVerdict.pass), (0.97, 0.96, 0.98, .fail),
      (0.98, 0.965, 0.995, .fail), (0.985, 0.975, 0.995, .pass), (0.985, 0.90, 1.07, .cannotTell),
      (0.90, 0.85, 0.95, .fail), (1.1, 1.0, 1.2, .pass),
    ])
  func gates(ratio: Double, lower: Double, upper: Double, expected: GateVerdict) throws {
    let gate = try #require(ComparisonGate(.throughput, limit: -0.0175))
    #expect(GateOutcome(gate, ratio: ratio, bounds: (lower, upper)).verdict == expected)
  }

  @Test("a gate's sign must fit its subject, and joules per hash turn round")
  func gateLimits() throws {
    #expect(ComparisonGate(.throughput, limit: 0.01) == nil)
    #expect(ComparisonGate(.energy, limit: -0.01) == nil)
    #expect(ComparisonGate(.throughput, limit: 0) == nil)
    #expect(ComparisonGate(.throughput, limit: -1) == nil)
    let energy = try #require(ComparisonGate(.energy, limit: 0.05))
    #expect(abs(energy.ratioLimit - 1 / 1.05) < 1e-12)
    // 6 % more joules per hash: a ratio of 0.943 in hashes per joule.
    #expect(GateOutcome(energy, ratio: 0.943, bounds: (0.942, 0.944)).verdict == .fail)
    #expect(GateOutcome(energy, ratio: 0.96, bounds: (0.955, 0.965)).verdict == .pass)
  }
}
