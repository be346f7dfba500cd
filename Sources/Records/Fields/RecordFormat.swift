package import JSON
internal import Model

/// One format of a file or of a document that a command prints: what makes its schema and the tables that explain it.
package struct RecordFormat: Sendable {
  /// What its schema is called: `result-v1`.
  package let name: String
  /// One line for people.
  package let title: String
  private let makeCatalogue: @Sendable () throws(JSONProblem) -> RecordCatalogue

  /// A format of files.
  package init<Root: Record & SendableMetatype>(_ root: Root.Type, _ name: String, title: String) {
    self.name = name
    self.title = title
    makeCatalogue = { () throws(JSONProblem) in
      var catalogue = RecordCatalogue()
      try catalogue.add(root)
      return catalogue
    }
  }

  /// A document that a command prints.
  package init<Root: PrintedRecord & SendableMetatype>(
    printed root: Root.Type, _ name: String, title: String
  ) {
    self.name = name
    self.title = title
    makeCatalogue = { () throws(JSONProblem) in
      var catalogue = RecordCatalogue()
      try catalogue.add(root)
      return catalogue
    }
  }

  /// Its records with their fields, the whole last.
  package func catalogue() throws(JSONProblem) -> RecordCatalogue { try makeCatalogue() }

  /// The canonical bytes of its JSON Schema (2020-12).
  package func schema() throws(JSONProblem) -> [UInt8] {
    try RecordSchema(try catalogue(), name: name, title: title).bytes
  }

  /// The tables of its fields.
  package func tables() throws(JSONProblem) -> RecordTables { RecordTables(try catalogue()) }

  /// The files that commands write and read, and the document of `detect`.
  package static let files = [
    RecordFormat(StatedResult.self, "result-v1", title: "hashwatt result, version 1"),
    RecordFormat(Profile.self, "profile-v1", title: "hashwatt profile, version 1"),
    RecordFormat(Calibration.self, "calibration-v1", title: "hashwatt calibration, version 1"),
    RecordFormat(FleetPlan.self, "fleet-v1", title: "hashwatt fleet, version 1"),
    RecordFormat(
      JournalHeader.self, "journal-v1", title: "First line of a hashwatt journal, version 1"),
    RecordFormat(
      JournalLine.self, "journal-line-v1",
      title: "Every later line of a hashwatt journal, version 1"),
    RecordFormat(
      DetectionReport.self, "detect-v1",
      title: "What 'hashwatt detect --format json' prints, version 1"),
  ]
}
