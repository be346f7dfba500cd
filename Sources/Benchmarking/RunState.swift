internal import Analysis
package import Model

/// What changes while a run is under way.
struct RunState {
  var outcome = RunOutcome()
  let origin: Instant
  /// Planned seconds that are left.
  private(set) var left: Double
  /// Seconds from the origin to the end at the latest; nil where the plan's time is fixed.
  let limit: Double?
  /// Seconds and windows of the plan.
  private let planned: (seconds: Double, windows: Int)
  /// Windows that are done, those of one lot counted once.
  private var windows = 0
  private let request: RunRequest
  private var sessions: [SequenceKey: UInt32] = [:]
  /// Series that were warmed up by this process.
  private var warm: Set<SeriesID> = []
  /// What was handed over last.
  private var handed = RunOutcome()

  /// Headers are derived from these, and not from the placement.
  private struct SequenceKey: Hashable {
    let algorithm: AlgorithmID
    let device: DeviceID
    let kernel: KernelID

    init(_ series: SeriesID) {
      algorithm = series.algorithm
      device = series.device
      kernel = series.kernel
    }
  }

  init(_ request: RunRequest, origin: Instant, earlier: RunOutcome? = nil) {
    self.request = request
    self.origin = origin
    let estimate = PlanEstimate(request)
    left = estimate.total.value
    planned = (estimate.total.value, estimate.windows)
    limit = estimate.longest > estimate.total ? estimate.longest.value : nil
    if let earlier { take(earlier) }
  }

  /// Goes on after what was finished earlier.
  private mutating func take(_ earlier: RunOutcome) {
    outcome = earlier
    handed = earlier
    sessions = Self.sessions(after: earlier)
    var seen: Set<SnapshotInstants> = []
    for sample in earlier.samples where seen.insert(sample.start).inserted {
      windows += 1
      spend(
        sample.kind == .load
          ? Seconds(request.plan.window.value + 2 * request.plan.ramp.value) : request.plan.idle)
    }
  }

  /// The first sessions that neither a finished window had nor the one that was lost.
  private static func sessions(after earlier: RunOutcome) -> [SequenceKey: UInt32] {
    var sessions: [SequenceKey: UInt32] = [:]
    for sample in earlier.samples {
      guard let series = sample.series else { continue }
      for span in sample.spans {
        let next = span.from.sequence / WorkLimits.sequencesPerSession + 2
        sessions[SequenceKey(series)] = max(sessions[SequenceKey(series)] ?? 0, next)
      }
    }
    return sessions
  }

  /// Whether there are sessions left for all windows that may come after what was finished earlier.
  static func hasRoom(_ request: RunRequest, after earlier: RunOutcome) -> Bool {
    let used = sessions(after: earlier)
    return request.series.allSatisfy { series in
      let key = SequenceKey(series.series)
      let sharing = request.series.count { SequenceKey($0.series) == key }
      let most = sharing * request.plan.maximumRepeats + 1
      return Int(used[key] ?? 0) + most <= Int(WorkLimits.sessions)
    }
  }

  /// Whether such a window is there.
  func has(_ kind: WindowKind, _ series: SeriesID? = nil, repeatIndex: Int = 0) -> Bool {
    outcome.samples.contains {
      $0.kind == kind && $0.series == series && $0.repeatIndex == repeatIndex
    }
  }

  /// Whether these series are to be warmed up in full; true once.
  mutating func warmsUpFirst(_ series: [SeriesID]) -> Bool {
    defer { warm.formUnion(series) }
    return !warm.isSuperset(of: series)
  }

  /// What was finished since this was asked last; nil where there is nothing.
  mutating func handOver() -> JournalStep? {
    let step = outcome.step(since: handed)
    handed = outcome
    return step
  }

  /// The window that is next or under way; repeats beyond the least number make the plan longer.
  var steps: RunProgress.Steps {
    let number = windows + 1
    return RunProgress.Steps(number: number, count: max(number, planned.windows))
  }

  /// What part of the plan's time has passed when so many seconds are left.
  func fraction(left: Double) -> Double? {
    planned.seconds > 0 ? 1 - min(1, left / planned.seconds) : nil
  }

  /// Keeps what one window gave: a sample of each series in it.
  mutating func keep(_ samples: [Sample]) {
    outcome.samples += samples
    windows += 1
  }

  mutating func spend(_ time: Seconds) { left = max(0, left - time.value) }

  /// A job whose sequence numbers no other session of this run uses.
  ///
  /// Each session of a kernel has its own sequence numbers, as many as `WorkLimits` says.
  mutating func job(_ series: SeriesRequest, mode: ComputeMode) -> ComputeJob {
    let recorded = outcome.workers.first { $0.series == series.series }?.batch
    let key = SequenceKey(series.series)
    let session = sessions[key, default: 0]
    precondition(session < WorkLimits.sessions, "a run has more sessions of one kernel than it may")
    sessions[key] = session + 1
    return ComputeJob(
      series: series.series, mode: mode, placement: series.placement, challenge: request.challenge,
      target: series.target, firstSequence: session * WorkLimits.sequencesPerSession,
      batch: recorded ?? series.batch)
  }

  /// Remembers what the workers of a series got; the first session's batch holds for the later ones.
  mutating func record(_ series: SeriesRequest, _ session: any ComputeSession) {
    guard !outcome.workers.contains(where: { $0.series == series.series }) else { return }
    outcome.workers.append(
      SeriesWorkers(
        series: series.series, unit: series.shape.unit,
        unitsPerAttempt: series.shape.unitsPerAttempt, target: series.target,
        placement: series.placement, batch: session.batch, poll: session.poll,
        facts: session.facts, preparations: session.preparations))
  }

  /// Gives a series up; its finished windows stay.
  mutating func fail(_ series: SeriesID, _ message: String) {
    outcome.givenUp.insert(series)
    outcome.checks.append(
      Check(name: CheckName.worker, verdict: .fail, message: "\(series): \(message)"))
    outcome.endReason = Reason(.failed, "\(series) could not be measured: \(message)")
  }
}

/// How long a request takes when nothing has to be repeated.
package struct PlanEstimate: Hashable, Sendable {
  /// One step of the plan for people: what, how often, how long each.
  package struct Step: Hashable, Sendable {
    package let name: String
    package let count: Int
    package let each: Seconds
  }

  package let steps: [Step]
  /// How many windows there are, idle ones included.
  package let windows: Int
  /// With the least number of repeats and the shortest warm-up.
  package let total: Seconds
  /// With the greatest number of repeats and the longest warm-up.
  package let longest: Seconds

  package init(_ request: RunRequest) {
    self.init(
      request.plan, series: request.lots.count, measuresSpin: request.measuresSpin)
  }

  init(_ plan: Plan, series: Int, measuresSpin: Bool) {
    var steps: [Step] = []
    func add(_ name: String, _ count: Int, _ each: Seconds) {
      if count > 0, each.value > 0 { steps.append(Step(name: name, count: count, each: each)) }
    }
    add("idle before", 1, plan.idle)
    add("spin baseline", measuresSpin ? 1 : 0, plan.idle)
    let warmup = max(plan.warmup, plan.ramp)
    add("warm-up of a series' first window", series, warmup)
    add("ramp before a later window", series * (plan.minimumRepeats - 1), plan.ramp)
    add("window", series * plan.minimumRepeats, plan.window)
    add("ramp after a window", series * plan.minimumRepeats, plan.ramp)
    add("idle after", plan.idlesAfter ? 1 : 0, plan.idle)
    self.steps = steps
    windows =
      series * plan.minimumRepeats
      + (plan.idle.value > 0 ? 1 + (measuresSpin ? 1 : 0) + (plan.idlesAfter ? 1 : 0) : 0)
    let shortest = steps.reduce(0) { $0 + Double($1.count) * $1.each.value }
    total = Seconds(shortest)
    let more =
      Double(series * (plan.maximumRepeats - plan.minimumRepeats))
      * (plan.window.value + 2 * plan.ramp.value)
    let longer =
      plan.warmsToSteadyState
      ? Double(series) * max(0, plan.warmupLimit.value - warmup.value) : 0
    longest = Seconds(shortest + more + longer)
  }
}
