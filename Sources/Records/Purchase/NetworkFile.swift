package import Economics
internal import JSON
package import Model

/// Files of the format "hashwatt-network".
package enum NetworkFile {
  package static let format = "hashwatt-network"

  static let shape = PurchaseFormat(
    name: format, version: 1, title: "hashwatt network, version 1"
  ) { reader throws(JSONProblem) in
    let snapshot = NetworkSnapshot(
      capturedAt: try reader.required("captured_at_unix_s", .time, "When it was put together."),
      currency: try reader.required("currency", .currency, "Of all prices in the file."),
      chains: try reader.required(
        "chains", .list(.object(chain), 1...64), "One state for each chain."))
    guard Set(snapshot.chains.map(\.chain)).count == snapshot.chains.count else {
      throw reader.problem("chains", "a chain is in it twice")
    }
    return snapshot
  }

  /// The snapshot in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> NetworkSnapshot {
    try shape.decode(bytes, name: name)
  }

  private static func chain(_ reader: FieldReader) throws(JSONProblem) -> ChainSnapshot {
    let header = try reader.optional(
      "header", .bytes(limit: 2048),
      "The whole header; gives time and target, and its work is checked.")
    let word = try reader.optional("nbits", .compactTarget, "The target's word, without a header.")
    let difficulty = try reader.optional(
      "difficulty", .text(81), "Decimal text, without a header and nBits.")
    let stated: [ChainSnapshot.Hardness] = [
      header.map { .header($0) }, word.map { .compactTarget($0) },
      difficulty.map { .difficulty($0) },
    ].compactMap { $0 }
    guard let hardness = stated.first ?? (reader.isProbe ? .compactTarget(0) : nil),
      stated.count <= 1
    else { throw reader.problem("header", "not exactly one of header, nbits and difficulty") }
    return ChainSnapshot(
      chain: try reader.required("chain", .chain, "The chain's short name, such as btc."),
      height: try reader.required(
        "height", .whole(0...1_000_000_000), "Of the block that the header belongs to."),
      hardness: hardness,
      time: try reader.optional(
        "time_unix_s", .time, "Of the block; with a header it is the header's own."),
      parentHeader: try reader.optional(
        "auxpow_parent_header", .bytes(limit: 2048),
        "The parent's header, whose hash is the proof of a merge-mined block."),
      feesPerBlock: try reader.optional(
        "fees_per_block_coin", .number(0, 1e9),
        "Mean fees of a block, in coins; counted as none where they are missing."),
      feesWindow: try reader.optional(
        "fees_window_blocks", .int(1...10_000_000), "The blocks behind that mean."),
      unclesPerBlock: try reader.value(
        "uncles_per_block", .number(0, 2), or: 0, "Mean uncles of a block, where a chain has them."),
      meanSpacing: try reader.optional(
        "mean_spacing_s", .number(0.1, 1e6), "Mean seconds between blocks."),
      pricePerCoin: try reader.optional("price_per_coin", .number(), "In the file's currency."),
      priceTime: try reader.optional("price_time_unix_s", .time, "When that price was."),
      priceSource: try reader.optional("price_source", .source, "Who says so."),
      source: try reader.optional("source", .source, "Who tells the chain's state."),
      subsidy: try reader.optional(
        "subsidy_coin", .number(0, 1e12), "The miner's part, in place of the chain's table."))
  }

  /// The canonical bytes of a snapshot.
  package static func encode(_ snapshot: NetworkSnapshot) -> [UInt8] {
    var members: [String: JSONValue] = [
      "format": .string(format), "version": 1.jsonNumber,
      "captured_at_unix_s": NumberText.json(snapshot.capturedAt),
      "currency": .string(snapshot.currency.rawValue),
    ]
    members["chains"] = .array(snapshot.chains.map(tree))
    return JSONWriter.write(.object(members))
  }

  private static func tree(_ chain: ChainSnapshot) -> JSONValue {
    var members: [String: JSONValue] = [
      "chain": .string(chain.chain.rawValue), "height": chain.height.jsonNumber,
    ]
    if let fees = chain.feesPerBlock { members["fees_per_block_coin"] = NumberText.json(fees) }
    switch chain.hardness {
    case .header(let bytes): members["header"] = .string(Hexadecimal.encode(bytes))
    case .compactTarget(let word): members["nbits"] = .string(ChainState.hex(word))
    case .difficulty(let text): members["difficulty"] = .string(text)
    }
    if let time = chain.time { members["time_unix_s"] = NumberText.json(time) }
    if let parent = chain.parentHeader {
      members["auxpow_parent_header"] = .string(Hexadecimal.encode(parent))
    }
    if let window = chain.feesWindow { members["fees_window_blocks"] = window.jsonNumber }
    if chain.unclesPerBlock > 0 {
      members["uncles_per_block"] = NumberText.json(chain.unclesPerBlock)
    }
    if let spacing = chain.meanSpacing { members["mean_spacing_s"] = NumberText.json(spacing) }
    if let price = chain.pricePerCoin { members["price_per_coin"] = NumberText.json(price) }
    if let time = chain.priceTime { members["price_time_unix_s"] = NumberText.json(time) }
    if let source = chain.priceSource { members["price_source"] = .string(source) }
    if let source = chain.source { members["source"] = .string(source) }
    if let subsidy = chain.subsidy { members["subsidy_coin"] = NumberText.json(subsidy) }
    return .object(members)
  }
}

/// Numbers as the formats of a purchase write them.
enum NumberText {
  /// A whole number without a point, any other by its shortest text; null where JSON has none.
  static func json(_ number: Double) -> JSONValue {
    if let whole = Int64(exactly: number), abs(number) < 1e15 { return whole.jsonNumber }
    return number.json ?? .null
  }

  static func json(_ number: Double?) -> JSONValue { number.map { json($0) } ?? .null }
}
