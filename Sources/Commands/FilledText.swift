/// Text broken into lines of at most 100 columns, or as many as are asked for.
enum FilledText {
  /// Breaks at spaces; the lines after the first begin below the text.
  ///
  /// A break inside a command, which stands between single quotes, gets a backslash, so that what is copied still runs.
  static func lines(_ text: String, after start: String = "", width: Int = 100) -> [String] {
    let margin = String(repeating: " ", count: start.count)
    var lines: [String] = []
    var line = start
    var isEmpty = true
    var isCommand = false
    for word in text.split(separator: " ") {
      let begins = word.hasPrefix("'") || word.hasPrefix("('")
      if !isEmpty {
        // Room for the space, and for the backslash of a command that goes on.
        if line.count + 1 + word.count + 2 > width {
          lines.append(isCommand ? line + " \\" : line)
          line = margin
        } else {
          line += " "
        }
      }
      line += word
      isEmpty = false
      isCommand = (isCommand || begins) && !ends(word.dropFirst(begins ? 1 : 0))
    }
    return lines + [line]
  }

  /// Whether a word ends with a quote, apart from the comma and the like after it.
  private static func ends(_ word: Substring) -> Bool {
    let last = word.last { !",;:.)".contains($0) }
    return last == "'"
  }
}
