internal import Glibc

/// Decimal text of numbers, the same in every locale.
package enum DecimalText {
  /// `value` with exactly `decimals` digits after the point.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    let scaled = (abs(value) * pow(10, Double(decimals))).rounded()
    guard scaled.isFinite, scaled < 9e18 else { return "\(value)" }
    var digits = String(UInt64(scaled))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    if digits.count <= decimals {
      digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits
    }
    return sign + digits.dropLast(decimals) + "." + digits.suffix(decimals)
  }

  /// `value` rounded to a number of significant digits, without an exponent.
  package static func significant(_ value: Double, digits: Int) -> String {
    fixed(value, decimals: decimals(forSignificant: digits, of: value))
  }

  /// How many digits after the point show `digits` significant digits of `value`; 0 to 12.
  package static func decimals(forSignificant digits: Int, of value: Double) -> Int {
    guard value != 0, value.isFinite else { return 0 }
    let wanted = digits - 1 - Int(floor(log10(abs(value))))
    // 0.0996 at two digits is 0.10, not 0.100: count again after rounding.
    let step = pow(10, -Double(wanted))
    let rounded = (abs(value) / step).rounded() * step
    return Swift.min(12, Swift.max(0, digits - 1 - Int(floor(log10(rounded) + 1e-9))))
  }

  /// A signed percentage of a ratio: 0.9825 gives `-1.75 %`.
  package static func percentChange(_ ratio: Double, decimals: Int = 2) -> String {
    percent(ratio - 1, decimals: decimals, signed: true)
  }

  /// A fraction as a percentage.
  package static func percent(_ fraction: Double, decimals: Int, signed: Bool = false) -> String {
    let text = fixed(fraction * 100, decimals: decimals)
    return (signed && fraction >= 0 ? "+" : "") + text + " %"
  }

  /// A fraction as a percentage with as many digits as tell it from the limit, so that no check fails at "0.10 %
  /// (limit 0.10 %)".
  package static func percent(_ fraction: Double, against limit: Double) -> String {
    let decimals = (2...9).first {
      fixed(fraction * 100, decimals: $0) != fixed(limit * 100, decimals: $0)
    }
    return percent(fraction, decimals: decimals ?? 2)
  }

  /// `value` with at most `decimals` digits after the point and no zero at the end of them.
  package static func rounded(_ value: Double, decimals: Int) -> String {
    let text = fixed(value, decimals: decimals)
    guard decimals > 0, text.contains(".") else { return text }
    let kept = text.reversed().drop { $0 == "0" }
    return String((kept.first == "." ? kept.dropFirst() : kept).reversed())
  }
}
