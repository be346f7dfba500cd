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

  /// One element of a list; nil for anything else, and beyond the end.
  package subscript(index: Int) -> JSONValue? {
    if case .array(let elements) = self, elements.indices.contains(index) {
      elements[index]
    } else {
      nil
    }
  }

  /// The members of an object; none for anything else.
  package var members: [String: JSONValue] {
    if case .object(let members) = self { members } else { [:] }
  }

  /// The elements of a list; none for anything else.
  package var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

  /// A number as the nearest 64-bit floating-point number; nil for anything else, and beyond their range.
  package var double: Double? { Double(json: self) }

  /// A whole number without sign, fraction or exponent; nil for anything else, and from 2^64 on.
  package var wholeNumber: UInt64? { UInt64(json: self) }

  package var text: String? { String(json: self) }
  package var flag: Bool? { Bool(json: self) }
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
