internal import Glibc

/// Numbers inside sentences: four digits that count, and no exponent where none is needed.
package enum Plain {
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let size = abs(value)
    if value == 0 { return "0" }
    if size >= 1e9 || size < 1e-4 { return scientific(value) }
    let places = max(0, 3 - Int(log10(size).rounded(.down)))
    return trimmed(fixed(value, places: places))
  }

  package static func percent(_ relative: Double) -> String { "\(number(relative * 100)) %" }

  /// A number with so many digits after the point.
  package static func fixed(_ value: Double, places: Int) -> String {
    let scale = pow(10, Double(places))
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let digits = String(UInt64(scaled))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + padded }
    return sign + padded.dropLast(places) + "." + padded.suffix(places)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var kept = Substring(text)
    while kept.hasSuffix("0") { kept = kept.dropLast() }
    return String(kept.hasSuffix(".") ? kept.dropLast() : kept)
  }

  private static func scientific(_ value: Double) -> String {
    var exponent = Int(log10(abs(value)).rounded(.down))
    var mantissa = value / pow(10, Double(exponent))
    if abs(mantissa) >= 9.9995 {
      mantissa /= 10
      exponent += 1
    }
    return "\(trimmed(fixed(mantissa, places: 3)))e\(exponent)"
  }
}

extension Plain {
  /// Days as keys and people name them: `1`, `30.4375`.
  package static func days(_ days: Double) -> String {
    Int64(exactly: days).map { "\($0)" } ?? "\(days)"
  }
}
