/// The unit of a meter's raw integer, with its exact ratio to microjoules (counters) or microwatts (power).
package struct RawUnit: Hashable, Sendable {
  /// As `MeterDescriptor.rawUnit` spells it.
  package let symbol: String
  /// One raw unit is `numerator / denominator` microjoules or microwatts.
  package let numerator: UInt64
  package let denominator: UInt64
  /// Whether it is a unit of power, not of energy.
  package let isPower: Bool

  private init(_ symbol: String, _ numerator: UInt64, over denominator: UInt64 = 1, power: Bool) {
    self.symbol = symbol
    self.numerator = numerator
    self.denominator = denominator
    isPower = power
  }

  package static let microjoule = RawUnit("uJ", 1, power: false)
  package static let millijoule = RawUnit("mJ", 1_000, power: false)
  package static let joule = RawUnit("J", 1_000_000, power: false)
  /// The Linux perf events' unit: 2 to the power of minus 32 joules.
  package static let perf = RawUnit("2^-32 J", 1_000_000, over: 1 << 32, power: false)
  /// Millionth of a watt-hour.
  package static let microwattHour = RawUnit("uWh", 3_600, power: false)
  /// Millionth of a watt-minute.
  package static let microwattMinute = RawUnit("uWmin", 60, power: false)
  package static let microwatt = RawUnit("uW", 1, power: true)
  package static let milliwatt = RawUnit("mW", 1_000, power: true)
  package static let watt = RawUnit("W", 1_000_000, power: true)

  package static let all = [
    microjoule, millijoule, joule, perf, microwattHour, microwattMinute, microwatt, milliwatt, watt,
  ]

  /// The unit that a descriptor names, or nil for one that this version does not know.
  package init?(symbol: String) {
    guard let unit = Self.all.first(where: { $0.symbol == symbol }) else { return nil }
    self = unit
  }

  /// Raw units as microjoules or microwatts, rounded down; the only rounding of a meter's number.
  package func scaled(_ raw: UInt128, dividedBy divisor: UInt64 = 1) -> UInt64 {
    UInt64(clamping: raw * UInt128(numerator) / (UInt128(denominator) * UInt128(divisor)))
  }
}
