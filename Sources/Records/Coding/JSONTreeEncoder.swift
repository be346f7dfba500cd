package import JSON

/// Encodes a value to a JSON tree by Swift's `Encodable`, so that a format's types need no code of their own.
package enum JSONTreeEncoder {
  /// The tree of a value.
  ///
  /// - Throws: `JSONProblem` with the path of a number that JSON cannot spell.
  package static func encode(_ value: some Encodable) throws -> JSONValue {
    let node = Node()
    try NodeEncoder(node: node, codingPath: []).encode(value)
    return node.tree
  }
}

/// A place in the growing tree; a class because `Encoder` hands out containers that write to it later.
private final class Node {
  enum Content {
    case leaf(JSONValue)
    case array([Node])
    case object([String: Node])
  }

  var content = Content.leaf(.null)

  var tree: JSONValue {
    switch content {
    case .leaf(let value): value
    case .array(let nodes): .array(nodes.map(\.tree))
    case .object(let nodes): .object(nodes.mapValues(\.tree))
    }
  }

  func child(_ key: String) -> Node {
    guard case .object(var members) = content else { return self }
    content = .leaf(.null)
    let node = Node()
    members[key] = node
    content = .object(members)
    return node
  }

  func next() -> Node {
    guard case .array(var elements) = content else { return self }
    content = .leaf(.null)
    let node = Node()
    elements.append(node)
    content = .array(elements)
    return node
  }

  var count: Int {
    if case .array(let elements) = content { elements.count } else { 0 }
  }
}

private struct NodeEncoder: Encoder, SingleValueEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .object = node.content {} else { node.content = .object([:]) }
    return KeyedEncodingContainer(KeyedNodeEncoder(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .array = node.content {} else { node.content = .array([]) }
    return UnkeyedNodeEncoder(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func encodeNil() { node.content = .leaf(.null) }

  func encode<Value: Encodable>(_ value: Value) throws {
    guard let scalar = value as? any JSONScalar else { return try value.encode(to: self) }
    guard let json = scalar.json else {
      throw JSONProblem(place: pathText(codingPath), message: "\(value) cannot be a JSON number")
    }
    node.content = .leaf(json)
  }
}

private struct KeyedNodeEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: Node
  let codingPath: [any CodingKey]

  func encodeNil(forKey key: Key) { child(key).encodeNil() }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try child(key).encode(value)
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
    -> KeyedEncodingContainer<Nested>
  {
    child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    child(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder(for: PlainKey(stringValue: "super")) }
  func superEncoder(forKey key: Key) -> any Encoder { child(key) }

  private func child(_ key: Key) -> NodeEncoder { encoder(for: key) }

  private func encoder(for key: any CodingKey) -> NodeEncoder {
    NodeEncoder(node: node.child(key.stringValue), codingPath: codingPath + [key])
  }
}

private struct UnkeyedNodeEncoder: UnkeyedEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]
  var count: Int { node.count }

  func encodeNil() { next().encodeNil() }
  func encode<Value: Encodable>(_ value: Value) throws { try next().encode(value) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<
    Nested
  > {
    next().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
  func superEncoder() -> any Encoder { next() }

  private func next() -> NodeEncoder {
    let path = codingPath + [PlainKey(index: node.count)]
    return NodeEncoder(node: node.next(), codingPath: path)
  }
}
