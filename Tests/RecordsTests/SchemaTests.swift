import JSON
import LinuxSystem
import Records
import TestSupport
import Testing

struct SchemaTests {
  private static let repository =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  private static func schema(_ name: String) -> String {
    "\(repository)/profiles/schema/\(name).schema.json"
  }

  /// The standard validator that `make test` installs, or one on the search path.
  private static var validator: String? {
    let installed = "\(repository)/.build/venv/bin/check-jsonschema"
    return SystemRoot.live.exists(installed) ? installed : ChildProcess.find("check-jsonschema")
  }

  @Test("the schemas take the golden files and refuse them with a key more or less")
  func goldenFiles() throws {
    guard let validator = Self.validator else {
      NotRun.report("schemas against golden files: check-jsonschema is not installed")
      return
    }
    for name in ["result-v1", "profile-v1", "calibration-v1"] {
      let golden = "\(Self.repository)/Tests/RecordsTests/Snapshots/\(name).json"
      func outcome(_ file: String) throws -> Int32 {
        try ChildProcess.run(validator, ["--schemafile", Self.schema(name), file]).status
      }
      #expect(try outcome(golden) == 0)
      let text = try SystemRoot.live.text(golden)
      let scratch = try TemporaryFolder()
      for (index, change) in [
        ("\"grade\": \"R0\"", "\"grade\": \"R7\""), ("\"version\": 1", "\"version\": 2"),
        ("\"version\": 1", "\"colour\": 1, \"version\": 1"), ("\"grade\":", "\"grad\":"),
      ].enumerated() {
        let edited = text.split(separator: change.0, omittingEmptySubsequences: false)
          .joined(separator: change.1)
        #expect(edited != text || change.0.contains("R0") || name == "calibration-v1")
        guard edited != text else { continue }
        let path = "\(scratch.path)/\(index).json"
        try AtomicFile.write(Array(edited.utf8), to: path)
        #expect(try outcome(path) != 0, "\(name): \(change)")
      }
    }
  }

  @Test("every key of the golden files has a place in the schema, and the schemas are JSON")
  func keys() throws {
    for name in ["result-v1", "profile-v1", "calibration-v1"] {
      let schema = try JSONParser.parse(try SystemRoot.live.bytes(Self.schema(name)))
      var described: Set<String> = []
      Self.collect(schema, into: &described)
      let golden = try JSONParser.parse(
        try SystemRoot.live.bytes(
          "\(Self.repository)/Tests/RecordsTests/Snapshots/\(name).json"))
      guard case .object(let members) = golden else {
        Issue.record("not an object")
        continue
      }
      for key in members.keys { #expect(described.contains(key), "\(name): \(key)") }
    }
  }

  @Test("every key of the formats is in Documentation/ProfileFormat.md")
  func documented() throws {
    let page = try SystemRoot.live.text("\(Self.repository)/Documentation/ProfileFormat.md")
    var names: Set<String> = []
    for name in ["result-v1", "profile-v1", "calibration-v1"] {
      Self.collect(
        try JSONParser.parse(try SystemRoot.live.bytes(Self.schema(name))), into: &names)
    }
    let words = Set(page.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    #expect(names.subtracting(words).sorted() == [])
  }

  /// The names below every `properties`.
  private static func collect(_ tree: JSONValue, into names: inout Set<String>) {
    switch tree {
    case .object(let members):
      if case .object(let properties) = members["properties"] { names.formUnion(properties.keys) }
      for member in members.values { collect(member, into: &names) }
    case .array(let elements):
      for element in elements { collect(element, into: &names) }
    default: break
    }
  }
}
