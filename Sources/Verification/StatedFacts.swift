/// What a result says that nothing else in it can contradict: it rests on the word of whoever measured.
///
/// A test changes every number of a result one by one and holds the list of those that pass against this one, so that a
/// new field is put on one side or the other.
package enum StatedFacts {
  /// Keys that belong together, by the words that `verify` says of them.
  package struct Group: Sendable {
    package let words: String
    /// Paths without the places in lists; one that ends in `.` stands for all that begin with it.
    package let keys: [String]

    /// Whether a path is one of its keys.
    package func has(_ path: String) -> Bool {
      keys.contains { $0.hasSuffix(".") ? path.hasPrefix($0) : path == $0 }
    }
  }

  package static let groups: [Group] = [
    Group(
      words: "what the clock and the meters showed, and what the meters say of themselves",
      keys: [
        "meters.", "samples.start.", "samples.end.", "samples.energy.", "samples.trace.",
      ]),
    Group(
      words: "what the machine is, how it was set, and its state before and after each window",
      keys: ["machine.", "devices.", "samples.state_before.", "samples.state_after."]),
    Group(
      words: "warm-ups and other times outside the windows",
      keys: ["trace.", "plan.", "started_unix_s", "ended_unix_s"]),
    Group(
      words: "brief rates of kernels, the roofline, and what workers got",
      keys: ["kernel_choices.", "roofline.", "workers."]),
    Group(words: "the command line and the note", keys: ["arguments.", "note"]),
  ]
}
