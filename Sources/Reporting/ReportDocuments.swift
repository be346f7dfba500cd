internal import Analysis
internal import Fleet
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
    RecordFormat(
      printed: TrendReport.self, "trend-v1",
      title: "What 'hashwatt trend --format json' prints, version 1"),
    RecordFormat(
      printed: DoctorReport.self, "doctor-v1",
      title: "What 'hashwatt doctor --format json' prints, version 1"),
    RecordFormat(
      printed: KernelsReport.self, "kernels-v1",
      title: "What 'hashwatt kernels --format json' prints, version 1"),
    RecordFormat(
      printed: FleetReport.self, "fleet-report-v1",
      title: "What 'hashwatt fleet collect --format json' prints, version 1"),
    RecordFormat(
      printed: FleetProgress.self, "fleet-status-v1",
      title: "What 'hashwatt fleet status --format json' prints, version 1"),
  ]
}
