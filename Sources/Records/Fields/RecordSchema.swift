package import JSON

/// The JSON Schema (2020-12) of a format, made from its field lists.
package struct RecordSchema {
  private let catalogue: RecordCatalogue
  private let root: RecordCatalogue.Entry
  private let name: String
  private let title: String

  /// Of a format whose file is called `name`, such as `result-v1`, with one line for people as its title; the record
  /// that came last into the catalogue is the whole.
  package init(_ catalogue: RecordCatalogue, name: String, title: String) throws(JSONProblem) {
    guard let root = catalogue.entries.last else {
      throw JSONProblem(place: name, message: "has no record")
    }
    self.catalogue = catalogue
    self.root = root
    self.name = name
    self.title = title
  }

  /// The canonical bytes of the schema.
  package var bytes: [UInt8] { JSONWriter.write(document) }

  private var document: JSONValue {
    var schema = object(of: root)
    schema["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
    schema["$id"] = .string("urn:hashwatt:\(name)")
    schema["title"] = .string(title)
    let others = catalogue.entries.filter { $0.name != root.name }
    schema["$defs"] = .object(
      Dictionary(
        others.map { ($0.name, JSONValue.object(object(of: $0))) }, uniquingKeysWith: { $1 }))
    return .object(schema)
  }

  private func object(of entry: RecordCatalogue.Entry) -> [String: JSONValue] {
    var properties: [String: JSONValue] = [:]
    for field in entry.fields {
      var schema = Self.schema(of: field.shape, field.limit)
      schema["description"] = .string(
        field.meaning + (FieldUnit.of(field.key).map { " Unit: \($0)." } ?? ""))
      properties[field.key] = .object(schema)
    }
    return [
      "type": .string("object"), "description": .string(entry.meaning),
      "properties": .object(properties),
      "required": .array(entry.fields.filter { !$0.isOptional }.map { .string($0.key) }),
      "additionalProperties": .bool(false),
    ]
  }

  private static func schema(
    of shape: FieldShape, _ limit: FieldLimit = .none
  ) -> [String: JSONValue] {
    switch shape {
    case .text:
      return limit == .notEmpty
        ? ["type": .string("string"), "minLength": .number("1")] : ["type": .string("string")]
    case .flag: return ["type": .string("boolean")]
    case .number: return ["type": .string("number")].merging(bounds(limit)) { $1 }
    case .whole(let from, let to):
      var schema: [String: JSONValue] = ["type": .string("integer")]
      schema["minimum"] = from
      schema["maximum"] = to
      return schema.merging(bounds(limit)) { $1 }
    case .word(let words): return ["enum": .array(words.map(JSONValue.string))]
    case .decimalText:
      return ["type": .string("string"), "pattern": .string("^(0|[1-9][0-9]{0,19})$")]
    case .hexadecimal: return ["type": .string("string"), "pattern": .string("^[0-9a-f]{64}$")]
    case .hexadecimalBytes:
      return ["type": .string("string"), "pattern": .string("^([0-9a-f]{2})+$")]
    case .fact: return ["type": .array(["number", "string", "boolean"].map(JSONValue.string))]
    case .constant(let value): return ["const": value]
    case .list(let element):
      var schema: [String: JSONValue] = [
        "type": .string("array"), "items": .object(Self.schema(of: element, elementLimit(limit))),
      ]
      if limit == .notEmpty { schema["minItems"] = .number("1") }
      return schema
    case .tuple(let parts):
      let count = JSONValue.number("\(parts.count { !$0.isOptional })")
      return [
        "type": .string("array"), "items": .bool(false), "minItems": count,
        "prefixItems": .array(
          parts.map { part in
            .object(
              Self.schema(of: part.shape).merging(["description": .string(part.name)]) { $1 })
          }),
      ]
    case .map(let value):
      return [
        "type": .string("object"), "additionalProperties": .object(Self.schema(of: value, limit)),
      ]
    case .reading(let value): return either(Self.schema(of: value, limit), unavailable)
    case .nullable(let value):
      return either(Self.schema(of: value, limit), ["type": .string("null")])
    case .either(let shapes):
      return ["anyOf": .array(shapes.map { .object(Self.schema(of: $0)) })]
    case .record(let name): return ["$ref": .string("#/$defs/\(name)")]
    }
  }

  private static func either(
    _ first: [String: JSONValue], _ second: [String: JSONValue]
  ) -> [String: JSONValue] { ["anyOf": .array([.object(first), .object(second)])] }

  /// What stands where a value would, and says why there is none.
  private static let unavailable: [String: JSONValue] = [
    "type": .string("object"), "required": .array([.string("unavailable")]),
    "properties": .object([
      "unavailable": .object(["$ref": .string("#/$defs/reason")])
    ]), "additionalProperties": .bool(false),
  ]

  private static func elementLimit(_ limit: FieldLimit) -> FieldLimit {
    limit == .notEmpty ? .none : limit
  }

  private static func bounds(_ limit: FieldLimit) -> [String: JSONValue] {
    switch limit {
    case .none, .notEmpty: [:]
    case .atLeast(let bound): ["minimum": .number(limit.text(bound))]
    case .above(let bound): ["exclusiveMinimum": .number(limit.text(bound))]
    case .between(let low, let high):
      ["minimum": .number(limit.text(low)), "maximum": .number(limit.text(high))]
    }
  }
}

extension FieldLimit: CustomStringConvertible {
  /// A bound without a point where it is whole.
  package func text(_ bound: Double) -> String {
    Int64(exactly: bound).map(String.init) ?? "\(bound)"
  }

  package var description: String {
    switch self {
    case .none: "anything"
    case .atLeast(let bound): "at least \(text(bound))"
    case .above(let bound): "above \(text(bound))"
    case .between(let low, let high): "from \(text(low)) to \(text(high))"
    case .notEmpty: "with anything in it"
    }
  }
}
