/// A number of things in words.
package enum CountText {
  /// `1 thread`, `2 threads`.
  package static func text(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)" + (count == 1 ? "" : "s")
  }
}
