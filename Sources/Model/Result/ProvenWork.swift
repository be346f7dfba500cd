/// Where the amount of work of a window comes from.
package enum WorkOrigin: String, Hashable, Sendable, CaseIterable {
  /// Counted by a kernel of ours: exact at the snapshot.
  case counted
  /// Estimated from shares that were verified: a Poisson number of them, so it has an interval.
  case proven
}

/// Work as far as verified shares prove it: each stands for the reciprocal of its probability.
package struct ProvenWork: Hashable, Sendable {
  /// How many shares; their number is a Poisson number.
  package let shares: Int
  /// Units of work that one of them stands for.
  package let unitsPerShare: Double

  /// `unitsPerShare` is above 0.
  package init(shares: Int, unitsPerShare: Double) {
    self.shares = shares
    self.unitsPerShare = unitsPerShare
  }

  /// The estimate.
  package var units: Double { Double(shares) * unitsPerShare }
}
