package import Economics
internal import JSON
package import Model

/// Files of the format "hashwatt-prices": what machines are offered for.
package enum PriceListFile {
  static let shape = PurchaseFormat(
    name: "hashwatt-prices", version: 1, title: "hashwatt prices, version 1"
  ) { reader throws(JSONProblem) in
    let currency = try reader.required("currency", .currency, "Of all prices in the file.")
    let prices = try reader.required(
      "prices",
      .list(.object { item throws(JSONProblem) in try price(item, currency) }, 1...10_000),
      "One for each machine.")
    var seen: Set<HardwareID> = []
    for price in prices where !seen.insert(price.hardwareID).inserted {
      throw reader.problem("prices", "\(price.hardwareID) is in it twice")
    }
    return prices
  }

  private static func price(
    _ reader: FieldReader, _ currency: Currency
  ) throws(JSONProblem) -> ListedPrice {
    ListedPrice(
      hardwareID: HardwareID(
        rawValue: try reader.required("hardware_id", .text(200), "As in the profile.")),
      price: try reader.required("price", .number(0, 1e12), "For one machine."),
      currency: currency,
      date: try reader.required("date", .text(20), "When it was offered."),
      source: try reader.required("source", .source, "By whom."))
  }

  /// The prices in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> [ListedPrice] {
    try shape.decode(bytes, name: name)
  }
}

/// What a file says that it is.
package enum PurchaseFormatName {
  /// The value of `format`; nil where the file is no JSON object that says so.
  package static func of(_ bytes: [UInt8]) -> String? {
    guard bytes.count <= 64 << 20, let document = try? JSONParser.document(bytes) else {
      return nil
    }
    return FormatHeader.format(of: document)
  }
}
