/// Writes a tree in the one canonical layout, so that equal trees give equal bytes.
///
/// Keys are sorted by their UTF-8 bytes; two spaces a level; a list or object whose text fits into `width` columns
/// where it stands is on one line, else each element has its own; what JSON demands and what is invisible is escaped,
/// nothing else; one newline at the end.
package enum JSONWriter {
  static let width = 100

  /// The canonical bytes.
  package static func write(_ value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    write(value, indent: 0, column: 0, to: &bytes)
    bytes.append(0x0a)
    return bytes
  }

  /// One object on one line without spaces or a line end, its members in the order given: the lines of a log.
  package static func line(_ members: KeyValuePairs<String, JSONValue>) -> String {
    line(members.map { ($0.key, $0.value) })
  }

  /// One object on one line without spaces or a line end, its members in the order given: the lines of a log.
  package static func line(_ members: [(key: String, value: JSONValue)]) -> String {
    var bytes: [UInt8] = []
    writeCompactly(members, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func writeCompactly(
    _ members: [(key: String, value: JSONValue)], to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      writeString(member.key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      writeCompactly(member.value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func writeCompactly(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .object(let members): writeCompactly(sorted(members), to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        writeCompactly(element, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    default: _ = writeOnOneLine(value, limit: .max, to: &bytes)
    }
  }

  private static func write(
    _ value: JSONValue, indent: Int, column: Int, to bytes: inout [UInt8]
  ) {
    let start = bytes.count
    if writeOnOneLine(value, limit: start + width - column, to: &bytes) { return }
    bytes.removeSubrange(start...)
    switch value {
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        newline(indent + 2, isFirst: index == 0, to: &bytes)
        write(element, indent: indent + 2, column: indent + 2, to: &bytes)
      }
      newline(indent, isFirst: true, to: &bytes)
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, (key, member)) in sorted(members).enumerated() {
        newline(indent + 2, isFirst: index == 0, to: &bytes)
        let lineStart = bytes.count
        writeString(key, to: &bytes)
        bytes += ": ".utf8
        let column = indent + 2 + bytes.count - lineStart
        write(member, indent: indent + 2, column: column, to: &bytes)
      }
      newline(indent, isFirst: true, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    default:
      _ = writeOnOneLine(value, limit: .max, to: &bytes)
    }
  }

  private static func newline(_ indent: Int, isFirst: Bool, to bytes: inout [UInt8]) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    bytes.append(0x0a)
    bytes += repeatElement(0x20, count: indent)
  }

  /// - Returns: false, with a part written, once the text passes `limit` and could be broken.
  private static func writeOnOneLine(
    _ value: JSONValue, limit: Int, to bytes: inout [UInt8]
  ) -> Bool {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .number(let text): bytes += text.utf8
    case .string(let text): writeString(text, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes += ", ".utf8 }
        guard writeOnOneLine(element, limit: limit, to: &bytes), bytes.count <= limit else {
          return false
        }
      }
      bytes.append(UInt8(ascii: "]"))
      return bytes.count <= limit || elements.isEmpty
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, (key, member)) in sorted(members).enumerated() {
        if index > 0 { bytes += ", ".utf8 }
        writeString(key, to: &bytes)
        bytes += ": ".utf8
        guard writeOnOneLine(member, limit: limit, to: &bytes), bytes.count <= limit else {
          return false
        }
      }
      bytes.append(UInt8(ascii: "}"))
      return bytes.count <= limit || members.isEmpty
    }
    return true
  }

  private static func sorted(
    _ members: [String: JSONValue]
  ) -> [(key: String, value: JSONValue)] {
    members.map { (key: $0.key, value: $0.value) }
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  private static func writeString(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    // Nearly every text is one that stands for itself.
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain {
      bytes += text.utf8
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "\n": bytes += "\\n".utf8
      case "\r": bytes += "\\r".utf8
      case "\t": bytes += "\\t".utf8
      case _ where isHidden(scalar):
        let digits = Array("0123456789abcdef".utf8)
        bytes += "\\u".utf8
        for shift in [12, 8, 4, 0] { bytes.append(digits[Int(scalar.value >> shift) & 15]) }
      default: bytes += UTF8.encode(scalar) ?? .init()
      }
    }
  }

  /// Control characters, and those that change how the text around them is shown: a file must read as it is written.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
      || (0x200b...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }
}
