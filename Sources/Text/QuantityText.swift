internal import Glibc

/// Text of a quantity with its unit, a sensible prefix and its interval.
package enum QuantityText {
  /// Powers of 1000 and their prefixes, smallest first.
  private static let prefixes: [(exponent: Int, symbol: String)] = [
    (-3, "n"), (-2, "µ"), (-1, "m"), (0, ""), (1, "k"), (2, "M"), (3, "G"), (4, "T"), (5, "P"),
    (6, "E"),
  ]

  /// The text of `value`, such as `60.34 ± 0.12 MH/s`.
  ///
  /// With a half-width the number of digits follows from it: two significant digits of the uncertainty
  /// (power.md 2.6). Without one, four significant digits of the value.
  package static func text(_ value: Double, unit: String, halfWidth: Double? = nil) -> String {
    guard value.isFinite else { return "\(value) \(unit)" }
    var exponent = value == 0 ? 0 : Int(floor(log10(abs(value)) / 3))
    exponent = Swift.min(6, Swift.max(-3, exponent))
    var parts = self.parts(value, halfWidth, exponent)
    // 999.96 at one decimal reads 1000.0: the next prefix says it better.
    if abs(parts.rounded) >= 1000, exponent < 6 {
      exponent += 1
      parts = self.parts(value, halfWidth, exponent)
    }
    let symbol = prefixes.first { $0.exponent == exponent }?.symbol ?? ""
    return "\(parts.text) \(symbol)\(unit)"
  }

  /// The text of a `value` for each of what is counted, such as `17.5 J/TH` or `2.140 J/kSol`.
  ///
  /// The prefix is that of the counted, up to tera, such that the number is at least 1 where it can be.
  package static func text(
    _ value: Double, unit: String, per counted: String, halfWidth: Double? = nil
  ) -> String {
    guard value.isFinite, value > 0 else { return "\(value) \(unit)/\(counted)" }
    var exponent = Swift.min(4, Swift.max(0, -Int(floor(log10(value) / 3))))
    func scaled() -> (text: String, rounded: Double) {
      let scale = pow(1000, Double(exponent))
      return parts(value * scale, halfWidth.map { $0 * scale }, 0)
    }
    var number = scaled()
    // 999.96 J/TH at one decimal reads 1000.0: the next prefix says it better.
    if number.rounded >= 1000, exponent > 0 {
      exponent -= 1
      number = scaled()
    }
    let symbol = prefixes.first { $0.exponent == exponent }?.symbol ?? ""
    return "\(number.text) \(unit)/\(symbol)\(counted)"
  }

  private static func parts(_ value: Double, _ halfWidth: Double?, _ exponent: Int) -> (
    text: String, rounded: Double
  ) {
    let scale = pow(1000, Double(exponent))
    let scaled = value / scale
    guard let halfWidth, halfWidth > 0, halfWidth.isFinite else {
      let decimals = DecimalText.decimals(forSignificant: 4, of: scaled)
      let text = DecimalText.fixed(scaled, decimals: decimals)
      return (text, (scaled * pow(10, Double(decimals))).rounded() / pow(10, Double(decimals)))
    }
    let margin = halfWidth / scale
    let decimals = DecimalText.decimals(forSignificant: 2, of: margin)
    let text =
      DecimalText.fixed(scaled, decimals: decimals) + " ± "
      + DecimalText.fixed(margin, decimals: decimals)
    return (text, (scaled * pow(10, Double(decimals))).rounded() / pow(10, Double(decimals)))
  }

  /// A round value for an axis: `1 TH/s`, `0.5 MH/J`.
  package static func round(_ value: Double, unit: String) -> String {
    let words = text(value, unit: unit).split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].contains(".") else { return text(value, unit: unit) }
    var number = words[0]
    while number.last == "0" { number.removeLast() }
    if number.last == "." { number.removeLast() }
    return "\(number) \(words[1])"
  }

  /// `105 MiB`, `31.3 GiB`.
  package static func bytes(_ bytes: UInt64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    let isWhole = value == value.rounded()
    return "\(DecimalText.fixed(value, decimals: isWhole ? 0 : 1)) \(units[unit])"
  }

  /// `3.60 GHz`, `800 MHz`.
  package static func hertz(_ hertz: UInt64) -> String {
    hertz >= 1_000_000_000
      ? "\(DecimalText.fixed(Double(hertz) * 1e-9, decimals: 2)) GHz"
      : "\(DecimalText.fixed(Double(hertz) * 1e-6, decimals: 0)) MHz"
  }
}
