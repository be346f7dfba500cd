/// A JSON document whose members keep the order in which they are given.
package indirect enum JSONText: Hashable, Sendable {
  case object([Member])
  case array([JSONText])
  case string(String)
  case number(Double)
  case integer(Int)
  case flag(Bool)
  case null

  package struct Member: Hashable, Sendable {
    package let key: String
    package let value: JSONText
    package init(_ key: String, _ value: JSONText) {
      self.key = key
      self.value = value
    }
  }

  /// `null` for nil and for what JSON cannot write.
  package static func optional(_ number: Double?) -> JSONText {
    number.map { $0.isFinite ? .number($0) : .null } ?? .null
  }

  package static func optional(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }
  package static func optional(_ integer: Int?) -> JSONText {
    integer.map { .integer($0) } ?? .null
  }
  package static func optional(_ flag: Bool?) -> JSONText { flag.map { .flag($0) } ?? .null }

  /// The document with two spaces of indentation and a line end at its end.
  package var document: String { text(indent: "") + "\n" }

  private func text(indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      let lines = members.map { "\(inner)\(Self.quoted($0.key)): \($0.value.text(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    case .array(let elements):
      guard !elements.isEmpty else { return "[]" }
      return "[\n" + elements.map { inner + $0.text(indent: inner) }.joined(separator: ",\n")
        + "\n\(indent)]"
    case .string(let text): return Self.quoted(text)
    case .number(let number): return NumberText.plain(number)
    case .integer(let integer): return String(integer)
    case .flag(let flag): return flag ? "true" : "false"
    case .null: return "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        let isHidden =
          scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
          || (0x200b...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        if isHidden {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

/// Numbers for programs: every digit that the value has.
package enum NumberText {
  /// Whole numbers without a point, others with as many digits as give the same value back.
  package static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 9e15 ? String(Int64(value)) : "\(value)"
  }
}
