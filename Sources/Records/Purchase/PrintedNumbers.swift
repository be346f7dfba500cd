internal import Economics
internal import JSON
internal import Model

/// A number as the formats of a purchase write it: whole ones without a point, null where JSON has none.
struct PlainNumber: WrittenValue {
  let value: Double

  init(_ value: Double) { self.value = value }

  func written(_ context: RecordContext) -> JSONValue { NumberText.json(value) }
  static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape { .number }
}

/// The low and the high end of a range.
struct PrintedRange: WrittenValue {
  let low: Double
  let high: Double

  init(_ low: Double, _ high: Double) {
    self.low = low
    self.high = high
  }

  init(_ range: ClosedRange<Double>) { self.init(range.lowerBound, range.upperBound) }

  func written(_ context: RecordContext) -> JSONValue {
    .array([NumberText.json(low), NumberText.json(high)])
  }

  static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape {
    .tuple([
      FieldShape.Part(name: "low", shape: .number), FieldShape.Part(name: "high", shape: .number),
    ])
  }
}

/// A height with the day on which it is reached.
struct PrintedEvent: WrittenValue {
  let height: UInt64
  let day: Double

  func written(_ context: RecordContext) -> JSONValue {
    .array([height.jsonNumber, NumberText.json(day)])
  }

  static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape {
    .tuple([
      FieldShape.Part(name: "height", shape: .whole(from: .number("0"), to: nil)),
      FieldShape.Part(name: "day", shape: .number),
    ])
  }
}

/// One word of a closed list, which the schema tells.
struct PrintedWord<Word>: WrittenValue
where Word: RawRepresentable & CaseIterable, Word.RawValue == String {
  let word: Word

  init(_ word: Word) { self.word = word }

  func written(_ context: RecordContext) -> JSONValue { .string(word.rawValue) }
  static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape {
    .word(Word.allCases.map(\.rawValue))
  }
}
