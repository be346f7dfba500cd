import Analysis
import Model
import Statistics
import TestSupport
import Testing

/// Work that shares prove is an estimate, and everything says so.
struct ProvenWorkTests {
  /// A result of a device whose work is proven by so many shares in each window.
  private func result(_ shares: [Int]) -> RunResult {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "miner", rates: shares.map { Double($0) * 1e6 },
        watts: [.wall: shares.map { _ in 100 }])
    ]
    var result = sample.make()
    for (index, count) in shares.enumerated() {
      result.samples[index].spans = []
      result.samples[index].proven = ProvenWork(shares: count, unitsPerShare: 1e7)
    }
    result.workers[0].batch = 0
    result.summaries = Summarizing.summaries(of: result)
    return result
  }

  @Test("the amount is the shares times what each stands for, and the summary names its origin")
  func amount() throws {
    let result = result([400, 410, 390])
    #expect(result.samples[0].origin == .proven && result.samples[0].work == 4e9)
    #expect(result.samples[0].throughput == 4e8)
    let summary = try #require(result.summaries.first)
    #expect(summary.origin == .proven && summary.sharesFound == 1200)
    #expect(Figure.all(of: result, name: "m.json").map(\.workOrigin) == [.proven])
  }

  @Test("equal windows do not hide the counting noise of their shares")
  func floor() throws {
    let summary = try #require(result([100, 100, 100]).summaries.first)
    let noise = Poisson.interval(300)
    #expect(abs(try #require(summary.throughput.lower) / 1e8 - noise.lower / 300) < 1e-9)
    #expect(abs(try #require(summary.throughput.upper) / 1e8 - noise.upper / 300) < 1e-9)
    let scope = try #require(summary.energy.value?.first)
    let term = try #require(scope.terms.first { $0.name == .shareCount })
    #expect(abs(term.relative - 1 / 300.0.squareRoot()) < 1e-12)
    #expect(try #require(scope.repeatability).standard >= term.relative)
  }

  @Test("the noise is a floor of the repeats' spread, not beside it")
  func notTwice() throws {
    let summary = try #require(result([10_000, 14_000, 6000]).summaries.first)
    let scope = try #require(summary.energy.value?.first)
    let repeats = try #require(scope.terms.first { $0.name == .repeats })
    let others = scope.terms.filter {
      $0.name != .shareCount && !UncertaintyBudget.systematicTerms.contains($0.name)
    }
    let expected = others.reduce(0) { $0 + $1.relative * $1.relative }.squareRoot()
    #expect(repeats.relative > 1 / 30_000.0.squareRoot())
    #expect(abs(try #require(scope.repeatability).standard - expected) < 1e-12)
  }

  @Test("a grade asks for enough shares in each window")
  func grade() {
    let reasons = Grader.grade(result([400, 399, 500])).reasonsAgainstBetter.map(\.message)
    #expect(reasons.contains { $0.contains("400 shares in each window") && $0.contains("399") })
    let enough = Grader.grade(result([400, 400, 500])).reasonsAgainstBetter.map(\.message)
    #expect(!enough.contains { $0.contains("shares in each window") })
  }

  @Test("the exact interval of a Poisson number is Garwood's")
  func interval() {
    // Garwood (1936), table 1: 95 % intervals of 0, 1, 10 and 50 events.
    for (count, lower, upper) in [
      (0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390), (50, 37.11, 65.92),
    ] {
      let found = Poisson.interval(count)
      #expect(abs(found.lower - lower) < 0.006 && abs(found.upper - upper) < 0.006, "\(count)")
    }
  }

  @Test("with instants of their own nothing of the workers' work is in flight")
  func instants() throws {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "gpu", rates: [1e8, 1.001e8, 0.999e8], watts: [.wall: [100, 100, 100]])
    ]
    var result = sample.make()
    let before = try #require(Summarizing.summaries(of: result)[0].energy.value?.first)
    #expect(try #require(before.terms.first { $0.name == .inFlight }).relative > 0)
    result.workers[0].poll = Seconds(0.0002)
    for index in result.samples.indices {
      let span = result.samples[index].spans[0]
      let start = result.samples[index].start.hashes
      // Both edges were seen a tenth of a second after the window's own.
      result.samples[index].spans[0] = WorkerSpan(
        worker: 0, from: span.from, to: span.to, fromInstant: start.advanced(by: Seconds(0.1)),
        toInstant: start.advanced(by: Seconds(5.1)))
    }
    #expect(result.samples[0].throughput == Double(result.samples[0].units) / 5)
    let after = try #require(Summarizing.summaries(of: result)[0].energy.value?.first)
    #expect(try #require(after.terms.first { $0.name == .inFlight }).relative == 0)
    let poll = try #require(after.terms.first { $0.name == .poll })
    #expect(abs(poll.relative - 0.0002 * (3.0 / 6).squareRoot() / 30) < 1e-12)
  }
}
