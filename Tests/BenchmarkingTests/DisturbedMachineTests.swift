import Analysis
import Benchmarking
import Model
import TestSupport
import Testing

/// A simulated machine whose power drifts until minute 2, which throttles in repeat 3 and has a noisy neighbour in
/// repeat 4.
struct DisturbedMachineTests {
  private static let rate = 1e6
  private static let watts = 50.0
  /// Windows of a series after a warm-up of `warmup` seconds, in the standard plan.
  private static func window(_ repeatIndex: Int, warmup: Double) -> ClosedRange<Double> {
    let start = 120 + warmup + Double(repeatIndex) * 80
    return start...(start + 60)
  }

  /// Runs the standard plan with warm-ups of at least the given length.
  private func run(warmup: Double?, expectedWarmup: Double) throws -> RunResult {
    let clock = FakeClock()
    let throttled = Self.window(2, warmup: expectedWarmup)
    let disturbed = Self.window(3, warmup: expectedWarmup)
    let throttle = (throttled.lowerBound + 10, throttled.lowerBound + 40)
    let neighbour = (disturbed.lowerBound, disturbed.upperBound)
    // Rate: 4 % less while throttled, 3 % less beside the neighbour.
    let hashes = Curve([
      (0, Self.rate), (throttle.0, Self.rate), (throttle.0, Self.rate * 0.96),
      (throttle.1, Self.rate * 0.96), (throttle.1, Self.rate), (neighbour.0, Self.rate),
      (neighbour.0, Self.rate * 0.97), (neighbour.1, Self.rate * 0.97), (neighbour.1, Self.rate),
    ])
    // Power settles from 60 W to 50 W until two minutes of load have passed (the load starts after idle and spin).
    let power = Curve([
      (0, Self.watts * 1.2), (120, Self.watts * 1.2), (240, Self.watts), (241, Self.watts),
    ])
    let backend = FakeBackend(clock: clock) { _, from, to in
      hashes.integral(to: to) - hashes.integral(to: from)
    }
    let meter = FakeMeter(clock: clock, [FakeMeter.counter(gainBound: 0.01, isAssumed: false)]) {
      power.integral(to: $1)
    }
    let probe = FakeProbe(clock: clock) { time in
      let other = max(0, min(time, neighbour.1) - neighbour.0) * 25
      let own = time * 200
      return [
        StateFact.throttleCount: .value(.integer(time > throttle.0 ? 17 : 3)),
        StateFact.busyTicks: .value(.integer(Int64(own + other))),
        StateFact.ownTicks: .value(.integer(Int64(own))),
        StateFact.stealTicks: .value(.integer(0)),
        StateFact.totalTicks: .value(.integer(Int64(time * 200 + other))),
        StateFact.ownInvoluntarySwitches: .value(.integer(Int64(time))),
        StateFact.governor: .value(.text("performance")),
        StateFact.mainsOnline: .value(.flag(true)),
        StateFact.suspendCount: .value(.integer(0)),
        StateFact.longTermWindow: .value(.integer(28_000_000)),
      ]
    }
    let plan = Suite.standard.plan(
      longTermWindow: Seconds(28), overriding: PlanChanges(warmup: warmup.map { Seconds($0) }))
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 2, count: 32)))
    let request = RunRequest(
      plan: plan,
      series: [
        SeriesRequest(
          series: SeriesID(
            algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "fake"), threads: 2),
          shape: .blockHeader, placement: .cpus([0, 1]), target: Target(leadingZeroBits: 16))
      ], seed: 1, challenge: challenge, measuresSpin: true)
    let outcome = BenchmarkEngine(
      RunPorts(backends: [backend], meters: meter, clock: clock, probe: probe), request
    ).run()
    var sample = SampleResult()
    sample.hypervisor = nil
    let described = sample.make()
    return RunResult(
      request, outcome,
      RunContext(
        tool: described.tool, startedAt: 1_790_000_000, challengeWasGiven: false, arguments: [],
        machine: described.machine, devices: described.devices, kernelChoices: [],
        meters: meter.descriptors, unavailableMeters: [], checks: []),
      endedAt: 1_790_001_000)
  }

  @Test("the warm-up waits for the drift, the checks name the rest, the interval covers the truth")
  func standard() throws {
    // 84 s would be enough for the turbo budget; the drift of two minutes holds the warm-up until it has been flat
    // for three blocks.
    let result = try run(warmup: nil, expectedWarmup: 180)
    let steady = try #require(result.checks.first { $0.name == CheckName.steadyState })
    #expect(steady.verdict == .pass)
    #expect(steady.message.contains("power of powercap:package-0 drifted by -1"))

    let throttled = try #require(
      result.checks.first { $0.name == CheckName.throttling && $0.verdict == .fail })
    let disturbed = try #require(
      result.checks.first { $0.name == CheckName.otherLoad && $0.verdict == .fail })
    #expect(result.samples[try #require(throttled.sample)].repeatIndex == 2)
    #expect(result.samples[try #require(disturbed.sample)].repeatIndex == 3)
    #expect(result.checks.count { $0.name == CheckName.throttling && $0.verdict == .fail } == 1)
    #expect(result.checks.count { $0.name == CheckName.otherLoad && $0.verdict == .fail } == 1)
    // Both windows are kept, and flagged.
    #expect(
      result.samples[try #require(throttled.sample)].flags.contains {
        $0.code.rawValue == CheckName.throttling.rawValue
      })

    #expect(result.grading.grade == .r1)
    let reasons = result.grading.reasonsAgainstBetter.map(\.message).joined(separator: "\n")
    #expect(reasons.contains("throttling in repeat 3"))
    #expect(reasons.contains("other-load in repeat 4"))

    let summary = try #require(result.summaries.first)
    let truth = 2 * Self.rate
    #expect(try #require(summary.throughput.lower) <= truth)
    #expect(try #require(summary.throughput.upper) >= truth)
    let scope = try #require(summary.energy.value?.first)
    let total = try #require(scope.total)
    let efficiency = truth / Self.watts
    #expect(abs(scope.workPerJoule - efficiency) <= total.relative * scope.workPerJoule)
    // The disturbances are what keeps the repeats going beyond five.
    #expect(summary.throughput.count > 5)
  }

  @Test("without a warm-up the drift is named in the windows that it lies in")
  func unwarmed() throws {
    let result = try run(warmup: 0, expectedWarmup: 0)
    let drifts = result.checks.filter { $0.name == CheckName.drift && $0.verdict == .fail }
    #expect(drifts.contains { $0.message.contains("power of powercap:package-0") })
    #expect(result.grading.grade == .r0)
    #expect(
      result.grading.reasonsAgainstBetter.contains { $0.message.contains("a warm-up of 5 s") })
  }

  @Test("a calm machine with the same meter is graded R2, and R3 asks for a wall meter")
  func calm() throws {
    var sample = SampleResult()
    sample.hypervisor = nil
    let described = sample.make()
    // Idle, then 450 s of warm-up, five windows and their ramps, then idle again.
    var bench = Bench(
      rate: Self.rate,
      power: Curve([(0, 20), (60, 20), (60, Self.watts), (510, Self.watts), (510, 20)]))
    bench.plan = Suite.standard.plan(longTermWindow: nil)
    let outcome = try bench.run()
    func graded(_ machine: Machine) throws -> Grading {
      let challenge = try #require(Challenge(bytes: [UInt8](repeating: 2, count: 32)))
      return RunResult(
        RunRequest(
          plan: bench.plan, series: bench.series, seed: 1, challenge: challenge,
          measuresSpin: false), outcome,
        RunContext(
          tool: described.tool, startedAt: 0, challengeWasGiven: false, arguments: [],
          machine: machine, devices: described.devices, kernelChoices: [],
          meters: bench.meter.descriptors, unavailableMeters: [], checks: []), endedAt: 1
      ).grading
    }
    let real = try graded(described.machine)
    #expect(real.grade == .r2, "\(real.reasonsAgainstBetter.map(\.message))")
    #expect(real.reasonsAgainstBetter.contains { $0.message.contains("a wall meter") })
    let met = Set(real.aspects.filter { $0.status == .met }.map(\.name))
    #expect(met.isSuperset(of: ["eehpc-1a-l3", "eehpc-1b-l1", "mlperf-60-readings"]))
    let unmet = Set(real.aspects.filter { $0.status == .unmet }.map(\.name))
    #expect(unmet.isSuperset(of: ["eehpc-4a", "spec-separate-controller"]))

    sample.hypervisor = "kvm"
    let virtual = try graded(sample.make().machine)
    #expect(virtual.grade == .r1)
    #expect(virtual.reasonsAgainstBetter.contains { $0.message.contains("virtual (kvm)") })
  }
}
