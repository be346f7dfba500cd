internal import MeterCore
internal import Model

/// All counters at one instant (power.md 1.13, R9).
struct CounterSnapshot {
  let instants: SnapshotInstants
  let meters: MeterSnapshot
  /// Of each session's workers.
  let progress: [[WorkerProgress]]

  /// Units of work a second of some sessions between two snapshots, each worker by its own instants where it has some;
  /// nil without workers, and where no time has passed.
  static func unitsPerSecond(
    _ before: CounterSnapshot, _ now: CounterSnapshot, of sessions: Range<Int>
  ) -> Double? {
    let time = now.instants.hashes.since(before.instants.hashes).value
    guard !sessions.isEmpty, time > 0 else { return nil }
    return zip(before.progress[sessions].joined(), now.progress[sessions].joined()).reduce(0) {
      sum, edges in
      let units = Double(edges.1.units - edges.0.units)
      guard let from = edges.0.instant, let to = edges.1.instant else { return sum + units / time }
      let own = to.since(from).value
      return own > 0 ? sum + units / own : sum
    }
  }
}

/// Waits and looks: takes snapshots, and about once a second a point of the trace.
struct Observer {
  let ports: RunPorts
  /// Start of the run, from which the trace counts.
  let origin: Instant
  /// What the watched workers count; nil where nothing hashes.
  var unit: WorkUnit?
  private static let step = Seconds(1)
  /// Seconds between two looks at the state.
  private static let stateStep = 5

  /// Meters, then hash counters, the clock around both.
  ///
  /// A snapshot that was torn apart by the scheduler is taken again; the least torn of five is kept.
  func snapshot(_ crew: [any WorkCounter]) -> CounterSnapshot {
    var best = read(crew)
    for _ in 0..<4 where best.instants.skew.value > 0.001 {
      let next = read(crew)
      if next.instants.skew < best.instants.skew { best = next }
    }
    return best
  }

  private func read(_ crew: [any WorkCounter]) -> CounterSnapshot {
    let first = ports.clock.now()
    let meters = ports.meters.snapshot()
    let second = ports.clock.now()
    let progress = crew.map { $0.progress() }
    let third = ports.clock.now()
    return CounterSnapshot(
      instants: SnapshotInstants(first: first, second: second, third: third), meters: meters,
      progress: progress)
  }

  /// What was seen between two instants.
  struct Observation {
    /// Of all sessions together.
    var trace: [TracePoint] = []
    /// Of each session by itself.
    var traces: [[TracePoint]]
    var states: [MachineState] = []
    let start: CounterSnapshot
    var end: CounterSnapshot

    init(from start: CounterSnapshot) {
      self.start = start
      end = start
      traces = start.progress.map { _ in [] }
    }
  }

  /// Watches the sessions that work at the same time, or none, until `duration` has passed since `start`, or until `isEnough` says so.
  ///
  /// Throws `Interrupted` when the user ends the run, and `StuckKernel` when a worker stands still.
  func watch(
    _ crew: [any WorkCounter], from start: CounterSnapshot, for duration: Seconds,
    report: (Seconds, TracePoint) -> Void, isEnough: (Observation) -> Bool = { _ in false }
  ) throws -> Observation {
    let began = start.instants.hashes
    let end = began.advanced(by: duration)
    var seen = Observation(from: start)
    var next = began
    while true {
      next = next.advanced(by: Self.step)
      // A rest shorter than half a step would make a point of noise: it joins the last one.
      if end.since(next).value < Self.step.value / 2 { next = end }
      ports.clock.sleep(until: next, isCancelled: ports.isInterrupted)
      if ports.isInterrupted() { throw Interrupted() }
      for session in crew { if let stuck = session.stuckKernel() { throw stuck } }
      let now = snapshot(crew)
      let power = power(seen.end, now)
      let point = point(seen.end, now, of: crew.indices, power)
      for index in crew.indices {
        seen.traces[index].append(
          crew.count == 1 ? point : self.point(seen.end, now, of: index..<(index + 1), power))
      }
      seen.end = now
      seen.trace.append(point)
      report(now.instants.hashes.since(began), point)
      if next >= end { return seen }
      if seen.trace.count % Self.stateStep == 0 { seen.states.append(ports.probe.readBriefly()) }
      if isEnough(seen) { return seen }
    }
  }

  private func power(
    _ before: CounterSnapshot, _ now: CounterSnapshot
  ) -> [MeterID: Watts] {
    var power: [MeterID: Watts] = [:]
    for (index, descriptor) in ports.meters.descriptors.enumerated() {
      guard before.meters.channels.indices.contains(index),
        now.meters.channels.indices.contains(index)
      else { continue }
      let interval = EnergyInterval.between(
        before.meters.channels[index], now.meters.channels[index], isWindow: false)
      if let interval = interval.value { power[descriptor.id] = interval.meanPower }
    }
    return power
  }

  private func point(
    _ before: CounterSnapshot, _ now: CounterSnapshot, of sessions: Range<Int>,
    _ power: [MeterID: Watts]
  ) -> TracePoint {
    let rate = CounterSnapshot.unitsPerSecond(before, now, of: sessions)
    return TracePoint(
      at: now.instants.hashes.since(origin),
      rate: rate.flatMap { rate in unit.map { Rate(perSecond: rate, unit: $0) } }, power: power)
  }

  /// The energy of one window, once every counter had time to move on from its end.
  func energy(_ seen: Observation) -> [ChannelEnergy] {
    ChannelEnergy.all(
      of: ports.meters.descriptors, from: seen.start.meters,
      to: ports.meters.judged(seen.end.meters))
  }

  /// The sample of one window without its shares: of one of the sessions that were watched, or where none was of the
  /// machine at rest.
  func sample(
    _ kind: WindowKind, _ series: SeriesID?, repeatIndex: Int, _ seen: Observation,
    _ energy: [ChannelEnergy], session: Int = 0
  ) -> Sample {
    let isAtRest = seen.traces.isEmpty
    let edges = isAtRest ? [] : Array(zip(seen.start.progress[session], seen.end.progress[session]))
    let spans = edges.enumerated().map { worker, edges in
      WorkerSpan(
        worker: worker, from: edges.0.position, to: edges.1.position,
        units: edges.1.units - edges.0.units, fromInstant: edges.0.instant,
        toInstant: edges.1.instant)
    }
    // Meters that contradict one another give no energy for this window (R25, R31).
    return Sample(
      kind: kind, series: series, unit: unit, repeatIndex: repeatIndex,
      start: seen.start.instants, end: seen.end.instants, spans: spans, energy: energy, shares: [],
      trace: isAtRest ? seen.trace : seen.traces[session]
    ).judgedByLattice(ports.meters.descriptors).sample
  }

  /// The state after a window, with what was seen inside it of everything that can change.
  func stateAfter(_ seen: Observation, since before: MachineState) -> MachineState {
    var state = ports.probe.read()
    state.facts.merge(StateDuring.facts([before] + seen.states + [state])) { $1 }
    return state
  }
}
