internal import Analysis
package import Model
internal import Statistics
internal import Text

/// Carries out a proof: waits for miners, finds a difficulty, warms up to the steady state, measures windows.
///
/// One thread, no time but the clock's: with a fake clock and session hours take milliseconds.
package struct ProvingEngine {
  private let ports: ProvingPorts
  private let request: ProvingRequest
  /// How often a miner may come back before the run is given up.
  private static let losses = 10
  /// How long a miner that was lost is waited for.
  private static let patience = Seconds(120)

  package init(_ ports: ProvingPorts, _ request: ProvingRequest) {
    self.ports = ports
    self.request = request
  }

  /// What changes while a proof is under way.
  private struct State {
    var outcome = RunOutcome()
    let origin: Instant
    var difficulty: ShareDifficulty
    var lost = 0
    /// What was written down last.
    var handed = RunOutcome()

    var windows: [Sample] { outcome.samples }
  }

  /// Waits until as many miners as were asked for are ready.
  ///
  /// - Throws: `Interrupted`; `Failure` that says what was seen instead.
  package func waitForMiners() throws {
    try wait(for: request.wait, phase: "waiting for \(Self.miners(request.miners))") { time in
      let seen = ports.session.sightings
      return Failure(
        .unavailable,
        "\(ports.session.readyMiners) of \(request.miners) \(request.miners == 1 ? "miner" : "miners") came within "
          + "\(time): " + (seen.isEmpty ? "nothing connected" : seen.joined(separator: "; ")),
        remedy: "check the address typed into the miner and the firewall (see 'hashwatt doctor')")
    }
  }

  private static func miners(_ count: Int) -> String {
    count == 1 ? "the miner" : "\(count) miners"
  }

  private func wait(
    for time: Seconds, phase: String, orElse failure: (_ time: String) -> Failure
  ) throws {
    let began = ports.clock.now()
    while ports.session.readyMiners < request.miners {
      let passed = ports.clock.now().since(began)
      guard passed < time else {
        throw failure("\(DecimalText.fixed(time.value, decimals: 0)) s")
      }
      ports.report(ProvingProgress(phase: phase, remaining: time - passed))
      ports.clock.sleep(
        until: ports.clock.now().advanced(by: Seconds(0.5)), isCancelled: ports.isInterrupted)
      if ports.isInterrupted() { throw Interrupted() }
    }
  }

  /// Finds or checks the difficulty; the miners are there.
  package func settleDifficulty() throws -> ShareDifficulty {
    let wish = ports.session.terms.miners.compactMap(\.suggestedDifficulty).first
      .flatMap { ShareDifficulty($0) }
    let search = DifficultySearch(
      ports, miners: request.miners, start: wish, window: request.plan.window)
    return try request.difficulty.map(search.judge) ?? search.find()
  }

  /// Warms up and measures at a difficulty, to the plan's end or the user's interruption; keeps every finished window.
  ///
  /// `origin` is where the times of traces count from, by default the call.
  package func run(at difficulty: ShareDifficulty, origin: Instant? = nil) -> RunOutcome {
    var state = State(origin: origin ?? ports.clock.now(), difficulty: difficulty)
    do {
      try measure(&state)
    } catch is Interrupted {
      state.outcome.endReason = Reason(.interrupted, "the run was interrupted")
    } catch {
      state.outcome.endReason = Reason(
        .failed, (error as? any UserFacingError)?.line ?? "\(error)")
    }
    state.outcome.workers = [workers(state)]
    return state.outcome
  }

  private func measure(_ state: inout State) throws {
    try warmUp(&state)
    let plan = request.plan
    while state.windows.count < plan.maximumRepeats {
      if let sample = try window(state.windows.count, &state) {
        try keep(sample, &state)
        if isEnough(state) { return }
      } else {
        try recover(&state)
      }
    }
  }

  /// The one place where a finished window is taken: it is written down before the next begins.
  private func keep(_ sample: Sample, _ state: inout State) throws {
    state.outcome.samples.append(sample)
    // What the miners say of themselves may be known better than before.
    state.outcome.workers = [workers(state)]
    guard let step = state.outcome.step(since: state.handed) else { return }
    state.handed = state.outcome
    try ports.keep(step)
  }

  private func isEnough(_ state: State) -> Bool {
    guard let summary = summary(state) else { return false }
    return StopRule.reason(plan: request.plan, summary) != nil
  }

  private func summary(_ state: State) -> SeriesSummary? {
    Summarizing.summary(
      of: workers(state), plan: request.plan, meters: ports.meters.descriptors, unavailable: [],
      samples: state.windows)
  }

  private func workers(_ state: State) -> SeriesWorkers {
    SeriesWorkers(
      series: request.series, unit: .hash, target: ports.session.target,
      placement: Placement(request.series.placement), batch: 0, terms: ports.session.terms)
  }

  /// What is watched at once: the miners are one.
  private var crew: [any WorkCounter] { [ports.session] }

  // MARK: Warm-up

  private func warmUp(_ state: inout State) throws {
    let plan = request.plan
    guard plan.warmup.value > 0 else { return }
    let longest = plan.warmsToSteadyState ? max(plan.warmup, plan.warmupLimit) : plan.warmup
    let observer = Observer(ports: ports.asRun, origin: state.origin, unit: .hash)
    while true {
      try ports.session.beginEpoch(state.difficulty)
      let start = observer.snapshot(crew)
      let perShare = 1 / ports.session.target.probability
      let seen = try observer.watch(
        crew, from: start, for: longest,
        report: { passed, point in
          let end = passed < plan.warmup ? plan.warmup : longest
          report("warm-up", start, perShare, passed, end, point, state)
        },
        isEnough: { seen in
          ports.session.lost() != nil
            || plan.warmsToSteadyState
              && seen.end.instants.hashes.since(start.instants.hashes) >= plan.warmup
              && ProvenSteadyState(seen.trace, perShare: perShare)?.isSteady == true
        })
      state.outcome.trace += seen.trace
      if ports.session.lost() != nil {
        try recover(&state)
        continue
      }
      guard plan.warmsToSteadyState else { return }
      let time = DecimalText.fixed(
        seen.end.instants.hashes.since(start.instants.hashes).value, decimals: 0)
      let rule = ProvenSteadyState(seen.trace, perShare: perShare)
      state.outcome.checks.append(
        Check(
          name: .steadyState, verdict: rule.map { $0.isSteady ? .pass : .fail } ?? .unknown,
          message: "\(request.series) after \(time) s of warm-up: "
            + (rule?.message ?? "too short to judge")))
      return
    }
  }

  // MARK: Windows

  /// One window: new work, time to settle, then the count between two snapshots; nil where a miner was lost.
  private func window(_ index: Int, _ state: inout State) throws -> Sample? {
    let plan = request.plan
    let observer = Observer(ports: ports.asRun, origin: state.origin, unit: .hash)
    try ports.session.beginEpoch(state.difficulty)
    // The target is the epoch's from here on.
    let perShare = 1 / ports.session.target.probability
    let sent = observer.snapshot(crew)
    if plan.ramp.value > 0 {
      _ = try observer.watch(
        crew, from: sent, for: plan.ramp,
        report: { passed, point in
          report("settling", sent, perShare, passed, plan.ramp, point, state)
        })
    }
    let before = ports.probe.read()
    let start = observer.snapshot(crew)
    let seen = try observer.watch(
      crew, from: start, for: plan.window,
      report: { passed, point in
        report("window \(index + 1)", start, perShare, passed, plan.window, point, state)
      }, isEnough: { _ in ports.session.lost() != nil })
    guard ports.session.lost() == nil else { return nil }
    var sample = observer.sample(
      .load, request.series, repeatIndex: index, seen, observer.energy(seen))
    sample.stateBefore = before
    sample.stateAfter = observer.stateAfter(seen, since: before)
    // Asked for last: whatever arrived before the window's end has been judged by now.
    let epoch = ports.session.epoch()
    sample.prove(by: epoch, perShare: perShare)
    sample.proof?.claims =
      ports.claims?.claims(from: sample.start.hashes, to: sample.end.hashes) ?? []
    return sample
  }

  /// Waits for a miner that was lost.
  ///
  /// - Throws: `Interrupted`; `Failure` where it does not come back, or was lost too often.
  private func recover(_ state: inout State) throws {
    state.lost += 1
    let reason = ports.session.lost()?.message ?? "the miner's connection was lost"
    state.outcome.checks.append(
      Check(
        name: .connection, verdict: .fail,
        message:
          "\(reason) after \(state.windows.count) windows; what it did in the window under way is not counted"
      ))
    guard state.lost <= Self.losses else {
      throw Failure(
        .no, "\(reason) \(state.lost) times", remedy: "check the cable and the miner's log")
    }
    try wait(for: Self.patience, phase: "\(reason): waiting for it") { time in
      Failure(
        .no, "\(reason) and not back within \(time)", remedy: "check the cable and the miner's log")
    }
  }

  // MARK: Progress

  private func report(
    _ phase: String, _ start: CounterSnapshot, _ perShare: Double, _ passed: Seconds,
    _ duration: Seconds, _ point: TracePoint, _ state: State
  ) {
    let done = state.windows.reduce(0) { $0 + ($1.proven?.shares ?? 0) }
    let doneTime = state.windows.reduce(0) { $0 + $1.duration.value }
    let now = ports.session.progress().first?.units ?? 0
    let before = start.progress.first?.first?.units ?? 0
    let present = now >= before ? Double(now - before) / perShare : 0
    let shares = Double(done) + present
    let time = doneTime + passed.value
    let width = shares > 0 ? 1.96 / shares.squareRoot() : nil
    let joules = state.windows.reduce(0.0) { sum, window in
      sum + window.energy.compactMap { $0.interval.value?.energy.joules }.reduce(0, +)
    }
    let until = request.plan.stopHalfWidth.flatMap { wanted -> Seconds? in
      guard shares > 0, time > 0 else { return nil }
      let needed = (1.96 / wanted) * (1.96 / wanted)
      return Seconds(max(0, (needed - shares) / (shares / time)))
    }
    ports.report(
      ProvingProgress(
        phase: phase, remaining: Seconds(max(0, duration.value - passed.value)),
        rate: time > 0 ? Rate(perSecond: shares * perShare / time, unit: .hash) : nil,
        halfWidth: width, power: point.power,
        efficiency: joules > 0
          ? Efficiency(perJoule: Double(done) * perShare / joules, unit: .hash) : nil,
        untilHalfWidth: until))
  }
}

extension Sample {
  /// Takes the shares of an epoch up to the window's end, and counts those inside it.
  package mutating func prove(by epoch: ProvenEpoch, perShare: Double) {
    var window = epoch.window
    let counted = window.counted(from: start.hashes, to: end.hashes)
    let unhashed = Set(epoch.unhashed)
    let hashed = counted.indices.filter { !unhashed.contains($0) }
    window.fit = ShareFit(hashed.map { epoch.quotients[$0] })
    window.hashed = window.hashedOneIn == nil ? nil : hashed.count
    window.shares = Array(window.shares[..<counted.endIndex])
    proven = ProvenWork(shares: counted.count, unitsPerShare: perShare)
    proof = window
    spans = []
  }
}

/// Whether a miner's rate has stopped changing, as far as its shares tell, and its power: over the last three minutes.
struct ProvenSteadyState {
  private static let blocks = 3
  private static let block = 60.0
  private static let limit = 0.005

  let isSteady: Bool
  let message: String

  /// Nil while the observation is shorter than the blocks.
  init?(_ trace: [TracePoint], perShare: Double) {
    let times = trace.map(\.at.value)
    let rates = trace.map { $0.rate?.perSecond ?? 0 }
    guard
      let slope = SteadyState.slope(
        times: times, values: rates, blocks: Self.blocks, length: Self.block),
      let end = times.last
    else { return nil }
    let recent = zip(times, rates).filter { $0.0 > end - Double(Self.blocks) * Self.block }
    guard let mean = Descriptive.mean(recent.map(\.1)), mean > 0 else { return nil }
    let change = slope * 60 / mean
    // The slope of three blocks is half the difference of the outer ones; each has the noise of its count.
    let noise = 1.96 / (2 * mean / perShare * Self.block).squareRoot() * 60 / Self.block
    var isSteady = abs(change) <= max(Self.limit, noise)
    var texts = [
      "rate \(DecimalText.fixed(change * 100, decimals: 2)) % a minute, known within \(DecimalText.fixed(noise * 100, decimals: 2)) %"
    ]
    for meter in Set(trace.flatMap(\.power.keys)).sorted(by: { $0.rawValue < $1.rawValue }) {
      let points = trace.compactMap { point in point.power[meter].map { (point.at.value, $0.value) }
      }
      guard
        let slope = SteadyState.slope(
          times: points.map(\.0), values: points.map(\.1), blocks: Self.blocks, length: Self.block),
        let mean = Descriptive.mean(points.map(\.1)), mean > 0
      else { continue }
      let change = slope * 60 / mean
      isSteady = isSteady && abs(change) < Self.limit
      texts.append("power of \(meter) \(DecimalText.fixed(change * 100, decimals: 2)) % a minute")
    }
    self.isSteady = isSteady
    message = "slopes: " + texts.joined(separator: ", ")
  }
}
