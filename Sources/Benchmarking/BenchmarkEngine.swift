internal import Analysis
internal import Model
internal import Statistics
internal import Text

/// Carries out a request: idle, warm-up, windows in shuffled order, stop rule, idle.
///
/// One thread, no time but the clock's: with a fake clock a run of hours takes milliseconds.
package struct BenchmarkEngine {
  private let ports: RunPorts
  private let request: RunRequest

  package init(_ ports: RunPorts, _ request: RunRequest) {
    self.ports = ports
    self.request = request
  }

  /// Runs to the plan's end or to the user's interruption, and keeps every finished window.
  package func run() -> RunOutcome {
    var state = RunState(request, origin: ports.clock.now())
    do {
      try measure(&state)
    } catch is Interrupted {
      state.outcome.endReason = Reason(
        .interrupted, "the run was interrupted")
    } catch let stuck as StuckKernel {
      // Its thread takes a CPU from whatever would come next.
      state.outcome.stuck = stuck
    } catch {
      state.outcome.endReason = Reason(.failed, "\(error)")
    }
    // Which series came first is the shuffle's; people and files get the order that was asked for.
    let workers = Dictionary(state.outcome.workers.map { ($0.series, $0) }) { first, _ in first }
    state.outcome.workers = request.series.compactMap { workers[$0.series] }
    return state.outcome
  }

  private func measure(_ state: inout RunState) throws {
    let plan = request.plan
    if plan.idle.value > 0 { try idle(.idleBefore, &state) }
    if request.measuresSpin, plan.idle.value > 0 {
      for widest in widestOfEachDevice { try spin(widest, &state) }
    }
    var generator = SplitMix64(seed: request.seed)
    var open = request.series
    var order: [SeriesRequest] = []
    for round in 0..<plan.maximumRepeats {
      // Every other round mirrors the one before (ABBA), so that a steady drift hits both of a pair alike.
      order =
        round.isMultiple(of: 2)
        ? generator.shuffled(open) : order.reversed().filter(open.contains)
      for series in order where !state.failed.contains(series.series) {
        try window(series, repeatIndex: round, &state)
      }
      open = open.filter { isWanted($0.series, state) }
      if open.isEmpty { break }
    }
    if plan.idlesAfter, plan.idle.value > 0 { try idle(.idleAfter, &state) }
  }

  private func isWanted(_ series: SeriesID, _ state: RunState) -> Bool {
    guard !state.failed.contains(series),
      let workers = state.outcome.workers.first(where: { $0.series == series }),
      let summary = Summarizing.summary(
        of: workers, plan: request.plan, meters: ports.meters.descriptors, unavailable: [],
        samples: state.outcome.samples)
    else { return false }
    return StopRule.reason(plan: request.plan, summary) == nil
  }

  // MARK: Windows

  private func idle(_ kind: WindowKind, _ state: inout RunState) throws {
    let observer = Observer(ports: ports, origin: state.origin)
    let before = ports.probe.read()
    let start = observer.snapshot(nil)
    let progress = Reporter(ports, state, phase: "idle", request.plan.idle)
    let seen = try observer.watch(
      nil, from: start, for: request.plan.idle, report: progress.report)
    var sample = observer.sample(kind, nil, repeatIndex: 0, from: start, seen)
    sample.stateBefore = before
    sample.stateAfter = observer.stateAfter(seen, since: before)
    state.outcome.samples.append(sample)
    state.spend(request.plan.idle)
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
      let start = observer.snapshot(session)
      let progress = Reporter(ports, state, phase: "spin baseline", request.plan.idle)
      let seen = try observer.watch(
        session, from: start, for: request.plan.idle, report: progress.report)
      var sample = observer.sample(.spin, widest.series, repeatIndex: 0, from: start, seen)
      // A spinning worker has no position in any range of nonces.
      sample.spans = []
      sample.stateBefore = before
      sample.stateAfter = observer.stateAfter(seen, since: before)
      state.outcome.samples.append(sample)
      state.spend(request.plan.idle)
    } catch {
      _ = try? session.finish()
      throw error
    }
    _ = try session.finish()
  }

  /// One window of one series: start workers, warm up, measure, ramp down, take the shares.
  private func window(
    _ series: SeriesRequest, repeatIndex: Int, _ state: inout RunState
  ) throws {
    guard let backend = ports.backend(of: series.series) else {
      return state.fail(series.series, "no backend drives the device \(series.series.device)")
    }
    let session: any ComputeSession
    do {
      session = try backend.start(state.job(series, mode: .hash))
    } catch {
      state.fail(series.series, describe(error))
      if endsTheRun(error) { throw error }
      return
    }
    state.record(series, session)
    var sample: Sample
    do {
      sample = try watched(session, series, repeatIndex: repeatIndex, &state)
    } catch {
      if error is StuckKernel { state.fail(series.series, describe(error)) }
      _ = try? session.finish()
      if error is StuckKernel, !endsTheRun(error) { return }
      throw error
    }
    state.spend(request.plan.window)
    ramp(session, series, repeatIndex: repeatIndex, state)
    state.spend(request.plan.ramp)
    do {
      sample.shares = Self.shares(try session.finish(), inside: sample.spans)
      // What holds is said once, what does not of every window.
      state.outcome.checks += session.checks.filter { $0.verdict == .fail || repeatIndex == 0 }
    } catch {
      // Nothing of a session whose worker failed may be used.
      state.fail(series.series, describe(error))
      if endsTheRun(error) { throw error }
      return
    }
    let checks = WindowChecks.checks(
      of: sample, at: state.outcome.samples.count, target: series.target,
      meters: ports.meters.descriptors)
    sample.flags = checks.filter { $0.verdict == .fail }.map {
      Reason(ReasonCode(rawValue: $0.name.rawValue), $0.message, remedy: $0.remedy)
    }
    state.outcome.samples.append(sample)
    if ports.isInterrupted() { throw Interrupted() }
  }

  private func watched(
    _ session: any ComputeSession, _ series: SeriesRequest, repeatIndex: Int,
    _ state: inout RunState
  ) throws -> Sample {
    let observer = Observer(ports: ports, origin: state.origin, unit: series.shape.unit)
    try warmUp(session, series, repeatIndex: repeatIndex, &state)
    let before = ports.probe.read()
    let start = observer.snapshot(session)
    let progress = Reporter(
      ports, state, phase: "window", request.plan.window, series.series, repeatIndex)
    let seen = try observer.watch(
      session, from: start, for: request.plan.window, report: progress.report)
    var sample = observer.sample(
      .load, series.series, repeatIndex: repeatIndex, from: start, seen)
    sample.stateBefore = before
    sample.stateAfter = observer.stateAfter(seen, since: before)
    return sample
  }

  /// In full before a series' first window, for one ramp before the others.
  private func warmUp(
    _ session: any ComputeSession, _ series: SeriesRequest, repeatIndex: Int,
    _ state: inout RunState
  ) throws {
    let plan = request.plan
    let isFirst = repeatIndex == 0
    let shortest = isFirst ? max(plan.warmup, plan.ramp) : plan.ramp
    guard shortest.value > 0 else { return }
    let reachesSteadyState = isFirst && plan.warmsToSteadyState
    let longest = reachesSteadyState ? max(shortest, plan.warmupLimit) : shortest
    let observer = Observer(ports: ports, origin: state.origin, unit: series.shape.unit)
    let start = observer.snapshot(session)
    let progress = Reporter(ports, state, phase: "warm-up", shortest, series.series, repeatIndex)
    let seen = try observer.watch(
      session, from: start, for: longest, report: progress.report,
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
        message: "\(series.series) after \(time) s of warm-up: "
          + (rule?.message ?? "too short to judge")
          + SteadyStateRule.settling(seen.trace)))
  }

  private func ramp(
    _ session: any ComputeSession, _ series: SeriesRequest, repeatIndex: Int, _ state: RunState
  ) {
    guard request.plan.ramp.value > 0 else { return }
    let observer = Observer(ports: ports, origin: state.origin, unit: series.shape.unit)
    let progress = Reporter(
      ports, state, phase: "ramp", request.plan.ramp, series.series, repeatIndex)
    // The window is over and kept: an interruption only shortens the ramp.
    _ = try? observer.watch(
      session, from: observer.snapshot(session), for: request.plan.ramp, report: progress.report)
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
    _ series: SeriesID? = nil, _ repeatIndex: Int? = nil
  ) {
    self.ports = ports
    self.phase = phase
    self.duration = duration
    self.series = series
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
