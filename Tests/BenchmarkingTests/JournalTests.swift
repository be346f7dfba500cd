import Analysis
import Benchmarking
import Model
import Synchronization
import TestSupport
import Testing

/// What the engine hands over while a run goes on, and how it goes on after some of it.
struct JournalTests {
  private struct Kept: Sendable {
    var steps: [JournalStep] = []
    /// Jobs that had begun when each step was handed over.
    var jobs: [Int] = []
  }

  /// A run of two series, and everything that it handed over.
  private func run(
    after steps: [JournalStep]? = nil, failingAt failure: Int? = nil,
    change: (inout Bench) -> Void = { _ in }
  ) throws -> (outcome: RunOutcome, kept: Kept, bench: Bench) {
    var bench = Bench(kernels: ["a", "b"])
    bench.series = [Bench.series("a"), Bench.series("b")]
    bench.plan.idlesAfter = true
    bench.measuresSpin = true
    change(&bench)
    let kept = Mutex(Kept())
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 9, count: 32)))
    let backend = bench.backend
    let ports = RunPorts(
      backends: [backend], meters: bench.meter, clock: bench.clock, probe: bench.probe,
      keep: { step in
        try kept.withLock { kept in
          if kept.steps.count + 1 == failure { throw Failure(.unavailable, "the disk is full") }
          kept.steps.append(step)
          kept.jobs.append(backend.jobs.count)
        }
      })
    let request = RunRequest(
      plan: bench.plan, series: bench.series, seed: bench.seed, challenge: challenge,
      measuresSpin: bench.measuresSpin)
    let outcome = BenchmarkEngine(
      ports, request, earlier: steps.map { RunOutcome($0) }
    ).run()
    return (outcome, kept.withLock { $0 }, bench)
  }

  @Test("every window is handed over before the next one begins, and together they are the run")
  func handedOver() throws {
    let (outcome, kept, _) = try run()
    #expect(kept.steps.flatMap(\.samples) == outcome.samples)
    #expect(outcome.samples.count == 9)
    // Idle begins no job; the spin baseline and each window begin one.
    #expect(kept.jobs == [0, 1, 2, 3, 4, 5, 6, 7, 7])
    let again = RunOutcome(kept.steps)
    #expect(again.samples == outcome.samples)
    #expect(again.checks == outcome.checks)
    #expect(again.trace == outcome.trace)
    #expect(Set(again.workers) == Set(outcome.workers))
    #expect(again.endReason == nil && again.givenUp.isEmpty && again.resumedAt.isEmpty)
  }

  @Test("a series that is given up is handed over as such")
  func givenUp() throws {
    let (outcome, kept, _) = try run { bench in
      bench = Bench(kernels: ["a", "b"], broken: [KernelID(rawValue: "a")])
      bench.series = [Bench.series("a"), Bench.series("b")]
    }
    let again = RunOutcome(kept.steps)
    #expect(again.givenUp == [Bench.series("a").series])
    #expect(again.endReason == outcome.endReason && outcome.endReason != nil)
  }

  @Test("a run whose windows cannot be kept ends, with those that it has", arguments: 1...9)
  func notKept(failure: Int) throws {
    let (outcome, kept, bench) = try run(failingAt: failure)
    #expect(kept.steps.count == failure - 1)
    #expect(outcome.samples.count == failure)
    #expect(outcome.endReason?.message == "the disk is full")
    #expect(bench.backend.jobs.count == min(7, failure - 1))
  }

  @Test("a run that goes on measures what is missing and no nonce twice", arguments: 0...9)
  func resumed(cut: Int) throws {
    let whole = try run()
    let earlier = Array(whole.kept.steps.prefix(cut)) + [JournalStep(isResumption: true)]
    let (outcome, kept, bench) = try run(after: earlier)
    #expect(outcome.endReason == nil)
    #expect(outcome.samples.count == 9)
    #expect(kept.steps.count == 9 - cut)
    #expect(RunOutcome(earlier + kept.steps).samples == outcome.samples)
    func name(_ sample: Sample) -> String {
      "\(sample.kind) \(sample.series.map { "\($0)" } ?? "") \(sample.repeatIndex)"
    }
    // The same windows in the same order, whatever the cut.
    #expect(outcome.samples.map(name) == whole.outcome.samples.map(name))
    let starts = outcome.samples.flatMap { sample in
      sample.spans.map { "\(sample.series.map { "\($0)" } ?? "") \($0.worker) \($0.from)" }
    }
    #expect(Set(starts).count == starts.count, "no work is counted twice")
    #expect(outcome.resumedAt == (cut == 0 ? [] : [cut]))
    // The window that was lost had the next session: nothing of it is used.
    let lost = whole.kept.steps.dropFirst(cut).first?.samples.first?.spans.first?.from
    let again = outcome.samples.dropFirst(cut).first?.spans.first?.from
    if cut > 3, lost != nil { #expect(lost != again || outcome.samples[cut].kind != .load) }
    // Each series is warmed up in full again: 5 s before its first window, 2 s before the others.
    _ = bench
  }

  @Test("a series is warmed up in full before its first window of each process")
  func warmUp() throws {
    func warmUps(_ outcome: RunOutcome) -> Int {
      // One point a second: 5 of a full warm-up, 2 of a ramp.
      outcome.trace.count
    }
    let whole = try run { $0.measuresSpin = false }
    #expect(warmUps(whole.outcome) == 2 * 5 + 4 * 2)
    let earlier = Array(whole.kept.steps.prefix(4)) + [JournalStep(isResumption: true)]
    let resumed = try run(after: earlier) { $0.measuresSpin = false }
    // Idle and three windows are there; both series are cold again.
    let before = RunOutcome(earlier).trace.count
    #expect(warmUps(resumed.outcome) - before == 2 * 5 + 2)
  }

  @Test("repeats that a stop rule ends are decided as they were, whatever was measured later")
  func stopRule() throws {
    func adaptive(_ bench: inout Bench) {
      bench.plan.minimumRepeats = 2
      bench.plan.maximumRepeats = 6
      bench.plan.stopHalfWidth = 0.5
    }
    let whole = try run(change: adaptive)
    for cut in 1..<whole.kept.steps.count {
      let earlier = Array(whole.kept.steps.prefix(cut)) + [JournalStep(isResumption: true)]
      let outcome = try run(after: earlier, change: adaptive).outcome
      #expect(outcome.samples.count == whole.outcome.samples.count)
    }
  }
}

/// When a run may go on.
struct ResumeConditionsTests {
  private static let boot: [StateFact: Reading<StateValue>] = [
    .bootID: .value(.text("one")), .governor: .value(.text("performance")),
    .suspendCount: .value(.integer(0)),
  ]

  private static func state(
    _ changes: [StateFact: Reading<StateValue>] = [:]
  ) -> MachineState {
    MachineState(
      instant: Instant(nanoseconds: 5), unixTime: 1, facts: boot.merging(changes) { $1 })
  }

  private func header() -> JournalHeader {
    let result = SampleResult().make()
    return JournalHeader(
      command: "run", origin: Instant(nanoseconds: 1), startedAt: 1, tool: result.tool,
      plan: result.plan, seed: 1, challenge: result.challenge, challengeWasGiven: false,
      arguments: ["run"], machine: result.machine, devices: result.devices,
      series: [
        PlannedSeries(
          series: Bench.series("fake").series, target: Bench.series("fake").target,
          placement: Bench.series("fake").placement)
      ], measuresSpin: false, kernelChoices: [], meters: [FakeMeter.counter()],
      unavailableMeters: [], checks: [], state: Self.state())
  }

  private func obstacle(
    _ change: (inout JournalHeader) -> Void = { _ in },
    now: (inout ResumeConditions) -> Void = { _ in }, steps: [JournalStep] = [],
    on backend: FakeBackend = Bench().backend
  ) -> ResumeObstacle? {
    var header = header()
    var conditions = ResumeConditions(
      tool: header.tool, machine: header.machine, devices: header.devices, state: header.state,
      meters: header.meters)
    change(&header)
    now(&conditions)
    return conditions.obstacle(
      RunJournal(header: header, steps: steps), RunRequest(header, [backend]))
  }

  @Test("a run goes on over the epoch that it was planned over, and over no other")
  func epochs() throws {
    let clock = FakeClock()
    let backend = FakeBackend(clock: clock, epoch: 440) { _, from, to in to - from }
    #expect(obstacle({ $0.series[0].epoch = 440 }, on: backend) == nil)
    let other = try #require(obstacle({ $0.series[0].epoch = 435 }, on: backend))
    #expect(
      other.reason.hasSuffix("is planned over epoch 435 and would go on over epoch 440"),
      "\(other.reason)")
    #expect(other.remedy == nil)
    let none = try #require(obstacle(on: backend))
    #expect(none.reason.contains("over no epoch"))
    // Windows of another epoch than that of the plan.
    let wanted = Bench.series("fake")
    func step(_ epoch: Int64) -> JournalStep {
      JournalStep(workers: [
        SeriesWorkers(
          series: wanted.series, unit: .hash, target: wanted.target, placement: wanted.placement,
          batch: 1, facts: [.epoch: .integer(epoch)])
      ])
    }
    #expect(obstacle({ $0.series[0].epoch = 440 }, steps: [step(440)], on: backend) == nil)
    let mixed = try #require(
      obstacle({ $0.series[0].epoch = 440 }, steps: [step(435)], on: backend))
    #expect(mixed.reason.hasSuffix("planned over epoch 440 and has windows over epoch 435"))
  }

  @Test("what is as it was goes on, and so do counters that move by themselves")
  func nothingChanged() {
    #expect(obstacle() == nil)
    #expect(obstacle(now: { $0.state.facts[.loadAverage] = .value(.number(7)) }) == nil)
    #expect(
      obstacle(now: { $0.meters = [FakeMeter.counter(updatePeriod: 0.002)] }) == nil,
      "an update period is measured by each process anew")
  }

  @Test("what nothing brings back has no remedy")
  func final() throws {
    let cases: [(String, (inout JournalHeader) -> Void, (inout ResumeConditions) -> Void)] = [
      ("started anew", { _ in }, { $0.state.facts[.bootID] = .value(.text("two")) }),
      (
        "started anew", { $0.state.facts[.bootID] = nil },
        { $0.state.facts[.bootID] = nil }
      ),
      ("slept", { _ in }, { $0.state.facts[.suspendCount] = .value(.integer(1)) }),
      ("very program", { _ in }, { $0.tool.version = "9" }),
      ("not described", { _ in }, { $0.machine.platform.boardName = .value("another") }),
      ("another device", { _ in }, { $0.devices = [] }),
      ("prove", { $0.command = "prove" }, { _ in }),
      (
        "plug-in",
        { header in
          header.series[0].series = SeriesID(
            algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "plugin:x"), threads: 2)
        }, { _ in }
      ),
      (
        "no longer run",
        { header in
          header.series[0].series = SeriesID(
            algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "gone"), threads: 2)
        }, { _ in }
      ),
    ]
    for (words, header, now) in cases {
      let found = try #require(obstacle(header, now: now), "\(words)")
      #expect(found.reason.contains(words), "\(found.reason)")
      #expect(found.remedy == nil)
    }
  }

  @Test("what a person can bring back says how")
  func mendable() throws {
    let governor = try #require(
      obstacle(now: { $0.state.facts[.governor] = .value(.text("powersave")) }))
    #expect(governor.reason == "governor was performance and is powersave")
    #expect(governor.remedy == "set it to performance again")
    let unknown = try #require(obstacle(now: { $0.state.facts[.governor] = nil }))
    #expect(unknown.reason.contains("is not known"))
    let meters = try #require(obstacle(now: { $0.meters = [] }))
    #expect(meters.reason.contains("powercap:package-0"))
    #expect(meters.remedy?.contains("--meter") == true)
  }

  @Test("a closed journal is a partial result that says why, and whose numbers follow from it")
  func closed() {
    let result = RunResult(
      closing: RunJournal(header: header(), steps: []), why: "it was closed as it is")
    #expect(!result.isComplete)
    #expect(result.endReason?.code == .cutShort)
    #expect(result.endReason?.message.contains("after 0 windows") == true)
    #expect(result.grading == Grader.grade(result))
    #expect(result.grading.grade == .r0)
  }
}
