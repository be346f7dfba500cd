internal import JSON
internal import Records

/// For spreadsheets and programs: RFC 4180, SI units without prefixes, one line a figure.
package struct CSVFormat: ReportFormat {
  package init() {}
  package let name: String = "csv"
  package let summary: String = "RFC 4180, SI units, every number"
  package let fileExtension: String = "csv"

  package func render(_ ranking: Ranking, _ style: TextStyle) throws -> String {
    let keys = try PrintedFigure.keys()
    let lines =
      [keys.map(Escape.csv)]
      + (try ranking.figures.map { figure in
        let members = Dictionary(
          try PrintedFigure(figure: figure).members().map { ($0.key, $0.value) }
        ) { first, _ in first }
        // What a figure has none of is an empty cell.
        return keys.map { members[$0].map(Self.cell) ?? "" }
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
