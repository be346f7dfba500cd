package import Model

/// What is known of a channel that decides whether its next reading can be believed.
package struct ChannelRules: Hashable, Sendable {
  package var unit: RawUnit
  /// A counter starts again at 0 after this many raw units; nil when it does not wrap.
  package var modulus: UInt64?
  /// More than twice this cannot be true; nil when no bound is known.
  package var maximumPower: Watts?
  /// Time between two updates of the sensor; nil when unknown.
  package var tick: Seconds?
  /// What the kernel's own accumulation loses when it misses a wrap, in raw units; nil for counters without that fault.
  ///
  /// Such a counter is one of 64 bits that must never run backwards.
  package var lostWrap: UInt64?
  /// Smallest step in raw units.
  package var resolution: UInt64
  /// A counter that stands still for longer is stalled; nil when it may stand still.
  package var stallAfter: Seconds?
  /// Longest time without a good reading: a missed poll within it is harmless, a longer hole is a fault.
  ///
  /// Nil for a counter whose every failed read is a fault, as the kernel's own counters.
  package var gapLimit: Seconds?

  package init(
    unit: RawUnit, modulus: UInt64? = nil, maximumPower: Watts? = nil, tick: Seconds? = nil,
    resolution: UInt64 = 1, stallAfter: Seconds? = nil, gapLimit: Seconds? = nil,
    lostWrap: UInt64? = nil
  ) {
    self.unit = unit
    self.modulus = modulus
    self.lostWrap = lostWrap
    self.maximumPower = maximumPower
    self.tick = tick
    self.resolution = resolution
    self.stallAfter = stallAfter
    self.gapLimit = gapLimit
  }

  /// The modulus of a counter of 32 bits whose largest value is `range`: one unit more.
  ///
  /// The unit is 1/(2^32 - 1) of the range, 61 µJ for a range of 262143328850 µJ; a smaller range counts in
  /// single raw units.
  package static func modulus(largestValue range: UInt64) -> UInt64 {
    let unit = (range &+ (1 << 31)) / 0xffff_ffff
    return range &+ max(1, unit)
  }
}

extension ChannelRules {
  /// What drivers and firmware show for "unknown": the largest numbers of 31, 32, 63 and 64 bits, in the unit of the
  /// meter or in thousandths or thousands of it.
  private static let sentinels: Set<UInt64> = [0xffff_ffff, 0x7fff_ffff, .max, 1 << 63 - 1]

  /// Why a power cannot be true, or nil.
  package func powerRefusal(_ raw: UInt64) -> Reason? {
    let microwatts = unit.scaled(UInt128(raw))
    if Self.sentinels.contains(raw) || raw % 1000 == 0 && Self.sentinels.contains(raw / 1000)
      || raw % 1_000_000 == 0 && Self.sentinels.contains(raw / 1_000_000)
    {
      return Reason(
        .notMeasured, "it shows \(raw) \(unit.symbol), which stands for an unknown power")
    }
    guard let limit = maximumPower, Double(microwatts) * 1e-6 > 2 * limit.value else { return nil }
    return Reason(
      .implausible,
      "the meter shows \(microwatts / 1_000_000) W, over twice the plausible \(limit.whole) W")
  }
}

/// Turns the raw readings of one channel into energy: integers throughout, wraps repaired, faults counted.
///
/// The only place where two raw readings are subtracted. It is a pure value, so that a raw log gives exactly the same energy
/// again as the run did.
package struct ChannelAccumulator: Hashable, Sendable {
  private struct Point: Hashable, Sendable {
    var raw: UInt64
    var instant: Instant
  }

  package let rules: ChannelRules
  /// Counters: raw units.
  ///
  /// Power: twice raw units times nanoseconds, from the trapezoid rule.
  private var total: UInt128 = 0
  private var previous: Point?
  private var lastChange: Instant?
  private var shown: Point?
  private var newestInstant = Instant(nanoseconds: 0)
  private var repairCount = 0
  /// Readings in a row that showed the value before; the longest time that they lasted.
  private var equalReadings = 0
  private var stood = Seconds(0)
  private var hasShownMore = false
  private var lag = Seconds(0)
  package private(set) var faultCount = 0
  package private(set) var latestFault: Reason?

  package init(rules: ChannelRules) { self.rules = rules }

  /// Takes in what one read gave; `lag` is half of the time that the answer took.
  package mutating func add(
    _ reading: Reading<UInt64>, at instant: Instant, lag: Seconds = Seconds(0)
  ) {
    self.lag = max(self.lag, lag)
    switch reading {
    case .value(let raw): add(raw, at: instant)
    case .unavailable(let reason): miss(reason, at: instant)
    }
  }

  /// The machine stood still or changed: what lies between the last reading and the next is unknown.
  package mutating func interrupt(_ reason: Reason, at instant: Instant) {
    fault(reason)
    previous = nil
    newestInstant = max(newestInstant, instant)
  }

  /// The channel as of its latest reading.
  package var snapshot: ChannelSnapshot {
    ChannelSnapshot(
      accumulated: Microjoules(accumulated), instant: shown?.instant ?? newestInstant,
      raw: shown?.raw, faultCount: faultCount, latestFault: latestFault,
      repairCount: repairCount, grain: grain, hasShownMore: hasShownMore, lag: lag)
  }

  private var grain: CounterGrain? {
    guard !rules.unit.isPower else { return nil }
    return CounterGrain(
      step: Microjoules(rules.unit.scaled(UInt128(rules.resolution))), stood: stood)
  }

  /// Two equal readings in a row may be an accident of the moments at which they were taken; a third is a counter that
  /// stands.
  ///
  /// A counter of the machine itself moves every few milliseconds and has its own rule about standing still.
  private mutating func watchStanding(_ last: Point, _ point: Point) {
    guard rules.gapLimit != nil, point.raw == last.raw else {
      equalReadings = 0
      return
    }
    equalReadings += 1
    if equalReadings >= 2, let lastChange {
      stood = max(stood, point.instant.since(lastChange))
    }
  }

  /// What the readings since a snapshot say about it.
  package func judgement(of snapshot: ChannelSnapshot) -> Judgement {
    guard let limit = rules.stallAfter, let raw = snapshot.raw, let shown, shown.raw == raw else {
      return .sound
    }
    let stood =
      shown.instant >= snapshot.instant ? shown.instant.since(snapshot.instant) : Seconds(0)
    guard stood > limit else { return .undecided }
    return .stalled(
      Reason(
        .stalled,
        "the counter stood still at \(raw) for \(stood.tenths) s from the window's end on, and who knows since when"
      ))
  }

  /// Whether a value that a snapshot shows was fresh.
  package enum Judgement: Hashable, Sendable {
    /// The counter has moved on since, or may stand still, or gave no value.
    case sound
    case undecided
    case stalled(Reason)
  }

  private var accumulated: UInt64 {
    rules.unit.scaled(total, dividedBy: rules.unit.isPower ? 2_000_000_000 : 1)
  }

  private mutating func fault(_ reason: Reason) {
    faultCount += 1
    latestFault = reason
  }

  private mutating func miss(_ reason: Reason, at instant: Instant) {
    newestInstant = max(newestInstant, instant)
    if let limit = rules.gapLimit, let last = previous, instant.since(last.instant) <= limit {
      return
    }
    fault(reason)
    previous = nil
    shown = nil
  }

  private mutating func add(_ raw: UInt64, at instant: Instant) {
    newestInstant = max(newestInstant, instant)
    let point = Point(raw: raw, instant: instant)
    if raw > 0 { hasShownMore = true }
    defer {
      if raw != previous?.raw || lastChange == nil { lastChange = instant }
      previous = point
      shown = point
    }
    guard let last = previous else {
      lastChange = nil
      return
    }
    guard instant >= last.instant else {
      return fault(Reason(.implausible, "the meter's time ran backwards"))
    }
    let gap = instant.since(last.instant)
    if let limit = rules.gapLimit, gap > limit {
      return fault(
        Reason(
          .lost, "the meter gave nothing for \(gap.tenths) s, more than \(limit.tenths) s"))
    }
    if rules.unit.isPower {
      integrate(from: last, to: point)
    } else {
      watchStanding(last, point)
      step(from: last, to: point, gap: gap)
    }
  }

  private mutating func integrate(from last: Point, to point: Point) {
    if let reason = rules.powerRefusal(point.raw) { return fault(reason) }
    let span = point.instant.nanoseconds - last.instant.nanoseconds
    total += (UInt128(last.raw) + UInt128(point.raw)) * UInt128(span)
  }

  private mutating func step(from last: Point, to point: Point, gap: Seconds) {
    var isRepaired = false
    var difference: UInt64
    if let lostWrap = rules.lostWrap {
      // The kernel's sum is a signed number: also one below zero goes forwards from there.
      let change = Int64(bitPattern: point.raw &- last.raw)
      guard change >= 0 || change.magnitude <= lostWrap else {
        return fault(
          Reason(.implausible, "the count ran backwards from \(last.raw) to \(point.raw)"))
      }
      difference = change >= 0 ? UInt64(change) : lostWrap - change.magnitude
      isRepaired = change < 0
    } else if point.raw >= last.raw {
      difference = point.raw - last.raw
    } else if let modulus = rules.modulus, last.raw < modulus {
      difference = point.raw + (modulus - last.raw)
    } else {
      return fault(
        Reason(.implausible, "the counter ran backwards from \(last.raw) to \(point.raw)"))
    }
    if let modulus = rules.modulus, let limit = rules.maximumPower,
      gap.value * limit.value >= Double(rules.unit.scaled(UInt128(modulus))) * 1e-6
    {
      return fault(
        Reason(
          .lost,
          "the counter was not read for \(gap.tenths) s and may have wrapped more than once"))
    }
    if let limit = rules.maximumPower {
      // A reading right after another may see a whole tick's energy, so the bound has two ticks of slack.
      let time = gap.value + 2 * (rules.tick?.value ?? 0.001)
      let step = Double(rules.unit.scaled(UInt128(rules.resolution) * 2)) * 1e-6
      let energy = Double(rules.unit.scaled(UInt128(difference))) * 1e-6
      if energy > 2 * limit.value * time + step {
        return fault(
          Reason(
            .implausible,
            isRepaired
              ? "the count ran backwards from \(last.raw) to \(point.raw), and a lost wrap does not explain it"
              : "the counter went from \(last.raw) to \(point.raw) in \(gap.tenths) s, over twice the plausible \(limit.whole) W"
          ))
      }
    }
    if difference == 0, let limit = rules.stallAfter, let changed = lastChange,
      point.instant.since(changed) > limit
    {
      fault(
        Reason(
          .stalled,
          "the counter has stood still at \(point.raw) for \(point.instant.since(changed).tenths) s"
        ))
    }
    total += UInt128(difference)
    if isRepaired { repairCount += 1 }
  }
}

extension MeterSnapshot {
  /// The snapshot with the values that were found stale marked so; one judgement a channel.
  package func judged(_ judgements: [ChannelAccumulator.Judgement]) -> MeterSnapshot {
    var judged = self
    for (index, judgement) in zip(channels.indices, judgements) {
      if case .stalled(let reason) = judgement { judged.channels[index].stall = reason }
    }
    return judged
  }
}

extension Seconds {
  /// With one decimal, for messages; three below a second.
  fileprivate var tenths: String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let scale = abs(value) < 1 ? 1000.0 : 10
    return "\((value * scale).rounded() / scale)"
  }
}

extension Watts {
  fileprivate var whole: String { "\(Int64(clamping: Int(value.rounded())))" }
}
