/// A JSON text as a tree; numbers keep their digits, so that no integer passes through a floating-point number.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The number's text, as JSON spells it.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The value of one key of an object; nil for anything else.
  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }
}

/// Something in a file that is not as the format wants it, and where.
package struct JSONProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// A line and column, or a path such as `samples[3].hashes`; empty for the whole file.
  package let place: String
  package let message: String

  package init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  package var description: String { place.isEmpty ? message : "at \(place): \(message)" }
}

/// The path of coding keys as a person writes it: `samples[3].hashes`.
func pathText(_ path: [any CodingKey]) -> String {
  path.reduce(into: "") { text, key in
    if let index = key.intValue {
      text += "[\(index)]"
    } else {
      text += (text.isEmpty ? "" : ".") + key.stringValue
    }
  }
}

/// A key made while coding: an index of a list, or a name that is data.
struct PlainKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(index: Int) {
    stringValue = "\(index)"
    intValue = index
  }

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init?(intValue: Int) { self.init(index: intValue) }
}
