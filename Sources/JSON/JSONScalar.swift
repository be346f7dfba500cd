/// A value that is one JSON token.
package protocol JSONScalar {
  /// Nil when JSON cannot spell it (infinity, NaN).
  var json: JSONValue? { get }
  init?(json: JSONValue)
  /// The value of a document's node; nil where it is no such token.
  init?(token node: Int, of document: JSONDocument)
  /// What an error says should have been there.
  static var wanted: String { get }
}

extension JSONScalar {
  package init?(token node: Int, of document: JSONDocument) {
    guard let json = document.scalar(node) else { return nil }
    self.init(json: json)
  }
}

extension JSONDocument {
  /// The value of one token.
  ///
  /// - Throws: `JSONProblem` with the path, where the node is something else.
  package func token<Value: JSONScalar>(_ node: Int) throws(JSONProblem) -> Value {
    guard let value = Value(token: node, of: self) else {
      let found = kind(node) == .number ? "\(text(node).prefix(40))" : kindName(node)
      throw problem("\(found) where \(Value.wanted) belongs", at: node)
    }
    return value
  }
}

extension Bool: JSONScalar {
  package var json: JSONValue? { .bool(self) }
  package init?(json: JSONValue) {
    guard case .bool(let flag) = json else { return nil }
    self = flag
  }
  package static var wanted: String { "true or false" }
}

extension String: JSONScalar {
  package var json: JSONValue? { .string(self) }
  package init?(json: JSONValue) {
    guard case .string(let text) = json else { return nil }
    self = text
  }
  package static var wanted: String { "a text" }
}

extension Double: JSONScalar {
  /// The shortest text that gives the same number again; always with a point or an exponent.
  package var json: JSONValue? { isFinite ? .number(description) : nil }
  package init?(json: JSONValue) {
    guard case .number(let text) = json, let number = Double(text), number.isFinite else {
      return nil
    }
    self = number
  }
  package static var wanted: String {
    "a number within the range of a 64-bit floating-point number"
  }
}

extension FixedWidthInteger {
  package var json: JSONValue? { .number(description) }
  package init?(json: JSONValue) {
    guard case .number(let text) = json, let number = Self(text, radix: 10) else { return nil }
    self = number
  }
  package static var wanted: String { "a whole number from \(min) to \(max)" }
}

extension JSONScalar where Self: FixedWidthInteger {
  package init?(token node: Int, of document: JSONDocument) {
    // Nearly all have no sign.
    if let whole = document.wholeNumber(node), let number = Self(exactly: whole) {
      self = number
      return
    }
    guard let json = document.scalar(node) else { return nil }
    self.init(json: json)
  }
}

extension Int: JSONScalar {}
extension Int64: JSONScalar {}
extension UInt32: JSONScalar {}
extension UInt64: JSONScalar {}
