internal import JSON

/// Decodes a JSON document by Swift's `Decodable`, and names the path of whatever does not fit.
enum JSONDecoding {
  /// The value that a document stands for, which takes up everything in it but nulls.
  ///
  /// - Throws: `JSONProblem` with the path of the first thing that is missing, of the wrong kind, or not known.
  static func decode<Value: Decodable>(_ type: Value.Type, from document: JSONDocument) throws
    -> Value
  {
    let reading = DocumentReading(document)
    let value = try DocumentDecoder(reading: reading, node: 0).decode(type)
    if let unread = reading.firstUnread(in: 0) {
      throw document.problem("a key that this version does not have", at: unread)
    }
    return value
  }
}

/// A document while it is decoded; a class because decoders and containers are handed about.
final class DocumentReading {
  let document: JSONDocument
  private enum State: UInt8 {
    case unread
    /// Something was decoded from it.
    case read
    /// From it and everything in it.
    case allRead
  }

  /// Of each node.
  private var states: [State]

  fileprivate init(_ document: JSONDocument) {
    self.document = document
    states = [State](repeating: .unread, count: document.nodes.count)
  }

  fileprivate func markRead(_ node: Int) { states[node] = .read }
  fileprivate func markAllRead(_ node: Int) { states[node] = .allRead }

  /// The first value of an object that nothing was decoded from.
  ///
  /// A null for an optional key says the same as its absence, so that it may be passed over.
  fileprivate func firstUnread(in node: Int) -> Int? {
    switch document.kind(node) {
    case .object:
      var key = node + 1
      while key < document.after(node) {
        let value = key + 1
        switch states[value] {
        case .unread: if document.kind(value) != .null { return value }
        case .read: if let found = firstUnread(in: value) { return found }
        case .allRead: break
        }
        key = document.after(value)
      }
    case .array:
      var element = node + 1
      let end = document.after(node)
      while element < end {
        if document.hasChildren(element), let found = firstUnread(in: element) { return found }
        element = document.after(element)
      }
    default: break
    }
    return nil
  }
}

extension Decoder {
  /// The error that something at this place is wrong.
  func problem(_ message: String) -> JSONProblem {
    JSONProblem(place: pathText(codingPath), message: message)
  }
}

/// One value of a document.
struct DocumentDecoder: Decoder, SingleValueDecodingContainer {
  fileprivate let reading: DocumentReading
  let node: Int

  var document: JSONDocument { reading.document }

  /// Says that nothing in a value is left to decode.
  func markAllRead() { reading.markAllRead(node) }

  var codingPath: [any CodingKey] { document.path(to: node) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  fileprivate init(reading: DocumentReading, node: Int) {
    self.reading = reading
    self.node = node
    reading.markRead(node)
  }

  /// The decoder that one of the formats' types was given.
  init(_ decoder: any Decoder) throws {
    guard let known = decoder as? DocumentDecoder else {
      throw decoder.problem("read by another decoder than that of hashwatt's files")
    }
    self = known
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard document.kind(node) == .object else {
      throw problem("\(document.kindName(node)) where an object belongs")
    }
    return KeyedDecodingContainer(KeyedDocumentDecoder(reading: reading, node: node))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard document.kind(node) == .array else {
      throw problem("\(document.kindName(node)) where a list belongs")
    }
    return UnkeyedDocumentDecoder(reading: reading, node: node)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { document.kind(node) == .null }

  /// Hands over the keys of an object, which are data here, in the order of the text, with a decoder of each value.
  func forEachMember(_ body: (String, DocumentDecoder) throws -> Void) throws {
    guard document.kind(node) == .object else {
      throw problem("\(document.kindName(node)) where an object belongs")
    }
    var key = node + 1
    while key < document.after(node) {
      try body(document.text(key), DocumentDecoder(reading: reading, node: key + 1))
      key = document.after(key + 1)
    }
  }

  /// The value of one key; nil where there is none, or where this is no object.
  func member(_ key: String) -> DocumentDecoder? {
    document.value(of: key, in: node).map { DocumentDecoder(reading: reading, node: $0) }
  }

  /// The value of one key, which must be there.
  func decoder(_ key: String) throws -> DocumentDecoder {
    if let member = member(key) { return member }
    throw document.kind(node) == .object
      ? problem("the key \"\(key)\" is missing")
      : problem("\(document.kindName(node)) where an object belongs")
  }

  /// The value of one key without a container, for types of which a file has hundreds.
  func decode<Value: Decodable & JSONScalar>(_ key: String) throws -> Value {
    try decoder(key).decode(Value.self)
  }

  func decode<Value: Decodable>(_ key: String) throws -> Value {
    try decoder(key).decode(Value.self)
  }

  /// Nil also for a null.
  func decodeIfPresent<Value: Decodable & JSONScalar>(_ key: String) throws -> Value? {
    guard let member = member(key), !member.decodeNil() else { return nil }
    return try member.decode(Value.self)
  }

  func decodeIfPresent<Value: Decodable>(_ key: String) throws -> Value? {
    guard let member = member(key), !member.decodeNil() else { return nil }
    return try member.decode(Value.self)
  }

  /// The value of one token.
  ///
  /// Of the methods of this name the compiler takes this one wherever it knows the type.
  func decode<Value: Decodable & JSONScalar>(_ type: Value.Type) throws -> Value {
    try document.token(node)
  }

  /// A scalar comes back to the method above, by `singleValueContainer`.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }
}

private struct KeyedDocumentDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let reading: DocumentReading
  let node: Int

  var codingPath: [any CodingKey] { reading.document.path(to: node) }

  var allKeys: [Key] {
    // Sorted, so that the first problem found in a file is the same one each time.
    reading.document.members(node).map { reading.document.text($0.key) }.sorted()
      .compactMap { Key(stringValue: $0) }
  }

  func contains(_ key: Key) -> Bool { value(key) != nil }

  func decodeNil(forKey key: Key) throws -> Bool {
    value(key).map { reading.document.kind($0) == .null } ?? false
  }

  func decode<Value: Decodable & JSONScalar>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder(for: key).decode(type)
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder(for: key).decode(type)
  }

  func decodeIfPresent<Value: Decodable & JSONScalar>(
    _ type: Value.Type, forKey key: Key
  ) throws -> Value? {
    try DocumentDecoder(reading: reading, node: node).decodeIfPresent(key.stringValue)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    try DocumentDecoder(reading: reading, node: node).decodeIfPresent(key.stringValue)
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  {
    try decoder(for: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(for: key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try decoder(for: PlainKey(stringValue: "super")) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(for: key) }

  private func value(_ key: any CodingKey) -> Int? {
    reading.document.value(of: key.stringValue, in: node)
  }

  private func decoder(for key: any CodingKey) throws -> DocumentDecoder {
    try DocumentDecoder(reading: reading, node: node).decoder(key.stringValue)
  }
}

private struct UnkeyedDocumentDecoder: UnkeyedDecodingContainer {
  let reading: DocumentReading
  let node: Int
  /// The element that comes next, or the first node after the list.
  private var element: Int
  private(set) var currentIndex = 0

  init(reading: DocumentReading, node: Int) {
    self.reading = reading
    self.node = node
    element = node + 1
  }

  var codingPath: [any CodingKey] { reading.document.path(to: node) }
  var count: Int? { reading.document.elements(node).count }
  var isAtEnd: Bool { element >= reading.document.after(node) }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, reading.document.kind(element) == .null else { return false }
    _ = try next()
    return true
  }

  mutating func decode<Value: Decodable & JSONScalar>(_ type: Value.Type) throws -> Value {
    try next().decode(type)
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

  private mutating func next() throws -> DocumentDecoder {
    guard !isAtEnd else {
      throw reading.document.problem(
        "the list has \(currentIndex) elements, fewer than it should", at: node)
    }
    let decoder = DocumentDecoder(reading: reading, node: element)
    element = reading.document.after(element)
    currentIndex += 1
    return decoder
  }
}
