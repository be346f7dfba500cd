import Analysis
import Benchmarking
import Model
import Statistics
import TestSupport
import Testing

/// Monte Carlo of the whole chain: engine, snapshots, summaries, budget, on a machine whose truth is known.
struct CoverageTests {
  /// What the simulated machine and its meter do, and what the meter's descriptor states of it.
  struct Scenario: CustomTestStringConvertible {
    let name: String
    /// Relative standard deviation of the rate from window to window.
    let noise: Double
    /// Bounds of gain and offset; each run draws its own meter from rectangular distributions.
    let gainBound: Double
    let offsetBound: Double
    /// Seconds between two updates of the counter.
    let tick: Double
    let coverage: ClosedRange<Double>
    var testDescription: String { name }
  }

  private static let rate = 5e6
  private static let watts = 50.0
  private static let truth = 2 * rate / watts

  /// How many of 2000 runs state a 95 % interval of hashes per joule that holds the truth.
  ///
  /// Where gain and offset rule, their rectangular distributions make the interval cover more than it promises.
  @Test(
    "the stated 95 % interval covers the truth",
    arguments: [
      Scenario(
        name: "noise rules", noise: 0.006, gainBound: 0.002, offsetBound: 0.03, tick: 0.02,
        coverage: 0.93...0.97),
      Scenario(
        name: "noise and gain alike", noise: 0.006, gainBound: 0.005, offsetBound: 0.05,
        tick: 0.02, coverage: 0.93...0.97),
      Scenario(
        name: "gain rules", noise: 0.001, gainBound: 0.02, offsetBound: 0.1, tick: 0.02,
        coverage: 0.97...1),
    ])
  func coverage(_ scenario: Scenario) throws {
    var generator = SplitMix64(seed: 20_261_121)
    let runs = 2000
    var hits = 0
    for _ in 0..<runs {
      let summary = try Self.run(scenario, &generator)
      let scope = try #require(summary.energy.value?.first)
      let total = try #require(scope.total)
      if abs(scope.workPerJoule - Self.truth) <= total.relative * scope.workPerJoule {
        hits += 1
      }
    }
    let covered = Double(hits) / Double(runs)
    #expect(scenario.coverage.contains(covered), "covered \(covered)")
  }

  private static func run(
    _ scenario: Scenario, _ generator: inout SplitMix64
  ) throws -> SeriesSummary {
    let windows = 5
    let noise = (0..<windows).map { _ in 1 + scenario.noise * normal(&generator) }
    let gain = 1 + scenario.gainBound * (2 * generator.unit() - 1)
    let offset = scenario.offsetBound * (2 * generator.unit() - 1)
    let phase = scenario.tick * generator.unit()
    let tick = scenario.tick
    let clock = FakeClock()
    let backend = FakeBackend(clock: clock, batch: 1000) { _, from, to in
      (to - from) * rate * noise[min(windows - 1, Int((from + 0.5) / 10))]
    }
    let descriptor = FakeMeter.counter(
      gainBound: scenario.gainBound, offsetBound: Watts(scenario.offsetBound),
      updatePeriod: scenario.tick)
    let meter = FakeMeter(clock: clock, [descriptor]) { _, time in
      let updated = ((time + phase) / tick).rounded(.down) * tick
      // The counter's own step, 2^-14 J.
      return (updated * (gain * watts + offset) * 16384).rounded(.down) / 16384
    }
    var plan = Suite.quick.plan(longTermWindow: nil)
    plan.suite = nil
    plan.warmup = Seconds(0)
    plan.ramp = Seconds(0)
    plan.idle = Seconds(0)
    plan.minimumRepeats = windows
    plan.maximumRepeats = windows
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 1, count: 32)))
    let series = SeriesRequest(
      series: SeriesID(
        algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "fake"), threads: 2),
      shape: .blockHeader, placement: .cpus([0, 1]), target: Target(leadingZeroBits: 24))
    let outcome = BenchmarkEngine(
      RunPorts(
        backends: [backend], meters: meter, clock: clock, probe: FakeProbe(clock: clock)),
      RunRequest(
        plan: plan, series: [series], seed: 1, challenge: challenge, measuresSpin: false)
    ).run()
    let summary = Summarizing.summary(
      of: outcome.workers[0], plan: plan, meters: [descriptor], unavailable: [],
      samples: outcome.samples)
    return try #require(summary)
  }

  private static func normal(_ generator: inout SplitMix64) -> Double {
    Normal.quantile(min(max(generator.unit(), 1e-12), 1 - 1e-12))
  }
}
