internal import Analysis
internal import Model

/// For programs: one JSON object.
package struct JSONFormat: ReportFormat {
  package init() {}
  package let name: String = "json"
  package let summary: String = "one JSON object, SI units, every number and every reason"
  package let fileExtension: String = "json"

  package func render(_ ranking: Ranking, _ style: TextStyle) -> String {
    JSONText.object([
      .init("format", .string("hashwatt-table")),
      .init("version", .integer(1)),
      .init("sort", .string(ranking.sort.rawValue)),
      .init("sections", .array(ranking.sections.map(section))),
    ]).document
  }

  private func section(_ section: RankingSection) -> JSONText {
    .object([
      .init("algorithm", .string(section.algorithm.rawValue)),
      .init("work_unit", .string(section.unit.rawValue)),
      .init("scope", .optional(section.scope?.rawValue)),
      .init(
        "figures",
        .array(
          section.figures.enumerated().map { index, figure in
            .object(
              [.init("rank", .integer(index + 1))]
                + FigureFields.all.map { .init($0.name, $0.value(figure)) }
                + [.init("remarks", .array(figure.remarks.map { .string($0) }))])
          })),
    ])
  }
}
