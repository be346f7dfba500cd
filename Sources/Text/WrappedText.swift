/// Text broken into lines.
package enum WrappedText {
  /// Words in the lines that they fill, none longer than `width` unless one word alone is.
  ///
  /// So many columns of the `first` line are taken already, and the `margin` of every other; `measure` tells the columns
  /// of a word.
  package static func fill<Word: StringProtocol>(
    _ words: some Sequence<Word>, first: Int = 0, margin: Int = 0, width: Int,
    measure: (Word) -> Int = { $0.count }
  ) -> [[Word]] {
    var lines: [[Word]] = []
    var line: [Word] = []
    var used = first
    for word in words {
      let needed = measure(word)
      if !line.isEmpty, used + 1 + needed > width {
        lines.append(line)
        line = []
        used = margin
      }
      used += (line.isEmpty ? 0 : 1) + needed
      line.append(word)
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Lines of at most `width` columns, each behind a margin of spaces; none for a text without words.
  package static func lines(_ text: String, margin: Int = 0, width: Int) -> [String] {
    let space = String(repeating: " ", count: margin)
    return fill(
      text.split(whereSeparator: \.isWhitespace), first: margin, margin: margin, width: width
    )
    .map { space + $0.joined(separator: " ") }
  }
}
