import Testing

/// What a room needs besides its folder, so that whoever adds a target, and above all a backend, is told all of it.
struct RoomTests {
  static let manifest = ImportTests.manifest
  static let targets = ["models", "policy", "adapters"].flatMap(manifest.names)
  static let backends = manifest.names("adapters").filter { $0.hasSuffix("Backend") }

  @Test("a target has a row in Architecture.md and tests of its own", arguments: targets)
  func room(target: String) throws {
    let rows = try SourceTree.text("Documentation/Architecture.md").split(separator: "\n")
    #expect(
      rows.contains { $0.hasPrefix("| `\(target)` |") },
      "\(target) lacks its row in Documentation/Architecture.md: its job, and what it never does")
    #expect(
      Self.manifest.names("tests").contains("\(target)Tests"),
      "\(target) lacks its tests: Tests/\(target)Tests and a test target in Package.swift")
  }

  @Test("a backend is joined with the ports in the composition", arguments: backends)
  func composed(target: String) throws {
    let files = try SourceTree.files(
      below: "Sources/Commands/Composition", endingIn: [".swift"])
    let isImported = try files.contains { file in
      ImportTests.imports(in: try SourceTree.text(file)).contains(target)
    }
    #expect(isImported, "no file of Sources/Commands/Composition makes anything of \(target)")
    let isBackend = try SourceTree.files(below: "Sources/\(target)", endingIn: [".swift"])
      .contains { file in
        let text = try SourceTree.text(file)
        return text.contains(": ComputeBackend {") || text.contains(": ProvingSession {")
      }
    #expect(isBackend, "\(target) implements neither ComputeBackend nor ProvingSession")
  }

  @Test("there are backends")
  func some() {
    #expect(Self.backends.contains("CPUBackend") && Self.targets.contains("Model"))
  }
}
