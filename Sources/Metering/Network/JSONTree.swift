internal import FoundationEssentials

/// What a meter on the network answered, as far as meters need JSON.
enum JSONTree: Decodable, Hashable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSONTree])
  case object([String: JSONTree])

  /// Nil for bytes that are not one JSON value.
  init?(_ bytes: [UInt8]) {
    guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(bytes)) else { return nil }
    self = tree
  }

  /// As a program that never checks would read it: bytes that are no text become marks, and a bare `nan` or `inf`, which
  /// JSON does not have, becomes null.
  ///
  /// One such number in a field that nobody asked for must not hide the others.
  init?(lenient bytes: [UInt8]) {
    if let tree = JSONTree(bytes) {
      self = tree
      return
    }
    var mended = ""
    var word = ""
    var isInText = false
    var isEscaped = false
    func flush() {
      let plain = word.lowercased().drop { $0 == "-" || $0 == "+" }
      mended += ["nan", "inf", "infinity"].contains(plain) ? "null" : word
      word = ""
    }
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if !isInText, scalar.properties.isAlphabetic || scalar == "-" || scalar == "+" {
        word.unicodeScalars.append(scalar)
        continue
      }
      flush()
      if scalar == "\"", !isEscaped { isInText.toggle() }
      isEscaped = isInText && scalar == "\\" && !isEscaped
      // A control character in a text is as illegal as a broken one.
      mended.unicodeScalars.append(scalar.value < 0x20 && isInText ? " " : scalar)
    }
    flush()
    self.init(Array(mended.utf8))
  }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSONTree].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }

  subscript(key: String) -> JSONTree? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  subscript(index: Int) -> JSONTree? {
    if case .list(let elements) = self, elements.indices.contains(index) {
      elements[index]
    } else {
      nil
    }
  }

  var members: [String: JSONTree] { if case .object(let members) = self { members } else { [:] } }
  var elements: [JSONTree] { if case .list(let elements) = self { elements } else { [] } }
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
}
