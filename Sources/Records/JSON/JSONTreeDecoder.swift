/// Decodes a JSON tree by Swift's `Decodable`, and names the path of whatever does not fit.
package enum JSONTreeDecoder {
  /// The value that a tree stands for.
  ///
  /// - Throws: `JSONProblem` with the path of the first thing that is missing or of the wrong kind.
  package static func decode<Value: Decodable>(_ type: Value.Type, from tree: JSONValue) throws
    -> Value
  {
    try TreeDecoder(tree: tree, codingPath: []).decode(type)
  }
}

extension Decoder {
  /// The error that something at this place is wrong.
  func problem(_ message: String) -> JSONProblem {
    JSONProblem(place: pathText(codingPath), message: message)
  }
}

private struct TreeDecoder: Decoder, SingleValueDecodingContainer {
  let tree: JSONValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = tree else {
      throw problem("\(tree.kind) where an object belongs")
    }
    return KeyedDecodingContainer(
      KeyedTreeDecoder(members: members, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = tree else {
      throw problem("\(tree.kind) where a list belongs")
    }
    return UnkeyedTreeDecoder(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { tree == .null }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    guard let scalar = type as? any JSONScalar.Type else { return try Value(from: self) }
    guard let value = scalar.init(json: tree) as? Value else {
      throw problem("\(found) where \(scalar.wanted) belongs")
    }
    return value
  }

  private var found: String {
    if case .number(let text) = tree { "\(text.prefix(40))" } else { tree.kind }
  }
}

private struct KeyedTreeDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [String: JSONValue]
  let codingPath: [any CodingKey]

  var allKeys: [Key] {
    // Sorted, so that the first problem found in a file is the same one each time.
    members.keys.sorted().compactMap { Key(stringValue: $0) }
  }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
  func decodeNil(forKey key: Key) throws -> Bool { members[key.stringValue] == .null }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try child(key).decode(type)
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  {
    try child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try decoder(for: PlainKey(stringValue: "super")) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }

  private func child(_ key: Key) throws -> TreeDecoder { try decoder(for: key) }

  private func decoder(for key: any CodingKey) throws -> TreeDecoder {
    guard let member = members[key.stringValue] else {
      throw JSONProblem(
        place: pathText(codingPath), message: "the key \"\(key.stringValue)\" is missing")
    }
    return TreeDecoder(tree: member, codingPath: codingPath + [key])
  }
}

private struct UnkeyedTreeDecoder: UnkeyedDecodingContainer {
  let elements: [JSONValue]
  let codingPath: [any CodingKey]
  var currentIndex = 0

  init(elements: [JSONValue], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, elements[currentIndex] == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next().decode(type)
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
    -> KeyedDecodingContainer<Nested>
  {
    try next().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }

  private mutating func next() throws -> TreeDecoder {
    guard currentIndex < elements.count else {
      throw JSONProblem(
        place: pathText(codingPath),
        message: "the list has \(elements.count) elements, fewer than it should")
    }
    defer { currentIndex += 1 }
    return TreeDecoder(
      tree: elements[currentIndex], codingPath: codingPath + [PlainKey(index: currentIndex)])
  }
}
