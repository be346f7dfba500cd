package import Records

/// The documents that commands print for programs, beside those of reports.
package enum CommandDocuments {
  package static let all = [
    RecordFormat(
      printed: PlanDocument.self, "plan-v1",
      title: "What 'hashwatt run --dry-run --format json' prints, version 1"),
    RecordFormat(
      printed: HandshakeDocument.self, "handshake-v1",
      title: "What 'hashwatt prove --dry-run --format json' prints, version 1"),
  ]
}
