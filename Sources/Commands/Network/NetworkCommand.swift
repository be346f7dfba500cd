package import Arguments
internal import Economics
internal import LinuxSystem
package import Model
internal import Records

/// Makes a network file out of a node's answers.
package enum NetworkCommand: Subcommand {
  static let from = RepeatedOption("from", "FILE", .file, "An answer that was saved.")
  static let node = Option("node", "URL", "A node to ask: http://127.0.0.1:8332.")
  static let cookie = Option(
    "cookie", "FILE", .file, "The node's cookie file, with user:password in it.")
  static let chain = Option("chain", "NAME", "Which chain it is (default btc).")
  static let height = Option("height", "N", "The block's height, where the answers do not tell.")
  static let price = Option("price", "N", "The coin's price.")
  static let currency = Option("currency", "C", "The price's currency (default USD).")
  static let priceSource = Option("price-source", "TEXT", "Who says the price.")
  static let priceTime = Option(
    "price-time", "TIME", "When the price was: seconds since 1970, or 2026-05-30.")
  static let at = Option("at", "TIME", "When the answers were given (default now).")
  static let acceptPruned = Flag(
    "accept-pruned", "Take the newest block of a node that has thrown old ones away.")
  static let add = Option(
    "add", "FILE", .file, "A network file that the chain is added to, or replaced in.")
  static let output = Option("output", "FILE", .file, "Write to this file, whole or not at all.")

  package static let description = CommandDescription(
    name: "network", summary: "make the state of a chain out of a node's answers",
    discussion: """
      Writes a file of the format hashwatt-network, which 'hashwatt evaluate' reads. The answers come from files, or \
      from one node that is named; no service is ever asked by itself. A header's own proof of work is checked before \
      anything is written, where there is a kernel for it.

      Answers that are known: getblockchaininfo, getblockheader and getblockstats of bitcoind, litecoind, dogecoind, \
      zcashd and zebrad; get_info and get_last_block_header of monerod; eth_getBlockByNumber of core-geth. Several \
      getblockstats give the mean fees of their blocks.

      A node that is syncing, follows a test chain or has thrown old blocks away is refused, the last unless \
      --accept-pruned is given: its newest block is whole, but fees of older ones may be missing.

      A node's password is read from --cookie or from HASHWATT_NODE_CREDENTIALS (user:password) and is never shown.
      """,
    options: [
      from, node, cookie, chain, height, price, currency, priceSource, priceTime, at, acceptPruned,
      add, output,
    ],
    operands: OperandDescription(
      name: "FILE", minimum: 0, maximum: nil, help: "More answers, as with --from."),
    examples: [
      "hashwatt network --from blockchaininfo.json --from header.json --price 100000 --price-source 'my broker'",
      "hashwatt network --node http://127.0.0.1:8332 --cookie ~/.bitcoin/.cookie --output network.json",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let id = ChainID(rawValue: arguments[Self.chain] ?? "btc")
    let chains = try BuiltInChains.all()
    guard let chain = chains.first(where: { $0.id == id }) else {
      throw Refusal(
        .chainUnknown, "\"\(id.rawValue.prefix(40))\" is no chain that is known here",
        remedy: "give one of \(chains.map(\.id.rawValue).joined(separator: ", "))")
    }
    var answers = NodeAnswers(chain: chain, acceptsPruned: arguments[Self.acceptPruned])
    let files = arguments[Self.from] + arguments.operands
    for path in files { try answers.add(try InputFile.read(path), name: path) }
    if let url = arguments[Self.node] {
      try ask(url, chain, arguments, context, &answers)
    } else if files.isEmpty {
      throw ArgumentError("no answers", remedy: "give --from FILE, or --node URL")
    }
    var snapshot = try answers.snapshot(
      height: try arguments.integer(Self.height, in: 0...1_000_000_000 as ClosedRange<UInt64>))
    try price(arguments, &snapshot)
    // What is written can be read again: the header's work, its target and its plausibility are checked here.
    let state = try ChainState(snapshot, chain: chain, hashes: Composition.headerHashes)
    let network = try joined(snapshot, arguments)
    let verified =
      state.verification == .proofOfWork ? "its header's own work was checked" : "not verified"
    try Document.write(
      String(decoding: NetworkFile.encode(network), as: UTF8.self), to: arguments[Self.output],
      context)
    try context.notes.write("\(chain.name) at height \(snapshot.height): \(verified)\n")
    return .done
  }

  private static func price(
    _ arguments: ParsedArguments, _ snapshot: inout ChainSnapshot
  ) throws {
    guard let price = try arguments.number(Self.price, in: 1e-18...1e18) else { return }
    snapshot.pricePerCoin = price
    snapshot.priceSource = arguments[Self.priceSource]
    snapshot.priceTime = try arguments[Self.priceTime].map(EvaluationRequest.time)
  }

  private static func joined(
    _ snapshot: ChainSnapshot, _ arguments: ParsedArguments
  ) throws -> NetworkSnapshot {
    let given = arguments[Self.currency].map(Currency.init(rawValue:))
    var network = NetworkSnapshot(
      capturedAt: try arguments[Self.at].map(EvaluationRequest.time)
        ?? RawMonotonicClock.unixTime().rounded(.down),
      currency: given ?? Currency(rawValue: "USD"), chains: [])
    if let path = arguments[Self.add] {
      network = try NetworkFile.decode(try InputFile.read(path), name: path)
      if let given, given != network.currency {
        throw Refusal(
          .currencyMismatch, "\(path) has prices in \(network.currency), the command in \(given)",
          remedy: "give all prices in one currency; nothing is converted")
      }
    }
    network.chains.removeAll { $0.chain == snapshot.chain }
    network.chains.append(snapshot)
    return network
  }

  // MARK: - A node

  private static func ask(
    _ url: String, _ chain: Chain, _ arguments: ParsedArguments, _ context: CommandContext,
    _ answers: inout NodeAnswers
  ) throws {
    var secret = context.environment["HASHWATT_NODE_CREDENTIALS"]
    if let path = arguments[Self.cookie] {
      let text = String(decoding: try InputFile.read(path), as: UTF8.self)
      secret = text.split(whereSeparator: \.isNewline).first.map(String.init)
    }
    if secret?.contains(where: \.isNewline) == true {
      throw Failure(
        .badInput, "the node's credentials are more than one line", remedy: "give user:password")
    }
    let node = try NodeConnection(url: url, secret: secret)
    switch chain.algorithm.rawValue {
    case "randomx":
      try answers.add(
        try node.ask(NodeQuestion.call("get_last_block_header")), name: "get_last_block_header")
      try answers.add(try node.ask(NodeQuestion.call("get_info")), name: "get_info")
    case "etchash":
      let call = NodeQuestion.call("eth_getBlockByNumber", [.text("latest"), .flag(false)])
      try answers.add(try node.ask(call), name: "eth_getBlockByNumber")
    default:
      try answers.add(
        try node.ask(NodeQuestion.call("getblockchaininfo")), name: "getblockchaininfo")
      let best = try node.ask(NodeQuestion.call("getbestblockhash"))
      guard let hash = NodeQuestion.text(best) else {
        throw Failure(
          .badInput, "getbestblockhash: no hash in the node's answer",
          remedy: "ask the node's RPC port")
      }
      let header = try node.ask(NodeQuestion.call("getblockheader", [.text(hash), .flag(true)]))
      try answers.add(header, name: "getblockheader")
      if chain.headerCheck == .sha256dWithSolution {
        // Its fields do not tell all of the header.
        let whole = try node.ask(NodeQuestion.call("getblockheader", [.text(hash), .flag(false)]))
        try answers.add(whole, name: "getblockheader")
      }
      try askFees(node, NodeQuestion.whole(header, "height"), context, &answers)
    }
  }

  /// The fees of the last day or so; a node that cannot tell them leaves them out.
  private static func askFees(
    _ node: NodeConnection, _ height: UInt64?, _ context: CommandContext,
    _ answers: inout NodeAnswers
  ) throws {
    guard let height else { return }
    for back in 0..<min(height / 4, 36) {
      let question = NodeQuestion.call("getblockstats", [.whole(height - back * 4)])
      do {
        try answers.add(try node.ask(question), name: "getblockstats")
      } catch {
        try context.notes.write(
          "note: without the fees of blocks: \(ErrorReport.failure(for: error).line)\n")
        return
      }
      if context.isInterrupted() { return }
    }
  }
}
