extension String {
  /// Nil for an empty text.
  package var nonEmpty: String? { isEmpty ? nil : self }

  /// The number in a text such as `0x10de` or `10de`.
  package var hexadecimalValue: UInt64? {
    UInt64(hasPrefix("0x") || hasPrefix("0X") ? String(dropFirst(2)) : self, radix: 16)
  }
}
