extension ParsedArguments {
  /// The whole number given for an option, decimal or `0x` hexadecimal; nil when the option is not given.
  package func integer<Number: FixedWidthInteger>(
    _ option: Option, in range: ClosedRange<Number>
  ) throws(ArgumentError) -> Number? {
    guard let text = self[option] else { return nil }
    let number =
      text.hasPrefix("0x") || text.hasPrefix("0X")
      ? Number(text.dropFirst(2), radix: 16) : Number(text)
    guard let number, range.contains(number) else {
      throw ArgumentError(
        "'\(text)' is not a value of --\(option.name)",
        remedy: "give a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The number given for an option, such as seconds; nil when the option is not given.
  package func number(
    _ option: Option, in range: ClosedRange<Double>
  ) throws(ArgumentError) -> Double? {
    guard let text = self[option] else { return nil }
    guard let number = Double(text), number.isFinite, range.contains(number) else {
      throw ArgumentError(
        "'\(text)' is not a value of --\(option.name)",
        remedy: "give a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))")
    }
    return number
  }

  /// A bound as people write it: `60`, not `60.0`.
  private func plain(_ bound: Double) -> String {
    Int(exactly: bound).map(String.init) ?? "\(bound)"
  }
}
