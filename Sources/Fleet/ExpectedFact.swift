package import Model

/// A recorded fact of the machine's state that every node must have: `pl1_limit_uw=280000000`.
package struct ExpectedFact: Hashable, Sendable {
  package let fact: StateFact
  /// As the file spells it: a number, a text, `true` or `false`.
  package let value: String

  /// Nil for a text that is not `NAME=VALUE`.
  package init?(_ text: String) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
    fact = StateFact(rawValue: String(text[..<equals]))
    value = String(text[text.index(after: equals)...])
    guard !value.isEmpty else { return nil }
  }

  /// In how far a result does not have it, before its first window or after any; nil where it has.
  package func problem(in result: RunResult) -> String? {
    let states = result.samples.compactMap(\.stateBefore) + result.samples.compactMap(\.stateAfter)
    let found = Set(states.map { $0.facts[fact]?.value.map(Self.text) ?? "not recorded" })
    guard let other = found.subtracting([value]).sorted().first else {
      return found.isEmpty ? "\(fact) is not recorded, expected \(value)" : nil
    }
    return "\(fact) is \(other.prefix(80)), expected \(value)"
  }

  private static func text(_ value: StateValue) -> String {
    switch value {
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .text(let text): text
    case .flag(let flag): flag ? "true" : "false"
    }
  }
}
