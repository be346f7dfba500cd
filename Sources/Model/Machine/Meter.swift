/// Which kind of meter a channel was opened by: `powercap`, `nvml`, `exec`.
///
/// Open: each source of the catalogue states its own as a static member beside itself, and files may carry others.
package struct MeterSourceID: Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  /// Whether the machine's kernel or driver defines it, units included; false for a meter that only its user can name.
  package let isOnMachine: Bool
  package var description: String { rawValue }

  package init(_ rawValue: String, isOnMachine: Bool) {
    self.rawValue = rawValue
    self.isOnMachine = isOnMachine
  }
}

/// How a meter comes by its numbers (power.md, conclusion 2).
package struct MeterKind: RawRepresentable, Hashable, Sendable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  package static let measuredCounter = MeterKind(rawValue: "measured-counter")
  package static let measuredSampled = MeterKind(rawValue: "measured-sampled")
  package static let modelled = MeterKind(rawValue: "modelled")
  package static let estimated = MeterKind(rawValue: "estimated")
  package static let attributed = MeterKind(rawValue: "attributed")
  package static let manual = MeterKind(rawValue: "manual")

  /// Whether a result with this kind may be called metered: a counter or a sampled sensor.
  package var isMeasured: Bool { self == .measuredCounter || self == .measuredSampled }
}

/// What a source natively gives.
package enum MeterQuantity: String, Sendable, Hashable, CaseIterable {
  case energyCounter = "energy-counter"
  case averagePower = "average-power"
  case instantaneousPower = "instantaneous-power"
}

/// How wrong a meter may be, and who says so.
package struct MeterAccuracy: Hashable, Sendable {
  /// Bound of the gain error as a fraction (0.05 for 5 %), read as a rectangular distribution; nil if unknown.
  package let gainBound: Double?
  /// Bound of a constant error in watts; nil if unknown.
  package let offsetBound: Watts?
  /// Where the bounds come from: a datasheet's title, or the name of our convention.
  package let source: String
  /// True when the bounds are our named convention and not the maker's documentation.
  package let isAssumed: Bool

  package init(gainBound: Double?, offsetBound: Watts? = nil, source: String, isAssumed: Bool) {
    self.gainBound = gainBound
    self.offsetBound = offsetBound
    self.source = source
    self.isAssumed = isAssumed
  }
}

/// One channel of a meter, with the tags that every number from it carries.
package struct MeterDescriptor: Hashable, Sendable {
  package let id: MeterID
  /// The source in the catalogue that opened it.
  package let source: MeterSourceID
  /// What the source itself calls the channel: `package-0`, a path, a device's name.
  package let label: String
  package let scope: Scope
  /// The hardware whose energy it is; a summary of a device uses only meters that cover it.
  package var covers: MeterCover
  /// Which part of the machine within the scope (`0` for package-0, a PCI address), for summing siblings.
  package let part: String
  package let kind: MeterKind
  package let quantity: MeterQuantity
  /// Unit of the raw value: `uJ`, `2^-32 J`, `mW`, `W`.
  package let rawUnit: String
  /// Smallest step of the raw value in microjoules (counters) or microwatts (power); nil if unknown.
  package let resolution: Double?
  /// Time between two updates of the sensor, measured where it could be; nil if unknown.
  package let updatePeriod: Seconds?
  /// The time that one power value averages over; nil if unknown or an energy counter.
  package let averagingWindow: Seconds?
  package var accuracy: MeterAccuracy
  /// The privilege that reading it took: `none`, `group`, `CAP_PERFMON`, `root`, `network`.
  package let privilege: String
  /// The value after which the raw counter starts again, in raw units; nil if it does not wrap.
  package let wrapRange: UInt64?
  /// The channel that this one was found to mirror; its energy must not be added.
  package var mirrorOf: MeterID?

  package init(
    id: MeterID, source: MeterSourceID, label: String, scope: Scope, covers: MeterCover,
    part: String, kind: MeterKind, quantity: MeterQuantity, rawUnit: String, resolution: Double?,
    updatePeriod: Seconds?,
    averagingWindow: Seconds? = nil, accuracy: MeterAccuracy, privilege: String,
    wrapRange: UInt64? = nil, mirrorOf: MeterID? = nil
  ) {
    self.id = id
    self.source = source
    self.label = label
    self.scope = scope
    self.covers = covers
    self.part = part
    self.kind = kind
    self.quantity = quantity
    self.rawUnit = rawUnit
    self.resolution = resolution
    self.updatePeriod = updatePeriod
    self.averagingWindow = averagingWindow
    self.accuracy = accuracy
    self.privilege = privilege
    self.wrapRange = wrapRange
    self.mirrorOf = mirrorOf
  }
}

/// How finely a counter shows energy, as far as its readings have told.
package struct CounterGrain: Hashable, Sendable {
  /// The smallest step that its digits allow.
  package let step: Microjoules
  /// The longest time that it was seen to stand still since the start, 0 for one that moves at every reading.
  package let stood: Seconds

  package init(step: Microjoules, stood: Seconds) {
    self.step = step
    self.stood = stood
  }

  /// The largest share of a window's energy that one step may be: what either end may be off by.
  package static let limit = 0.01

  /// Why the counter cannot speak for so much energy in such a time, or nil.
  package func refusal(_ energy: Microjoules, _ duration: Seconds) -> Reason? {
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
    let step = step.joules / energy.joules
    if step > Self.limit {
      return Reason(
        .coarse,
        "the counter goes in steps of \((self.step.joules * 1000).rounded() / 1000) J, \(percent(step)) of the window's energy (limit 1 %)",
        remedy: "use longer windows (--window)")
    }
    let share = stood.value / duration.value
    guard share > Self.limit else { return nil }
    return Reason(
      .coarse,
      "the counter was seen to stand still for \((stood.value * 10).rounded() / 10) s between two steps, \(percent(share)) of the window (limit 1 %)",
      remedy: "use longer windows (--window)")
  }
}

/// One channel at one instant: energy accumulated since the meters were started, wraps repaired.
package struct ChannelSnapshot: Hashable, Sendable {
  /// Energy since the start of the meter session; never decreases.
  package let accumulated: Microjoules
  /// The instant that the value stands for.
  package let instant: Instant
  /// Raw value as read, or nil when this read failed.
  package let raw: UInt64?
  /// How many faults the channel has had since the start.
  ///
  /// A window in which this grows is void.
  package let faultCount: Int
  /// The latest fault, if any.
  package let latestFault: Reason?
  /// How many wraps that the kernel did not repair were repaired since the start.
  package let repairCount: Int
  /// Set afterwards, when the counter did not move on from this value in time: the value was stale.
  package var stall: Reason?
  /// How finely it counts; nil for a power.
  package let grain: CounterGrain?
  /// Whether it has shown anything but 0 since the start.
  package let hasShownMore: Bool
  /// Half of the longest time that an answer took: a reading stands for some instant within so much of its own.
  package let lag: Seconds

  package init(
    accumulated: Microjoules, instant: Instant, raw: UInt64?, faultCount: Int = 0,
    latestFault: Reason? = nil, repairCount: Int = 0, stall: Reason? = nil,
    grain: CounterGrain? = nil, hasShownMore: Bool = true, lag: Seconds = Seconds(0)
  ) {
    self.accumulated = accumulated
    self.instant = instant
    self.raw = raw
    self.faultCount = faultCount
    self.latestFault = latestFault
    self.repairCount = repairCount
    self.stall = stall
    self.grain = grain
    self.hasShownMore = hasShownMore
    self.lag = lag
  }
}

/// All channels of a meter session read together.
package struct MeterSnapshot: Hashable, Sendable {
  /// Clock before the first and after the last read.
  package let began: Instant
  package let ended: Instant
  /// In the order of the session's descriptors.
  package var channels: [ChannelSnapshot]

  package init(began: Instant, ended: Instant, channels: [ChannelSnapshot]) {
    self.began = began
    self.ended = ended
    self.channels = channels
  }

  package var midpoint: Instant { Instant.midpoint(began, ended) }
}

/// Energy of one channel over one window: the only place where two accumulated values are subtracted.
package struct EnergyInterval: Hashable, Sendable {
  package let energy: Microjoules
  /// Time between the instants of the two values.
  ///
  /// For a meter that is polled this is not quite the window's own length, so efficiency is throughput over
  /// `meanPower`, never hashes over `energy`.
  package let duration: Seconds
  /// Wraps that the kernel lost and that were put back (power.md 1.9); the energy contains them.
  package let repairs: Int
  /// Half of the longest time that an answer of the meter took so far: how far either end may be from its instant.
  package let lag: Seconds

  package init(
    energy: Microjoules, duration: Seconds, repairs: Int = 0, lag: Seconds = Seconds(0)
  ) {
    self.energy = energy
    self.duration = duration
    self.repairs = repairs
    self.lag = lag
  }

  package var meanPower: Watts { energy / duration }

  /// The energy between two snapshots of one channel, or why it is void.
  ///
  /// What was measured over a window must be more than 0 and much more than the counter's step; between two neighbouring
  /// looks (`isWindow` false) neither is asked.
  package static func between(
    _ start: ChannelSnapshot, _ end: ChannelSnapshot, isWindow: Bool = true
  ) -> Reading<EnergyInterval> {
    if end.faultCount != start.faultCount {
      return .unavailable(
        end.latestFault ?? Reason(.failed, "the meter reported a fault inside the window"))
    }
    guard start.raw != nil, end.raw != nil else {
      return .unavailable(
        end.latestFault ?? start.latestFault
          ?? Reason(.lost, "the meter could not be read at an edge of the window"))
    }
    if let stall = end.stall ?? start.stall { return .unavailable(stall) }
    guard end.instant != start.instant else {
      return .unavailable(
        Reason(.notMeasured, "the meter gave no new reading inside the window"))
    }
    guard end.accumulated >= start.accumulated, end.instant > start.instant else {
      return .unavailable(
        Reason(.implausible, "the meter's energy or time ran backwards inside the window"))
    }
    let energy = Microjoules(end.accumulated.value - start.accumulated.value)
    let duration = end.instant.since(start.instant)
    if isWindow, let reason = refusal(energy, duration, end) { return .unavailable(reason) }
    return .value(
      EnergyInterval(
        energy: energy, duration: duration, repairs: end.repairCount - start.repairCount,
        lag: end.lag))
  }

  private static func refusal(
    _ energy: Microjoules, _ duration: Seconds, _ end: ChannelSnapshot
  ) -> Reason? {
    guard energy.value > 0 else {
      if end.grain != nil {
        return Reason(
          .stalled,
          "the counter stood still at \(end.raw ?? 0) for the whole window, so it measured nothing")
      }
      return end.hasShownMore
        ? nil
        : Reason(.implausible, "the meter shows exactly 0 W and has shown nothing else so far")
    }
    return end.grain?.refusal(energy, duration)
  }
}
