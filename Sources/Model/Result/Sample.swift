/// The clock around one snapshot: meters are read between `first` and `second`, hash counters between `second`
/// and `third` (power.md 1.13, R9).
package struct SnapshotInstants: Hashable, Sendable {
  package let first: Instant
  package let second: Instant
  package let third: Instant

  package init(first: Instant, second: Instant, third: Instant) {
    self.first = first
    self.second = second
    self.third = third
  }

  /// The instant that the meters' values stand for.
  package var energy: Instant { Instant.midpoint(first, second) }
  /// The instant that the hash counters stand for.
  package var hashes: Instant { Instant.midpoint(second, third) }
  /// How far apart the two may be.
  package var skew: Seconds { third.since(first) }
}

/// The part of a worker's endless range that one window covers: `[from, to)`.
package struct WorkerSpan: Hashable, Sendable {
  package let worker: Int
  package let from: WorkPosition
  package let to: WorkPosition
  /// Units of work in the attempts: as many hashes, or the solutions that were found, counted by the kernel.
  package let units: UInt64
  /// When the worker was at the two positions; nil where it was at the window's own instants, up to a call in flight.
  package let fromInstant: Instant?
  package let toInstant: Instant?

  /// `units` is nil where an attempt is one unit.
  package init(
    worker: Int, from: WorkPosition, to: WorkPosition, units: UInt64? = nil,
    fromInstant: Instant? = nil, toInstant: Instant? = nil
  ) {
    self.worker = worker
    self.from = from
    self.to = to
    self.units = units ?? (to.value - from.value)
    self.fromInstant = fromInstant
    self.toInstant = toInstant
  }

  package var attempts: UInt64 { to.value - from.value }

  /// Seconds between the worker's own instants, or nil without them.
  package var duration: Seconds? {
    guard let fromInstant, let toInstant else { return nil }
    return toInstant.since(fromInstant)
  }
}

/// The energy of one channel in one window.
package struct ChannelEnergy: Hashable, Sendable {
  package let meter: MeterID
  package let interval: Reading<EnergyInterval>

  package init(meter: MeterID, interval: Reading<EnergyInterval>) {
    self.meter = meter
    self.interval = interval
  }
}

/// What a window was for.
package enum WindowKind: String, Hashable, Sendable, CaseIterable {
  case load
  case idleBefore = "idle-before"
  case idleAfter = "idle-after"
  /// Workers run a register-only loop: the core is on but does no hashing.
  case spin
}

/// What one window yields: hashes, energy per channel, seconds, state.
package struct Sample: Hashable, Sendable {
  package var kind: WindowKind
  /// Nil for idle windows.
  package var series: SeriesID?
  /// What the spans count; nil where nothing is counted.
  package var unit: WorkUnit?
  /// From 0, counted within the series.
  package var repeatIndex: Int
  package var start: SnapshotInstants
  package var end: SnapshotInstants
  package var spans: [WorkerSpan]
  package var energy: [ChannelEnergy]
  /// The work that shares prove, of a device whose kernel is not ours; nil where the spans count it.
  package var proven: ProvenWork?
  /// The jobs and shares behind `proven`.
  package var proof: ProofWindow?
  /// Shares found inside the spans, ascending.
  package var shares: [Proof]
  package var stateBefore: MachineState?
  package var stateAfter: MachineState?
  /// Reasons why this window stands out; it is kept all the same.
  package var flags: [Reason]
  /// Rate and power over time inside the window, about one point a second.
  package var trace: [TracePoint]

  package init(
    kind: WindowKind, series: SeriesID?, unit: WorkUnit? = nil, repeatIndex: Int,
    start: SnapshotInstants,
    end: SnapshotInstants, spans: [WorkerSpan], energy: [ChannelEnergy], proven: ProvenWork? = nil,
    proof: ProofWindow? = nil, shares: [Proof],
    stateBefore: MachineState? = nil, stateAfter: MachineState? = nil, flags: [Reason] = [],
    trace: [TracePoint] = []
  ) {
    self.kind = kind
    self.series = series
    self.unit = unit
    self.repeatIndex = repeatIndex
    self.start = start
    self.end = end
    self.spans = spans
    self.energy = energy
    self.proven = proven
    self.proof = proof
    self.shares = shares
    self.stateBefore = stateBefore
    self.stateAfter = stateAfter
    self.flags = flags
    self.trace = trace
  }

  /// Units of work that the spans count, all workers.
  package var units: UInt64 { spans.reduce(0) { $0 + $1.units } }
  /// Whether the work was counted by a kernel of ours or is proven by shares.
  package var origin: WorkOrigin { proven == nil ? .counted : .proven }
  /// Units of work in the window: counted exactly, or as estimated from the shares.
  package var work: Double { proven?.units ?? Double(units) }
  /// Time between the hash counters' instants.
  package var duration: Seconds { end.hashes.since(start.hashes) }
  /// Work per second; each worker by its own instants where it has some.
  package var throughput: Double {
    guard proven == nil, spans.contains(where: { $0.duration != nil }) else {
      return work / duration.value
    }
    return spans.reduce(0) { $0 + Double($1.units) / ($1.duration ?? duration).value }
  }
}

/// One point of the trace inside a window, warm-up included.
package struct TracePoint: Hashable, Sendable {
  /// Seconds since the start of the run.
  package let at: Seconds
  /// Nil where nothing hashes.
  package let rate: Rate?
  /// Mean power of each channel since the point before.
  package let power: [MeterID: Watts]

  package init(at: Seconds, rate: Rate?, power: [MeterID: Watts]) {
    self.at = at
    self.rate = rate
    self.power = power
  }
}
