package import Model

/// What is compared of two figures.
package enum ComparedQuantity: String, Hashable, Sendable, CaseIterable {
  case throughput
  case power
  case efficiency

  /// Whether a greater value is better.
  package var isBetterWhenGreater: Bool { self != .power }

  /// The change that is looked for when no gate says another: SPEC CPU 2017's run rules, section 3.9, ask for a new
  /// publication when performance falls by 1.75 % or an energy metric worsens by 5 %.
  package var defaultResolution: Double { self == .throughput ? 0.0175 : 0.05 }
}

/// A limit on a change: `throughput=-1.75%`, `energy=+5%`.
package struct ComparisonGate: Hashable, Sendable {
  package enum Subject: String, Hashable, Sendable, CaseIterable {
    case throughput
    case power
    /// Hashes per joule.
    case efficiency
    /// Joules per hash.
    case energy
  }

  package let subject: Subject
  /// The change that is still allowed, as a fraction; negative for what must not fall, positive for what must not rise.
  package let limit: Double

  /// Nil for a sign that does not fit the subject, for zero, and for a fall of 100 % or more.
  package init?(_ subject: Subject, limit: Double) {
    let mayFall = subject == .throughput || subject == .efficiency
    guard limit.isFinite, mayFall ? limit < 0 && limit > -1 : limit > 0 else { return nil }
    self.subject = subject
    self.limit = limit
  }

  package var quantity: ComparedQuantity {
    switch subject {
    case .throughput: .throughput
    case .power: .power
    case .efficiency, .energy: .efficiency
    }
  }

  /// The limit as a ratio of the quantity: for joules per hash it is the reciprocal.
  package var ratioLimit: Double { subject == .energy ? 1 / (1 + limit) : 1 + limit }
}

/// What may be said of one quantity.
package enum ComparisonVerdict: String, Hashable, Sendable {
  case better
  case worse
  case noDifference = "no-difference"
  case cannotTell = "cannot-tell"

  package var text: String {
    switch self {
    case .better: "better"
    case .worse: "worse"
    case .noDifference: "no difference beyond the uncertainty"
    case .cannotTell: "cannot tell"
    }
  }
}

/// Whether a gate held.
package enum GateVerdict: String, Hashable, Sendable {
  case pass
  case fail
  /// The interval is wider than the gate and does not lie on one side of it.
  case cannotTell = "cannot-tell"
}

package struct GateOutcome: Hashable, Sendable {
  package let gate: ComparisonGate
  package let verdict: GateVerdict
}

/// One quantity of one algorithm and kernel, old and new.
package struct ComparisonRow: Hashable, Sendable {
  package let algorithm: AlgorithmID
  package let base: Figure
  package let new: Figure
  package let quantity: ComparedQuantity
  /// Of power and efficiency; nil for throughput.
  package let scope: Scope?
  package let baseValue: Double
  package let newValue: Double
  /// New over base.
  package let ratio: Double
  /// The interval of the ratio at the comparison's confidence; nil when no spread is known.
  package let lower: Double?
  package let upper: Double?
  /// How the interval was made: `paired, 5 rounds`, `two groups, 5 and 5 windows`.
  package let method: String
  package let verdict: ComparisonVerdict
  /// Why nothing can be told, when the reason is not the width of the interval.
  package let reason: String?
  package let gates: [GateOutcome]

  /// The greater distance from the ratio to an end of its interval.
  package var halfWidth: Double? {
    guard let lower, let upper else { return nil }
    return Swift.max(upper - ratio, ratio - lower)
  }
}

/// Whether the two sides were measured on one machine by one meter.
package enum MachineRelation: String, Hashable, Sendable {
  case same
  case different
}

/// What two sides say about one another.
package struct Comparison: Hashable, Sendable {
  package let relation: MachineRelation
  /// Confidence with which all intervals of one comparison hold together.
  ///
  /// 95 % would call a difference in five of a hundred comparisons of the same thing: a regression test that cries
  /// once in twenty runs is soon not listened to.
  package static let jointConfidence = 0.99

  /// Confidence of each interval, such that all of them together hold with `jointConfidence`.
  package let confidence: Double
  package let rows: [ComparisonRow]
  /// What was asked for and must not be compared, each with its reason.
  package let refusals: [String]
  /// What a reader must know: settings that differ, one unit only.
  package let notes: [String]

  /// Every gate of every row.
  package var gates: [GateOutcome] { rows.flatMap(\.gates) }

  /// Whether the gates hold.
  ///
  /// A gate whose answer cannot be told counts as held unless `strict`; a gate for which there is nothing to judge
  /// counts as failed when `strict`.
  package func passes(_ wanted: [ComparisonGate], strict: Bool) -> Bool {
    let outcomes = gates
    if outcomes.contains(where: { $0.verdict == .fail }) { return false }
    guard strict else { return true }
    return !outcomes.contains { $0.verdict == .cannotTell }
      && wanted.allSatisfy { gate in outcomes.contains { $0.gate == gate } }
  }
}
