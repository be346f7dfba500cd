internal import Model
internal import Text

/// A number with its unit, as a command prints it or a file's header names it.
struct QuantityText: Hashable {
  /// Raw units are millionths of this unit.
  let unit: RawUnit
  let raw: UInt64

  /// How units of users map to raw units: a millionth of each, and what the number is multiplied by first.
  static let units: [String: (unit: RawUnit, factor: Double)] = [
    "w": (.microwatt, 1e6), "watts": (.microwatt, 1e6), "watt": (.microwatt, 1e6),
    "mw": (.microwatt, 1e3), "kw": (.microwatt, 1e9),
    "power_w": (.microwatt, 1e6), "power_mw": (.microwatt, 1e3), "power_uw": (.microwatt, 1),
    "j": (.microjoule, 1e6), "joules": (.microjoule, 1e6), "joule": (.microjoule, 1e6),
    "mj": (.microjoule, 1e3), "kj": (.microjoule, 1e9), "uj": (.microjoule, 1),
    "energy_j": (.microjoule, 1e6), "energy_uj": (.microjoule, 1),
    "wh": (.microwattHour, 1e6), "kwh": (.microwattHour, 1e9), "energy_wh": (.microwattHour, 1e6),
    "energy_kwh": (.microwattHour, 1e9),
  ]

  /// `123.4 W`; the unit must be there, for a bare number may be anything.
  static func parse(_ line: String) -> Reading<QuantityText> {
    let text = line.trimmed
    let digits = text.prefix { $0.isNumber && $0.isASCII || "+-.eE".contains($0) }
    // `1e3` and a unit that begins with e cannot be told apart, and there is none.
    let word = String(text.dropFirst(digits.count)).trimmed
    guard let number = Double(digits) else {
      return .unavailable(
        Reason(.malformed, "'\(shortened(text))' is no number with a unit such as '65.2 W'"))
    }
    guard let (unit, factor) = units[word.lowercased()], !word.isEmpty else {
      return .unavailable(
        Reason(
          .malformed, "'\(shortened(text))' names no unit of power or energy",
          remedy: "print W, mW, kW, J, kJ, Wh or kWh after the number"))
    }
    return make(number, unit, factor)
  }

  /// A number in a unit that is known already.
  static func make(_ number: Double, _ unit: RawUnit, _ factor: Double) -> Reading<QuantityText> {
    guard number.isFinite else {
      return .unavailable(Reason(.malformed, "\(number) is no reading"))
    }
    guard number >= 0 else {
      return .unavailable(
        Reason(.implausible, "\(number) is below zero, which no meter of consumption shows"))
    }
    guard let raw = UInt64(exactly: (number * factor).rounded()) else {
      return .unavailable(Reason(.implausible, "\(number) is too large to be a reading"))
    }
    return .value(QuantityText(unit: unit, raw: raw))
  }

  private static func shortened(_ text: String) -> String {
    text.count > 40 ? text.prefix(40) + "…" : text
  }
}
