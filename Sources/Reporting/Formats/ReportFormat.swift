/// One form of a table: a pure function from the report model to text.
package protocol ReportFormat: Sendable {
  /// The word after `--format`.
  var name: String { get }
  /// What the help says of it.
  var summary: String { get }
  /// The ending of a file of this format, without a dot.
  var fileExtension: String { get }
  /// The whole document, with a line end at its end.
  ///
  /// - Throws: `JSONProblem` for a number that JSON cannot spell.
  func render(_ ranking: Ranking, _ style: TextStyle) throws -> String
}

/// Every format of a table, in the order that the help shows.
package enum ReportFormatCatalog {
  package static let all: [any ReportFormat] = [
    TextFormat(),
    BlocksFormat(),
    MarkdownFormat(),
    CSVFormat(),
    LaTeXFormat(),
    HTMLFormat(),
    JSONFormat(),
    OpenMetricsFormat(),
  ]

  /// The format of a name, or nil.
  package static func format(named name: String) -> (any ReportFormat)? {
    all.first { $0.name == name }
  }
}
