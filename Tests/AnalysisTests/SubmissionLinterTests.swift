import Analysis
import Model
import TestSupport
import Testing

struct SubmissionLinterTests {
  private static let now = 1_795_000_000.0

  private static func result(
    factor: Double = 1, watts: Double = 98, _ change: (inout RunResult) -> Void = { _ in }
  ) -> RunResult {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16", rates: [119, 120, 121].map { $0 * 1e6 * factor },
        watts: [.cpuPackage: [watts, watts, watts]])
    ]
    var result = sample.make()
    change(&result)
    return result
  }

  private static func findings(
    _ result: RunResult, among others: [Figure] = []
  ) -> [SubmissionFinding] {
    SubmissionLinter.findings(
      of: result, Figure.all(of: result, name: "new.json"), among: others, now: now)
  }

  private static func others(_ count: Int) -> [Figure] {
    (0..<count).flatMap { number in
      Figure.all(of: result(factor: 1 + 0.01 * Double(number)), name: "\(number).json")
    }
  }

  @Test("a run like the others of its hardware has nothing to be looked at")
  func plausible() {
    let found = Self.findings(Self.result(), among: Self.others(4))
    #expect(found.allSatisfy { $0.weight == .good })
    #expect(
      found.contains { $0.text == "2 figures within a factor of 1.50 of others of this hardware" })
  }

  @Test("a rate or an efficiency far from the others is doubtful, either way")
  func far() {
    let others = Self.others(3)
    let fast = Self.findings(Self.result(factor: 2), among: others)
    #expect(fast.count { $0.rule == .plausible && $0.weight == .doubtful } == 2)
    #expect(fast.contains { $0.text.contains("its rate is 1.98 times the median of 3 others") })
    let thrifty = Self.findings(Self.result(watts: 40), among: others)
    #expect(thrifty.map(\.weight).contains(.doubtful))
    #expect(!thrifty.contains { $0.text.contains("its rate") })
    #expect(
      Self.findings(Self.result(factor: 0.5), among: others).map(\.weight).contains(.doubtful))
    // Two others are no norm, and other workers are another thing.
    #expect(
      Self.findings(Self.result(factor: 2), among: Self.others(2)).allSatisfy { $0.weight == .good }
    )
    let otherHardware = others.map { figure in
      var figure = figure
      figure.hardwareID = HardwareID(rawValue: "cpu/another")
      return figure
    }
    #expect(
      Self.findings(Self.result(factor: 2), among: otherHardware).allSatisfy { $0.weight == .good })
  }

  @Test("more work per joule than anybody claims is doubtful")
  func beyondEveryClaim() {
    var claim = Self.others(1)
    for index in claim.indices {
      claim[index].provenance = .claimed
      claim[index].hardwareID = HardwareID(rawValue: "asic/best")
      claim[index].deviceName = "Best of All"
    }
    let found = Self.findings(Self.result(factor: 1.2), among: claim)
    #expect(found.contains { $0.weight == .doubtful && $0.text.contains("Best of All") })
    #expect(Self.findings(Self.result(factor: 0.9), among: claim).allSatisfy { $0.weight == .good })
  }

  @Test("a clock that is wrong, an interrupted run, a failed check and a note are told of")
  func others() {
    func weights(_ rule: SubmissionFinding.Rule, _ change: (inout RunResult) -> Void)
      -> [SubmissionFinding.Weight]
    {
      Self.findings(Self.result(change)).filter { $0.rule == rule }.map(\.weight)
    }
    #expect(weights(.time) { $0.startedAt = Self.now + 2 * 86400 } == [.wrong])
    #expect(weights(.time) { $0.endedAt = Self.now + 2 * 86400 } == [.wrong])
    #expect(weights(.time) { $0.startedAt = 86400 } == [.doubtful])
    #expect(weights(.time) { _ in } == [.good])
    #expect(weights(.complete) { $0.isComplete = false } == [.wrong])
    #expect(weights(.text) { $0.note = "see <script>" } == [.doubtful])
    #expect(
      weights(.checks) {
        $0.checks.append(Check(name: .throttling, verdict: .fail, message: "it throttled"))
      } == [.doubtful])
  }
}
