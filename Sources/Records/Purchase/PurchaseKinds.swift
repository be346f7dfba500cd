internal import JSON
internal import Economics
internal import Model

/// Kinds of fields that several formats of a purchase share.
extension FieldKind where Value == ChainID {
  static var chain: FieldKind<ChainID> {
    FieldKind<String>.text(40).map(example: ChainID(rawValue: "btc"), "no name of a chain") {
      $0.isEmpty ? nil : ChainID(rawValue: $0)
    }
  }
}

extension FieldKind where Value == Currency {
  static var currency: FieldKind<Currency> {
    FieldKind<String>.text(12).map(
      example: Currency(rawValue: "USD"), "no code of a currency, such as USD"
    ) { text in
      !text.isEmpty && text.utf8.allSatisfy { (0x41...0x5a).contains($0) }
        ? Currency(rawValue: text) : nil
    }
  }
}

extension FieldKind where Value == AlgorithmID {
  static var algorithm: FieldKind<AlgorithmID> {
    FieldKind<String>.text(80).map(example: AlgorithmID.sha256d, "no algorithm") {
      $0.isEmpty ? nil : AlgorithmID(rawValue: $0)
    }
  }
}

extension FieldKind where Value == RateUnit {
  static var rateUnit: FieldKind<RateUnit> {
    guard let example = RateUnit("TH/s") else { preconditionFailure("TH/s is a unit of rate") }
    return FieldKind<String>.text(12).map(
      example: example, "no unit of rate, such as TH/s, GH/s or kSol/s", RateUnit.init)
  }
}

extension FieldKind where Value == UInt32 {
  /// An `nBits` word.
  static var compactTarget: FieldKind<UInt32> {
    FieldKind<String>.text(8).map(
      example: 0x1d00_ffff,
      schema: ["type": .string("string"), "pattern": .string("^[0-9a-f]{8}$")],
      "no word of eight hexadecimal digits"
    ) { $0.utf8.count == 8 ? UInt32($0, radix: 16) : nil }
  }
}

extension FieldKind where Value == [UInt8] {
  /// Bytes in hexadecimal.
  static func bytes(limit: Int) -> FieldKind<[UInt8]> {
    FieldKind<String>.text(2 * limit).map(
      example: [],
      schema: [
        "type": .string("string"), "pattern": .string("^([0-9a-f]{2})+$"),
        "maxLength": (2 * limit).jsonNumber,
      ], "no bytes in hexadecimal"
    ) { $0.isEmpty ? nil : Hexadecimal.decode($0) }
  }
}

extension FieldKind where Value == ByChain {
  /// One number, or an object with one for each chain.
  static var byChain: FieldKind<ByChain> {
    FieldKind(
      schema: [
        "anyOf": .array([
          .object(["type": .string("number")]),
          .object([
            "type": .string("object"),
            "additionalProperties": .object(["type": .string("number")]),
          ]),
        ])
      ], example: .all(0)
    ) { value, place throws(JSONProblem) in
      guard case .object(let members) = value else {
        return .all(try FieldKind<Double>.number().read(value, place))
      }
      var values: [ChainID: Double] = [:]
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        values[ChainID(rawValue: key)] = try FieldKind<Double>.number().read(
          member, "\(place).\(key)")
      }
      guard !values.isEmpty else {
        throw JSONProblem(place: place, message: "an object without a chain")
      }
      return .each(values)
    }
  }
}

extension FieldKind where Value == String {
  /// A source: a text, or its title and address.
  static var source: FieldKind<String> {
    FieldKind(
      schema: [
        "anyOf": .array([
          .object(["type": .string("string"), "maxLength": 2000.jsonNumber]),
          .object([
            "type": .string("object"), "additionalProperties": .bool(false),
            "properties": .object([
              "title": .object(["type": .string("string")]),
              "address": .object(["type": .string("string")]),
              "date": .object(["type": .string("string")]),
            ]), "required": .array([.string("title")]),
          ]),
        ])
      ], example: ""
    ) { value, place throws(JSONProblem) in
      if case .string = value { return try FieldKind<String>.text().read(value, place) }
      return try FieldReader.read(value, path: place) { reader throws(JSONProblem) in
        let title = try reader.required("title", .text(), "What it is called.")
        let address = try reader.optional("address", .text(), "Where it is.")
        let date = try reader.optional("date", .text(40), "When it was read.")
        return [title, address, date].compactMap { $0 }.joined(separator: ", ")
      }
    }
  }
}

/// Times in files: seconds since 1970, up to the year 5138.
extension FieldKind where Value == Double {
  static var time: FieldKind<Double> { .number(0, 1e11) }
}
