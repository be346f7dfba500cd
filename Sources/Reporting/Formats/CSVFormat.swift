internal import Analysis
internal import Model

/// For spreadsheets and programs: RFC 4180, SI units without prefixes, one line a figure.
package struct CSVFormat: ReportFormat {
  package init() {}
  package let name: String = "csv"
  package let summary: String = "RFC 4180, SI units, every number"
  package let fileExtension: String = "csv"

  package func render(_ ranking: Ranking, _ style: TextStyle) -> String {
    let lines =
      [FigureFields.all.map { Escape.csv($0.name) }]
      + ranking.figures.map { figure in
        FigureFields.all.map { field in
          switch field.value(figure) {
          case .string(let text): Escape.csv(text)
          case .number(let number): NumberText.plain(number)
          case .integer(let integer): String(integer)
          case .flag(let flag): flag ? "true" : "false"
          case .null, .array, .object: ""
          }
        }
      }
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }
}
