package import JSON
internal import Model

/// Reads the fields of one object, strictly.
package struct RecordReader<Subject: Record>: FieldList {
  private let node: RecordNode
  /// Keys of the object that were asked for.
  private var seen = 0

  package init(_ node: RecordNode) throws(JSONProblem) {
    guard node.kind == .object else {
      throw node.problem("\(node.document.kindName(node.index)) where an object belongs")
    }
    self.node = node
  }

  package mutating func callAsFunction<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value, _ meaning: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value { try required(key, limit) }

  package mutating func optional<Value: RecordValue>(
    _ key: String, _ get: (Subject) -> Value?, _ meaning: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value? {
    guard let member = node.member(key) else { return nil }
    seen += 1
    // A null says the same as absence.
    return member.kind == .null ? nil : try checked(member, limit)
  }

  package mutating func constant<Value: RecordValue & Equatable>(
    _ key: String, _ value: Value, _ meaning: String
  ) throws(JSONProblem) {
    let found: Value = try required(key, .none)
    try require(found == value, "is not \(value)", at: key)
  }

  package mutating func clockOrigin(
    _ key: String, _ get: (Subject) -> ClockOrigin, _ meaning: String
  ) throws(JSONProblem) {
    let origin: DecimalDigits = try required(key, .none)
    node.reading.clock = ClockOrigin(instant: Instant(nanoseconds: origin.value))
  }

  package func problem(_ message: String) -> JSONProblem { node.problem(message) }

  package func require(
    _ holds: @autoclosure () -> Bool, _ message: @autoclosure () -> String, at key: String?
  ) throws(JSONProblem) {
    if holds() { return }
    throw (key.flatMap(node.member) ?? node).problem(message())
  }

  /// Refuses keys that nothing asked for.
  ///
  /// A null says the same as the absence of its key, so that it may be passed over.
  package func finish() throws(JSONProblem) {
    let document = node.document
    guard document.memberCount(node.index) != seen else { return }
    let known = Set(try RecordCatalogue.fields(of: Subject.self).map(\.key))
    for member in document.members(node.index)
    where document.kind(member.value) != .null && !known.contains(document.text(member.key)) {
      throw document.problem("a key that this version does not have", at: member.value)
    }
  }

  private mutating func required<Value: RecordValue>(
    _ key: String, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value {
    guard let member = node.member(key) else {
      throw node.problem("the key \"\(key)\" is missing")
    }
    seen += 1
    return try checked(member, limit)
  }

  private func checked<Value: RecordValue>(
    _ member: RecordNode, _ limit: FieldLimit
  ) throws(JSONProblem) -> Value {
    let value = try Value.read(member)
    if case .none = limit { return value }
    guard value.obeys(limit) else { throw member.problem("is not \(limit)") }
    return value
  }
}
