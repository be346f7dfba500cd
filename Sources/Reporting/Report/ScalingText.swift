internal import Analysis
package import Model
internal import Text

/// How kernels scale over thread counts and core kinds, the most efficient point marked: that, not the fastest, is
/// what a machine is bought to run at.
package enum ScalingText {
  /// One table for each kernel that ran at more than one point; empty when nothing was scaled.
  package static func grids(_ result: RunResult) -> [Grid] {
    Scaling.all(of: result.summaries).map(grid)
  }

  /// The tables as text, an empty line before each.
  package static func text(_ result: RunResult, _ style: TextStyle) -> String {
    grids(result).map { "\n" + GridLayout.text($0, style) }.joined()
  }

  private static func grid(_ scaling: Scaling) -> Grid {
    let energy =
      switch scaling.scope {
      case .value(let scope): "power and efficiency in \(scope)"
      case .unavailable(let reason): "efficiency unavailable: \(reason.message)"
      }
    return Grid(
      title: "scaling of \(scaling.algorithm) \(scaling.kernel); \(energy)",
      columns: [
        Grid.Column("threads", .right), Grid.Column("cores"), Grid.Column("throughput", .right),
        Grid.Column("power", .right), Grid.Column(EfficiencyForm.workPerJoule.title, .right),
        Grid.Column(EfficiencyForm.joulesPerWork.title, .right), Grid.Column(""),
      ],
      rows: scaling.points.map { point in
        let isEfficient = point.series == scaling.mostEfficient?.series
        let marks = [
          isEfficient ? "most efficient" : nil,
          point.series == scaling.fastest?.series ? "fastest" : nil,
        ].compactMap(\.self)
        return [
          Grid.Cell("\(point.series.workers)"), Grid.Cell(point.series.placement.part ?? ""),
          Grid.Cell(RateText.text(point.rate)),
          Grid.Cell(point.watts.map { QuantityText.text($0, unit: "W") } ?? ""),
          Grid.Cell(point.efficiency.map { RateText.text($0) } ?? ""),
          Grid.Cell(point.efficiency.map { RateText.text($0.energyPerWork) } ?? ""),
          Grid.Cell(marks.joined(separator: ", "), isEfficient ? .good : .plain),
        ]
      }
    ).withoutEmptyColumns
  }
}
