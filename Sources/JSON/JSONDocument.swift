/// One JSON value in a document: its bytes, and where its tree ends.
package struct JSONNode: Sendable {
  package enum Kind: UInt8, Sendable {
    case null
    case `true`
    case `false`
    case number
    case string
    /// A text with at least one backslash.
    case escapedString
    case array
    /// Its children are key, value, key, value, ...
    case object
  }

  package let kind: Kind
  /// Offsets of the first byte and past the last one; of a text without its quotes.
  package let start: UInt32
  package internal(set) var end: UInt32
  /// Index of the node after this one's tree.
  package internal(set) var next: UInt32
}

/// A JSON text whose form was checked, as the flat list of its values in the order of the text.
///
/// Nothing is copied out of the text before it is asked for: a thousand files are read in the time that a tree of
/// strings and dictionaries takes for thirty. A class, because readers hand it about, and two arrays would be retained
/// and released each time.
package final class JSONDocument: Sendable {
  package let bytes: [UInt8]
  /// The value at index 0 is the whole.
  package let nodes: [JSONNode]

  init(bytes: [UInt8], nodes: [JSONNode]) {
    self.bytes = bytes
    self.nodes = nodes
  }

  // MARK: Scalars

  package func kind(_ node: Int) -> JSONNode.Kind { nodes[node].kind }

  /// What an error message calls it.
  package func kindName(_ node: Int) -> String {
    switch kind(node) {
    case .null: "null"
    case .true, .false: "true or false"
    case .number: "a number"
    case .string, .escapedString: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The text of a string, or of a number as it is spelled.
  package func text(_ node: Int) -> String {
    let raw = bytes[Int(nodes[node].start)..<Int(nodes[node].end)]
    return kind(node) == .escapedString
      ? JSONEscapes.resolved(raw) : String(decoding: raw, as: UTF8.self)
  }

  /// The text of a string; nil for anything else.
  package func string(_ node: Int) -> String? {
    kind(node) == .string || kind(node) == .escapedString ? text(node) : nil
  }

  /// A value that is one token; nil for a list or an object.
  package func scalar(_ node: Int) -> JSONValue? {
    switch kind(node) {
    case .null: .null
    case .true: .bool(true)
    case .false: .bool(false)
    case .number: .number(text(node))
    case .string, .escapedString: .string(text(node))
    case .array, .object: nil
    }
  }

  /// A whole number of at most 19 digits without sign, fraction or exponent; nil for anything else.
  package func wholeNumber(_ node: Int) -> UInt64? {
    let token = nodes[node]
    // 19 digits never pass 2^64; what has more is read as a text where it may be a number.
    guard token.kind == .number, token.end - token.start <= 19 else { return nil }
    var value: UInt64 = 0
    for index in Int(token.start)..<Int(token.end) {
      // A sign, a point or an e wraps round to what is no digit.
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ UInt64(digit)
    }
    return value
  }

  // MARK: Lists and objects

  /// Whether it is a list or an object that is not empty.
  package func hasChildren(_ node: Int) -> Bool { after(node) > node + 1 }

  /// Index of the node after this one's tree: of its next sibling, where it has one.
  package func after(_ node: Int) -> Int { Int(nodes[node].next) }

  /// The values of a list, in order.
  package func elements(_ list: Int) -> [Int] {
    var found: [Int] = []
    var node = list + 1
    while node < after(list) {
      found.append(node)
      node = after(node)
    }
    return found
  }

  /// The keys of an object with their values, in the order of the text.
  package func members(_ object: Int) -> [(key: Int, value: Int)] {
    var found: [(key: Int, value: Int)] = []
    var key = object + 1
    while key < after(object) {
      found.append((key: key, value: key + 1))
      key = after(key + 1)
    }
    return found
  }

  /// The value of one key of an object; nil where it has none, or where this is no object.
  package func value(of key: String, in object: Int) -> Int? {
    guard kind(object) == .object else { return nil }
    let end = after(object)
    var node = object + 1
    while node < end {
      if isKey(node, key) { return node + 1 }
      node = after(node + 1)
    }
    return nil
  }

  private func isKey(_ node: Int, _ key: String) -> Bool {
    let token = nodes[node]
    guard token.kind == .string else { return text(node) == key }
    let wanted = key.utf8
    guard Int(token.end - token.start) == wanted.count else { return false }
    var index = Int(token.start)
    for byte in wanted {
      guard bytes[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// The whole as a tree of values.
  package func tree(_ node: Int = 0) -> JSONValue {
    switch kind(node) {
    case .array: .array(elements(node).map { tree($0) })
    case .object:
      .object(
        Dictionary(
          members(node).map { (text($0.key), tree($0.value)) }, uniquingKeysWith: { $1 }))
    default: scalar(node) ?? .null
    }
  }

  // MARK: Places

  /// The way to a value from the whole as a person writes it, such as `samples[3].hashes`; it is looked for only when
  /// something is wrong there.
  package func place(of node: Int) -> String {
    var text = ""
    var place = 0
    while place != node {
      if kind(place) == .object {
        guard let member = members(place).last(where: { $0.value <= node }) else { return text }
        text += (text.isEmpty ? "" : ".") + self.text(member.key)
        place = member.value
      } else {
        guard let (index, element) = elements(place).enumerated().last(where: { $1 <= node })
        else { return text }
        text += "[\(index)]"
        place = element
      }
    }
    return text
  }

  package func problem(_ message: String, at node: Int) -> JSONProblem {
    JSONProblem(place: place(of: node), message: message)
  }
}

/// What a backslash stands for in a JSON text (RFC 8259, section 7).
enum JSONEscapes {
  static let simple: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
    UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
    UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
  ]

  /// The text that these bytes spell, of which a parser has found that every escape is a right one.
  static func resolved(_ bytes: ArraySlice<UInt8>) -> String {
    var units: [UInt16] = []
    var index = bytes.startIndex
    var runStart = index
    func run(to end: Int) -> String.UTF16View {
      String(decoding: bytes[runStart..<end], as: UTF8.self).utf16
    }
    while index < bytes.endIndex {
      guard bytes[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      units += run(to: index)
      let letter = bytes[index + 1]
      if let scalar = simple[letter] {
        units.append(UInt16(scalar.value))
        index += 2
      } else {
        let digits = String(decoding: bytes[index + 2..<index + 6], as: UTF8.self)
        units.append(UInt16(digits, radix: 16) ?? 0xfffd)
        index += 6
      }
      runStart = index
    }
    units += run(to: index)
    return String(decoding: units, as: UTF16.self)
  }
}
