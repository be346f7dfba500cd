/// The first thing in a result that is not true.
package struct Falsehood: Error, Hashable, Sendable {
  /// The place in the file's own words: `samples[3].shares[17]`.
  package let place: String
  /// What is claimed there and what was derived.
  package let message: String

  package init(_ place: String, _ message: String) {
    self.place = place
    self.message = message
  }
}
