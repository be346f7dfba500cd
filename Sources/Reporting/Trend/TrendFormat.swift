package import Analysis
internal import Model
internal import Text

/// One form of trends: a pure function from the report model to text.
package protocol TrendFormat: Sendable {
  /// The word after `--format`.
  var name: String { get }
  /// What the help says of it.
  var summary: String { get }
  /// - Throws: `JSONProblem` for a number that JSON cannot spell.
  func render(_ report: TrendReport, _ style: TextStyle) throws -> String
}

/// Every format of trends, in the order that the help shows.
package enum TrendFormatCatalog {
  package static let all: [any TrendFormat] = [
    TextTrend(), MarkdownTrend(), JSONTrend(), JUnitTrend(), HTMLTrend(),
  ]

  /// The format of a name, or nil.
  package static func format(named name: String) -> (any TrendFormat)? {
    all.first { $0.name == name }
  }
}

/// For people at a terminal.
package struct TextTrend: TrendFormat {
  package init() {}
  package let name: String = "text"
  package let summary: String = "for a terminal, as wide as it is"

  package func render(_ report: TrendReport, _ style: TextStyle) -> String {
    let blocks = report.series.map { series in
      GridLayout.text(series.grid, style) + GridLayout.notes(series.remarks, style)
    }
    return
      (blocks + [
        GridLayout.notes(report.notes, style), GridLayout.notes([report.conclusion], style),
      ])
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

/// For a ticket or a comment in a pull request.
package struct MarkdownTrend: TrendFormat {
  package init() {}
  package let name: String = "markdown"
  package let summary: String = "GitHub's Markdown, for a ticket"

  package func render(_ report: TrendReport, _ style: TextStyle) -> String {
    func list(_ lines: [String]) -> String {
      lines.map { "- \(Escape.markdown($0))\n" }.joined()
    }
    let blocks = report.series.map { series in
      GridLayout.markdown(series.grid) + "\n" + list(series.remarks)
    }
    return
      (["## hashwatt: \(Escape.markdown(report.conclusion))\n"] + blocks + [list(report.notes)])
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

extension TrendSeries {
  func text(_ value: Double, halfWidth: Double? = nil) -> String {
    quantity == .throughput
      ? RateText.text(Rate(perSecond: value, unit: work.unit), halfWidth: halfWidth)
      : RateText.text(Efficiency(perJoule: value, unit: work.unit), halfWidth: halfWidth)
  }

  /// `sha256d avx512-2x16 2t, work/J in cpu-package, AMD EPYC 9654, standard-1`.
  var title: String {
    let what = quantity == .throughput ? "rate" : "work/J" + (scope.map { " in \($0)" } ?? "")
    return [work.series(kernel, placement), what, deviceName, plan].joined(separator: ", ")
  }

  /// A line for each level.
  var grid: Grid {
    Grid(
      title: title,
      columns: [
        Grid.Column("from"), Grid.Column("to", dropping: .early(0)), Grid.Column("runs", .right),
        Grid.Column("median", .right), Grid.Column("change", .right),
        Grid.Column("what else changed there", minimumWidth: 20),
      ],
      rows: levels.map { level in
        let change = level.change
        let isWorse = change.map { ($0 < 0) == quantity.isBetterWhenGreater } ?? false
        return [
          Grid.Cell(points[level.range.lowerBound].key),
          Grid.Cell(points[level.range.upperBound - 1].key), Grid.Cell("\(level.range.count)"),
          Grid.Cell(text(level.median)),
          Grid.Cell(
            change.map { DecimalText.percent($0, decimals: 2, signed: true) } ?? "",
            change == nil ? .plain : isWorse ? .bad : .good),
          Grid.Cell(
            level.change == nil
              ? ""
              : level.differences.isEmpty
                ? "nothing that was recorded"
                : level.differences.map(\.text).joined(separator: "; ")),
        ]
      })
  }

  var remarks: [String] {
    var lines = drifts.map { range in
      "it creeps from \(points[range.lowerBound].key) to \(points[range.upperBound - 1].key): "
        + "a line fits better than a step"
    }
    let outliers = points.filter(\.isOutlier)
    if !outliers.isEmpty {
      let shown = outliers.prefix(5).map(\.key).joined(separator: ", ")
      lines.append(
        "\(CountText.text(outliers.count, "run")) far from the others of their level: \(shown)"
          + (outliers.count > 5 ? ", ..." : ""))
    }
    if points.count < TrendSeries.leastPoints {
      lines.append(
        "\(CountText.text(points.count, "run")): a change can be told from "
          + "\(TrendSeries.leastPoints) on")
    }
    if let newest, let point = points.last {
      let interval = newest.lower.flatMap { lower in
        newest.upper.map { upper in
          " (\(DecimalText.percentChange(lower)) to \(DecimalText.percentChange(upper)))"
        }
      }
      lines.append(
        "newest, \(point.key): \(DecimalText.percentChange(newest.ratio))\(interval ?? "") against its level"
          + newest.gates.map { "; gate \($0.gate.text): \($0.verdict.words)" }.joined())
    }
    return lines
  }
}

extension GateVerdict {
  var words: String {
    switch self {
    case .pass: "held"
    case .fail: "failed"
    case .cannotTell: "cannot tell"
    }
  }
}
