internal import Analysis
package import Model
internal import Statistics
internal import Text

/// Carries out a request: idle, warm-up, windows in shuffled order, stop rule, idle.
///
/// One thread, no time but the clock's: with a fake clock a run of hours takes milliseconds.
package struct BenchmarkEngine {
  private let ports: RunPorts
  private let request: RunRequest
  private let origin: Instant?
  private let earlier: RunOutcome?

  /// `origin` is where the times of traces count from, by default the call of `run`; `earlier` what a process that ended
  /// without a word had finished of the same request, which is not measured again.
  package init(
    _ ports: RunPorts, _ request: RunRequest, origin: Instant? = nil, earlier: RunOutcome? = nil
  ) {
    self.ports = ports
    self.request = request
    self.origin = origin
    self.earlier = earlier
  }

  /// Runs to the plan's end or to the user's interruption, and keeps every finished window.
  package func run() -> RunOutcome {
    var state = RunState(request, origin: origin ?? ports.clock.now(), earlier: earlier)
    do {
      try measure(&state)
    } catch is Interrupted {
      state.outcome.endReason = Reason(
        .interrupted, "the run was interrupted")
    } catch let stuck as StuckKernel {
      // Its thread takes a CPU from whatever would come next.
      state.outcome.stuck = stuck
    } catch {
      state.outcome.endReason = Reason(.failed, describe(error))
    }
    // Which series came first is the shuffle's; people and files get the order that was asked for.
    let workers = Dictionary(state.outcome.workers.map { ($0.series, $0) }) { first, _ in first }
    state.outcome.workers = request.series.compactMap { workers[$0.series] }
    return state.outcome
  }

  private func measure(_ state: inout RunState) throws {
    let plan = request.plan
    if plan.idle.value > 0, !state.has(.idleBefore) { try idle(.idleBefore, &state) }
    if request.measuresSpin, plan.idle.value > 0 {
      for widest in widestOfEachDevice where !state.has(.spin, widest.series) {
        try spin(widest, &state)
      }
    }
    var generator = SplitMix64(seed: request.seed)
    var open = request.lots
    var order: [[SeriesRequest]] = []
    for round in 0..<plan.maximumRepeats {
      // Every other round mirrors the one before (ABBA), so that a steady drift hits both of a pair alike.
      order =
        round.isMultiple(of: 2)
        ? generator.shuffled(open) : order.reversed().filter(open.contains)
      for lot in order where !lot.contains(where: { state.outcome.givenUp.contains($0.series) }) {
        // A lot is written down as one, so one of it stands for all.
        if state.has(.load, lot.first?.series, repeatIndex: round) { continue }
        try window(lot, repeatIndex: round, &state)
        try writeDown(&state)
      }
      open = open.filter { lot in lot.contains { isWanted($0.series, after: round, state) } }
      if open.isEmpty { break }
    }
    if plan.idlesAfter, plan.idle.value > 0, !state.has(.idleAfter) {
      try idle(.idleAfter, &state)
    }
  }

  /// Has what was finished written down before anything else is begun.
  private func writeDown(_ state: inout RunState) throws {
    if let step = state.handOver() { try ports.keep(step) }
  }

  /// By the windows up to that round, so that a run that is taken up again decides as it did before.
  private func isWanted(_ series: SeriesID, after round: Int, _ state: RunState) -> Bool {
    guard !state.outcome.givenUp.contains(series),
      let workers = state.outcome.workers.first(where: { $0.series == series }),
      let summary = Summarizing.summary(
        of: workers, plan: request.plan, meters: ports.meters.descriptors, unavailable: [],
        samples: state.outcome.samples.filter { $0.kind != .load || $0.repeatIndex <= round })
    else { return false }
    return StopRule.reason(plan: request.plan, summary) == nil
  }

  // MARK: Windows

  private func idle(_ kind: WindowKind, _ state: inout RunState) throws {
    let observer = Observer(ports: ports, origin: state.origin)
    let before = ports.probe.read()
    let start = observer.snapshot([])
    let progress = Reporter(ports, state, phase: "idle", request.plan.idle)
    let seen = try observer.watch(
      [], from: start, for: request.plan.idle, report: progress.report)
    var sample = observer.sample(kind, nil, repeatIndex: 0, seen, observer.energy(seen))
    sample.stateBefore = before
    sample.stateAfter = observer.stateAfter(seen, since: before)
    state.keep([sample])
    state.spend(request.plan.idle)
    try writeDown(&state)
  }

  /// The series with the most workers of every device.
  private var widestOfEachDevice: [SeriesRequest] {
    var widest: [SeriesRequest] = []
    for series in request.series {
      let place = widest.firstIndex { $0.series.device == series.series.device }
      if let place {
        if series.placement.workers > widest[place].placement.workers { widest[place] = series }
      } else {
        widest.append(series)
      }
    }
    return widest
  }

  /// The register-only loop on all workers of a device that has one.
  private func spin(_ widest: SeriesRequest, _ state: inout RunState) throws {
    guard let backend = ports.backend(of: widest.series), backend.canSpin else { return }
    let observer = Observer(ports: ports, origin: state.origin)
    let session = try backend.start(state.job(widest, mode: .spin))
    do {
      let before = ports.probe.read()
      let start = observer.snapshot([session])
      let progress = Reporter(ports, state, phase: "spin baseline", request.plan.idle)
      let seen = try observer.watch(
        [session], from: start, for: request.plan.idle, report: progress.report)
      var sample = observer.sample(
        .spin, widest.series, repeatIndex: 0, seen, observer.energy(seen))
      // A spinning worker has no position in any range of nonces.
      sample.spans = []
      sample.stateBefore = before
      sample.stateAfter = observer.stateAfter(seen, since: before)
      state.keep([sample])
      state.spend(request.plan.idle)
    } catch {
      _ = try? session.finish()
      throw error
    }
    _ = try session.finish()
    try writeDown(&state)
  }

  /// One window of a lot: start workers, warm up, measure, ramp down, take the shares.
  ///
  /// A lot whose members cannot all work is given up, since then they are not together.
  private func window(
    _ lot: [SeriesRequest], repeatIndex: Int, _ state: inout RunState
  ) throws {
    var crew: [any ComputeSession] = []
    for series in lot {
      do {
        crew.append(try start(series, &state))
      } catch {
        Self.disband(crew)
        giveUp(lot, for: series, error, &state)
        if endsTheRun(error) { throw error }
        return
      }
    }
    for (series, session) in zip(lot, crew) { state.record(series, session) }
    var samples: [Sample]
    do {
      samples = try watched(crew, lot, repeatIndex: repeatIndex, &state)
    } catch {
      if let stuck = error as? StuckKernel {
        giveUp(lot, for: lot.first { $0.series.kernel == stuck.kernel } ?? lot[0], error, &state)
      }
      Self.disband(crew)
      if error is StuckKernel, !endsTheRun(error) { return }
      throw error
    }
    state.spend(request.plan.window)
    ramp(crew, lot, repeatIndex: repeatIndex, state)
    state.spend(request.plan.ramp)
    for (index, session) in crew.enumerated() {
      do {
        samples[index].shares = Self.shares(try session.finish(), inside: samples[index].spans)
        // What holds is said once, what does not of every window.
        state.outcome.checks += session.checks.filter { $0.verdict == .fail || repeatIndex == 0 }
      } catch {
        // Nothing of a session whose worker failed may be used.
        Self.disband(Array(crew[(index + 1)...]))
        giveUp(lot, for: lot[index], error, &state)
        if endsTheRun(error) { throw error }
        return
      }
    }
    for (index, series) in lot.enumerated() {
      let checks = WindowChecks.checks(
        of: samples[index], at: state.outcome.samples.count + index, target: series.target,
        meters: ports.meters.descriptors)
      samples[index].flags = checks.filter { $0.verdict == .fail }.map {
        Reason(ReasonCode(rawValue: $0.name.rawValue), $0.message, remedy: $0.remedy)
      }
    }
    state.keep(samples)
    try writeDown(&state)
    if ports.isInterrupted() { throw Interrupted() }
  }

  private func start(
    _ series: SeriesRequest, _ state: inout RunState
  ) throws -> any ComputeSession {
    guard let backend = ports.backend(of: series.series) else {
      throw Failure(.unavailable, "no backend drives the device \(series.series.device)")
    }
    return try backend.start(state.job(series, mode: .hash))
  }

  private static func disband(_ crew: [any ComputeSession]) {
    for session in crew { _ = try? session.finish() }
  }

  /// Gives up every series of a lot for what is wrong with one of them; finished windows stay.
  private func giveUp(
    _ lot: [SeriesRequest], for culprit: SeriesRequest, _ error: any Error,
    _ state: inout RunState
  ) {
    for series in lot where series != culprit {
      state.fail(series.series, "\(culprit.series) works no longer beside it")
    }
    state.fail(culprit.series, describe(error))
  }

  private func watched(
    _ crew: [any ComputeSession], _ lot: [SeriesRequest], repeatIndex: Int, _ state: inout RunState
  ) throws -> [Sample] {
    let observer = Observer(ports: ports, origin: state.origin, unit: lot.first?.shape.unit)
    try warmUp(crew, lot, repeatIndex: repeatIndex, &state)
    let before = ports.probe.read()
    let start = observer.snapshot(crew)
    let progress = Reporter(
      ports, state, phase: "window", request.plan.window, lot, repeatIndex)
    let seen = try observer.watch(
      crew, from: start, for: request.plan.window, report: progress.report)
    let energy = observer.energy(seen)
    let after = observer.stateAfter(seen, since: before)
    return lot.enumerated().map { index, series in
      var sample = observer.sample(
        .load, series.series, repeatIndex: repeatIndex, seen, energy, session: index)
      sample.stateBefore = before
      sample.stateAfter = after
      return sample
    }
  }

  /// In full before a series' first window of this process, for one ramp before the others.
  private func warmUp(
    _ crew: [any ComputeSession], _ lot: [SeriesRequest], repeatIndex: Int,
    _ state: inout RunState
  ) throws {
    let plan = request.plan
    let isFirst = state.warmsUpFirst(lot.map(\.series))
    let shortest = isFirst ? max(plan.warmup, plan.ramp) : plan.ramp
    guard shortest.value > 0 else { return }
    let reachesSteadyState = isFirst && plan.warmsToSteadyState
    let longest = reachesSteadyState ? max(shortest, plan.warmupLimit) : shortest
    let observer = Observer(ports: ports, origin: state.origin, unit: lot.first?.shape.unit)
    let start = observer.snapshot(crew)
    let progress = Reporter(ports, state, phase: "warm-up", shortest, lot, repeatIndex)
    let seen = try observer.watch(
      crew, from: start, for: longest, report: progress.report,
      isEnough: { seen in
        reachesSteadyState
          && seen.end.instants.hashes.since(start.instants.hashes) >= shortest
          && SteadyStateRule(seen.trace, seen.states)?.isSteady == true
      })
    state.outcome.trace += seen.trace
    state.spend(shortest)
    guard reachesSteadyState else { return }
    let time = DecimalText.fixed(
      seen.end.instants.hashes.since(start.instants.hashes).value, decimals: 0)
    let rule = SteadyStateRule(seen.trace, seen.states)
    state.outcome.checks.append(
      Check(
        name: CheckName.steadyState,
        verdict: rule.map { $0.isSteady ? .pass : .fail } ?? .unknown,
        message:
          "\(lot.map { "\($0.series)" }.joined(separator: " and ")) after \(time) s of warm-up: "
          + (rule?.message ?? "too short to judge")
          + SteadyStateRule.settling(seen.trace)))
  }

  private func ramp(
    _ crew: [any ComputeSession], _ lot: [SeriesRequest], repeatIndex: Int, _ state: RunState
  ) {
    guard request.plan.ramp.value > 0 else { return }
    let observer = Observer(ports: ports, origin: state.origin, unit: lot.first?.shape.unit)
    let progress = Reporter(
      ports, state, phase: "ramp", request.plan.ramp, lot, repeatIndex)
    // The window is over and kept: an interruption only shortens the ramp.
    _ = try? observer.watch(
      crew, from: observer.snapshot(crew), for: request.plan.ramp, report: progress.report)
  }

  /// The proofs whose positions lie in the window's spans, ascending.
  static func shares(_ shares: [Proof], inside spans: [WorkerSpan]) -> [Proof] {
    let byWorker = Dictionary(spans.map { ($0.worker, $0) }) { first, _ in first }
    return shares.filter { share in
      byWorker[share.worker].map { $0.from <= share.position && share.position < $0.to } ?? false
    }.sorted()
  }

  /// A kernel in a child process costs its series only; one of our own threads takes a CPU from whatever comes next.
  private func endsTheRun(_ error: any Error) -> Bool {
    (error as? StuckKernel).map { !$0.isContained } ?? false
  }

  private func describe(_ error: any Error) -> String {
    (error as? any UserFacingError)?.line ?? "\(error)"
  }
}

/// Tells the world where the run is.
private struct Reporter {
  let ports: RunPorts
  let phase: String
  let duration: Seconds
  let series: SeriesID?
  let repeatIndex: Int?
  let state: RunState

  init(
    _ ports: RunPorts, _ state: RunState, phase: String, _ duration: Seconds,
    _ lot: [SeriesRequest] = [], _ repeatIndex: Int? = nil
  ) {
    self.ports = ports
    self.phase = phase
    self.duration = duration
    series = .together(lot.map(\.series))
    self.repeatIndex = repeatIndex
    self.state = state
  }

  func report(_ elapsed: Seconds, _ point: TracePoint) {
    let inPhase = min(elapsed.value, duration.value)
    let remaining = max(0, state.left - inPhase)
    let latest = state.limit.map {
      max(remaining, $0 - ports.clock.now().since(state.origin).value)
    }
    ports.report(
      RunProgress(
        phase: phase, series: series, repeatIndex: repeatIndex,
        remaining: Seconds(remaining), latest: latest.map { Seconds($0) },
        rate: series.flatMap { _ in point.rate }, power: point.power, steps: state.steps,
        fraction: state.fraction(left: remaining)))
  }
}
