package import Analysis
package import Model

/// The least efficiency that is wanted, said in either form: at least `1MH/J`, at most `20J/TH`.
package struct EfficiencyLimit: Hashable, Sendable {
  /// Work per joule.
  package let least: Double
  /// What is counted; figures that count something else do not pass.
  package let unit: WorkUnit

  private static let prefixes: [(symbol: String, factor: Double)] = [
    ("", 1), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12),
  ]

  /// Nil for a text that is not a positive number with a unit such as `H/J`, `kSol/J`, `J/GH`.
  package init?(_ text: String) {
    let compact = text.filter { $0 != " " }
    let digits = compact.prefix { $0.isNumber || $0 == "." }
    guard let value = Double(digits), value > 0, value.isFinite else { return nil }
    let words = compact.dropFirst(digits.count).split(
      separator: "/", omittingEmptySubsequences: false)
    guard words.count == 2 else { return nil }
    let isWorkPerJoule = words[1] == "J"
    guard isWorkPerJoule || words[0] == "J" else { return nil }
    let counted = isWorkPerJoule ? words[0] : words[1]
    for unit in WorkUnit.allCases {
      for prefix in Self.prefixes where prefix.symbol + unit.symbol == counted {
        least = isWorkPerJoule ? value * prefix.factor : prefix.factor / value
        self.unit = unit
        return
      }
    }
    return nil
  }

  /// Whether a figure is at least as efficient.
  package func accepts(_ figure: Figure) -> Bool {
    figure.workUnit == unit && figure.energy.value.map { $0.workPerJoule.value >= least } ?? false
  }
}
