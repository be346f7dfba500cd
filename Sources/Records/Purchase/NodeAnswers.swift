package import Economics
internal import JSON
package import Model

/// Makes a chain's snapshot out of what a node answered: bitcoind and its kin, monerod, zcashd and zebrad, core-geth.
///
/// Answers are a stranger's: whatever is missing, of another chain or not yet whole is refused with one line.
package struct NodeAnswers {
  private let chain: Chain
  private var height: UInt64?
  /// The newest block that the node knows, which need not be the one whose header was given.
  private var tip: UInt64?
  private var header: [UInt8]?
  private var parentHeader: [UInt8]?
  private var time: Double?
  private var word: UInt32?
  private var difficulty: String?
  private var fees: [Double] = []
  private var uncles: [Double] = []
  /// What the user should know of the answers.
  package private(set) var notes: [String] = []

  package init(chain: Chain) { self.chain = chain }

  /// Takes one answer; `name` is what errors call it.
  ///
  /// - Throws: `Failure` with exit code 4.
  package mutating func add(_ bytes: [UInt8], name: String) throws(Failure) {
    let text = String(decoding: bytes.prefix(200), as: UTF8.self)
    let start = text.drop { $0.isWhitespace }
    if start.hasPrefix("<") {
      throw Failure(
        .badInput, "\(name): HTML, no answer of a node", remedy: "ask the node's RPC port")
    }
    // getblockheader HASH false, saved as it is printed.
    let word = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace }
    if word.count == 1, let hex = Hexadecimal.decode(String(word[0])),
      hex.count >= WorkShape.blockHeader.size
    {
      header = hex
      return
    }
    let tree: JSONValue
    do {
      tree = try JSONParser.parse(bytes)
    } catch {
      throw Failure(.badInput, "\(name): \(error)", remedy: "save the node's whole answer")
    }
    try add(try Self.result(tree, name), name)
  }

  /// What is inside of the envelope of JSON-RPC, where there is one.
  private static func result(_ tree: JSONValue, _ name: String) throws(Failure) -> JSONValue {
    if let error = tree["error"], error != .null {
      let message: String =
        if case .string(let text)? = error["message"] { text } else { "an error" }
      throw Failure(
        .badInput, "\(name): the node answered: \(message.prefix(200))",
        remedy: "ask it again once it can answer")
    }
    return tree["result"] ?? tree
  }

  private mutating func add(_ tree: JSONValue, _ name: String) throws(Failure) {
    if case .string(let hex) = tree, let bytes = Hexadecimal.decode(hex) {
      header = bytes
    } else if tree["verificationprogress"] != nil || tree["bestblockhash"] != nil {
      try addBlockchainInfo(tree, name)
    } else if let inner = tree["block_header"] {
      try addMoneroHeader(inner, name)
    } else if tree["top_block_hash"] != nil {
      try addMoneroInfo(tree, name)
    } else if tree["avgfee"] != nil || tree["totalfee"] != nil {
      try addBlockStats(tree, name)
    } else if tree["sha3Uncles"] != nil || tree["uncles"] != nil {
      try addEtherBlock(tree, name)
    } else if tree["previousblockhash"] != nil || tree["merkleroot"] != nil {
      try addBlockHeader(tree, name)
    } else {
      throw Failure(
        .badInput, "\(name): no answer that is known here",
        remedy:
          "save getblockchaininfo, getblockheader, getblockstats, get_info, get_last_block_header or eth_getBlockByNumber"
      )
    }
  }

  // MARK: - bitcoind and its kin

  private mutating func addBlockchainInfo(_ tree: JSONValue, _ name: String) throws(Failure) {
    if case .string(let net)? = tree["chain"], net != "main" {
      throw Failure(
        .badInput,
        "chain-unknown: \(name): the node follows \"\(net.prefix(20))\", not the main chain",
        remedy: "ask a node of the main chain")
    }
    let progress = number(tree["verificationprogress"]) ?? 1
    let behind = (number(tree["headers"]) ?? 0) - (number(tree["blocks"]) ?? 0)
    if tree["initialblockdownload"] == .bool(true) || progress < 0.9999 || behind > 2 {
      throw Failure(
        .badInput,
        "\(name): the node is still syncing (verification progress \(progress), \(Int(max(0, behind))) blocks behind)",
        remedy: "wait until it has the whole chain")
    }
    if tree["pruned"] == .bool(true) {
      notes.append("\(name): a pruned node: of old blocks it cannot tell the fees")
    }
    tip = whole(tree["blocks"]) ?? tip
  }

  private mutating func addBlockHeader(_ tree: JSONValue, _ name: String) throws(Failure) {
    guard let at = whole(tree["height"]), let seconds = number(tree["time"]),
      case .string(let bits)? = tree["bits"], bits.utf8.count == 8,
      let target = UInt32(bits, radix: 16)
    else {
      throw Failure(
        .badInput, "\(name): a block header without height, time and bits",
        remedy: "save 'getblockheader HASH' as it is")
    }
    if let confirmations = number(tree["confirmations"]), confirmations < 0 {
      throw Failure(
        .badInput, "\(name): a block that is not on the main chain",
        remedy: "take the block of 'getbestblockhash'")
    }
    height = at
    time = seconds
    word = target
    if case .string(let text)? = tree["auxpow"]?["parentblock"],
      let parent = Hexadecimal.decode(text), parent.count >= WorkShape.blockHeader.size
    {
      parentHeader = Array(parent.prefix(WorkShape.blockHeader.size))
    }
    // The work of a merge-mined block is that of its parent, so that its own header alone proves nothing.
    guard chain.mergedWith == nil || parentHeader != nil else { return }
    if let rebuilt = rebuilt(tree, time: seconds, bits: target) { header = rebuilt }
  }

  /// The 80 bytes that the fields of a header stand for; nil where one is missing, or the chain's headers are others.
  private func rebuilt(_ tree: JSONValue, time: Double, bits: UInt32) -> [UInt8]? {
    guard chain.headerCheck != .none, chain.headerCheck != .sha256dWithSolution,
      let version = number(tree["version"]).flatMap({ Int32(exactly: $0) }),
      case .string(let merkle)? = tree["merkleroot"], let root = Hexadecimal.decode(merkle),
      let nonce = number(tree["nonce"]).flatMap({ UInt32(exactly: $0) }),
      let seconds = UInt32(exactly: time)
    else { return nil }
    var previous = [UInt8](repeating: 0, count: 32)
    if case .string(let text)? = tree["previousblockhash"] {
      guard let bytes = Hexadecimal.decode(text), bytes.count == 32 else { return nil }
      previous = bytes.reversed()
    }
    func little(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
    let bytes =
      little(UInt32(bitPattern: version)) + previous + root.reversed() + little(seconds)
      + little(bits) + little(nonce)
    return bytes.count == WorkShape.blockHeader.size ? bytes : nil
  }

  private mutating func addBlockStats(_ tree: JSONValue, _ name: String) throws(Failure) {
    guard let atoms = number(tree["totalfee"]), atoms >= 0 else {
      throw Failure(
        .badInput, "\(name): block statistics without totalfee",
        remedy: "save 'getblockstats HEIGHT' as it is")
    }
    fees.append(atoms / Double(chain.atomsPerCoin))
  }

  // MARK: - Others

  private mutating func addMoneroInfo(_ tree: JSONValue, _ name: String) throws(Failure) {
    if tree["mainnet"] == .bool(false) {
      throw Failure(
        .badInput, "chain-unknown: \(name): the node follows a test chain",
        remedy: "ask a node of the main chain")
    }
    if tree["synchronized"] == .bool(false) || tree["busy_syncing"] == .bool(true) {
      throw Failure(
        .badInput, "\(name): the node is still syncing", remedy: "wait until it has the whole chain"
      )
    }
    // The height of get_info is the number of blocks, one more than the last one's.
    if height == nil { height = whole(tree["height"]).map { $0 > 0 ? $0 - 1 : 0 } }
    if difficulty == nil { difficulty = decimal(tree["difficulty"]) }
  }

  private mutating func addMoneroHeader(_ tree: JSONValue, _ name: String) throws(Failure) {
    guard let at = whole(tree["height"]), let seconds = number(tree["timestamp"]),
      let hardness = decimal(tree["difficulty"])
    else {
      throw Failure(
        .badInput, "\(name): a block header without height, timestamp and difficulty",
        remedy: "save 'get_last_block_header' as it is")
    }
    height = at
    time = seconds
    difficulty = hardness
  }

  private mutating func addEtherBlock(_ tree: JSONValue, _ name: String) throws(Failure) {
    guard let at = hex(tree["number"]), let seconds = hex(tree["timestamp"]),
      case .string(let text)? = tree["difficulty"], text.hasPrefix("0x"),
      let hardness = UInt64(text.dropFirst(2), radix: 16)
    else {
      throw Failure(
        .badInput, "\(name): a block without number, timestamp and difficulty",
        remedy: "save eth_getBlockByNumber as it is")
    }
    guard hardness > 0 else {
      throw Failure(
        .badInput, "chain-not-minable: \(name): a block of difficulty 0, found without work",
        remedy: "ask a node of a chain that is mined")
    }
    if case .array(let list)? = tree["uncles"] { uncles.append(Double(list.count)) }
    guard at >= height ?? 0 else { return }
    height = at
    time = Double(seconds)
    difficulty = "\(hardness)"
  }

  // MARK: - The snapshot

  /// What all answers together say; `given` is the height where the user names it.
  ///
  /// - Throws: `Failure` that names what is missing.
  package func snapshot(height given: UInt64?) throws(Failure) -> ChainSnapshot {
    guard let height = given ?? height ?? tip else {
      throw Failure(
        .badInput, "the answers do not tell the height of \(chain.id)",
        remedy: "add getblockheader or getblockchaininfo")
    }
    let hardness: ChainSnapshot.Hardness? =
      header.map { .header($0) } ?? word.map { .compactTarget($0) }
      ?? difficulty.map { .difficulty($0) }
    guard let hardness else {
      throw Failure(
        .badInput, "the answers do not tell how hard a block of \(chain.id) is",
        remedy: "add getblockheader, or the node's block header answer")
    }
    let isHeader = if case .header = hardness { true } else { false }
    var snapshot = ChainSnapshot(
      chain: chain.id, height: height, hardness: hardness, time: isHeader ? nil : time,
      parentHeader: isHeader ? parentHeader : nil, source: "answers of a node of \(chain.name)")
    if !fees.isEmpty {
      snapshot.feesPerBlock = fees.reduce(0, +) / Double(fees.count)
      snapshot.feesWindow = fees.count
    }
    if !uncles.isEmpty, chain.spacing == nil {
      snapshot.unclesPerBlock = uncles.reduce(0, +) / Double(uncles.count)
    }
    return snapshot
  }

  private func number(_ value: JSONValue?) -> Double? { value.flatMap { Double(json: $0) } }
  private func whole(_ value: JSONValue?) -> UInt64? { value.flatMap { UInt64(json: $0) } }

  private func decimal(_ value: JSONValue?) -> String? {
    switch value {
    case .number(let text)?: text
    case .string(let text)?: text
    default: nil
    }
  }

  private func hex(_ value: JSONValue?) -> UInt64? {
    guard case .string(let text)? = value, text.hasPrefix("0x") else { return nil }
    return UInt64(text.dropFirst(2), radix: 16)
  }
}

/// Questions to a node, as JSON-RPC.
package enum NodeQuestion {
  /// The bytes of a call with text and whole-number parameters.
  package static func call(_ method: String, _ parameters: [Parameter] = []) -> [UInt8] {
    JSONWriter.write(
      .object([
        "jsonrpc": .string("2.0"), "id": .string("hashwatt"), "method": .string(method),
        "params": .array(
          parameters.map {
            switch $0 {
            case .text(let text): .string(text)
            case .whole(let number): number.jsonNumber
            case .flag(let flag): .bool(flag)
            }
          }),
      ]))
  }

  package enum Parameter: Sendable {
    case text(String)
    case whole(UInt64)
    case flag(Bool)
  }

  /// The text that an answer's `result` is; nil where it is none.
  package static func text(_ answer: [UInt8]) -> String? {
    guard let tree = try? JSONParser.parse(answer), case .string(let text)? = tree["result"] else {
      return nil
    }
    return text
  }

  /// A whole number of the `result`; nil where there is none.
  package static func whole(_ answer: [UInt8], _ key: String) -> UInt64? {
    guard let tree = try? JSONParser.parse(answer) else { return nil }
    return tree["result"]?[key].flatMap { UInt64(json: $0) }
  }
}
