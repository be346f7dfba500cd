/// Reads JSON text strictly (RFC 8259) and says at which line and column it is wrong.
///
/// Beyond the RFC it refuses duplicate keys, a byte order mark, lone surrogates and nesting deeper than
/// `depthLimit`, all of which other readers take in different ways.
package struct JSONParser: ~Copyable {
  /// More than any of our formats needs, and far less than the stack holds.
  package static let depthLimit = 64

  private let bytes: [UInt8]
  private var index = 0
  private var nodes: [JSONNode] = []

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // Our files have a value in every 7 to 12 bytes; growing would copy what is there.
    nodes.reserveCapacity(bytes.count / 6)
  }

  /// The tree of a whole text.
  package static func parse(_ bytes: [UInt8]) throws(JSONProblem) -> JSONValue {
    try document(bytes).tree()
  }

  /// The values of a whole text, for readers that go through it once.
  package static func document(_ bytes: [UInt8]) throws(JSONProblem) -> JSONDocument {
    var parser = JSONParser(bytes)
    if bytes.isEmpty { throw JSONProblem(place: "", message: "the file is empty") }
    // Offsets have 32 bits.
    guard bytes.count < Int(UInt32.max) else {
      throw JSONProblem(place: "", message: "the file is larger than 4 GiB")
    }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      throw parser.problem("a byte order mark, which JSON does not allow")
    }
    try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.index == bytes.count else {
      throw parser.problem("more text after the end of the JSON document")
    }
    return JSONDocument(bytes: bytes, nodes: parser.nodes)
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONProblem) {
    skipSpace()
    guard let byte = peek else { throw endOfText }
    switch byte {
    case UInt8(ascii: "{"): try object(depth: depth + 1)
    case UInt8(ascii: "["): try array(depth: depth + 1)
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    default: try word()
    }
  }

  private mutating func object(depth: Int) throws(JSONProblem) {
    let node = try enter(.object, depth)
    var last: Int?
    // The keys of our own files are sorted, which rules out that one comes twice.
    var ascends = true
    if skip(UInt8(ascii: "}")) { return leave(node) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
      let key = nodes.count
      try string()
      if let last, ascends { ascends = isAscending(last, key) }
      last = key
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { throw unexpected("a colon after a key") }
      try value(depth: depth)
      skipSpace()
      if skip(UInt8(ascii: "}")) { break }
      guard skip(UInt8(ascii: ",")) else { throw unexpected("a comma or a closing brace") }
    }
    leave(node)
    if !ascends { try refuseDuplicates(node) }
  }

  private mutating func array(depth: Int) throws(JSONProblem) {
    let node = try enter(.array, depth)
    if skip(UInt8(ascii: "]")) { return leave(node) }
    while true {
      try value(depth: depth)
      skipSpace()
      if skip(UInt8(ascii: "]")) { return leave(node) }
      guard skip(UInt8(ascii: ",")) else { throw unexpected("a comma or a closing bracket") }
    }
  }

  /// Opens a list or an object, whose end is not known yet.
  private mutating func enter(_ kind: JSONNode.Kind, _ depth: Int) throws(JSONProblem) -> Int {
    guard depth <= Self.depthLimit else {
      throw problem("nested deeper than \(Self.depthLimit) levels")
    }
    let node = nodes.count
    append(kind, index..<index)
    index += 1
    skipSpace()
    return node
  }

  private mutating func leave(_ node: Int) {
    nodes[node].end = UInt32(index)
    nodes[node].next = UInt32(nodes.count)
  }

  private mutating func append(_ kind: JSONNode.Kind, _ range: Range<Int>) {
    nodes.append(
      JSONNode(
        // `document` has found that every offset fits.
        kind: kind, start: UInt32(truncatingIfNeeded: range.lowerBound),
        end: UInt32(truncatingIfNeeded: range.upperBound),
        next: UInt32(truncatingIfNeeded: nodes.count + 1)))
  }

  private mutating func word() throws(JSONProblem) {
    let words: [(String, JSONNode.Kind)] = [("true", .true), ("false", .false), ("null", .null)]
    for (word, kind) in words where bytes[index...].starts(with: word.utf8) {
      append(kind, index..<index + word.utf8.count)
      index += word.utf8.count
      return
    }
    for (word, _) in words where word.utf8.starts(with: bytes[index...]) { throw endOfText }
    for word in ["NaN", "Infinity", "nan", "inf"] where bytes[index...].starts(with: word.utf8) {
      throw problem("\(word), which is not a JSON number")
    }
    throw unexpected("a value")
  }

  private mutating func number() throws(JSONProblem) {
    let start = index
    if skip(UInt8(ascii: "-")), bytes[index...].starts(with: "Infinity".utf8) {
      throw problem("Infinity, which is not a JSON number")
    }
    if skip(UInt8(ascii: "0")) {
      if let byte = peek, Self.isDigit(byte) { throw problem("a number with a leading zero") }
    } else {
      try digits()
    }
    if skip(UInt8(ascii: ".")) { try digits() }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
      try digits()
    }
    append(.number, start..<index)
  }

  private mutating func digits() throws(JSONProblem) {
    let end = Self.digitsEnd(bytes.span, from: index)
    guard end > index else { throw unexpected("a digit") }
    index = end
  }

  // MARK: Keys

  /// Whether one key comes before another in the order of bytes, and their bytes tell whether they are equal: with
  /// escapes, and beyond ASCII, one text has several spellings.
  private func isAscending(_ first: Int, _ second: Int) -> Bool {
    guard nodes[first].kind == .string, nodes[second].kind == .string,
      !raw(first).contains(where: { $0 >= 0x80 })
    else { return false }
    return raw(first).lexicographicallyPrecedes(raw(second))
  }

  private func raw(_ node: Int) -> ArraySlice<UInt8> {
    bytes[Int(nodes[node].start)..<Int(nodes[node].end)]
  }

  private mutating func refuseDuplicates(_ object: Int) throws(JSONProblem) {
    var keys: Set<String> = []
    var key = object + 1
    while key < Int(nodes[object].next) {
      let text = JSONEscapes.resolved(raw(key))
      guard keys.insert(text).inserted else {
        index = Int(nodes[key].start) - 1
        throw problem("the key \"\(shown(text))\" for the second time in one object")
      }
      key = Int(nodes[key + 1].next)
    }
  }

  // MARK: Strings

  private mutating func string() throws(JSONProblem) {
    let quote = index
    index += 1
    let start = index
    var kind = JSONNode.Kind.string
    var isASCII = true
    while true {
      index = Self.plainTextEnd(bytes.span, from: index)
      guard let byte = peek else { throw endOfText }
      if byte == UInt8(ascii: "\"") {
        // The escapes are ASCII: what is UTF-8 with them is so without them.
        guard isASCII || String(validating: bytes[start..<index], as: UTF8.self) != nil else {
          index = quote
          throw problem("a text that is not UTF-8")
        }
        append(kind, start..<index)
        index += 1
        return
      }
      if byte == UInt8(ascii: "\\") {
        kind = .escapedString
        index += 1
        try escape()
        continue
      }
      if byte < 0x20 { throw problem("an unescaped control character in a text") }
      isASCII = false
      index += 1
    }
  }

  private mutating func escape() throws(JSONProblem) {
    guard let byte = peek else { throw endOfText }
    if JSONEscapes.simple[byte] != nil {
      index += 1
      return
    }
    guard byte == UInt8(ascii: "u") else { throw problem("an unknown escape in a text") }
    let first = try codeUnit()
    if !(0xd800..<0xe000).contains(first) { return }
    // A high surrogate stands for a character only together with the low one that follows.
    if first < 0xdc00, peek == UInt8(ascii: "\\"), index + 1 < bytes.count,
      bytes[index + 1] == UInt8(ascii: "u")
    {
      index += 1
      if (0xdc00..<0xe000).contains(try codeUnit()) { return }
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

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() { index = Self.spaceEnd(bytes.span, from: index) }

  // A local index stays in a register, one of `self` does not.

  /// The first byte from `start` on that is no white space.
  private static func spaceEnd(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count {
      let byte = text[end]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else {
        break
      }
      end += 1
    }
    return end
  }

  /// The first byte from `start` on that is no digit.
  private static func digitsEnd(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count, isDigit(text[end]) { end += 1 }
    return end
  }

  /// The first byte from `start` on that is not printable ASCII, or is a quote or a backslash.
  private static func plainTextEnd(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count {
      let byte = text[end]
      guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\")
      else { break }
      end += 1
    }
    return end
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
