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
    if let container = try? decoder.container(keyedBy: CodingKeys.self),
      container.contains(.unavailable)
    {
      self = .unavailable(try container.decode(ReasonV1.self, forKey: .unavailable))
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

/// A fact of a machine or device: whole number, number, text or flag, told apart by how JSON spells it.
enum FactV1: Codable {
  case fact(StateValue)

  init(_ value: StateValue) { self = .fact(value) }

  var domain: StateValue {
    switch self {
    case .fact(let value): value
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .fact(.flag(flag))
    } else if let text = try? container.decode(String.self) {
      self = .fact(.text(text))
    } else if let integer = try? container.decode(Int64.self) {
      self = .fact(.integer(integer))
    } else if let number = try? container.decode(Double.self) {
      self = .fact(.number(number))
    } else {
      throw decoder.problem("neither a number, a text, true nor false")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch domain {
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    }
  }
}

/// One word of a closed list.
struct WordV1<Word: RawRepresentable>: Codable where Word.RawValue == String {
  let domain: Word

  init(_ word: Word) { domain = word }

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
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
    let text = try decoder.singleValueContainer().decode(String.self)
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
    let text = try decoder.singleValueContainer().decode(String.self)
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
