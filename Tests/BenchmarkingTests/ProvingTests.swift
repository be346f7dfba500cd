import Analysis
import Benchmarking
import Model
import Statistics
import Synchronization
import TestSupport
import Testing

/// Miners whose truth is known, proven by the engine in milliseconds.
struct ProvingTests {
  static let series = SeriesID(
    algorithm: .sha256d, device: .miner("bench"), kernel: KernelID(rawValue: "stratum"),
    placement: PlacementName(.connection, workers: 1))

  static func plan(
    windows: Int = 5, window: Double = 60, warmup: Double = 0, halfWidth: Double? = nil,
    steady: Bool = false
  ) -> Plan {
    Plan(
      suite: nil, warmup: Seconds(warmup), warmupLimit: Seconds(1800), warmsToSteadyState: steady,
      window: Seconds(window), ramp: Seconds(5), minimumRepeats: windows,
      maximumRepeats: halfWidth == nil ? windows : 60, stopHalfWidth: halfWidth, idle: Seconds(0),
      idlesAfter: false)
  }

  private static let watts = 3000.0

  private static func request(_ plan: Plan, difficulty: ShareDifficulty? = nil) throws
    -> ProvingRequest
  {
    ProvingRequest(
      plan: plan, series: series, challenge: try #require(Challenge(bytes: Array(1...32))),
      miners: 1, difficulty: difficulty, wait: Seconds(60))
  }

  private static func ports(
    _ clock: FakeClock, _ miner: SimulatedMiner, claims: (any ClaimReader)? = nil,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) -> ProvingPorts {
    ProvingPorts(
      session: miner,
      meters: FakeMeter(
        clock: clock,
        [
          FakeMeter.counter(
            "shelly:plug", scope: .wall, covers: .device(series.device), gainBound: 0.01)
        ]
      ) { _, time in watts * time }, claims: claims, clock: clock, probe: FakeProbe(clock: clock),
      isInterrupted: isInterrupted)
  }

  /// A finished run as a result, with everything derived.
  static func prove(
    _ behaviour: SimulatedMiner.Behaviour, _ plan: Plan = plan(), seed: UInt64 = 1,
    difficulty: Double = 1024, claims: (any ClaimReader)? = nil,
    isInterrupted: @escaping @Sendable (FakeClock) -> Bool = { _ in false }
  ) throws -> RunResult {
    let clock = FakeClock()
    let miner = SimulatedMiner(clock: clock, seed: seed, behaviour)
    let request = try request(plan)
    let ports = ports(clock, miner, claims: claims) { isInterrupted(clock) }
    let outcome = ProvingEngine(ports, request).run(at: try #require(ShareDifficulty(difficulty)))
    return RunResult(
      request.asRun, outcome,
      RunContext(
        tool: context.tool, startedAt: 0, challengeWasGiven: false, arguments: ["prove"],
        machine: context.machine, devices: [], kernelChoices: [], meters: ports.meters.descriptors,
        unavailableMeters: [], checks: []), endedAt: 1)
  }

  /// 100 TH/s: 22.7 shares a second at difficulty 1024.
  static let honest = SimulatedMiner.Behaviour(rate: 1e14)

  // MARK: The journal

  /// Steps that were handed over, and how many epochs had begun when each was.
  private struct Handed: Sendable {
    var steps: [JournalStep] = []
    var epochs: [UInt32] = []
  }

  private func handing(
    _ behaviour: SimulatedMiner.Behaviour = honest, failingAt failure: Int? = nil
  ) throws -> (outcome: RunOutcome, handed: Handed, request: ProvingRequest) {
    let clock = FakeClock()
    let miner = SimulatedMiner(clock: clock, seed: 1, behaviour)
    let request = try Self.request(Self.plan(windows: 4, warmup: 180, steady: true))
    let handed = Mutex(Handed())
    let ports = Self.ports(clock, miner).keeping { step in
      try handed.withLock { handed in
        if handed.steps.count + 1 == failure { throw Failure(.unavailable, "the disk is full") }
        handed.steps.append(step)
        handed.epochs.append(miner.epoch().window.epoch)
      }
    }
    let outcome = ProvingEngine(ports, request)
      .run(at: try #require(ShareDifficulty(1024)), origin: clock.present)
    return (outcome, handed.withLock { $0 }, request)
  }

  @Test("every window is handed over before new work is given out, and together they are the proof")
  func handedOver() throws {
    let (outcome, handed, request) = try handing()
    #expect(outcome.endReason == nil && outcome.samples.count == 4)
    #expect(handed.steps.flatMap(\.samples) == outcome.samples)
    #expect(handed.epochs == outcome.samples.compactMap { $0.proof?.epoch })
    let again = RunOutcome(handed.steps)
    #expect(again.trace == outcome.trace && !again.trace.isEmpty)
    #expect(again.checks == outcome.checks && again.workers == outcome.workers)

    // Cut short after each of them, it closes as what was there.
    let base = SampleResult().make()
    for count in 1...4 {
      let journal = RunJournal(
        header: JournalHeader(
          command: "prove", origin: Instant(nanoseconds: 0), startedAt: 1, tool: base.tool,
          plan: request.plan, seed: 0, challenge: request.challenge, challengeWasGiven: true,
          arguments: ["prove"], machine: base.machine, devices: [],
          series: [
            PlannedSeries(
              series: request.series, target: outcome.workers[0].target,
              placement: Placement(request.series.placement))
          ], measuresSpin: false, kernelChoices: [], meters: [], unavailableMeters: [], checks: [],
          state: MachineState(instant: Instant(nanoseconds: 0), unixTime: 1, facts: [:])),
        steps: Array(handed.steps.prefix(count)))
      let closed = RunResult(closing: journal, why: "it was closed as it is")
      #expect(closed.samples == Array(outcome.samples.prefix(count)))
      #expect(closed.workers == outcome.workers)
      #expect(closed.endReason?.code == .cutShort)
      #expect(closed.summaries.first?.origin == .proven)
    }
  }

  @Test("a proof whose windows cannot be written down ends with what it has")
  func cannotBeKept() throws {
    let (outcome, handed, _) = try handing(failingAt: 3)
    #expect(handed.steps.count == 2 && outcome.samples.count == 3)
    #expect(outcome.endReason?.message == "the disk is full")
  }

  // MARK: Honest miners

  @Test(
    "the proven rate and its joules hold the truth, and nothing is found against an honest miner")
  func honestRun() throws {
    let result = try Self.prove(Self.honest, Self.plan(windows: 20))
    #expect(result.isComplete && result.samples.count == 20)
    #expect(result.samples.allSatisfy { $0.origin == .proven && $0.spans.isEmpty })
    let failed = result.checks.filter { $0.verdict == .fail }
    #expect(failed.isEmpty, "\(failed.map(\.message))")
    let summary = try #require(result.summaries.first)
    #expect(summary.origin == .proven)
    let lower = try #require(summary.throughput.lower)
    let upper = try #require(summary.throughput.upper)
    #expect(lower < 1e14 && 1e14 < upper && (upper - lower) / 1e14 < 0.04)
    let scope = try #require(summary.energy.value?.first)
    let total = try #require(scope.total)
    #expect(abs(scope.workPerJoule / (1e14 / Self.watts) - 1) < total.relative)
    #expect(scope.terms.contains { $0.name == .shareCount })
    #expect(Set(result.samples.compactMap { $0.proof?.epoch }).count == 20)
  }

  @Test("the warm-up waits for the steady state of the shares, as far as they tell")
  func warmUp() throws {
    var behaviour = Self.honest
    behaviour.rate = 2e14
    let result = try Self.prove(behaviour, Self.plan(warmup: 180, steady: true))
    let steady = try #require(result.checks.first { $0.name == .steadyState })
    #expect(steady.verdict == .pass, "\(steady.message)")
    #expect(steady.message.contains("known within"))
  }

  @Test("windows end once the interval is as narrow as it was asked for")
  func stop() throws {
    var behaviour = Self.honest
    behaviour.rate = 1e15
    let result = try Self.prove(behaviour, Self.plan(windows: 3, halfWidth: 0.02))
    #expect(result.samples.count < 12)
    #expect(result.summaries.first?.stopReason == .halfWidth)
    #expect(try #require(result.summaries.first?.throughput.relativeHalfWidth) <= 0.02)
  }

  @Test("an interruption keeps the finished windows")
  func interruption() throws {
    let start = FakeClock().present
    let result = try Self.prove(Self.honest) { clock in clock.present.since(start).value > 150 }
    #expect(result.samples.count == 2 && !result.isComplete)
    #expect(result.endReason?.code == .interrupted)
  }

  @Test("a lost connection costs its window, and a miner that comes back goes on with new work")
  func lost() throws {
    var behaviour = Self.honest
    behaviour.losses = [100]
    let result = try Self.prove(behaviour, Self.plan(windows: 3))
    #expect(result.isComplete && result.samples.count == 3)
    let check = try #require(result.checks.first { $0.name == .connection && $0.verdict == .fail })
    #expect(check.message.contains("after 1 windows"))
    // What was counted is still the truth.
    let summary = try #require(result.summaries.first)
    #expect(abs(summary.throughput.mean / 1e14 - 1) < 0.06)
  }

  @Test("a miner that does not come back ends the run with what was measured")
  func gone() throws {
    var behaviour = Self.honest
    behaviour.losses = stride(from: 100, to: 1000, by: 10).map { $0 }
    let result = try Self.prove(behaviour)
    #expect(result.samples.count == 1 && !result.isComplete)
    #expect(result.endReason?.message.contains("lost") == true)
  }

  /// The windows of a run without the engine's looks in between: new work, five seconds to settle, the count.
  private static func windows(
    _ count: Int, of length: Double, seed: UInt64, _ behaviour: SimulatedMiner.Behaviour
  ) throws -> RunOutcome {
    let clock = FakeClock()
    let miner = SimulatedMiner(clock: clock, seed: seed, behaviour)
    let difficulty = try #require(ShareDifficulty(1024))
    var outcome = RunOutcome()
    outcome.samples = try (0..<count).map { index in
      try miner.beginEpoch(difficulty)
      func edge(after seconds: Double) -> SnapshotInstants {
        clock.sleep(until: clock.present.advanced(by: Seconds(seconds)), isCancelled: { false })
        let now = clock.present
        return SnapshotInstants(first: now, second: now, third: now)
      }
      var sample = Sample(
        kind: .load, series: Self.series, unit: .hash, repeatIndex: index,
        start: edge(after: 5), end: edge(after: length), spans: [], energy: [], shares: [])
      sample.prove(by: miner.epoch(), perShare: 1 / miner.target.probability)
      return sample
    }
    outcome.workers = [
      SeriesWorkers(
        series: Self.series, unit: .hash, target: miner.target,
        placement: Placement(Self.series.placement), batch: 0, terms: miner.terms)
    ]
    return outcome
  }

  /// A number of the normal distribution, as the sum of twelve uniform ones.
  private static func normal(_ seed: UInt64) -> Double {
    var random = SeededGenerator(seed: seed)
    return (0..<12).reduce(-6) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 }
  }

  /// Windows, and how much the true rate differs between them; 39 shares in each of them alone make 16 %.
  static let coverages: [(windows: Int, spread: Double)] = [(8, 0), (8, 0.16), (5, 0)]

  @Test(
    "2,000 simulated runs state a 95 % interval that holds the true rate in 93 to 97 of 100",
    arguments: coverages)
  func coverage(windows: Int, spread: Double) throws {
    let rate = 1.7e13
    var hits = 0
    let runs = 2000
    for seed in 0..<runs {
      var behaviour = SimulatedMiner.Behaviour(rate: rate)
      behaviour.factor = {
        max(0, 1 + spread * Self.normal(UInt64(seed) << 16 | UInt64($0)))
      }
      let outcome = try Self.windows(windows, of: 10, seed: UInt64(seed), behaviour)
      let summary = try #require(
        Summarizing.summary(
          of: outcome.workers[0], plan: Self.plan(windows: windows), meters: [], unavailable: [],
          samples: outcome.samples))
      let lower = try #require(summary.throughput.lower)
      let upper = try #require(summary.throughput.upper)
      if lower <= rate, rate <= upper { hits += 1 }
    }
    let covered = Double(hits) / Double(runs)
    #expect((0.93...0.97).contains(covered), "covered \(covered)")
  }

  @Test("a run without a share is bounded from above by what no share can hide")
  func noShares() throws {
    let outcome = try Self.windows(3, of: 60, seed: 1, SimulatedMiner.Behaviour(rate: 1))
    let summary = try #require(
      Summarizing.summary(
        of: outcome.workers[0], plan: Self.plan(windows: 3), meters: [], unavailable: [],
        samples: outcome.samples))
    #expect(summary.throughput.mean == 0 && summary.throughput.lower == 0)
    let share = 1 / outcome.workers[0].target.probability / 180
    #expect(abs(try #require(summary.throughput.upper) / share - 3.689) < 0.001)
  }

  /// Each of nine tests calls an honest window false less than once in a million times, so chance alone would give 0.03
  /// alarms here.
  @Test("1,000 honest runs of three windows raise no alarm")
  func noFalseAlarm() throws {
    var alarms: [String] = []
    let names: Set<CheckName> = [
      .targetFit, .strictRate, .longestGap, .burst, .lateShares, .duplicates, .connection,
      .outlier, .snapshotSkew,
    ]
    for seed in 0..<1000 {
      var behaviour = SimulatedMiner.Behaviour(rate: 4e13)
      // Some switch to new work at once, some after most of a second.
      behaviour.latency = Double(seed % 10) / 11
      let result = RunResult(
        try Self.request(Self.plan(windows: 3)).asRun,
        try Self.windows(3, of: 60, seed: UInt64(seed), behaviour),
        RunContext(
          tool: Self.context.tool, startedAt: 0, challengeWasGiven: false, arguments: ["prove"],
          machine: Self.context.machine, devices: [], kernelChoices: [], meters: [],
          unavailableMeters: [], checks: []), endedAt: 1)
      #expect(result.checks.count { $0.name == .strictRate } == 3)
      alarms += result.checks.filter { names.contains($0.name) && $0.verdict != .pass }.map {
        "run \(seed): \($0.name) \($0.message)"
      }
    }
    #expect(alarms.isEmpty, "\(alarms)")
  }

  private static let context = SampleResult().make()

  // MARK: Cheats, each named by its check

  private static func verdict(_ name: CheckName, _ result: RunResult) -> CheckVerdict? {
    let verdicts = result.checks.filter { $0.name == name }.map(\.verdict)
    return verdicts.contains(.fail)
      ? .fail : verdicts.contains(.unknown) ? .unknown : verdicts.first
  }

  @Test("who keeps the shares of the first seconds back is found by the strict rate")
  func hoarder() throws {
    var behaviour = Self.honest
    behaviour.hoard = (until: 4.9, sentAt: 6)
    let result = try Self.prove(behaviour)
    #expect(Self.verdict(.strictRate, result) == .fail)
    #expect(Self.verdict(.targetFit, result) == .pass)
  }

  @Test("a filter below our target is found by the fit", arguments: [1 / 1.05, 0.5, 1 / 128.0])
  func filter(part: Double) throws {
    var behaviour = Self.honest
    behaviour.filter = part
    behaviour.rate = max(1e14, 1e14 * 4 / part / 100)
    #expect(Self.verdict(.targetFit, try Self.prove(behaviour)) == .fail)
  }

  @Test("a target wider than ours is found by the fit", arguments: [1.2, 2, 128])
  func wide(part: Double) throws {
    var behaviour = Self.honest
    behaviour.filter = part
    #expect(Self.verdict(.targetFit, try Self.prove(behaviour)) == .fail)
  }

  @Test("chosen shares are fewer, and lie unevenly")
  func picked() throws {
    var behaviour = Self.honest
    behaviour.picks = 0.9
    #expect(Self.verdict(.targetFit, try Self.prove(behaviour)) == .fail)
  }

  @Test("work for somebody else is seen as a pause, and lowers the rate")
  func pause() throws {
    var behaviour = Self.honest
    behaviour.pause = (length: 1.2, every: 60)
    let result = try Self.prove(behaviour, Self.plan(windows: 20))
    #expect(Self.verdict(.longestGap, result) == .unknown)
    let upper = try #require(result.summaries.first?.throughput.mean)
    #expect(upper < 1e14)
  }

  @Test("shares that are sent twice are found by their check, and count once")
  func replay() throws {
    var behaviour = Self.honest
    behaviour.repeats = true
    let result = try Self.prove(behaviour)
    #expect(Self.verdict(.duplicates, result) == .fail)
    #expect(abs(try #require(result.summaries.first).throughput.mean / 1e14 - 1) < 0.05)
  }

  @Test("a rate that is doubled in one window stands out")
  func doubled() throws {
    var behaviour = Self.honest
    behaviour.factor = { $0 == 3 ? 2 : 1 }
    #expect(Self.verdict(.outlier, try Self.prove(behaviour, Self.plan(windows: 10))) == .fail)
  }

  @Test(
    "a claim of ten percent more than was proven is found, a true one is not", arguments: [1.1, 1])
  func claim(factor: Double) throws {
    let result = try Self.prove(
      Self.honest, Self.plan(windows: 20), claims: StatedClaims(rate: 1e14 * factor))
    #expect(Self.verdict(.claim, result) == (factor > 1 ? .fail : .pass))
    let claim = try #require(result.summaries.first?.claims.first)
    #expect(abs(try #require(claim.ratio) * factor - 1) < 0.03)
    #expect(claim.count == 20 && claim.field == "GHS av")
  }

  @Test("joules that no published machine reaches are open, not proven false")
  func implausible() throws {
    var behaviour = Self.honest
    behaviour.rate = 1e15
    let result = try Self.prove(behaviour)
    #expect(Self.verdict(.plausibleEfficiency, result) == .unknown)
    #expect(Self.verdict(.plausibleEfficiency, try Self.prove(Self.honest)) == .pass)
  }

  private struct StatedClaims: ClaimReader {
    let rate: Double
    func claims(from start: Instant, to end: Instant) -> [Claim] {
      [Claim(source: "cgminer", field: "GHS av", value: rate, instant: start)]
    }
    func finish() {}
  }

  // MARK: Difficulty

  private static func search(
    _ behaviour: SimulatedMiner.Behaviour, _ convention: ShareConvention = ShareConvention.all[0],
    given: Double? = nil
  ) throws -> Double {
    let clock = FakeClock()
    let miner = SimulatedMiner(clock: clock, seed: 7, convention: convention, behaviour)
    let engine = ProvingEngine(
      ports(clock, miner), try request(plan(), difficulty: given.flatMap { ShareDifficulty($0) }))
    try engine.waitForMiners()
    return try engine.settleDifficulty().value
  }

  static let machines: [(rate: Double, convention: Int)] = [
    (2.34e14, 0), (9.5e13, 0), (1.35e13, 0), (1.3e7, 0), (9.5e9, 1), (4.5e3, 1), (9.8e6, 2),
    (1e9, 3),
  ]

  @Test(
    "of an algorithm whose shares take long to hash again about 128 fall in a window, after its data are prepared",
    arguments: [45.0, 300, 2.1e4, 1e6], [false, true])
  func randomX(rate: Double, isGiven: Bool) throws {
    let convention = try #require(ShareConvention.usual(of: .randomx))
    var behaviour = SimulatedMiner.Behaviour(rate: rate)
    behaviour.preparation = 90
    // What was given is kept; a miner that is still busy with its data is not taken for one that sends nothing.
    let given = isGiven ? rate / 2 : nil
    let found = try Self.search(behaviour, convention, given: given)
    guard !isGiven else {
      #expect(found == given)
      return
    }
    let target = try #require(ShareDifficulty(found).flatMap(convention.target))
    #expect((40...400).contains(60 * rate * target.probability), "\(found)")
    #expect(found.significand == 1)
  }

  @Test("a power of two is found at which about thirty shares a second come", arguments: machines)
  func difficulty(rate: Double, convention: Int) throws {
    let convention = ShareConvention.all[convention]
    let found = try Self.search(SimulatedMiner.Behaviour(rate: rate), convention)
    let target = try #require(ShareDifficulty(found).flatMap(convention.target))
    #expect((12...75).contains(rate * target.probability), "\(found)")
    #expect(found.significand == 1)
  }

  @Test("a device with a filter of its own gets a difficulty above it")
  func bitaxe() throws {
    var behaviour = SimulatedMiner.Behaviour(rate: 1.2e12)
    behaviour.hardwareDifficulty = 256
    let found = try Self.search(behaviour, given: 16)
    #expect(found >= 256 && found <= 1024)
    behaviour.suggestedDifficulty = 1000
    let wished = try Self.search(behaviour)
    #expect(wished >= 256 && wished <= 1024)
  }

  @Test(
    "a client that counts difficulty otherwise is named, not mismeasured",
    arguments: [2, 1 / 128.0, 1 / 65536.0])
  func otherConvention(factor: Double) throws {
    var behaviour = SimulatedMiner.Behaviour(rate: 1e14 / min(1, factor))
    behaviour.filter = factor
    let failure = #expect(throws: Failure.self) { _ = try Self.search(behaviour, given: 1024) }
    #expect(failure?.message.contains("counts difficulty otherwise") == true)
  }

  @Test("a miner that sends nothing is given up with what to look at")
  func silent() throws {
    let failure = #expect(throws: Failure.self) {
      _ = try Self.search(SimulatedMiner.Behaviour(rate: 1e-3))
    }
    #expect(failure?.exitCode == .unavailable)
    #expect(failure?.message.contains("no shares") == true)
  }
}
