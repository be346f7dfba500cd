/// What is counted: the unit of a rate, of an efficiency and of an energy per work.
///
/// An algorithm owns its unit; a figure without one says nothing, so no figure of work is kept or shown apart from
/// it. The raw value is what files and metrics call it.
package enum WorkUnit: String, Hashable, Sendable, CaseIterable {
  /// One value of a hash function.
  case hash
  /// One solution of a memory-hard puzzle; an attempt may yield none or several.
  case solution

  /// As in `MH/s`.
  package var symbol: String {
    switch self {
    case .hash: "H"
    case .solution: "Sol"
    }
  }

  package var plural: String { self == .hash ? "hashes" : "solutions" }

  /// `no hashes`, `1 hash`, `12 hashes`.
  package func counted(_ count: UInt64) -> String {
    "\(count) \(count == 1 ? rawValue : plural)"
  }
}

/// Work per second.
package struct Rate: Hashable, Sendable {
  package let perSecond: Double
  package let unit: WorkUnit

  package init(perSecond: Double, unit: WorkUnit) {
    self.perSecond = perSecond
    self.unit = unit
  }
}

/// Work per joule.
package struct Efficiency: Hashable, Sendable {
  package let perJoule: Double
  package let unit: WorkUnit

  package init(perJoule: Double, unit: WorkUnit) {
    self.perJoule = perJoule
    self.unit = unit
  }
}
