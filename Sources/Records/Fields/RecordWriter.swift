package import JSON
internal import Model

/// Writes the fields of one value.
package struct RecordWriter<Subject: Record>: FieldList {
  private let value: Subject
  private var context: RecordContext
  package private(set) var members: [String: JSONValue] = [:]

  package init(_ value: Subject, _ context: RecordContext) {
    self.value = value
    self.context = context
  }

  package mutating func callAsFunction<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value, _ meaning: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value { try write(key, get(value)) }

  package mutating func optional<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value?, _ meaning: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value? {
    guard let value = get(value) else { return nil }
    return try write(key, value)
  }

  package mutating func constant<Value: RecordValue & Equatable>(
    _ key: String, _ value: Value, _ meaning: String
  ) throws(JSONProblem) { _ = try write(key, value) }

  package mutating func clockOrigin(
    _ key: String, _ get: (Subject) -> ClockOrigin, _ meaning: String
  ) throws(JSONProblem) {
    context.clock = get(value)
    _ = try write(key, DecimalDigits(value: context.clock.instant.nanoseconds))
  }

  package func problem(_ message: String) -> JSONProblem {
    JSONProblem(place: "", message: message)
  }

  /// What was measured is written, whatever it is; whoever reads it judges.
  package func require(
    _ holds: @autoclosure () -> Bool, _ message: @autoclosure () -> String, at key: String?
  ) throws(JSONProblem) {}

  private mutating func write<Value: RecordValue>(
    _ key: String, _ value: Value
  ) throws(JSONProblem) -> Value {
    do {
      members[key] = try value.written(context)
    } catch {
      throw error.inside(key)
    }
    return value
  }
}
