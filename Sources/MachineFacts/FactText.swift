extension StringProtocol {
  /// Without white space and zero bytes at its ends.
  package var trimmed: String {
    let isBlank = { (character: Character) in character.isWhitespace || character == "\0" }
    guard let first = firstIndex(where: { !isBlank($0) }),
      let last = lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}

extension String {
  /// Nil for an empty text.
  package var nonEmpty: String? { isEmpty ? nil : self }

  /// The number in a text such as `0x10de` or `10de`.
  package var hexadecimalValue: UInt64? {
    UInt64(hasPrefix("0x") || hasPrefix("0X") ? String(dropFirst(2)) : self, radix: 16)
  }
}
