import JSON
import LinuxSystem
import Records
import TestSupport
import Testing

struct SchemaTests {
  private static let repository =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  private static let names = ["result-v1", "profile-v1", "calibration-v1"]

  private static func schema(_ name: String) -> String {
    "\(repository)/profiles/schema/\(name).schema.json"
  }

  private static func golden(_ name: String) -> String {
    "\(repository)/Tests/RecordsTests/Snapshots/\(name).json"
  }

  /// The standard validator that `make test` installs, or one on the search path.
  private static var validator: String? {
    let installed = "\(repository)/.build/venv/bin/check-jsonschema"
    return SystemRoot.live.exists(installed) ? installed : ChildProcess.find("check-jsonschema")
  }

  @Test("the schemas in the repository are those of the field lists")
  func checkedIn() throws {
    for format in RecordFormat.files {
      assertFile(
        String(decoding: try format.schema(), as: UTF8.self), at: Self.schema(format.name))
    }
  }

  @Test("the tables of Documentation/ProfileFormat.md are those of the field lists")
  func documented() throws {
    let path = "\(Self.repository)/Documentation/ProfileFormat.md"
    let text = try SystemRoot.live.text(path)
    var told: Set<String> = []
    var made = text
    for format in RecordFormat.files {
      let tables = try format.tables()
      let names = tables.names.filter { told.insert($0).inserted }
      made = try replacingBlock(
        "fields of \(format.name)", in: made,
        with: names.map(tables.markdown).joined(separator: "\n"))
    }
    assertFile(made, at: path)
  }

  /// One edit of a golden file that its schema must refuse.
  struct Edit: Sendable {
    let from: String
    let to: String
  }

  static let edits: [String: [Edit]] = [
    "result-v1": [
      Edit(from: "\"grade\": \"R0\"", to: "\"grade\": \"R7\""),
      Edit(from: "\"grade\":", to: "\"grad\":"),
      Edit(from: "\"repeat\": 3", to: "\"repeat\": -3"),
      Edit(from: "[1, 4, 274148111]", to: "[1, 4]"),
    ],
    "profile-v1": [
      Edit(from: "\"grade\":", to: "\"grad\":"),
      Edit(from: "\"confidence\": \"", to: "\"confidence\": \"un"),
    ],
    "calibration-v1": [
      Edit(from: "\"threads\": 2", to: "\"threads\": -2"),
      Edit(from: "\"wall_meter\":", to: "\"wall_metre\":"),
    ],
  ]

  @Test(
    "the schemas take the golden files and refuse them with a key more or less", arguments: names)
  func goldenFiles(name: String) throws {
    guard let validator = Self.validator else {
      NotRun.report("schemas against golden files: check-jsonschema is not installed")
      return
    }
    func outcome(_ file: String) throws -> Int32 {
      try ChildProcess.run(validator, ["--schemafile", Self.schema(name), file]).status
    }
    #expect(try outcome(Self.golden(name)) == 0)
    let text = try SystemRoot.live.text(Self.golden(name))
    let scratch = try TemporaryFolder()
    let edits = try #require(Self.edits[name])
    let common = [
      Edit(from: "\"version\": 1", to: "\"version\": 2"),
      Edit(from: "\"version\": 1", to: "\"colour\": 1, \"version\": 1"),
    ]
    for (index, edit) in (edits + common).enumerated() {
      let edited = text.replacing(edit.from, with: edit.to)
      try #require(edited != text, "the edit \(edit) finds its place")
      let path = "\(scratch.path)/\(index).json"
      try AtomicFile.write(Array(edited.utf8), to: path)
      #expect(try outcome(path) != 0, "\(name): \(edit)")
    }
  }

  @Test("every key of the golden files, however deep, has a place in the schema", arguments: names)
  func keys(name: String) throws {
    let schema = try JSONParser.parse(try SystemRoot.live.bytes(Self.schema(name)))
    let golden = try JSONParser.parse(try SystemRoot.live.bytes(Self.golden(name)))
    #expect(Self.unknownKeys(of: golden, schema, whole: schema) == [])
    // The walk itself can fail: one key more, deep inside, is found.
    guard case .object(var members) = golden,
      let (key, _) = members.first(where: {
        $0.value.members.count > 0 || $0.value.elements.first?.members.isEmpty == false
      })
    else { throw JSONProblem(place: name, message: "nothing inside") }
    members[key] = Self.extended(members[key] ?? .null)
    #expect(Self.unknownKeys(of: .object(members), schema, whole: schema).count == 1)
  }

  private static func extended(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members): .object(members.merging(["zz": .null]) { $1 })
    case .array(let elements): .array([extended(elements[0])] + elements.dropFirst())
    default: value
    }
  }

  /// The keys in a value that its schema does not describe.
  private static func unknownKeys(
    of value: JSONValue, _ schema: JSONValue, whole: JSONValue, at place: String = ""
  ) -> [String] {
    if let reference = schema["$ref"]?.text, let name = reference.split(separator: "/").last {
      return unknownKeys(of: value, whole["$defs"]?[String(name)] ?? .null, whole: whole, at: place)
    }
    if let choices = schema["anyOf"]?.elements, !choices.isEmpty {
      return choices.map { unknownKeys(of: value, $0, whole: whole, at: place) }
        .min { $0.count < $1.count } ?? []
    }
    switch value {
    case .object(let members):
      return members.sorted { $0.key < $1.key }.flatMap { key, member -> [String] in
        let inner = "\(place).\(key)"
        if let known = schema["properties"]?[key] {
          return unknownKeys(of: member, known, whole: whole, at: inner)
        }
        if case .object? = schema["additionalProperties"], let any = schema["additionalProperties"]
        {
          return unknownKeys(of: member, any, whole: whole, at: inner)
        }
        return [inner]
      }
    case .array(let elements):
      guard let items = schema["items"] else { return elements.isEmpty ? [] : [place + "[]"] }
      return elements.flatMap { unknownKeys(of: $0, items, whole: whole, at: place + "[]") }
    default: return []
    }
  }
}
