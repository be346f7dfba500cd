internal import JSON
internal import Model
internal import Text

/// Reads one object by naming its fields, and gathers what it was asked for.
///
/// The same function that reads a file, run over nothing, so yields the file's schema: the field list is written once.
final class FieldReader {
  /// What one field may hold, for the schema.
  struct Field {
    let key: String
    let isRequired: Bool
    let schema: [String: JSONValue]
  }

  /// Nil while a schema is gathered.
  private let members: [String: JSONValue]?
  private let path: String
  private(set) var fields: [Field] = []
  private var asked: Set<String> = []

  private init(members: [String: JSONValue]?, path: String) {
    self.members = members
    self.path = path
  }

  /// Reads an object strictly: a key that was not asked for is refused.
  static func read<Value>(
    _ value: JSONValue, path: String, _ body: (FieldReader) throws(JSONProblem) -> Value
  ) throws(JSONProblem) -> Value {
    guard case .object(let members) = value else {
      throw JSONProblem(place: path, message: "\(value.kindName) where an object belongs")
    }
    let reader = FieldReader(members: members, path: path)
    let result = try body(reader)
    let unknown = members.keys.filter { !reader.asked.contains($0) }.sorted()
    if let first = unknown.first {
      let near = Suggestion.nearest(to: first, among: reader.asked.sorted())
      throw JSONProblem(
        place: reader.place(first),
        message: "a key that this version does not have"
          + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
    return result
  }

  /// The schema of the object that a function reads.
  static func schema<Value>(
    _ body: (FieldReader) throws(JSONProblem) -> Value
  ) -> [String: JSONValue] {
    let probe = FieldReader(members: nil, path: "")
    _ = try? body(probe)
    return [
      "type": .string("object"), "additionalProperties": .bool(false),
      "properties": .object(
        Dictionary(probe.fields.map { ($0.key, .object($0.schema)) }) { first, _ in first }),
      "required": .array(
        probe.fields.filter(\.isRequired).map(\.key).sorted().map(JSONValue.string)),
    ]
  }

  var isProbe: Bool { members == nil }

  func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func problem(_ key: String, _ message: String) -> JSONProblem {
    JSONProblem(place: place(key), message: message)
  }

  // MARK: - Fields

  /// A field that may be missing; `null` counts as missing.
  func optional<Value>(
    _ key: String, _ kind: FieldKind<Value>, _ help: String
  ) throws(JSONProblem) -> Value? {
    note(key, kind.schema, help, isRequired: false)
    guard let value = members?[key], value != .null else { return nil }
    return try kind.read(value, place(key))
  }

  func required<Value>(
    _ key: String, _ kind: FieldKind<Value>, _ help: String
  ) throws(JSONProblem) -> Value {
    note(key, kind.schema, help, isRequired: true)
    guard let members else { return kind.example }
    guard let value = members[key] else {
      throw JSONProblem(place: path, message: "the key \"\(key)\" is missing")
    }
    return try kind.read(value, place(key))
  }

  func value<Value>(
    _ key: String, _ kind: FieldKind<Value>, or fallback: Value, _ help: String
  ) throws(JSONProblem) -> Value {
    try optional(key, kind, help) ?? fallback
  }

  private func note(
    _ key: String, _ schema: [String: JSONValue], _ help: String, isRequired: Bool
  ) {
    asked.insert(key)
    guard isProbe else { return }
    var schema = schema
    schema["description"] = .string(help)
    fields.append(Field(key: key, isRequired: isRequired, schema: schema))
  }
}

/// What a field holds: how it is read, what its schema says, and a value for gathering schemas.
struct FieldKind<Value> {
  let schema: [String: JSONValue]
  let example: Value
  let read: (JSONValue, String) throws(JSONProblem) -> Value

  func map<Other>(
    example: Other, schema: [String: JSONValue]? = nil, _ message: String,
    _ transform: @escaping (Value) -> Other?
  ) -> FieldKind<Other> {
    FieldKind<Other>(schema: schema ?? self.schema, example: example) {
      value, place throws(JSONProblem) in
      guard let other = transform(try read(value, place)) else {
        throw JSONProblem(place: place, message: message)
      }
      return other
    }
  }
}

extension FieldKind where Value == Double {
  static func number(_ low: Double? = nil, _ high: Double? = nil) -> FieldKind<Double> {
    var schema: [String: JSONValue] = ["type": .string("number")]
    if let low { schema["minimum"] = low.json }
    if let high { schema["maximum"] = high.json }
    return FieldKind(schema: schema, example: low ?? 1) { value, place throws(JSONProblem) in
      guard let number = Double(json: value) else {
        throw JSONProblem(place: place, message: "\(value.kindName) where \(Double.wanted) belongs")
      }
      guard number >= low ?? number, number <= high ?? number else {
        throw JSONProblem(
          place: place,
          message:
            "\(number) is outside \(low.map { "\($0)" } ?? "...") to \(high.map { "\($0)" } ?? "...")"
        )
      }
      return number
    }
  }
}

extension FieldKind where Value == UInt64 {
  static func whole(_ range: ClosedRange<UInt64>) -> FieldKind<UInt64> {
    let schema: [String: JSONValue] = [
      "type": .string("integer"), "minimum": range.lowerBound.jsonNumber,
      "maximum": range.upperBound.jsonNumber,
    ]
    return FieldKind(schema: schema, example: range.lowerBound) {
      value, place throws(JSONProblem) in
      guard let number = UInt64(json: value), range.contains(number) else {
        throw JSONProblem(
          place: place,
          message:
            "not a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }
}

extension FieldKind where Value == Int {
  static func int(_ range: ClosedRange<Int>) -> FieldKind<Int> {
    let schema: [String: JSONValue] = [
      "type": .string("integer"), "minimum": range.lowerBound.jsonNumber,
      "maximum": range.upperBound.jsonNumber,
    ]
    return FieldKind(schema: schema, example: range.lowerBound) {
      value, place throws(JSONProblem) in
      guard let number = Int(json: value), range.contains(number) else {
        throw JSONProblem(
          place: place,
          message:
            "not a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }
}

extension FieldKind where Value == Bool {
  static var flag: FieldKind<Bool> {
    FieldKind(schema: ["type": .string("boolean")], example: false) {
      value, place throws(JSONProblem) in
      guard case .bool(let flag) = value else {
        throw JSONProblem(place: place, message: "\(value.kindName) where true or false belongs")
      }
      return flag
    }
  }
}

extension FieldKind where Value == String {
  /// A text of up to so many bytes.
  static func text(_ limit: Int = 2000) -> FieldKind<String> {
    FieldKind(
      schema: ["type": .string("string"), "maxLength": limit.jsonNumber], example: ""
    ) { value, place throws(JSONProblem) in
      guard case .string(let text) = value else {
        throw JSONProblem(place: place, message: "\(value.kindName) where a text belongs")
      }
      guard text.utf8.count <= limit else {
        throw JSONProblem(place: place, message: "a text of more than \(limit) bytes")
      }
      return text
    }
  }

  static func constant(_ word: String) -> FieldKind<String> {
    FieldKind(schema: ["const": .string(word)], example: word) { value, place throws(JSONProblem) in
      guard value == .string(word) else {
        throw JSONProblem(place: place, message: "not \"\(word)\"")
      }
      return word
    }
  }
}

extension FieldKind {
  /// One of the words of an enumeration.
  static func word(
    _ type: Value.Type
  ) -> FieldKind<Value>
  where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    guard let first = Value.allCases.first else { preconditionFailure("an enumeration has words") }
    return FieldKind<String>.text(100).map(
      example: first,
      schema: ["type": .string("string"), "enum": .array(words.map(JSONValue.string))],
      "not one of \(words.joined(separator: ", "))"
    ) { Value(rawValue: $0) }
  }

  static func list<Element>(
    _ element: FieldKind<Element>, _ count: ClosedRange<Int>
  ) -> FieldKind<[Element]> where Value == [Element] {
    FieldKind(
      schema: [
        "type": .string("array"), "items": .object(element.schema),
        "minItems": count.lowerBound.jsonNumber, "maxItems": count.upperBound.jsonNumber,
      ], example: [element.example]
    ) { value, place throws(JSONProblem) in
      guard case .array(let elements) = value else {
        throw JSONProblem(place: place, message: "\(value.kindName) where a list belongs")
      }
      guard count.contains(elements.count) else {
        throw JSONProblem(
          place: place,
          message:
            "\(elements.count) elements where \(count.lowerBound) to \(count.upperBound) belong")
      }
      var result: [Element] = []
      for (index, element_) in elements.enumerated() {
        result.append(try element.read(element_, "\(place)[\(index)]"))
      }
      return result
    }
  }

  /// An object with named fields.
  static func object(
    _ body: @escaping (FieldReader) throws(JSONProblem) -> Value
  ) -> FieldKind<Value> {
    let probe = FieldReader.schema(body)
    guard let example = FieldReader.example(body) else {
      preconditionFailure("a field list reads its own examples")
    }
    return FieldKind(schema: probe, example: example) { value, place throws(JSONProblem) in
      try FieldReader.read(value, path: place, body)
    }
  }
}

extension FieldReader {
  /// What a function makes of nothing.
  static func example<Value>(_ body: (FieldReader) throws(JSONProblem) -> Value) -> Value? {
    try? body(FieldReader(members: nil, path: ""))
  }
}

extension JSONValue {
  /// For errors.
  var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// One of the formats of a purchase: its name, its version and its fields.
struct PurchaseFormat<Value>: Sendable {
  let name: String
  let version: Int
  let title: String
  let fields: @Sendable (FieldReader) throws(JSONProblem) -> Value

  /// The largest file that is read.
  static var byteLimit: Int { 16 << 20 }

  /// Reads a file; `name` is what errors call it.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  func decode(_ bytes: [UInt8], name file: String) throws(Failure) -> Value {
    do {
      return try read(bytes, file)
    } catch {
      // Programs know it by its first word, as they know a refusal.
      throw Failure(error.exitCode, "file-invalid: \(error.message)", remedy: error.remedy)
    }
  }

  private func read(_ bytes: [UInt8], _ file: String) throws(Failure) -> Value {
    guard bytes.count <= Self.byteLimit else {
      throw Failure(
        .badInput, "\(file): more than \(Self.byteLimit >> 20) MiB",
        remedy: "give a file of the format \(name)")
    }
    let document = try FormatHeader.parse(bytes, name: file)
    try FormatHeader.check(document, name: file, format: name, newest: version)
    do {
      return try FieldReader.read(document.tree(), path: "", whole)
    } catch {
      throw FormatHeader.failure(
        file, error, remedy: "see profiles/schema/\(name.dropFirst(9))-v\(version).schema.json")
    }
  }

  /// The JSON Schema (2020-12) of the format.
  var schema: [UInt8] {
    var schema = FieldReader.schema(whole)
    schema["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
    schema["title"] = .string(title)
    return JSONWriter.write(.object(schema))
  }

  private func whole(_ reader: FieldReader) throws(JSONProblem) -> Value {
    _ = try reader.required("format", .constant(name), "The name of this format.")
    _ = try reader.required("version", .int(version...version), "The version of this format.")
    return try fields(reader)
  }
}

/// Whole numbers are always spelled in JSON.
extension FixedWidthInteger {
  var jsonNumber: JSONValue { .number(description) }
}
