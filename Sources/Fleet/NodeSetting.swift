internal import Model

/// What a node was set to while it measured, of a fact that differs between the fleets that are collected together: a power limit.
package struct NodeSetting: Hashable, Sendable {
  package let fact: NodeFact
  /// As a person reads it: `280 W`, `performance`.
  package let value: String

  package init(_ fact: NodeFact, _ value: String) {
    self.fact = fact
    self.value = value
  }

  /// `PL1 280 W`.
  package var text: String { "\(fact.title) \(value)" }

  /// Nil for a setting that is no number.
  package var number: Double? { value.split(separator: " ").first.flatMap { Double($0) } }

  /// Numbers by their size, before what is none.
  static func precedes(_ left: NodeSetting, _ right: NodeSetting) -> Bool {
    switch (left.number, right.number) {
    case (let left?, let right?) where left != right: left < right
    case (_?, nil): true
    case (nil, _?): false
    default: left.value < right.value
    }
  }
}

extension NodeFacts {
  /// The node's setting; nil where it was not recorded.
  package func setting(_ fact: NodeFact) -> NodeSetting? {
    texts[fact].map { NodeSetting(fact, $0) }
  }
}

extension ExpectedFact {
  /// The setting of every node that has it.
  var setting: NodeSetting {
    let text =
      switch value {
      case "true": NodeFacts.text(.flag(true), of: fact)
      case "false": NodeFacts.text(.flag(false), of: fact)
      default: Double(value).map { NodeFacts.text(.number($0), of: fact) } ?? value
      }
    return NodeSetting(NodeFacts.fact(named: fact.rawValue), text)
  }
}
