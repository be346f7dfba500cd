package import JSON

/// One field as schema and document tell it.
package struct FieldDescription: Equatable {
  package let key: String
  package let shape: FieldShape
  package let isOptional: Bool
  package let meaning: String
  package let limit: FieldLimit
}

/// How JSON spells a value.
package indirect enum FieldShape: Equatable {
  case text
  case flag
  /// A fraction or not.
  case number
  case whole(from: JSONValue?, to: JSONValue?)
  /// One of a closed list of words.
  case word([String])
  /// A whole number below 2^64 as decimal text.
  case decimalText
  /// Thirty-two bytes.
  case hexadecimal
  /// Any bytes, at least one.
  case hexadecimalBytes
  /// A number, a text or a flag: a fact of a machine.
  case fact
  /// Always the same.
  case constant(JSONValue)
  case list(FieldShape)
  /// A list of so many values without keys, in the order told; the last ones may be left out where they are optional.
  case tuple([Part])
  /// An object whose keys are data.
  case map(FieldShape)
  /// The value, or why there is none.
  case reading(FieldShape)
  /// The value, or null for "known, and there is none".
  case nullable(FieldShape)
  /// One of several.
  case either([FieldShape])
  /// A record of the catalogue, by name.
  case record(String)

  package struct Part: Equatable {
    let name: String
    let shape: FieldShape
    var isOptional = false
  }
}

/// The records of a format, each once, with their fields.
package struct RecordCatalogue {
  package struct Entry {
    let name: String
    let meaning: String
    let fields: [FieldDescription]
  }

  /// Each after those that it is made of.
  package private(set) var entries: [Entry] = []

  package mutating func add<Subject: Record>(_ type: Subject.Type) throws(JSONProblem) {
    guard entry(type.recordName) == nil else { return }
    var describer = RecordDescriber<Subject>(catalogue: self)
    _ = try type.fields(&describer)
    entries = describer.catalogue.entries
    entries.append(
      Entry(name: type.recordName, meaning: type.recordMeaning, fields: describer.fields))
  }

  package mutating func add<Subject: PrintedRecord>(_ type: Subject.Type) throws(JSONProblem) {
    guard entry(type.recordName) == nil else { return }
    var describer = PrintedDescriber<Subject>(catalogue: self)
    try type.fields(&describer)
    entries = describer.catalogue.entries
    entries.append(
      Entry(name: type.recordName, meaning: type.recordMeaning, fields: describer.fields))
  }

  package func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  /// The fields of one record.
  package static func fields<Subject: Record>(
    of type: Subject.Type
  ) throws(JSONProblem) -> [FieldDescription] {
    var describer = RecordDescriber<Subject>()
    _ = try type.fields(&describer)
    return describer.fields
  }
}

/// Numbers of examples, each once.
package struct ExampleNumbers {
  /// Examples of two variants differ in everything, words included.
  package let variant: Int
  private var last: Int

  package init(variant: Int) {
    self.variant = variant
    last = variant * 10_000
  }

  package mutating func next() -> Int {
    last += 1
    return last
  }
}

/// Notes the fields, and gives each an example of its type.
package struct RecordDescriber<Subject: Record>: FieldList {
  package fileprivate(set) var catalogue: RecordCatalogue
  package private(set) var numbers: ExampleNumbers
  package private(set) var fields: [FieldDescription] = []

  package init(
    catalogue: RecordCatalogue = RecordCatalogue(),
    numbers: ExampleNumbers = ExampleNumbers(variant: 0)
  ) {
    self.catalogue = catalogue
    self.numbers = numbers
  }

  package mutating func callAsFunction<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value, _ meaning: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value {
    try note(key, Value.shape(&catalogue), false, meaning, limit)
    return try Value.example(&numbers)
  }

  package mutating func optional<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value?, _ meaning: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value? {
    try note(key, Value.shape(&catalogue), true, meaning, limit)
    return try Value.example(&numbers)
  }

  package mutating func constant<Value: RecordValue & Equatable>(
    _ key: String, _ value: Value, _ meaning: String
  ) throws(JSONProblem) {
    try note(key, .constant(value.written(RecordContext())), false, meaning, .none)
  }

  package mutating func clockOrigin(
    _ key: String, _ get: (Subject) -> ClockOrigin, _ meaning: String
  ) throws(JSONProblem) { note(key, .decimalText, false, meaning, .none) }

  package func problem(_ message: String) -> JSONProblem {
    JSONProblem(place: "", message: message)
  }

  package func require(
    _ holds: @autoclosure () -> Bool, _ message: @autoclosure () -> String, at key: String?
  ) throws(JSONProblem) {}

  private mutating func note(
    _ key: String, _ shape: FieldShape, _ isOptional: Bool, _ meaning: String, _ limit: FieldLimit
  ) {
    fields.append(
      FieldDescription(
        key: key, shape: shape, isOptional: isOptional, meaning: meaning, limit: limit))
  }
}
