/// Finds the valid word that somebody probably meant.
package enum Suggestion {
  /// The nearest of the valid words, or nil when none is near enough to be worth naming.
  ///
  /// Near is an edit distance of at most a third of the word (at least 1), or a common start.
  package static func nearest(to word: String, among valid: [String]) -> String? {
    let typed = word.lowercased()
    guard !typed.isEmpty else { return nil }
    let ranked = valid.map { (word: $0, distance: distance(typed, $0.lowercased())) }
    if let best = ranked.min(by: { $0.distance < $1.distance }),
      best.distance <= max(1, typed.count / 3)
    {
      return best.word
    }
    // A start such as `--algo` or `scrypt` is near to the one word that begins with it.
    let longer = valid.filter { $0.lowercased().hasPrefix(typed) && typed.count >= 2 }
    return longer.count == 1 ? longer.first : nil
  }

  /// The question that an error's remedy asks, such as `did you mean 'swift'?`; nil when no word is near.
  package static func hint(for word: String, among valid: [String]) -> String? {
    nearest(to: word, among: valid).map { "did you mean '\($0)'?" }
  }

  /// Edits from one word to the other: insert, delete, replace, swap neighbours.
  ///
  /// The optimal string alignment distance (Damerau 1964).
  static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first)
    let b = Array(second)
    guard !a.isEmpty else { return b.count }
    guard !b.isEmpty else { return a.count }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for row in 1...a.count {
      var current = [row] + [Int](repeating: 0, count: b.count)
      for column in 1...b.count {
        let replaced = last[column - 1] + (a[row - 1] == b[column - 1] ? 0 : 1)
        current[column] = min(replaced, last[column] + 1, current[column - 1] + 1)
        if row > 1, column > 1, a[row - 1] == b[column - 2], a[row - 2] == b[column - 1] {
          current[column] = min(current[column], beforeLast[column - 2] + 1)
        }
      }
      beforeLast = last
      last = current
    }
    return last[b.count]
  }
}
