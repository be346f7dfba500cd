/// Reads JSON text strictly (RFC 8259) and says at which line and column it is wrong.
///
/// Beyond the RFC it refuses duplicate keys, a byte order mark, lone surrogates and nesting deeper than
/// `depthLimit`, all of which other readers take in different ways.
package struct JSONParser: ~Copyable {
  /// More than any of our formats needs, and far less than the stack holds.
  package static let depthLimit = 64

  private let bytes: [UInt8]
  private var index = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The tree of a whole text.
  package static func parse(_ bytes: [UInt8]) throws(JSONProblem) -> JSONValue {
    var parser = JSONParser(bytes)
    if bytes.isEmpty { throw JSONProblem(place: "", message: "the file is empty") }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      throw parser.problem("a byte order mark, which JSON does not allow")
    }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.index == bytes.count else {
      throw parser.problem("more text after the end of the JSON document")
    }
    return value
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
    skipSpace()
    guard let byte = peek else { throw endOfText }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: return try word()
    }
  }

  private mutating func object(depth: Int) throws(JSONProblem) -> JSONValue {
    try enter(depth)
    var members: [String: JSONValue] = [:]
    if skip(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
      let keyStart = index
      let key = try string()
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { throw unexpected("a colon after a key") }
      let member = try value(depth: depth)
      if members.updateValue(member, forKey: key) != nil {
        index = keyStart
        throw problem("the key \"\(shown(key))\" for the second time in one object")
      }
      skipSpace()
      if skip(UInt8(ascii: "}")) { return .object(members) }
      guard skip(UInt8(ascii: ",")) else { throw unexpected("a comma or a closing brace") }
    }
  }

  private mutating func array(depth: Int) throws(JSONProblem) -> JSONValue {
    try enter(depth)
    var elements: [JSONValue] = []
    if skip(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth))
      skipSpace()
      if skip(UInt8(ascii: "]")) { return .array(elements) }
      guard skip(UInt8(ascii: ",")) else { throw unexpected("a comma or a closing bracket") }
    }
  }

  private mutating func enter(_ depth: Int) throws(JSONProblem) {
    guard depth <= Self.depthLimit else {
      throw problem("nested deeper than \(Self.depthLimit) levels")
    }
    index += 1
    skipSpace()
  }

  private mutating func word() throws(JSONProblem) -> JSONValue {
    let words: [(String, JSONValue)] = [
      ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
    ]
    for (word, value) in words where bytes[index...].starts(with: word.utf8) {
      index += word.utf8.count
      return value
    }
    for (word, _) in words where word.utf8.starts(with: bytes[index...]) { throw endOfText }
    for word in ["NaN", "Infinity", "nan", "inf"] where bytes[index...].starts(with: word.utf8) {
      throw problem("\(word), which is not a JSON number")
    }
    throw unexpected("a value")
  }

  private mutating func number() throws(JSONProblem) -> JSONValue {
    let start = index
    _ = skip(UInt8(ascii: "-"))
    if bytes[index...].starts(with: "Infinity".utf8) {
      throw problem("Infinity, which is not a JSON number")
    }
    if skip(UInt8(ascii: "0")) {
      if let byte = peek, isDigit(byte) { throw problem("a number with a leading zero") }
    } else {
      try digits()
    }
    if skip(UInt8(ascii: ".")) { try digits() }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
      try digits()
    }
    return .number(String(decoding: bytes[start..<index], as: UTF8.self))
  }

  private mutating func digits() throws(JSONProblem) {
    guard let byte = peek, isDigit(byte) else { throw unexpected("a digit") }
    while let byte = peek, isDigit(byte) { index += 1 }
  }

  // MARK: Strings

  private mutating func string() throws(JSONProblem) -> String {
    let start = index
    index += 1
    var text: [UInt8] = []
    var runStart = index
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        text += bytes[runStart..<index]
        index += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          index = start
          throw problem("a text that is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        text += bytes[runStart..<index]
        index += 1
        text += Array(String(try escape()).utf8)
        runStart = index
      case 0..<0x20:
        throw problem("an unescaped control character in a text")
      default:
        index += 1
      }
    }
    throw endOfText
  }

  private mutating func escape() throws(JSONProblem) -> Unicode.Scalar {
    guard let byte = peek else { throw endOfText }
    let simple: [UInt8: Unicode.Scalar] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    if let scalar = simple[byte] {
      index += 1
      return scalar
    }
    guard byte == UInt8(ascii: "u") else { throw problem("an unknown escape in a text") }
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A high surrogate stands for a character only together with the low one that follows.
    if (0xd800..<0xdc00).contains(first), peek == UInt8(ascii: "\\"),
      index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u")
    {
      index += 1
      let second = try codeUnit()
      let joined = 0x10000 + UInt32(first & 0x3ff) << 10 + UInt32(second & 0x3ff)
      if (0xdc00..<0xe000).contains(second), let scalar = Unicode.Scalar(joined) { return scalar }
    }
    throw problem("half of a surrogate pair in a text")
  }

  /// Reads `uXXXX`.
  private mutating func codeUnit() throws(JSONProblem) -> UInt16 {
    index += 1
    let digits = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self)
    if bytes.count - index < 4 { throw endOfText }
    guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
      let unit = UInt16(digits, radix: 16)
    else { throw problem("a \\u escape without four hexadecimal digits") }
    index += 4
    return unit
  }

  // MARK: Bytes

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      index += 1
    }
  }

  // MARK: Problems

  private var endOfText: JSONProblem { problem("the text ends too early; the file is truncated") }

  private func unexpected(_ wanted: String) -> JSONProblem {
    guard let byte = peek else { return endOfText }
    let found = (0x21...0x7e).contains(byte) ? "\"\(Unicode.Scalar(byte))\"" : "byte \(byte)"
    return problem("\(found) where \(wanted) belongs")
  }

  private func problem(_ message: String) -> JSONProblem {
    let before = bytes.prefix(index)
    let line = before.reduce(1) { $1 == 0x0a ? $0 + 1 : $0 }
    let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    return JSONProblem(
      place: "line \(line), column \(index - lineStart + 1)", message: message)
  }

  /// A key of unknown origin, short and without control characters.
  private func shown(_ key: String) -> String {
    String(String.UnicodeScalarView(key.unicodeScalars.filter { $0.value >= 0x20 }.prefix(40)))
  }
}
