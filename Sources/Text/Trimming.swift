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
