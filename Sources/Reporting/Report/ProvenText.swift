internal import Analysis
package import Model
internal import Text

/// What is told of proven work beside its figures: each miner, what it claims, and what was not proven.
package enum ProvenText {
  /// Empty for a result without proven work.
  package static func text(_ result: RunResult, _ style: TextStyle) -> String {
    guard result.samples.contains(where: { $0.origin == .proven }) else { return "" }
    return grids(result).map { "\n" + GridLayout.text($0, style) }.joined()
      + statements(result).flatMap { DisplayText.wrapped($0, to: style.width) }.map { $0 + "\n" }
      .joined()
  }

  /// What a report of proven work says, a sentence or two each.
  static func statements(_ result: RunResult) -> [String] {
    let samples = result.summaries.compactMap { summary in
      summary.sharesHashed.map {
        "Of the shares of \(summary.series), \(SampledShares(summary.sharesFound, hashed: $0).text)."
      }
    }
    return [statement] + samples
  }

  static let statement =
    "Proven is computing behind the miner's connection within the windows, not that it happened inside its box."

  static func grids(_ result: RunResult) -> [Grid] {
    [miners(result), claims(result)].compactMap(\.self)
  }

  /// A row for each of several miners; nil for one, whose row is the series itself.
  private static func miners(_ result: RunResult) -> Grid? {
    let rates = result.minerRates
    guard rates.count > 1 else { return nil }
    return Grid(
      title: "Miners",
      columns: [
        Grid.Column("miner", .right), Grid.Column("says that it is"), Grid.Column("shares", .right),
        Grid.Column("proven rate", .right),
      ],
      rows: rates.map { rate in
        [
          Grid.Cell("\(rate.miner + 1)"), Grid.Cell(DisplayText.visible(rate.agent ?? "")),
          Grid.Cell("\(rate.shares)"),
          Grid.Cell(RateText.text(rate.rate, halfWidth: (rate.upper - rate.lower) / 2)),
        ]
      })
  }

  /// Claim and proven figure side by side; nil without claims.
  private static func claims(_ result: RunResult) -> Grid? {
    claims(Figure.all(of: result, name: ""))
  }

  /// The same of figures: a series has one for each scope, and is told once.
  static func claims(_ figures: [Figure]) -> Grid? {
    var told: Set<ClaimRow> = []
    let rows = figures.flatMap { figure in
      figure.claims.compactMap { claim -> [Grid.Cell]? in
        let row = ClaimRow(algorithm: figure.algorithm, source: figure.source, claim: claim)
        guard told.insert(row).inserted else { return nil }
        return [
          Grid.Cell(figure.algorithm.rawValue),
          Grid.Cell(DisplayText.visible("\(claim.source) \(claim.field)")),
          Grid.Cell(RateText.text(Rate(perSecond: claim.rate, unit: figure.workUnit))),
          Grid.Cell(figure.throughputText), Grid.Cell(ratio(claim)),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return Grid(
      title: "What the device claims",
      columns: [
        Grid.Column("algorithm"), Grid.Column("claim"), Grid.Column("claimed", .right),
        Grid.Column("proven", .right), Grid.Column("proven / claimed", .right),
      ], rows: rows)
  }

  private struct ClaimRow: Hashable {
    let algorithm: AlgorithmID
    let source: FigureSource
    let claim: ClaimSummary
  }

  /// A claim in one sentence, for a table's notes.
  static func sentence(_ claim: ClaimSummary, _ unit: WorkUnit) -> String {
    let ratio = ratio(claim)
    return
      "the device itself claims \(RateText.text(Rate(perSecond: claim.rate, unit: unit))) "
      + DisplayText.visible("(\(claim.source) \(claim.field))")
      + (ratio.isEmpty ? "" : "; proven over claimed is \(ratio)")
  }

  private static func ratio(_ claim: ClaimSummary) -> String {
    guard let ratio = claim.ratio else { return "" }
    let text = DecimalText.fixed(ratio, decimals: 4)
    guard let lower = claim.lower, let upper = claim.upper else { return text }
    return
      "\(text) (\(DecimalText.fixed(lower, decimals: 4)) to \(DecimalText.fixed(upper, decimals: 4)))"
  }
}
