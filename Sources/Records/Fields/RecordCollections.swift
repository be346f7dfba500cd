package import JSON
package import Model

extension Array: WrittenValue where Element: WrittenValue {
  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    var elements: [JSONValue] = []
    elements.reserveCapacity(count)
    for (index, element) in enumerated() {
      do {
        elements.append(try element.written(context))
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    return .array(elements)
  }

  package static func shape(_ catalogue: inout RecordCatalogue) throws(JSONProblem) -> FieldShape {
    .list(try Element.shape(&catalogue))
  }
}

extension Array: RecordValue where Element: RecordValue {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> [Element] {
    let document = node.document
    guard node.kind == .array else {
      throw node.problem("\(document.kindName(node.index)) where a list belongs")
    }
    var elements: [Element] = []
    let end = document.after(node.index)
    var index = node.index + 1
    while index < end {
      elements.append(try Element.read(node.at(index)))
      index = document.after(index)
    }
    return elements
  }

  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> [Element] {
    [try Element.example(&numbers)]
  }

  package func obeys(_ limit: FieldLimit) -> Bool {
    limit == .notEmpty ? !isEmpty : allSatisfy { $0.obeys(limit) }
  }
}

/// A key of an object whose keys are data.
package protocol RecordKey: Hashable {
  var rawValue: String { get }
  init(rawValue: String)
}

extension String: RecordKey {
  package var rawValue: String { self }
  package init(rawValue: String) { self = rawValue }
}

extension CPUSetting: RecordKey {}
extension DeviceFact: RecordKey {}
extension MeterID: RecordKey {}
extension StateFact: RecordKey {}
extension WorkerFact: RecordKey {}

/// An object whose keys are data.
extension Dictionary: WrittenValue where Key: RecordKey, Value: WrittenValue {
  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for (key, value) in self {
      do {
        members[key.rawValue] = try value.written(context)
      } catch {
        throw error.inside(key.rawValue)
      }
    }
    return .object(members)
  }

  package static func shape(_ catalogue: inout RecordCatalogue) throws(JSONProblem) -> FieldShape {
    .map(try Value.shape(&catalogue))
  }
}

extension Dictionary: RecordValue where Key: RecordKey, Value: RecordValue {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> [Key: Value] {
    let document = node.document
    guard node.kind == .object else {
      throw node.problem("\(document.kindName(node.index)) where an object belongs")
    }
    // A state of a machine has some 40 facts.
    var members = [Key: Value](minimumCapacity: 64)
    var key = node.index + 1
    while key < document.after(node.index) {
      members[Key(rawValue: document.text(key))] = try Value.read(node.at(key + 1))
      key = document.after(key + 1)
    }
    return members
  }

  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> [Key: Value] {
    [Key(rawValue: String.example(&numbers)): try Value.example(&numbers)]
  }
}

/// JSON's null: known, and there is none.
extension Optional: WrittenValue where Wrapped: WrittenValue {
  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    guard let self else { return .null }
    return try self.written(context)
  }

  package static func shape(_ catalogue: inout RecordCatalogue) throws(JSONProblem) -> FieldShape {
    .nullable(try Wrapped.shape(&catalogue))
  }
}

extension Optional: RecordValue where Wrapped: RecordValue {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Wrapped? {
    node.kind == .null ? nil : try Wrapped.read(node)
  }
  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> Wrapped? {
    try Wrapped.example(&numbers)
  }
}

/// A value, or `{"unavailable": {"code": ..., "message": ...}}`.
extension Reading: WrittenValue where Value: WrittenValue {
  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    switch self {
    case .value(let value): return try value.written(context)
    case .unavailable(let reason):
      return .object(["unavailable": try reason.written(context)])
    }
  }

  package static func shape(_ catalogue: inout RecordCatalogue) throws(JSONProblem) -> FieldShape {
    _ = try Reason.shape(&catalogue)
    return .reading(try Value.shape(&catalogue))
  }
}

extension Reading: RecordValue where Value: RecordValue {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Reading<Value> {
    guard let reason = node.member("unavailable") else { return .value(try Value.read(node)) }
    let document = node.document
    for member in document.members(node.index) where member.value != reason.index {
      throw document.problem("a key that this version does not have", at: member.value)
    }
    return .unavailable(try Reason.read(reason))
  }

  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> Reading<Value>
  {
    .value(try Value.example(&numbers))
  }

  package func obeys(_ limit: FieldLimit) -> Bool { value?.obeys(limit) ?? true }
}

/// A fact of a machine or device: whole number, number, text or flag, told apart by how JSON spells it.
extension StateValue: RecordValue {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> StateValue {
    switch node.kind {
    case .true: return .flag(true)
    case .false: return .flag(false)
    case .string, .escapedString: return .text(node.document.text(node.index))
    case .number:
      if let whole = node.document.wholeNumber(node.index), let integer = Int64(exactly: whole) {
        return .integer(integer)
      }
      if let integer = Int64(token: node.index, of: node.document) { return .integer(integer) }
      return .number(try Double.read(node))
    case .null, .array, .object:
      throw node.problem("neither a number, a text, true nor false")
    }
  }

  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    switch self {
    case .integer(let value): .number(String(value))
    case .number(let value): try value.written(context)
    case .text(let value): .string(value)
    case .flag(let value): .bool(value)
    }
  }

  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .fact }
  package static func example(_ numbers: inout ExampleNumbers) -> StateValue {
    .number(Double.example(&numbers))
  }
}

/// Why something is not there.
extension Reason: Record {
  package static var recordName: String { "reason" }
  package static var recordMeaning: String { "Why something is not there, or stands out." }

  package static func fields(_ field: inout some FieldList<Reason>) throws(JSONProblem) -> Reason {
    Reason(
      try field("code", \.code, "A stable word for programs, such as `permission`."),
      try field("message", \.message, "One sentence for people, with the facts in it."),
      remedy: try field.optional("remedy", \.remedy, "What mends it."))
  }
}
