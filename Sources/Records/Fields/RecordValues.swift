package import JSON
package import Model

// MARK: Numbers, texts, flags

/// A value that is one token of JSON.
package protocol RecordScalar: RecordValue, JSONScalar {}

extension RecordScalar {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Self {
    try node.document.token(node.index)
  }

  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    guard let json else {
      throw JSONProblem(place: "", message: "\(self) cannot be a JSON number")
    }
    return json
  }
}

// Tokens are asked for by functions that are not generic: those of another module are not specialized here.

extension Bool: RecordScalar {
  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .flag }
  package static func example(_ numbers: inout ExampleNumbers) -> Bool { numbers.variant == 0 }
}

extension String: RecordScalar {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> String {
    if let text = node.document.string(node.index) { return text }
    return try node.document.token(node.index)
  }

  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .text }
  package static func example(_ numbers: inout ExampleNumbers) -> String {
    "text \(numbers.next())"
  }
  package func obeys(_ limit: FieldLimit) -> Bool { limit != .notEmpty || !isEmpty }
}

extension Double: RecordScalar {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Double {
    if let number = node.document.double(node.index) { return number }
    return try node.document.token(node.index)
  }

  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .number }
  package static func example(_ numbers: inout ExampleNumbers) -> Double {
    Double(numbers.next()) + 0.5
  }

  package func obeys(_ limit: FieldLimit) -> Bool {
    switch limit {
    case .none, .notEmpty: true
    case .atLeast(let bound): self >= bound
    case .above(let bound): self > bound
    case .between(let low, let high): self >= low && self <= high
    }
  }
}

extension RecordScalar where Self: FixedWidthInteger {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Self {
    // Nearly all have no sign.
    if let whole = node.document.wholeNumber(node.index), let number = Self(exactly: whole) {
      return number
    }
    return try node.document.token(node.index)
  }

  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape {
    // 2^53 and more is not told: readers that know no larger numbers would refuse the schema.
    .whole(
      from: isSigned ? nil : .number("0"), to: bitWidth < 53 ? .number("\(max)") : nil)
  }

  package static func example(_ numbers: inout ExampleNumbers) -> Self { Self(numbers.next()) }
  package func obeys(_ limit: FieldLimit) -> Bool { Double(self).obeys(limit) }
}

extension Int: RecordScalar {}
extension UInt32: RecordScalar {}
extension UInt64: RecordScalar {}

/// A quantity of the domain that files spell as its plain number, the unit being in the key.
package protocol RecordQuantity: RecordValue {
  associatedtype Number: RecordValue
  var value: Number { get }
  init(_ value: Number)
}

extension RecordQuantity {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Self {
    Self(try Number.read(node))
  }
  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    try value.written(context)
  }
  package static func shape(_ catalogue: inout RecordCatalogue) throws(JSONProblem) -> FieldShape {
    try Number.shape(&catalogue)
  }
  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> Self {
    Self(try Number.example(&numbers))
  }
  package func obeys(_ limit: FieldLimit) -> Bool { value.obeys(limit) }
}

extension Seconds: RecordQuantity {}
extension Watts: RecordQuantity {}
extension Microjoules: RecordQuantity {}
extension ByteCount: RecordQuantity {}

/// An instant as nanoseconds since the file's clock origin.
extension Instant: RecordValue {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Instant {
    node.reading.clock.instant(try UInt64.read(node))
  }
  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    try context.clock.nanoseconds(self).written(context)
  }
  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape {
    UInt64.shape(&catalogue)
  }
  package static func example(_ numbers: inout ExampleNumbers) -> Instant {
    Instant(nanoseconds: UInt64.example(&numbers))
  }
}

// MARK: Words

/// A name that files may carry whether or not this version knows it.
package protocol OpenWord: RecordValue, RawRepresentable where RawValue == String {
  init(rawValue: String)
}

extension OpenWord {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Self {
    Self(rawValue: try String.read(node))
  }
  package func written(_ context: RecordContext) -> JSONValue { .string(rawValue) }
  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .text }
  package static func example(_ numbers: inout ExampleNumbers) -> Self {
    Self(rawValue: String.example(&numbers))
  }
  package func obeys(_ limit: FieldLimit) -> Bool { rawValue.obeys(limit) }
}

extension AlgorithmID: OpenWord {}
extension CheckName: OpenWord {}
extension DeviceID: OpenWord {}
extension DeviceKind: OpenWord {}
extension HardwareID: OpenWord {}
extension KernelID: OpenWord {}
extension MeterID: OpenWord {}
extension MeterKind: OpenWord {}
extension ReasonCode: OpenWord {}
extension Scope: OpenWord {}
extension StopReason: OpenWord {}
extension UncertaintyTerm.Name: OpenWord {}
extension WorkerKind: OpenWord {}

/// One word of a closed list.
package protocol ClosedWord: RecordValue, RawRepresentable, CaseIterable where RawValue == String {}

extension ClosedWord {
  package static func read(_ node: RecordNode) throws(JSONProblem) -> Self {
    let text = try String.read(node)
    guard let word = Self(rawValue: text) else {
      throw node.problem("\"\(text.prefix(40))\" is not a word that belongs here")
    }
    return word
  }
  package func written(_ context: RecordContext) -> JSONValue { .string(rawValue) }
  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape {
    .word(allCases.map(\.rawValue))
  }
  package static func example(_ numbers: inout ExampleNumbers) throws(JSONProblem) -> Self {
    let words = Array(allCases)
    guard let first = words.first, let last = words.last else {
      throw JSONProblem(place: "", message: "a list of no words")
    }
    return numbers.variant == 0 ? first : last
  }
}

extension CheckOrigin: ClosedWord {}
extension CheckVerdict: ClosedWord {}
extension ClaimConfidence: ClosedWord {}
extension Grade: ClosedWord {}
extension MachineOrigin: ClosedWord {}
extension MeterQuantity: ClosedWord {}
extension PowerPoint: ClosedWord {}
extension StandardAspect.Status: ClosedWord {}
extension WindowKind: ClosedWord {}
extension WorkUnit: ClosedWord {}
extension WorkOrigin: ClosedWord {}

// MARK: Bytes and large numbers as text

/// A 64-bit whole number as decimal text, for values that pass 2^53, where many JSON readers lose digits.
package struct DecimalDigits: RecordValue {
  package let value: UInt64

  package static func read(_ node: RecordNode) throws(JSONProblem) -> DecimalDigits {
    let text = try String.read(node)
    guard let value = UInt64(text), String(value) == text else {
      throw node.problem("\"\(text.prefix(40))\" where a decimal number below 2^64 belongs")
    }
    return DecimalDigits(value: value)
  }
  package func written(_ context: RecordContext) -> JSONValue { .string(String(value)) }
  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .decimalText }
  package static func example(_ numbers: inout ExampleNumbers) -> DecimalDigits {
    DecimalDigits(value: UInt64.max - UInt64.example(&numbers))
  }
}

/// 32 bytes as 64 lower-case hexadecimal digits.
package struct Hex32: RecordValue {
  package let bytes: [UInt8]

  package static func read(_ node: RecordNode) throws(JSONProblem) -> Hex32 {
    let text = try String.read(node)
    guard text.utf8.count == 64, let bytes = Hexadecimal.decode(text),
      Hexadecimal.encode(bytes) == text
    else { throw node.problem("not 64 lower-case hexadecimal digits") }
    return Hex32(bytes: bytes)
  }
  package func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    guard bytes.count == 32 else { throw JSONProblem(place: "", message: "not 32 bytes") }
    return .string(Hexadecimal.encode(bytes))
  }
  package static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .hexadecimal }
  package static func example(_ numbers: inout ExampleNumbers) -> Hex32 {
    Hex32(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: numbers.next()), count: 32))
  }

  package var text: String { Hexadecimal.encode(bytes) }
}
