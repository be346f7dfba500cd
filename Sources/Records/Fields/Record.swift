package import JSON
internal import Model

/// A type of the domain as the files spell it, said once.
///
/// `fields` is the one list: run with a reader it decodes, with a writer it encodes, with a describer it gives the JSON
/// Schema and the tables of the document. Domain types know nothing of it, and another version of a format is another
/// list over the same types.
package protocol Record: RecordValue {
  /// What schemas and documents call it: lower case, words joined by `_`.
  static var recordName: String { get }
  /// One sentence for schema and document.
  static var recordMeaning: String { get }

  /// Every field in the order of the document: key, how it is taken from a value, what it means.
  ///
  /// - Returns: the value made of what the fields gave.
  /// - Throws: what is wrong, and where.
  static func fields(_ field: inout some FieldList<Self>) throws(JSONProblem) -> Self
}

/// What goes through the fields of a record one after the other.
///
/// Units stand at the end of a key (`_s`, `_uj`, `_w`; see `FieldUnit`), so that each is said once.
package protocol FieldList<Subject> {
  associatedtype Subject

  /// A field that is always there; `get` is how a writer takes it from a value.
  mutating func callAsFunction<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value, _ meaning: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value

  /// A field that is left out where it does not apply.
  mutating func optional<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value?, _ meaning: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value?

  /// A field that says what the file is, always the same.
  mutating func constant<Value: RecordValue & Equatable>(
    _ key: String, _ value: Value, _ meaning: String
  ) throws(JSONProblem)

  /// The instant from which the file's other instants count; before every field that has one.
  mutating func clockOrigin(
    _ key: String, _ get: (Subject) -> ClockOrigin, _ meaning: String
  ) throws(JSONProblem)

  /// What is wrong with this record as a whole.
  func problem(_ message: String) -> JSONProblem

  /// Refuses a record that no run can have made and no derived number survives; the field at `key` is wrong, or, where
  /// that is nil, the record as a whole.
  func require(
    _ holds: @autoclosure () -> Bool, _ message: @autoclosure () -> String, at key: String?
  ) throws(JSONProblem)
}

extension FieldList {
  package mutating func callAsFunction<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value, _ meaning: String
  ) throws(JSONProblem) -> Value { try self(key, get, meaning, .none) }

  package mutating func optional<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value?, _ meaning: String
  ) throws(JSONProblem) -> Value? { try optional(key, get, meaning, .none) }

  package func require(
    _ holds: @autoclosure () -> Bool, _ message: @autoclosure () -> String
  ) throws(JSONProblem) { try require(holds(), message(), at: nil) }
}

/// What a number or a text must obey; of a list, each of its elements.
package enum FieldLimit: Equatable {
  case none
  case atLeast(Double)
  case above(Double)
  case between(Double, Double)
  /// Of a text: it has a character. Of a list: it has an element.
  case notEmpty
}

/// A value that can be written: a number, a text, a list, a record.
package protocol WrittenValue {
  /// - Throws: `JSONProblem` with the path below this value, where JSON cannot spell it.
  func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue
  /// How JSON spells it; records on the way are added to the catalogue.
  static func shape(_ catalogue: inout RecordCatalogue) throws(JSONProblem) -> FieldShape
}

/// A value that can be written and read again.
package protocol RecordValue: WrittenValue {
  /// - Throws: `JSONProblem` with the path, where the node holds something else.
  static func read(_ node: RecordNode) throws(JSONProblem) -> Self
  /// A value with every optional field, whose numbers occur nowhere else in what it is a part of.
  static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> Self
  /// Whether the value obeys the limit.
  func obeys(_ limit: FieldLimit) -> Bool
}

extension RecordValue {
  package func obeys(_ limit: FieldLimit) -> Bool { true }
}

/// What values of a file share while they are written.
package struct RecordContext {
  package var clock = ClockOrigin(instant: Instant(nanoseconds: 0))
}

/// What values of a file share while they are read.
package final class RecordReading {
  package let document: JSONDocument
  package var clock = ClockOrigin(instant: Instant(nanoseconds: 0))

  package init(_ document: JSONDocument) { self.document = document }
}

/// One value of a file that is read.
package struct RecordNode {
  package let reading: RecordReading
  package let index: Int

  package var document: JSONDocument { reading.document }
  package var kind: JSONNode.Kind { document.kind(index) }

  package func problem(_ message: String) -> JSONProblem { document.problem(message, at: index) }

  /// The value of one key; nil where there is none, or where this is no object.
  package func member(_ key: String) -> RecordNode? {
    document.value(of: key, in: index).map { RecordNode(reading: reading, index: $0) }
  }

  package func at(_ index: Int) -> RecordNode { RecordNode(reading: reading, index: index) }
}

extension Record {
  /// The value that a document stands for, which takes up everything in it but nulls.
  ///
  /// - Throws: `JSONProblem` with the path of the first thing that is missing, of the wrong kind, or not known.
  package static func decode(_ document: JSONDocument) throws(JSONProblem) -> Self {
    try read(RecordNode(reading: RecordReading(document), index: 0))
  }

  /// The tree of a value.
  ///
  /// - Throws: `JSONProblem` with the path of a number that JSON cannot spell.
  package func encoded() throws(JSONProblem) -> JSONValue { try written(RecordContext()) }

  package static func read(_ node: RecordNode) throws(JSONProblem) -> Self {
    var reader = try RecordReader<Self>(node)
    let value = try fields(&reader)
    try reader.finish()
    return value
  }

  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    var writer = RecordWriter(self, context)
    _ = try Self.fields(&writer)
    return .object(writer.members)
  }

  package static func shape(_ catalogue: inout RecordCatalogue) throws(JSONProblem) -> FieldShape {
    try catalogue.add(Self.self)
    return .record(recordName)
  }

  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> Self {
    var describer = RecordDescriber<Self>(numbers: numbers)
    defer { numbers = describer.numbers }
    return try fields(&describer)
  }
}
