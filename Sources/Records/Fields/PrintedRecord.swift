package import JSON

/// A report as a document for programs spells it, said once: what a record is to a file, but never read again.
package protocol PrintedRecord: WrittenValue {
  static var recordName: String { get }
  static var recordMeaning: String { get }

  /// Every field in the order of the document.
  static func fields(_ field: inout some PrintedList<Self>) throws(JSONProblem)
}

/// What goes through the fields of a report one after the other.
package protocol PrintedList<Subject> {
  associatedtype Subject

  /// A field that is always there; of an optional, null says that there is none.
  mutating func callAsFunction<Value: WrittenValue>(
    _ key: String, _ get: (Subject) -> Value, _ meaning: String
  ) throws(JSONProblem)

  /// A field that is left out where it does not apply.
  mutating func optional<Value: WrittenValue>(
    _ key: String, _ get: (Subject) -> Value?, _ meaning: String
  ) throws(JSONProblem)

  /// A field that says what the document is, always the same.
  mutating func constant<Value: WrittenValue>(
    _ key: String, _ value: Value, _ meaning: String
  ) throws(JSONProblem)
}

extension PrintedRecord {
  /// The canonical text of the document.
  ///
  /// - Throws: `JSONProblem` with the path of a number that JSON cannot spell.
  package func document() throws(JSONProblem) -> String {
    String(decoding: JSONWriter.write(try written(RecordContext())), as: UTF8.self)
  }

  /// The fields with their values in the order of the list, for formats that have an order.
  ///
  /// - Throws: `JSONProblem` with the path of a number that JSON cannot spell.
  package func members() throws(JSONProblem) -> [(key: String, value: JSONValue)] {
    var writer = PrintedWriter(self)
    try Self.fields(&writer)
    return writer.members
  }

  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    .object(
      Dictionary(try members().map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }

  package static func shape(
    _ catalogue: inout RecordCatalogue
  ) throws(JSONProblem) -> FieldShape {
    try catalogue.add(Self.self)
    return .record(recordName)
  }

  /// The keys in the order of the list.
  ///
  /// - Throws: what the list throws; a list of a report throws nothing when it is described.
  package static func keys() throws(JSONProblem) -> [String] {
    var describer = PrintedDescriber<Self>(catalogue: RecordCatalogue())
    try fields(&describer)
    return describer.fields.map(\.key)
  }
}

/// Writes the fields of one report.
struct PrintedWriter<Subject: PrintedRecord>: PrintedList {
  private let value: Subject
  private(set) var members: [(key: String, value: JSONValue)] = []

  init(_ value: Subject) { self.value = value }

  mutating func callAsFunction<Value: WrittenValue>(
    _ key: String, _ get: (Subject) -> Value, _ meaning: String
  ) throws(JSONProblem) { try write(key, get(value)) }

  mutating func optional<Value: WrittenValue>(
    _ key: String, _ get: (Subject) -> Value?, _ meaning: String
  ) throws(JSONProblem) {
    if let value = get(value) { try write(key, value) }
  }

  mutating func constant<Value: WrittenValue>(
    _ key: String, _ value: Value, _ meaning: String
  ) throws(JSONProblem) { try write(key, value) }

  private mutating func write(_ key: String, _ value: some WrittenValue) throws(JSONProblem) {
    do {
      members.append((key, try value.written(RecordContext())))
    } catch {
      throw error.inside(key)
    }
  }
}

/// Notes the fields of a report.
struct PrintedDescriber<Subject: PrintedRecord>: PrintedList {
  private(set) var catalogue: RecordCatalogue
  private(set) var fields: [FieldDescription] = []

  init(catalogue: RecordCatalogue) { self.catalogue = catalogue }

  mutating func callAsFunction<Value: WrittenValue>(
    _ key: String, _ get: (Subject) -> Value, _ meaning: String
  ) throws(JSONProblem) { note(key, try Value.shape(&catalogue), false, meaning) }

  mutating func optional<Value: WrittenValue>(
    _ key: String, _ get: (Subject) -> Value?, _ meaning: String
  ) throws(JSONProblem) { note(key, try Value.shape(&catalogue), true, meaning) }

  mutating func constant<Value: WrittenValue>(
    _ key: String, _ value: Value, _ meaning: String
  ) throws(JSONProblem) {
    note(key, .constant(try value.written(RecordContext())), false, meaning)
  }

  private mutating func note(
    _ key: String, _ shape: FieldShape, _ isOptional: Bool, _ meaning: String
  ) {
    fields.append(
      FieldDescription(
        key: key, shape: shape, isOptional: isOptional, meaning: meaning, limit: .none))
  }
}
