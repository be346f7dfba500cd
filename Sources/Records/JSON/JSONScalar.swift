/// A value that is one JSON token.
protocol JSONScalar {
  /// Nil when JSON cannot spell it (infinity, NaN).
  var json: JSONValue? { get }
  init?(json: JSONValue)
  /// The value of a document's node; nil where it is no such token.
  init?(token node: Int, of document: JSONDocument)
  /// What an error says should have been there.
  static var wanted: String { get }
}

extension JSONScalar {
  init?(token node: Int, of document: JSONDocument) {
    guard let json = document.scalar(node) else { return nil }
    self.init(json: json)
  }
}

extension JSONDocument {
  /// The value of one token.
  ///
  /// - Throws: `JSONProblem` with the path, where the node is something else.
  func token<Value: JSONScalar>(_ node: Int) throws(JSONProblem) -> Value {
    guard let value = Value(token: node, of: self) else {
      let found = kind(node) == .number ? "\(text(node).prefix(40))" : kindName(node)
      throw problem("\(found) where \(Value.wanted) belongs", at: node)
    }
    return value
  }
}

extension Bool: JSONScalar {
  var json: JSONValue? { .bool(self) }
  init?(json: JSONValue) {
    guard case .bool(let flag) = json else { return nil }
    self = flag
  }
  static var wanted: String { "true or false" }
}

extension String: JSONScalar {
  var json: JSONValue? { .string(self) }
  init?(json: JSONValue) {
    guard case .string(let text) = json else { return nil }
    self = text
  }
  static var wanted: String { "a text" }
}

extension Double: JSONScalar {
  /// The shortest text that gives the same number again; always with a point or an exponent.
  var json: JSONValue? { isFinite ? .number(description) : nil }
  init?(json: JSONValue) {
    guard case .number(let text) = json, let number = Double(text), number.isFinite else {
      return nil
    }
    self = number
  }
  static var wanted: String { "a number within the range of a 64-bit floating-point number" }
}

extension FixedWidthInteger {
  var json: JSONValue? { .number(description) }
  init?(json: JSONValue) {
    guard case .number(let text) = json, let number = Self(text, radix: 10) else { return nil }
    self = number
  }
  static var wanted: String { "a whole number from \(min) to \(max)" }
}

extension JSONScalar where Self: FixedWidthInteger {
  init?(token node: Int, of document: JSONDocument) {
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
