package import Records

/// The documents that reports print for programs.
package enum ReportDocuments {
  package static let all = [
    RecordFormat(
      printed: Ranking.self, "table-v1",
      title: "What 'hashwatt table --format json' prints, version 1"),
    RecordFormat(
      printed: ComparisonReport.self, "comparison-v1",
      title: "What 'hashwatt compare --format json' prints, version 1"),
  ]
}
