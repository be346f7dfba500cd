internal import MeterCore
internal import Model
internal import Text

/// A number with its unit, as a command prints it or a file's header names it.
struct QuantityText: Hashable {
  /// Raw units are millionths of this unit.
  let unit: RawUnit
  let raw: UInt64

  /// How units of users map to raw units: a millionth of each, and what the number is multiplied by first.
  ///
  /// `m` is a thousandth and `M` a million: the letters of a unit are taken as they are written, words in any case.
  private static let symbols: [String: (unit: RawUnit, factor: Double)] = [
    "uW": (.microwatt, 1), "mW": (.microwatt, 1e3), "W": (.microwatt, 1e6),
    "kW": (.microwatt, 1e9), "MW": (.microwatt, 1e12), "uJ": (.microjoule, 1),
    "mJ": (.microjoule, 1e3), "J": (.microjoule, 1e6), "kJ": (.microjoule, 1e9),
    "MJ": (.microjoule, 1e12), "mWh": (.microwattHour, 1e3), "Wh": (.microwattHour, 1e6),
    "kWh": (.microwattHour, 1e9), "MWh": (.microwattHour, 1e12),
  ]

  private static let words = [
    "watt": "W", "watts": "W", "milliwatt": "mW", "milliwatts": "mW", "kilowatt": "kW",
    "kilowatts": "kW", "megawatt": "MW", "megawatts": "MW", "joule": "J", "joules": "J",
    "millijoule": "mJ", "millijoules": "mJ", "kilojoule": "kJ", "kilojoules": "kJ",
    "megajoule": "MJ", "megajoules": "MJ",
  ]

  /// The unit that a word after a number names.
  static func unit(_ word: String) -> (unit: RawUnit, factor: Double)? {
    symbols[word] ?? words[word.lowercased()].flatMap { symbols[$0] }
  }

  private static let columns = [
    "power_uw": "uW", "power_mw": "mW", "power_w": "W", "power_kw": "kW", "energy_uj": "uJ",
    "energy_mj": "mJ", "energy_j": "J", "energy_kj": "kJ", "energy_wh": "Wh", "energy_kwh": "kWh",
  ]

  /// The unit that a column's name ends in; nil too for a capital M, which may be meant as either.
  static func unit(ofColumn name: String) -> (unit: RawUnit, factor: Double)? {
    let suffix = name.split(separator: "_").last ?? ""
    guard suffix.first != "M" else { return nil }
    return columns[name.lowercased()].flatMap { symbols[$0] }
  }

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
    guard let (unit, factor) = unit(word) else {
      return .unavailable(
        Reason(
          .malformed, "'\(shortened(text))' names no unit of power or energy",
          remedy: "print W, mW, kW, MW, J, kJ, MJ, Wh or kWh after the number, in these letters"))
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
