package import Economics
internal import JSON
internal import Model
internal import Text

/// Makes a chain's snapshot out of what a node answered: bitcoind and its kin, monerod, zcashd and zebrad, core-geth.
///
/// Answers are a stranger's: whatever is missing, of another chain or not yet whole is refused with one line.
package struct NodeAnswers {
  private let chain: Chain
  private let acceptsPruned: Bool
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

  package init(chain: Chain, acceptsPruned: Bool = false) {
    self.chain = chain
    self.acceptsPruned = acceptsPruned
  }

  /// Takes one answer; `name` is what errors call it.
  ///
  /// - Throws: `Refusal`: what is wrong with it.
  package mutating func add(_ bytes: [UInt8], name: String) throws(Refusal) {
    let text = String(decoding: bytes.prefix(200), as: UTF8.self)
    let start = text.drop { $0.isWhitespace }
    if start.hasPrefix("<") {
      throw Refusal(
        .nodeAnswer, "\(name): HTML, no answer of a node", remedy: "ask the node's RPC port")
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
      throw Refusal(
        .nodeAnswer, "\(name): \(error)", remedy: "save the node's whole answer")
    }
    try add(try Self.result(tree, name), name)
  }

  /// What is inside of the envelope of JSON-RPC, where there is one.
  private static func result(_ tree: JSONValue, _ name: String) throws(Refusal) -> JSONValue {
    if let error = tree["error"], error != .null {
      let message: String =
        if case .string(let text)? = error["message"] { text } else { "an error" }
      throw Refusal(
        .nodeAnswer,
        "\(name): the node answered: \(DisplayText.visible(String(message.prefix(200))))",
        remedy: "ask it again once it can answer")
    }
    return tree["result"] ?? tree
  }

  private mutating func add(_ tree: JSONValue, _ name: String) throws(Refusal) {
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
      throw Refusal(
        .nodeAnswer, "\(name): no answer that is known here",
        remedy:
          "save getblockchaininfo, getblockheader, getblockstats, get_info, get_last_block_header or eth_getBlockByNumber"
      )
    }
  }

  // MARK: - bitcoind and its kin

  private mutating func addBlockchainInfo(_ tree: JSONValue, _ name: String) throws(Refusal) {
    if case .string(let net)? = tree["chain"], net != "main" {
      throw Refusal(
        .chainUnknown,
        "\(name): the node follows \"\(DisplayText.visible(String(net.prefix(20))))\", not the main chain",
        remedy: "ask a node of the main chain")
    }
    let progress = number(tree["verificationprogress"]) ?? 1
    let behind = (number(tree["headers"]) ?? 0) - (number(tree["blocks"]) ?? 0)
    if tree["initialblockdownload"] == .bool(true) || progress < 0.9999 || behind > 2 {
      throw Refusal(
        .nodeSyncing,
        "\(name): the node is still syncing (verification progress \(progress), \(Int(max(0, behind))) blocks behind)",
        remedy: "wait until it has the whole chain")
    }
    if tree["pruned"] == .bool(true), !acceptsPruned {
      throw Refusal(
        .nodePruned, "\(name): a pruned node, which cannot tell of old blocks",
        remedy: "ask a node with all blocks, or accept this one's newest with --accept-pruned")
    }
    tip = whole(tree["blocks"]) ?? tip
  }

  private mutating func addBlockHeader(_ tree: JSONValue, _ name: String) throws(Refusal) {
    guard let at = whole(tree["height"]), let seconds = number(tree["time"]),
      case .string(let bits)? = tree["bits"], bits.utf8.count == 8,
      let target = UInt32(bits, radix: 16)
    else {
      throw Refusal(
        .nodeAnswer, "\(name): a block header without height, time and bits",
        remedy: "save 'getblockheader HASH' as it is")
    }
    if let confirmations = number(tree["confirmations"]), confirmations < 0 {
      throw Refusal(
        .nodeAnswer, "\(name): a block that is not on the main chain",
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

  /// The bytes that the fields of a header stand for; nil where one is missing, or the chain's headers are not read.
  private func rebuilt(_ tree: JSONValue, time: Double, bits: UInt32) -> [UInt8]? {
    if chain.headerCheck == .sha256dWithSolution {
      return rebuiltWithSolution(tree, time: time, bits: bits)
    }
    guard chain.headerCheck != .none,
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
    let bytes =
      little(UInt32(bitPattern: version)) + previous + root.reversed() + little(seconds)
      + little(bits) + little(nonce)
    return bytes.count == WorkShape.blockHeader.size ? bytes : nil
  }

  /// Zcash's header with its solution, where the node tells the commitment that is its fourth field (zebrad does).
  ///
  /// Nodes print that field in either order of its bytes; the block's own hash tells which it is.
  private func rebuiltWithSolution(_ tree: JSONValue, time: Double, bits: UInt32) -> [UInt8]? {
    func bytes(_ key: String, _ size: Int) -> [UInt8]? {
      guard case .string(let text)? = tree[key], let bytes = Hexadecimal.decode(text),
        bytes.count == size
      else { return nil }
      return bytes
    }
    guard let version = number(tree["version"]).flatMap({ Int32(exactly: $0) }),
      let previous = bytes("previousblockhash", 32), let root = bytes("merkleroot", 32),
      let commitments = bytes("blockcommitments", 32), let nonce = bytes("nonce", 32),
      let solution = bytes("solution", 1344), let seconds = UInt32(exactly: time),
      let hash = bytes("hash", 32)
    else { return nil }
    var start = little(UInt32(bitPattern: version))
    start += previous.reversed()
    start += root.reversed()
    var end = little(seconds)
    end += little(bits)
    end += nonce.reversed()
    end += [0xfd, 0x40, 0x05]
    end += solution
    let displayed: [UInt8] = hash.reversed()
    for field in [Array(commitments.reversed()), commitments] {
      let whole: [UInt8] = start + field + end
      if SHA256.hash(SHA256.hash(whole)) == displayed { return whole }
    }
    return nil
  }

  private func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }

  private mutating func addBlockStats(_ tree: JSONValue, _ name: String) throws(Refusal) {
    guard let atoms = number(tree["totalfee"]), atoms >= 0 else {
      throw Refusal(
        .nodeAnswer, "\(name): block statistics without totalfee",
        remedy: "save 'getblockstats HEIGHT' as it is")
    }
    fees.append(atoms / Double(chain.atomsPerCoin))
  }

  // MARK: - Others

  private mutating func addMoneroInfo(_ tree: JSONValue, _ name: String) throws(Refusal) {
    if tree["mainnet"] == .bool(false) {
      throw Refusal(
        .chainUnknown, "\(name): the node follows a test chain",
        remedy: "ask a node of the main chain")
    }
    if tree["synchronized"] == .bool(false) || tree["busy_syncing"] == .bool(true) {
      throw Refusal(
        .nodeSyncing, "\(name): the node is still syncing",
        remedy: "wait until it has the whole chain"
      )
    }
    // The height of get_info is the number of blocks, one more than the last one's.
    if height == nil { height = whole(tree["height"]).map { $0 > 0 ? $0 - 1 : 0 } }
    if difficulty == nil { difficulty = decimal(tree["difficulty"]) }
  }

  private mutating func addMoneroHeader(_ tree: JSONValue, _ name: String) throws(Refusal) {
    guard let at = whole(tree["height"]), let seconds = number(tree["timestamp"]),
      let hardness = decimal(tree["difficulty"])
    else {
      throw Refusal(
        .nodeAnswer, "\(name): a block header without height, timestamp and difficulty",
        remedy: "save 'get_last_block_header' as it is")
    }
    height = at
    time = seconds
    difficulty = hardness
  }

  private mutating func addEtherBlock(_ tree: JSONValue, _ name: String) throws(Refusal) {
    guard let at = hex(tree["number"]), let seconds = hex(tree["timestamp"]),
      case .string(let text)? = tree["difficulty"], text.hasPrefix("0x"),
      let hardness = UInt64(text.dropFirst(2), radix: 16)
    else {
      throw Refusal(
        .nodeAnswer, "\(name): a block without number, timestamp and difficulty",
        remedy: "save eth_getBlockByNumber as it is")
    }
    guard hardness > 0 else {
      throw Refusal(
        .chainNotMinable, "\(name): a block of difficulty 0, found without work",
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
  /// - Throws: `Refusal` that names what is missing.
  package func snapshot(height given: UInt64?) throws(Refusal) -> ChainSnapshot {
    guard let height = given ?? height ?? tip else {
      throw Refusal(
        .nodeAnswer, "the answers do not tell the height of \(chain.id)",
        remedy: "add getblockheader or getblockchaininfo")
    }
    let hardness: ChainSnapshot.Hardness? =
      header.map { .header($0) } ?? word.map { .compactTarget($0) }
      ?? difficulty.map { .difficulty($0) }
    guard let hardness else {
      throw Refusal(
        .nodeAnswer, "the answers do not tell how hard a block of \(chain.id) is",
        remedy: "add getblockheader, or the node's block header answer")
    }
    if let header { try checkAgreement(header) }
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

  /// A header and the fields of another block must not become one snapshot.
  private func checkAgreement(_ header: [UInt8]) throws(Refusal) {
    let facts = try HeaderFacts(header, of: chain)
    guard time == nil || time == facts.time, word == nil || word == facts.compactTarget else {
      throw Refusal(
        .headerMalformed, "the header and the other answers are of different blocks",
        chain: chain.id, remedy: "save getblockheader of one hash, with and without its fields")
    }
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
