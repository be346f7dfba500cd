import LinuxSystem
import Records
import Reporting
import TestSupport
import Testing

/// The documents that reports print for programs.
struct ReportDocumentTests {
  private static let repository =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  private static func schema(_ name: String) -> String {
    "\(repository)/profiles/schema/\(name).schema.json"
  }

  @Test("the schemas in the repository are those of the field lists")
  func checkedIn() throws {
    for format in ReportDocuments.all {
      assertFile(
        String(decoding: try format.schema(), as: UTF8.self), at: Self.schema(format.name))
    }
  }

  @Test("the schemas take what is printed, and refuse it with a key more")
  func golden() throws {
    let installed = "\(Self.repository)/.build/venv/bin/check-jsonschema"
    guard
      let validator =
        SystemRoot.live.exists(installed) ? installed : ChildProcess.find("check-jsonschema")
    else {
      NotRun.report("schemas of the reports' documents: check-jsonschema is not installed")
      return
    }
    let folder = "\(Self.repository)/Tests/ReportingTests/Snapshots"
    let scratch = try TemporaryFolder()
    for (name, prefix) in [("table-v1", "table-"), ("comparison-v1", "compare-")] {
      let files = try SystemRoot.live.names(folder)
        .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json.json") }.map { "\(folder)/\($0)" }
      try #require(files.count > 2)
      let taken = try ChildProcess.run(validator, ["--schemafile", Self.schema(name)] + files)
      #expect(taken.status == 0, "\(taken.text.prefix(2000))")
      let text = try SystemRoot.live.text(files[0]).replacing(
        "\"version\": 1", with: "\"colour\": 1, \"version\": 1")
      let edited = "\(scratch.path)/edited.json"
      try AtomicFile.write(Array(text.utf8), to: edited)
      #expect(
        try ChildProcess.run(validator, ["--schemafile", Self.schema(name), edited]).status != 0)
    }
  }
}
