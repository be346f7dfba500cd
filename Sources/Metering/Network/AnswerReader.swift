internal import LinuxSystem
internal import MeterCore
package import Model

/// What a device said at once when it was asked.
struct DeviceAnswer: Hashable, Sendable {
  /// Watts.
  var power: Double?
  /// The energy counter in the reader's unit, fractions included.
  var energy: Double?
  /// When the device took the reading, in its own words; only compared with itself.
  var takenAt: String?
}

/// A device that is asked, over a network or through a program, and answers with power, an energy counter, or both.
final class AnswerReader: MeterReader {
  /// How a device counts energy.
  struct Counter: Hashable, Sendable {
    /// A millionth of the unit in which it counts.
    let unit: RawUnit
    /// Smallest step in raw units.
    let resolution: UInt64
  }

  let channels: [MeterChannel]
  let pace: ReadingPace
  private let ask: @Sendable () -> Reading<DeviceAnswer>
  private let hasPower: Bool
  private let counter: Counter?
  private let consistency = Locked(UnitConsistency())

  /// How often the device takes a new reading.
  enum UpdatePeriod: Hashable, Sendable {
    case everyPoll
    case every(Seconds)
    case unknown
  }

  /// `first` is what the meter said when it was found, which decides the channels that it has; `kind` is that of its
  /// power, for a counter is always measured; `averaging` is the time that a power is the mean of, `limit` the device's
  /// own greatest power, each nil where nobody says.
  init(
    source: MeterSourceID, name: String, label: String, first: DeviceAnswer, counter: Counter?,
    accuracy: MeterAccuracy, period: Seconds = Seconds(1), scope: Scope = .wall,
    covers: MeterCover = .machine,
    kind: MeterKind = .measuredSampled, updates: UpdatePeriod = .everyPoll,
    averaging: Seconds? = nil, limit: Watts? = nil,
    ask: @escaping @Sendable () -> Reading<DeviceAnswer>
  ) {
    self.ask = ask
    self.counter = first.energy == nil ? nil : counter
    hasPower = first.power != nil
    pace = .polled(period: period)
    let base = "\(source):\(name)"
    let fresh: Seconds? =
      switch updates {
      case .everyPoll: period
      case .every(let time): max(time, period)
      case .unknown: nil
      }
    var channels: [MeterChannel] = []
    if let counter = self.counter {
      channels.append(
        MeterChannel(
          descriptor: MeterDescriptor(
            id: MeterID(rawValue: hasPower ? "\(base)#energy" : base), source: source,
            label: "\(label) energy counter", scope: scope, covers: covers, part: name,
            kind: .measuredCounter,
            quantity: .energyCounter, rawUnit: counter.unit.symbol,
            resolution: Double(counter.unit.scaled(UInt128(counter.resolution))),
            updatePeriod: period, accuracy: accuracy, privilege: "network"),
          rules: ChannelRules(
            unit: counter.unit, maximumPower: limit ?? Watts(50_000), tick: Seconds(60),
            resolution: counter.resolution, gapLimit: period * 3.5)))
    }
    if hasPower {
      channels.append(
        MeterChannel(
          descriptor: MeterDescriptor(
            id: MeterID(rawValue: self.counter != nil ? "\(base)#power" : base), source: source,
            label: "\(label) power", scope: scope, covers: covers, part: name, kind: kind,
            quantity: .averagePower, rawUnit: RawUnit.microwatt.symbol, resolution: nil,
            updatePeriod: fresh, averagingWindow: averaging, accuracy: accuracy,
            privilege: "network"),
          rules: ChannelRules(
            unit: .microwatt, maximumPower: limit ?? Watts(50_000), gapLimit: period * 3.5)))
    }
    self.channels = channels
  }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    let began = clock.now()
    let answer = ask()
    let ended = clock.now()
    let instant = Instant.midpoint(began, ended)
    var values: [Reading<UInt64>] = []
    if counter != nil { values.append(answer.flatMap { Self.raw($0.energy, "energy") }) }
    if hasPower { values.append(answer.flatMap { Self.raw($0.power, "power") }) }
    if let counter, hasPower, case .value(let energy) = values[0],
      case .value(let power) = values[1],
      let reason = consistency.withLock({
        $0.judge(
          microjoules: counter.unit.scaled(UInt128(energy)), microwatts: power, at: instant,
          resolution: counter.unit.scaled(UInt128(counter.resolution)))
      })
    {
      // The power speaks on: a counter that lags or has another unit says nothing against it.
      values[0] = .unavailable(reason)
    }
    return values.enumerated().map {
      ChannelReading(channel: $0.offset, asked: began, answered: ended, value: $0.element)
    }
  }

  /// A number in millionths, as an integer; below zero and nonsense are no values.
  static func raw(_ value: Double?, _ what: String) -> Reading<UInt64> {
    guard let value, value.isFinite else {
      return .unavailable(Reason(.malformed, "the meter's answer has no \(what)"))
    }
    guard value >= 0 else {
      return .unavailable(Reason(.implausible, "the meter shows \(what) below zero: \(value)"))
    }
    guard let raw = UInt64(exactly: (value * 1e6).rounded()) else {
      return .unavailable(Reason(.implausible, "the meter shows an impossible \(what): \(value)"))
    }
    return .value(raw)
  }
}

/// Whether a meter's own counter and power agree about the unit: they may differ by some per cent, never by a factor.
package struct UnitConsistency: Sendable {
  private var first: (microjoules: UInt64, instant: Instant)?
  private var newest: UInt64 = 0
  /// Moves of the counter since the first: what was seen of one that moves once a minute tells nothing for a long time.
  private var moves = 0
  private static let fewestMoves = 20
  private var last: (microwatts: UInt64, instant: Instant)?
  /// Microwatts times nanoseconds.
  private var integral: UInt128 = 0
  private var found: Reason?

  package init() {}

  /// Why the meter must not be believed; nil while the two agree or too little was seen to tell.
  package mutating func judge(
    microjoules: UInt64, microwatts: UInt64, at instant: Instant, resolution: UInt64
  ) -> Reason? {
    if let found { return found }
    if let last, instant > last.instant {
      integral +=
        (UInt128(last.microwatts) + UInt128(microwatts))
        * UInt128(instant.nanoseconds - last.instant.nanoseconds) / 2
    }
    last = (microwatts, instant)
    guard let first else {
      first = (microjoules, instant)
      newest = microjoules
      return nil
    }
    if microjoules != newest { moves += 1 }
    newest = microjoules
    guard moves >= Self.fewestMoves, microjoules >= first.microjoules else { return nil }
    let counted = Double(microjoules - first.microjoules) * 1e-6
    let integrated = Double(integral) * 1e-15
    let enough = Double(Self.fewestMoves) * Double(resolution) * 1e-6
    guard counted > enough, max(counted, integrated) > 20 else { return nil }
    let ratio = counted / integrated
    guard ratio > 3 || ratio < 1.0 / 3 else { return nil }
    found = Reason(
      .implausible,
      "the meter's counter shows \(Int(counted)) J over \(moves) steps where its power adds up to \(Int(integrated)) J, so one has a wrong unit",
      remedy: "report its model; its power is used alone")
    return found
  }
}
