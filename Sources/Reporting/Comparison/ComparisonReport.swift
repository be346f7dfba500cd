package import Analysis
internal import Model
internal import Text

/// A comparison with what its reader asked for: the model of every format of `compare`.
package struct ComparisonReport: Hashable, Sendable {
  package let comparison: Comparison
  /// What the sides are called: the operands of the command line.
  package let baseName: String
  package let newName: String
  package let gates: [ComparisonGate]
  package let isStrict: Bool
  /// When the comparison was made, seconds since 1970.
  package let madeAt: Double

  package init(
    _ comparison: Comparison, baseName: String, newName: String, gates: [ComparisonGate],
    isStrict: Bool, madeAt: Double
  ) {
    self.comparison = comparison
    self.baseName = baseName
    self.newName = newName
    self.gates = gates
    self.isStrict = isStrict
    self.madeAt = madeAt
  }

  /// Whether the gates hold.
  package var passes: Bool { comparison.passes(gates, strict: isStrict) }

  /// The answer in one sentence.
  package var conclusion: String {
    let worse = comparison.rows.count { $0.verdict == .worse }
    let better = comparison.rows.count { $0.verdict == .better }
    let open = comparison.rows.count { $0.verdict == .cannotTell }
    let all = comparison.rows.count
    let counts = "\(worse) of \(all) worse, \(better) better, \(open) cannot be told"
    guard !gates.isEmpty else { return "no gate was set: \(counts)" }
    let failed = comparison.gates.count { $0.verdict == .fail }
    let unknown = comparison.gates.count { $0.verdict == .cannotTell }
    if failed > 0 {
      return "regression: \(failed) of \(comparison.gates.count) gates failed; \(counts)"
    }
    let doubt =
      unknown > 0
      ? " as far as can be told: \(unknown) of \(comparison.gates.count) cannot be judged" : ""
    if !passes {
      return comparison.gates.isEmpty
        ? "no gate could be judged, which --strict does not let pass"
        : "gates held\(doubt), which --strict does not let pass"
    }
    let missing = gates.filter { gate in !comparison.gates.contains { $0.gate == gate } }
    let absent =
      missing.isEmpty
      ? "" : "; nothing to judge for \(missing.map(\.text).joined(separator: ", "))"
    return "gates held\(doubt)\(absent); \(counts)"
  }

  /// The table.
  package var grid: Grid {
    Grid(
      columns: Self.columns(hasGates: !gates.isEmpty),
      rows: comparison.rows.flatMap(\.shown).map(row)
    )
    .withoutEmptyColumns
  }

  /// For terminals: one narrow table for each algorithm, kernel and way of comparing.
  package var sections: [Grid] {
    var titles: [String] = []
    var rows: [String: [[Grid.Cell]]] = [:]
    for row in comparison.rows {
      let threads = row.threadsText.isEmpty ? "" : ", \(row.threadsPhrase)"
      let title = "\(row.base.work) \(row.kernelText)\(threads); \(row.method)"
      if rows[title] == nil { titles.append(title) }
      rows[title, default: []] += row.shown.map(narrow)
    }
    let columns = [
      Grid.Column("quantity"),
      Grid.Column("scope", mayBeShared: true, ignoresGaps: true),
      Grid.Column("base", .right), Grid.Column("new", .right), Grid.Column("change", .right),
      Grid.Column("interval", .right), Grid.Column("verdict"),
    ]
    return titles.map {
      Grid(title: $0, columns: columns, rows: rows[$0] ?? []).withoutEmptyColumns
    }
  }

  private func narrow(_ row: ShownRow) -> [Grid.Cell] {
    [
      Grid.Cell(row.quantity), Grid.Cell(row.of.scope?.rawValue ?? ""),
      Grid.Cell(row.base), Grid.Cell(row.new),
      Grid.Cell(DecimalText.percentChange(row.ratio), row.of.verdict.role),
      Grid.Cell(row.intervalText, .faint),
      Grid.Cell(row.of.verdict.short, row.of.verdict.role),
    ]
  }

  /// One line for each judged gate.
  package var gateLines: [(text: String, role: Grid.Role)] {
    comparison.rows.flatMap { row in
      row.gates.map { outcome in
        (
          text: "gate \(outcome.gate.text) \(outcome.verdict.text): \(row.base.work) "
            + "\(row.kernelText)\(row.scope.map { ", \($0)" } ?? "")",
          role: outcome.verdict.role
        )
      }
    }
  }

  /// What stands above the table.
  package var heading: [String] {
    let relation = comparison.relation == .same ? "the same machine" : "different machines"
    let joint = DecimalText.percent(Comparison.jointConfidence, decimals: 0)
    return [
      "base \(baseName)\(Self.devices(comparison.rows.map(\.base)))",
      "new  \(newName)\(Self.devices(comparison.rows.map(\.new)))",
      "\(relation); all intervals together hold with \(joint) confidence, and no difference means none "
        + "beyond the uncertainty",
    ]
  }

  /// What stands below the table.
  package var remarks: [String] {
    comparison.refusals.map { "Not compared: \($0)." } + comparison.notes
  }

  private static func columns(hasGates: Bool) -> [Grid.Column] {
    [
      Grid.Column("algorithm", mayBeShared: true),
      Grid.Column("kernel", minimumWidth: 10, mayBeShared: true),
      Grid.Column("threads", .right, mayBeShared: true),
      Grid.Column("quantity"),
      Grid.Column("scope", mayBeShared: true),
      Grid.Column("base", .right),
      Grid.Column("new", .right),
      Grid.Column("change", .right),
      Grid.Column("interval", .right),
      Grid.Column("verdict"),
      Grid.Column("gate"),
      Grid.Column("method", minimumWidth: 8, mayBeShared: true),
    ]
  }

  private func row(_ shown: ShownRow) -> [Grid.Cell] {
    let row = shown.of
    return [
      Grid.Cell("\(row.base.work)"),
      Grid.Cell(row.kernelText),
      Grid.Cell(row.threadsText),
      Grid.Cell(shown.quantity),
      Grid.Cell(row.scope?.rawValue ?? ""),
      Grid.Cell(shown.base),
      Grid.Cell(shown.new),
      Grid.Cell(DecimalText.percentChange(shown.ratio), row.verdict.role),
      Grid.Cell(shown.intervalText),
      Grid.Cell(row.verdict.short, row.verdict.role),
      Grid.Cell(
        shown.gates.map { "\($0.gate.text) \($0.verdict.text)" }.joined(separator: ", "),
        shown.gates.map(\.verdict.role).first { $0 != .good }
          ?? (shown.gates.isEmpty ? .plain : .good)),
      Grid.Cell(row.method, .faint),
    ]
  }

  private static func devices(_ figures: [Figure]) -> String {
    let names = Set(figures.map(\.deviceName)).sorted()
    let grades = Set(figures.compactMap { $0.grade?.rawValue }).sorted()
    let all = names + (grades.isEmpty ? [] : ["grade " + grades.joined(separator: "/")])
    return all.isEmpty ? "" : " (\(all.joined(separator: ", ")))"
  }
}

extension ComparisonRow {
  /// Of both values: figures that count different things are never in one row.
  package var unit: String {
    switch quantity {
    case .throughput: base.workUnit.perSecond
    case .power: "W"
    case .efficiency: base.workUnit.perJoule
    }
  }

  package var kernelText: String {
    Self.arrow(base.kernel?.rawValue ?? "claim", new.kernel?.rawValue ?? "claim")
  }

  package var threadsText: String { Self.arrow(base.threadsText, new.threadsText) }

  /// `1 thread`, `1 -> 2 threads`, `1 connection`.
  package var threadsPhrase: String {
    if base.threadsPhrase.isEmpty { return new.threadsPhrase }
    if new.threadsPhrase.isEmpty { return base.threadsPhrase }
    return base.threadsPhrase == new.threadsPhrase
      ? new.threadsPhrase : Self.arrow(base.threadsText, new.threadsPhrase)
  }

  /// The row as it is shown: an efficiency in both of its forms.
  var shown: [ShownRow] {
    let own = ShownRow(
      of: self, quantity: quantity.rawValue, base: QuantityText.text(baseValue, unit: unit),
      new: QuantityText.text(newValue, unit: unit), ratio: ratio, lower: lower, upper: upper,
      gates: gates.filter { $0.gate.subject != .energy })
    guard quantity == .efficiency else { return [own] }
    func energy(_ efficiency: Double) -> String {
      EfficiencyForm.joulesPerWork.text(Bounded(efficiency), base.workUnit)
    }
    return [
      own,
      ShownRow(
        of: self, quantity: ComparisonGate.Subject.energy.rawValue, base: energy(baseValue),
        new: energy(newValue), ratio: 1 / ratio, lower: upper.map { 1 / $0 },
        upper: lower.flatMap { $0 > 0 ? 1 / $0 : nil },
        gates: gates.filter { $0.gate.subject == .energy }),
    ]
  }

  private static func arrow(_ base: String, _ new: String) -> String {
    base == new || base.isEmpty ? new : new.isEmpty ? base : "\(base) → \(new)"
  }
}

/// One line of a comparison.
struct ShownRow {
  let of: ComparisonRow
  let quantity: String
  let base: String
  let new: String
  let ratio: Double
  let lower: Double?
  let upper: Double?
  let gates: [GateOutcome]

  /// `-2.10 to -1.40 %`; empty when no spread is known.
  var intervalText: String {
    guard let lower, let upper else { return "" }
    // Without the first of two equal units, for the width.
    return "\(DecimalText.percentChange(lower).dropLast(2)) to \(DecimalText.percentChange(upper))"
  }
}

extension ComparisonGate {
  /// As the command line takes it: `throughput=-1.75%`.
  package var text: String {
    let percent = limit * 100
    let decimals = (0...6).first { digits in
      abs(percent - (Double(DecimalText.fixed(percent, decimals: digits)) ?? percent)) < 1e-9
    }
    let number = DecimalText.fixed(percent, decimals: decimals ?? 6)
    return "\(subject.rawValue)=\(limit > 0 ? "+" : "")\(number)%"
  }
}

extension ComparisonVerdict {
  /// For tables; the text below them says the rest.
  package var short: String { self == .noDifference ? "no difference" : text }

  package var role: Grid.Role {
    switch self {
    case .better: .good
    case .worse: .bad
    case .noDifference: .plain
    case .cannotTell: .doubtful
    }
  }
}

extension GateVerdict {
  package var text: String {
    switch self {
    case .pass: "held"
    case .fail: "FAILED"
    case .cannotTell: "cannot tell"
    }
  }

  package var role: Grid.Role {
    switch self {
    case .pass: .good
    case .fail: .bad
    case .cannotTell: .doubtful
    }
  }
}
