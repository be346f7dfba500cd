import Analysis
import Benchmarking
import Model
import Synchronization
import TestSupport
import Testing

/// A machine made of fakes, and a request for it.
struct Bench {
  let clock = FakeClock()
  let backend: FakeBackend
  let meter: FakeMeter
  let probe: FakeProbe
  var plan = Suite.quick.plan(longTermWindow: nil)
  var series: [SeriesRequest] = [Bench.series("fake")]
  var seed: UInt64 = 7
  var measuresSpin = false

  static func series(_ kernel: String, threads: Int = 2) -> SeriesRequest {
    SeriesRequest(
      series: SeriesID(
        algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: kernel), threads: threads),
      shape: .blockHeader, placement: .cpus(Array(0..<threads)), target: Target(leadingZeroBits: 14)
    )
  }

  init(
    kernels: [String] = ["fake"], broken: Set<KernelID> = [], stuck: Set<KernelID> = [],
    rate: Double = 1e6, watts: Double = 50, power: Curve? = nil
  ) {
    backend = FakeBackend(clock: clock, kernels: kernels, broken: broken, stuck: stuck) {
      _, from, to in
      (to - from) * rate
    }
    let curve = power ?? Curve(constant: watts)
    meter = FakeMeter(clock: clock, [FakeMeter.counter()]) { curve.integral(to: $1) }
    probe = FakeProbe(clock: clock)
  }

  func run(
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) throws -> RunOutcome {
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 9, count: 32)))
    let ports = RunPorts(
      backends: [backend], meters: meter, clock: clock, probe: probe,
      isInterrupted: isInterrupted, report: report)
    let request = RunRequest(
      plan: plan, series: series, seed: seed, challenge: challenge, measuresSpin: measuresSpin)
    return BenchmarkEngine(ports, request).run()
  }
}

struct EngineTests {
  @Test("a quick run measures the known rate and power, and keeps every part of the plan")
  func quick() throws {
    let bench = Bench()
    let outcome = try bench.run()
    #expect(outcome.endReason == nil)
    #expect(outcome.samples.map(\.kind) == [.idleBefore, .load, .load, .load])
    #expect(outcome.samples.dropFirst().map(\.repeatIndex) == [0, 1, 2])
    for sample in outcome.samples.dropFirst() {
      #expect(abs(sample.throughput / 2e6 - 1) < 1e-3)
      #expect(abs(sample.duration.value - 10) < 1e-3)
      let watts = try #require(sample.energy.first?.interval.value?.meanPower.value)
      #expect(abs(watts - 50) < 1e-3)
      #expect(sample.trace.count == 10)
      #expect(!sample.shares.isEmpty)
      #expect(sample.stateBefore != nil && sample.stateAfter != nil)
    }
    let summary = try #require(
      Summarizing.summary(
        of: outcome.workers[0], plan: bench.plan, meters: bench.meter.descriptors,
        unavailable: [], samples: outcome.samples))
    #expect(summary.stopReason == .count)
    let scope = try #require(summary.energy.value?.first)
    #expect(abs(scope.workPerJoule / 4e4 - 1) < 1e-3)
    #expect(scope.total != nil)
  }

  @Test("every share lies in its window's spans, and every share of the spans is there")
  func shares() throws {
    for sample in try Bench().run().samples where sample.kind == .load {
      let spans = Dictionary(uniqueKeysWithValues: sample.spans.map { ($0.worker, $0) })
      #expect(sample.shares == sample.shares.sorted())
      for share in sample.shares {
        let span = try #require(spans[share.worker])
        #expect(span.from <= share.position && share.position < span.to)
      }
      // The fake finds one share in every 2^14 hashes of a worker.
      for span in sample.spans {
        let count = sample.shares.count { $0.worker == span.worker }
        #expect(abs(Double(count) - Double(span.units) / 16384) <= 1)
      }
    }
  }

  @Test("no two sessions of one kernel share a sequence number, whatever the number of threads")
  func sequences() throws {
    var bench = Bench()
    bench.series = [Bench.series("fake", threads: 1), Bench.series("fake", threads: 2)]
    bench.measuresSpin = true
    _ = try bench.run()
    let starts = bench.backend.jobs.map(\.firstSequence)
    #expect(starts.count == 7)
    #expect(Set(starts).count == starts.count)
    #expect(starts.allSatisfy { $0.isMultiple(of: 1 << 20) })
  }

  @Test("the order is shuffled by the seed and by nothing else")
  func order() throws {
    func order(_ seed: UInt64) throws -> [KernelID] {
      let names = ["a", "b", "c", "d"]
      var bench = Bench(kernels: names)
      bench.series = names.map { Bench.series($0) }
      bench.seed = seed
      _ = try bench.run()
      return bench.backend.jobs.map(\.series.kernel)
    }
    #expect(try order(1) == order(1))
    #expect(try order(1) != order(2))
    // Each repeat has every series once.
    let kernels = try order(3)
    for round in 0..<3 { #expect(Set(kernels[(4 * round)..<(4 * round + 4)]).count == 4) }
  }

  @Test("what was measured is told in the order that was asked for, whatever the shuffle")
  func toldInOrder() throws {
    let names = ["a", "b", "c"]
    for seed in UInt64(1)...8 {
      var bench = Bench(kernels: names, broken: [KernelID(rawValue: "b")])
      bench.series = names.map { Bench.series($0) }
      bench.seed = seed
      #expect(try bench.run().workers.map(\.series.kernel.rawValue) == names)
    }
  }

  @Test("every second repeat mirrors the one before, also when a series has ended between them")
  func mirrored() throws {
    let names = ["a", "b", "c"]
    var bench = Bench(kernels: names, broken: [KernelID(rawValue: "b")])
    bench.series = names.map { Bench.series($0) }
    bench.plan.minimumRepeats = 4
    bench.plan.maximumRepeats = 4
    _ = try bench.run()
    let kernels = bench.backend.jobs.map(\.series.kernel.rawValue)
    let kept = kernels.filter { $0 != "b" }
    #expect(kernels.count == 9 && kept.count == 8)
    for pair in 0..<2 {
      let rounds = kept[(4 * pair)..<(4 * pair + 4)]
      #expect(Array(rounds) == rounds.reversed())
    }
  }

  @Test("a kernel that does not come back ends the run, and the finished windows stay")
  func stuck() throws {
    let kernel = KernelID(rawValue: "b")
    var bench = Bench(kernels: ["a", "b"], stuck: [kernel])
    bench.series = ["a", "b"].map { Bench.series($0) }
    let outcome = try bench.run()
    #expect(outcome.stuck?.kernel == kernel)
    #expect(outcome.endReason?.message.contains("'b' of sha256d is stuck") == true)
    let windows = outcome.samples.compactMap(\.series?.kernel.rawValue)
    #expect(windows.sorted().starts(with: ["a"]) && windows.count { $0 == "b" } == 1)
    #expect(bench.backend.jobs.last?.series.kernel == kernel)
    #expect(outcome.checks.contains { $0.name == CheckName.worker && $0.verdict == .fail })
  }

  @Test("an interruption keeps the finished windows and drops the unfinished one")
  func interruption() throws {
    let bench = Bench()
    let clock = bench.clock
    let start = clock.present
    // Idle 5 s, warm-up 5, window 10, ramp 2, ramp 2, window 10: 30 s lies in the second window.
    let outcome = try bench.run(isInterrupted: { clock.present.since(start).value > 30 })
    #expect(outcome.samples.map(\.kind) == [.idleBefore, .load])
    #expect(outcome.endReason?.code == .interrupted)
    let summary = try #require(
      Summarizing.summary(
        of: outcome.workers[0], plan: bench.plan, meters: bench.meter.descriptors,
        unavailable: [], samples: outcome.samples))
    #expect(summary.stopReason == .interrupted)
  }

  @Test("an interruption in the ramp after a window keeps that window")
  func interruptionInRamp() throws {
    let bench = Bench()
    let clock = bench.clock
    let start = clock.present
    let outcome = try bench.run(isInterrupted: { clock.present.since(start).value > 21 })
    #expect(outcome.samples.map(\.kind) == [.idleBefore, .load])
    #expect(outcome.endReason?.code == .interrupted)
  }

  @Test("a worker that fails ends its series and no other")
  func failure() throws {
    var bench = Bench(kernels: ["good", "bad"], broken: [KernelID(rawValue: "bad")])
    bench.series = [Bench.series("good"), Bench.series("bad")]
    let outcome = try bench.run()
    let kernels = Set(outcome.samples.compactMap { $0.series?.kernel.rawValue })
    #expect(kernels == ["good"])
    #expect(outcome.samples.count { $0.kind == .load } == 3)
    #expect(outcome.checks.contains { $0.name == CheckName.worker && $0.verdict == .fail })
    #expect(outcome.endReason != nil)
  }

  @Test("repeats stop at the half-width, and not before the least number")
  func stopRule() throws {
    var bench = Bench()
    bench.plan = Suite.standard.plan(longTermWindow: nil)
    let outcome = try bench.run()
    #expect(outcome.samples.count { $0.kind == .load } == 5)
    #expect(outcome.samples.first?.kind == .idleBefore)
    #expect(outcome.samples.last?.kind == .idleAfter)
    let summary = try #require(
      Summarizing.summary(
        of: outcome.workers[0], plan: bench.plan, meters: bench.meter.descriptors,
        unavailable: [], samples: outcome.samples))
    #expect(summary.stopReason == .halfWidth)
    #expect(outcome.checks.contains { $0.name == CheckName.steadyState && $0.verdict == .pass })
  }

  @Test("progress counts down to zero and names the phases")
  func progress() throws {
    let bench = Bench()
    let seen = Mutex<[RunProgress]>([])
    _ = try bench.run(report: { progress in seen.withLock { $0.append(progress) } })
    let all = seen.withLock { $0 }
    let phases = Set(all.map(\.phase))
    #expect(phases == ["idle", "warm-up", "window", "ramp"])
    #expect(
      zip(all, all.dropFirst()).allSatisfy { $0.remaining.value + 1e-3 >= $1.remaining.value })
    #expect((all.last?.remaining.value ?? 1) < 0.01)
    #expect(all.allSatisfy { ($0.rate == nil) == ($0.series == nil) })
    // This plan's time is fixed.
    #expect(all.allSatisfy { $0.latest == nil })
  }

  @Test("a plan that may take longer says until when at the latest")
  func latest() throws {
    var bench = Bench()
    bench.plan = Suite.standard.plan(longTermWindow: nil)
    let seen = Mutex<[RunProgress]>([])
    _ = try bench.run(report: { progress in seen.withLock { $0.append(progress) } })
    let all = seen.withLock { $0 }
    #expect(!all.isEmpty)
    #expect(all.allSatisfy { ($0.latest?.value ?? -1) >= $0.remaining.value })
    // 15 repeats more than the least, of 60 s and two ramps of 10 s, and 540 s of warm-up.
    let first = try #require(all.first)
    #expect(abs((first.latest?.value ?? 0) - first.remaining.value - 15 * 80 - 540) < 2)
  }

  @Test("idle and the spin baseline hash nothing, and so have no rate")
  func ratesOfPhases() throws {
    var bench = Bench()
    bench.measuresSpin = true
    let seen = Mutex<[RunProgress]>([])
    _ = try bench.run(report: { progress in seen.withLock { $0.append(progress) } })
    let all = seen.withLock { $0 }
    #expect(all.contains { $0.phase == "spin baseline" })
    for progress in all {
      #expect((progress.rate == nil) == (progress.series == nil), "\(progress.phase)")
    }
  }

  @Test("what can change inside a window is recorded, and a change back is found")
  func stateDuringWindows() throws {
    let clock = FakeClock()
    // The governor, the mains and the hypervisor are as before at both ends of the second window (24 s to 34 s).
    let probe = FakeProbe(clock: clock) { time in
      let isDisturbed = time > 26 && time < 32
      return [
        StateFact.frequency: .value(.number(isDisturbed ? 2e6 : 3e6)),
        StateFact.temperature: .value(.integer(isDisturbed ? 80_000 : 60_000)),
        StateFact.governor: .value(.text(isDisturbed ? "powersave" : "performance")),
        StateFact.mainsOnline: .value(.flag(!isDisturbed)),
        StateFact.loadAverage: .value(.number(isDisturbed ? 9 : 2)),
        StateFact.throttleCount: .value(.integer(time > 26 ? 5 : 3)),
        StateFact.stealTicks: .value(.integer(time > 26 ? 10 : 0)),
        StateFact.totalTicks: .value(.integer(Int64(time * 200))),
        StateFact.contextSwitches: .value(.integer(Int64(time * 1000))),
      ]
    }
    let backend = FakeBackend(clock: clock, kernels: ["fake"]) { _, from, to in (to - from) * 1e6 }
    let meter = FakeMeter(clock: clock, [FakeMeter.counter()]) { $1 * 50 }
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 9, count: 32)))
    let outcome = BenchmarkEngine(
      RunPorts(backends: [backend], meters: meter, clock: clock, probe: probe),
      RunRequest(
        plan: Suite.quick.plan(longTermWindow: nil), series: [Bench.series("fake")], seed: 7,
        challenge: challenge, measuresSpin: false)
    ).run()
    let loads = outcome.samples.filter { $0.kind == .load }
    try #require(loads.count == 3)
    let states = try loads.map { try #require($0.stateAfter) }
    // The disturbance lies in the window that starts before 32 s and ends after 26 s.
    let hit = try #require(states.firstIndex { $0.flag(StateFact.mainsDuring) == false })
    let other = (hit + 2) % 3
    #expect(states[hit].flag(StateFact.mainsOnline) == true)
    #expect(states[hit].text(StateFact.governorDuring)?.contains("powersave") == true)
    #expect(states[hit].number(StateFact.loadAverageDuring) == 9)
    #expect(states[hit].number(StateFact.frequencyDuringMinimum) == 2e6)
    #expect(states[hit].integer(StateFact.temperatureDuring) == 80_000)
    #expect(states[other].text(StateFact.governorDuring) == "performance")
    #expect(states[other].flag(StateFact.mainsDuring) == true)
    #expect(states[other].integer(StateFact.throttledSteps) == 0)
    #expect(states[other].number(StateFact.stealDuring) == 0)
    let rate = try #require(states[other].number(StateFact.contextSwitchesDuring))
    #expect(abs(rate - 1000) < 1)
    let flags = loads[hit].flags.map { CheckName(rawValue: $0.code.rawValue) }
    #expect(flags.contains(.governor) && flags.contains(.mainsPower))
    #expect(!loads[other].flags.contains { $0.code.rawValue == CheckName.governor.rawValue })
  }

  @Test("the planned time of each suite for three algorithms is what the documents promise")
  func estimates() throws {
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 0, count: 32)))
    for (suite, minutes) in [(Suite.quick, 2.5), (.standard, 25), (.metered, 80)] {
      let request = RunRequest(
        plan: suite.plan(longTermWindow: nil),
        series: ["a", "b", "c"].map { Bench.series($0) }, seed: 0, challenge: challenge,
        measuresSpin: false)
      let estimate = PlanEstimate(request).total.value / 60
      #expect(abs(estimate - minutes) < 0.1 * minutes, "\(suite.name): \(estimate) min")
    }
  }

  @Test("the turbo budget's time window lengthens the warm-up, an option takes the suite's name")
  func plans() {
    #expect(Suite.standard.plan(longTermWindow: Seconds(28)).warmup.value == 84)
    #expect(Suite.standard.plan(longTermWindow: Seconds(1000)).warmup.value == 600)
    #expect(Suite.quick.plan(longTermWindow: Seconds(28)).warmup.value == 5)
    let custom = Suite.quick.plan(
      longTermWindow: nil, overriding: PlanChanges(window: Seconds(1)))
    #expect(custom.suite == nil)
    #expect(custom.window.value == 1)
    let same = Suite.quick.plan(
      longTermWindow: nil, overriding: PlanChanges(window: Seconds(10), repeats: 3))
    #expect(same.suite == "quick-1")
  }
}
