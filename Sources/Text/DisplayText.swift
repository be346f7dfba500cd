/// Text from files as it may be shown: what a terminal would obey is made visible, and its width is known.
package enum DisplayText {
  /// The text with control characters and direction overrides replaced by U+FFFD and line ends by spaces.
  ///
  /// A device's name comes from a file of a stranger; it must not move the cursor, set colours or turn the
  /// direction of the line.
  package static func visible(_ text: String) -> String {
    if isPrintableASCII(text) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0a, 0x0d, 0x85, 0x2028, 0x2029: result.append(" ")
      case 0x00..<0x20, 0x7f..<0xa0, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0xfeff:
        result.append("\u{fffd}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Columns that a terminal needs for `text`: wide East Asian characters and pictures take two, marks none.
  package static func width(_ text: String) -> Int {
    // Nearly everything that is shown is ASCII; most of the rest has a plus-minus sign, a dash or an ellipsis.
    if isPrintableASCII(text) { return text.utf8.count }
    if text.unicodeScalars.allSatisfy(isOneColumn) { return text.unicodeScalars.count }
    return text.reduce(0) { $0 + width(of: $1) }
  }

  /// The text cut to `columns`, its last column being an ellipsis when something was cut.
  package static func truncated(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    guard columns > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let needed = width(of: character)
      if used + needed > columns - 1 { break }
      result.append(character)
      used += needed
    }
    return result + "…"
  }

  /// The text filled with spaces to `columns`.
  package static func padded(_ text: String, to columns: Int, rightAligned: Bool) -> String {
    let fill = String(repeating: " ", count: Swift.max(0, columns - width(text)))
    return rightAligned ? fill + text : text + fill
  }

  /// The text broken at spaces into lines of at most `columns`; a word that is longer is broken where it must be.
  package static func wrapped(_ text: String, to columns: Int) -> [String] {
    let limit = Swift.max(8, columns)
    let words = text.split(separator: " ").flatMap { pieces(of: $0, to: limit) }
    let lines = WrappedText.fill(words, width: limit) { width(String($0)) }
    return lines.isEmpty ? [""] : lines.map { $0.joined(separator: " ") }
  }

  /// A word in parts of at most `limit` columns.
  private static func pieces(of word: Substring, to limit: Int) -> [Substring] {
    var pieces: [Substring] = []
    var start = word.startIndex
    var used = 0
    for index in word.indices {
      let needed = width(of: word[index])
      if used + needed > limit {
        pieces.append(word[start..<index])
        start = index
        used = 0
      }
      used += needed
    }
    return pieces + [word[start...]]
  }

  private static func isPrintableASCII(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
  }

  /// Whether a scalar is a character of its own beside every other one of these, and is one column wide.
  private static func isOneColumn(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7f, 0xa0..<0x300, 0x2010...0x2027, 0x2212: true
    default: false
    }
  }

  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.properties.generalCategory == .nonspacingMark
      || first.properties.generalCategory == .enclosingMark || first.value == 0x200b
      || first.value == 0x200d
    {
      return 0
    }
    if character.unicodeScalars.contains(where: { $0.properties.isEmojiPresentation }) { return 2 }
    switch first.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
      0xa000...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
      0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }
}
