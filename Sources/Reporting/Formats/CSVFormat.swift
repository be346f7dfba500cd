internal import JSON
internal import Records

/// For spreadsheets and programs: RFC 4180, SI units without prefixes, one line a figure.
package struct CSVFormat: ReportFormat {
  package init() {}
  package let name: String = "csv"
  package let summary: String = "RFC 4180, SI units, every number"
  package let fileExtension: String = "csv"

  package func render(_ ranking: Ranking, _ style: TextStyle) throws -> String {
    let lines =
      [try PrintedFigure.keys().map(Escape.csv)]
      + (try ranking.figures.map { figure in
        try PrintedFigure(figure: figure).members().map { Self.cell($0.value) }
      })
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  /// Numbers with a fraction keep every digit, whole ones have no point.
  static func cell(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): Escape.csv(text)
    case .number(let text): text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    case .bool(let flag): flag ? "true" : "false"
    case .null, .array, .object: ""
    }
  }
}
