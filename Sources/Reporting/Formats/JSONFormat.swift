internal import Records

/// For programs: one JSON object.
package struct JSONFormat: ReportFormat {
  package init() {}
  package let name: String = "json"
  package let summary: String = "one JSON object, SI units, every number and every reason"
  package let fileExtension: String = "json"

  package func render(_ ranking: Ranking, _ style: TextStyle) throws -> String {
    try ranking.document()
  }
}
