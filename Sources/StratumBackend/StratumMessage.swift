package import JSON

/// A request of a miner: one JSON object on one line (Stratum V1).
package struct StratumRequest: Hashable {
  /// As the miner wrote it, for it comes back in the answer; null for a notification.
  package let id: JSONValue
  package let method: String
  package let parameters: [JSONValue]

  /// Nesting that no message of the protocol needs.
  package static let depthLimit = 8

  /// Nil for what is no request.
  package init?(_ line: [UInt8]) {
    guard Self.depth(of: line) <= Self.depthLimit,
      let value = try? JSONParser.parse(line), case .object(let members) = value,
      case .string(let method)? = members["method"]
    else { return nil }
    switch members["id"] ?? .null {
    case .null: id = .null
    case .number(let text) where text.utf8.count <= 20: id = .number(text)
    case .string(let text) where text.utf8.count <= 64: id = .string(text)
    default: return nil
    }
    switch members["params"] ?? .array([]) {
    case .array(let elements): parameters = elements
    case .null: parameters = []
    // CryptoNote's dialect names its parameters.
    case .object(let members): parameters = [.object(members)]
    default: return nil
    }
    self.method = method
  }

  /// The deepest nesting of brackets, those in texts included: an upper bound that needs no recursion.
  private static func depth(of line: [UInt8]) -> Int {
    var depth = 0
    var deepest = 0
    for byte in line {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      deepest = max(deepest, depth)
    }
    return deepest
  }

  /// The text of a parameter.
  package func text(_ index: Int) -> String? {
    guard parameters.indices.contains(index), case .string(let text) = parameters[index] else {
      return nil
    }
    return text
  }

  /// The number of a parameter, also where a miner writes it as a text.
  package func number(_ index: Int) -> Double? {
    guard parameters.indices.contains(index) else { return nil }
    switch parameters[index] {
    case .number(let text), .string(let text): return Double(text)
    default: return nil
    }
  }
}

/// Why a request is refused, with the codes that the field uses.
package enum StratumError: Hashable {
  case other(String)
  case unknownJob
  case duplicate
  case aboveTarget
  case unauthorized
  case notSubscribed

  package var code: Int {
    switch self {
    case .other: 20
    case .unknownJob: 21
    case .duplicate: 22
    case .aboveTarget: 23
    case .unauthorized: 24
    case .notSubscribed: 25
    }
  }

  package var message: String {
    switch self {
    case .other(let text): text
    case .unknownJob: "unknown job"
    case .duplicate: "duplicate share"
    case .aboveTarget: "above target"
    case .unauthorized: "unauthorized worker"
    case .notSubscribed: "not subscribed"
    }
  }
}

/// The lines that go to a miner, each with its end.
package enum StratumLine {
  package static func result(_ id: JSONValue, _ result: JSONValue) -> [UInt8] {
    line(["id": id, "result": result, "error": .null])
  }

  package static func refusal(_ id: JSONValue, _ error: StratumError) -> [UInt8] {
    line([
      "id": id, "result": .null,
      "error": .array([.number("\(error.code)"), .string(error.message), .null]),
    ])
  }

  package static func notification(_ method: String, _ parameters: [JSONValue]) -> [UInt8] {
    line(["id": .null, "method": .string(method), "params": .array(parameters)])
  }

  /// Members in the order of the field's servers: some firmwares look for `id` first.
  private static func line(_ members: KeyValuePairs<String, JSONValue>) -> [UInt8] {
    Array(JSONWriter.line(members).utf8) + [UInt8(ascii: "\n")]
  }
}
