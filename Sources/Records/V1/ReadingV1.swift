internal import JSON
internal import Model

/// Why something is not there, as files spell it.
struct ReasonV1: Codable {
  var code: String
  var message: String
  var remedy: String?

  init(_ reason: Reason) {
    code = reason.code.rawValue
    message = reason.message
    remedy = reason.remedy
  }

  init(from decoder: any Decoder) throws { try self.init(DocumentDecoder(decoder)) }

  init(_ object: DocumentDecoder) throws {
    code = try object.decode("code")
    message = try object.decode("message")
    remedy = try object.decodeIfPresent("remedy")
  }

  var domain: Reason { Reason(ReasonCode(rawValue: code), message, remedy: remedy) }
}

/// A value, or `{"unavailable": {"code": ..., "message": ...}}`.
enum ReadingV1<Value: Codable>: Codable {
  case value(Value)
  case unavailable(ReasonV1)

  private enum CodingKeys: String, CodingKey { case unavailable }

  init(_ reading: Reading<Value>) { self.init(reading) { $0 } }

  /// From a reading of a type that files spell differently.
  init<Domain>(_ reading: Reading<Domain>, _ transform: (Domain) -> Value) {
    switch reading {
    case .value(let value): self = .value(transform(value))
    case .unavailable(let reason): self = .unavailable(ReasonV1(reason))
    }
  }

  init(from decoder: any Decoder) throws {
    if let reason = try DocumentDecoder(decoder).member(CodingKeys.unavailable.rawValue) {
      self = .unavailable(try ReasonV1(reason))
    } else {
      self = .value(try decoder.singleValueContainer().decode(Value.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .value(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .unavailable(let reason):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(reason, forKey: .unavailable)
    }
  }

  var domain: Reading<Value> { reading { $0 } }

  /// The reading of the domain's type.
  func reading<Domain>(_ transform: (Value) -> Domain) -> Reading<Domain> {
    switch self {
    case .value(let value): .value(transform(value))
    case .unavailable(let reason): .unavailable(reason.domain)
    }
  }
}

/// Facts of a machine or device by name: whole number, number, text or flag, told apart by how JSON spells it.
struct FactsV1: Codable {
  private let facts: [String: Reading<StateValue>]

  init(_ facts: [some FactName: Reading<StateValue>]) {
    var named = [String: Reading<StateValue>](minimumCapacity: facts.count)
    for (name, fact) in facts { named[name.rawValue] = fact }
    self.facts = named
  }

  /// By the names of the domain.
  func domain<Name: FactName>() -> [Name: Reading<StateValue>] {
    var named = [Name: Reading<StateValue>](minimumCapacity: facts.count)
    for (name, fact) in facts { named[Name(rawValue: name)] = fact }
    return named
  }

  init(from decoder: any Decoder) throws {
    // After the shares the most of a file; the containers of `Decoder` would look up generic types for each.
    let object = try DocumentDecoder(decoder)
    // A state of a machine has some 40.
    var facts = [String: Reading<StateValue>](minimumCapacity: 64)
    try object.forEachMember { name, value in
      facts[name] = try Self.reading(value)
    }
    self.facts = facts
  }

  private static func reading(_ value: DocumentDecoder) throws -> Reading<StateValue> {
    switch value.document.kind(value.node) {
    case .true: return .value(.flag(true))
    case .false: return .value(.flag(false))
    case .string, .escapedString: return .value(.text(value.document.text(value.node)))
    case .number:
      if let integer = Int64(token: value.node, of: value.document) {
        return .value(.integer(integer))
      }
      return .value(.number(try value.decode(Double.self)))
    case .object:
      if let reason = value.member("unavailable") {
        return .unavailable(try ReasonV1(reason).domain)
      }
    case .null, .array: break
    }
    throw value.problem("neither a number, a text, true nor false")
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: PlainKey.self)
    for (name, reading) in facts {
      let key = PlainKey(stringValue: name)
      switch reading {
      case .value(.integer(let value)): try container.encode(value, forKey: key)
      case .value(.number(let value)): try container.encode(value, forKey: key)
      case .value(.text(let value)): try container.encode(value, forKey: key)
      case .value(.flag(let value)): try container.encode(value, forKey: key)
      case .unavailable(let reason):
        try container.encode(ReadingV1<Int>.unavailable(ReasonV1(reason)), forKey: key)
      }
    }
  }
}

/// One word of a closed list.
struct WordV1<Word: RawRepresentable>: Codable where Word.RawValue == String {
  let domain: Word

  init(_ word: Word) { domain = word }

  init(from decoder: any Decoder) throws {
    let text = try DocumentDecoder(decoder).decode(String.self)
    guard let word = Word(rawValue: text) else {
      throw decoder.problem("\"\(text.prefix(40))\" is not a word that belongs here")
    }
    domain = word
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(domain.rawValue)
  }
}

/// A 64-bit whole number as decimal text, for values that pass 2^53, where many JSON readers lose digits.
struct DecimalV1: Codable {
  let domain: UInt64

  init(_ value: UInt64) { domain = value }

  init(from decoder: any Decoder) throws {
    let text = try DocumentDecoder(decoder).decode(String.self)
    guard let value = UInt64(text), String(value) == text else {
      throw decoder.problem("\"\(text.prefix(40))\" where a decimal number below 2^64 belongs")
    }
    domain = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(domain))
  }
}

/// 32 bytes as 64 lower-case hexadecimal digits.
struct Hex32V1: Codable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  init(from decoder: any Decoder) throws {
    let text = try DocumentDecoder(decoder).decode(String.self)
    guard text.utf8.count == 64, let bytes = Hexadecimal.decode(text),
      Hexadecimal.encode(bytes) == text
    else { throw decoder.problem("not 64 lower-case hexadecimal digits") }
    self.bytes = bytes
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Hexadecimal.encode(bytes))
  }
}
