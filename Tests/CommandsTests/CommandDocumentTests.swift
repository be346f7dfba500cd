// What is tested is internal to its target, which only debug builds open to tests.
#if DEBUG

  import LinuxSystem
  import Model
  import Records
  import TestSupport
  import Testing

  @testable import Commands

  /// The documents that commands print for programs.
  struct CommandDocumentTests {
    private static let repository =
      #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    private static func schema(_ name: String) -> String {
      "\(repository)/profiles/schema/\(name).schema.json"
    }

    @Test("the schemas in the repository are those of the field lists")
    func checkedIn() throws {
      for format in CommandDocuments.all {
        assertFile(
          String(decoding: try format.schema(), as: UTF8.self), at: Self.schema(format.name))
      }
    }

    @Test("the schemas take what is printed")
    func printed() throws {
      let installed = "\(Self.repository)/.build/venv/bin/check-jsonschema"
      guard
        let validator =
          SystemRoot.live.exists(installed) ? installed : ChildProcess.find("check-jsonschema")
      else {
        NotRun.report("schemas of the commands' documents: check-jsonschema is not installed")
        return
      }
      let folder = try RecordFolder()
      let scratch = try TemporaryFolder()
      for (name, words) in [
        ("kernels-v1", ["kernels", "--format", "json"]),
        ("doctor-v1", ["doctor", "--format", "json"]),
        ("plan-v1", ["run", "--suite", "quick", "--dry-run", "--format", "json"]),
        ("plan-v1", ["run", "--window", "1", "--threads", "1", "--dry-run", "--format", "json"]),
      ] {
        let outcome = folder.run(words)
        #expect(outcome.code == .done, "\(outcome.notes)")
        let file = "\(scratch.path)/printed.json"
        try AtomicFile.write(Array(outcome.text.utf8), to: file)
        let taken = try ChildProcess.run(validator, ["--schemafile", Self.schema(name), file])
        #expect(taken.status == 0, "\(words): \(taken.text.prefix(2000))")
      }
    }
  }

#endif
