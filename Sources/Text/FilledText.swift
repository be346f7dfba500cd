/// Text broken into lines of at most 100 columns, or as many as are asked for.
package enum FilledText {
  /// Breaks at spaces; the lines after the first begin below the text.
  ///
  /// A break inside a command, which stands between single quotes, gets a backslash, so that what is copied still runs.
  package static func lines(
    _ text: String, after start: String = "", width: Int = 100
  ) -> [String] {
    let margin = String(repeating: " ", count: start.count)
    // Two columns are kept for the backslash of a command that goes on.
    let filled = WrappedText.fill(
      text.split(separator: " "), first: start.count, margin: start.count, width: width - 2)
    guard !filled.isEmpty else { return [start] }
    var isCommand = false
    return filled.enumerated().map { index, words in
      for word in words {
        let begins = word.hasPrefix("'") || word.hasPrefix("('")
        isCommand = (isCommand || begins) && !ends(word.dropFirst(begins ? 1 : 0))
      }
      let line = (index == 0 ? start : margin) + words.joined(separator: " ")
      return isCommand && index + 1 < filled.count ? line + " \\" : line
    }
  }

  /// Whether a word ends with a quote, apart from the comma and the like after it.
  private static func ends(_ word: Substring) -> Bool {
    let last = word.last { !",;:.)".contains($0) }
    return last == "'"
  }
}
