/// The state of some chains and the prices of their coins: hashwatt-network, version 1.
package struct NetworkSnapshot: Hashable, Sendable {
  package var capturedAt: Double
  package var currency: Currency
  package var chains: [ChainSnapshot]

  package init(capturedAt: Double, currency: Currency, chains: [ChainSnapshot]) {
    self.capturedAt = capturedAt
    self.currency = currency
    self.chains = chains
  }

  package func chain(_ id: ChainID) -> ChainSnapshot? { chains.first { $0.chain == id } }
}

/// One chain at one height.
package struct ChainSnapshot: Hashable, Sendable {
  /// What the work for a block is read from.
  package enum Hardness: Hashable, Sendable {
    /// The whole header; its own proof of work is checked.
    case header([UInt8])
    case compactTarget(UInt32)
    /// Decimal text.
    case difficulty(String)
  }

  package var chain: ChainID
  package var height: UInt64
  package var hardness: Hardness
  /// Seconds since 1970; nil where the header tells.
  package var time: Double?
  /// The parent's header of a block that was merge-mined.
  package var parentHeader: [UInt8]?
  /// Mean fees; nil where nobody tells them, so that they count as none and every report says so.
  package var feesPerBlock: Double?
  package var feesWindow: Int?
  package var unclesPerBlock: Double
  package var meanSpacing: Double?
  package var pricePerCoin: Double?
  package var priceTime: Double?
  package var priceSource: String?
  package var source: String?
  /// Takes the place of the chain's table.
  package var subsidy: Double?

  package init(
    chain: ChainID, height: UInt64, hardness: Hardness, time: Double? = nil,
    parentHeader: [UInt8]? = nil, feesPerBlock: Double? = nil, feesWindow: Int? = nil,
    unclesPerBlock: Double = 0, meanSpacing: Double? = nil, pricePerCoin: Double? = nil,
    priceTime: Double? = nil, priceSource: String? = nil, source: String? = nil,
    subsidy: Double? = nil
  ) {
    self.chain = chain
    self.height = height
    self.hardness = hardness
    self.time = time
    self.parentHeader = parentHeader
    self.feesPerBlock = feesPerBlock
    self.feesWindow = feesWindow
    self.unclesPerBlock = unclesPerBlock
    self.meanSpacing = meanSpacing
    self.pricePerCoin = pricePerCoin
    self.priceTime = priceTime
    self.priceSource = priceSource
    self.source = source
    self.subsidy = subsidy
  }
}

/// The hash functions by which headers are checked; adapters give them.
package struct HeaderHashes: Sendable {
  /// The proof-of-work hash of a header's bytes in wire order; nil where the function is not at hand.
  package let hash: @Sendable (HeaderCheck, [UInt8]) -> [UInt8]?
  /// Whether the solution at the end of a header solves the rest of it; nil where the function is not at hand.
  package let isSolved: @Sendable ([UInt8]) -> Bool?

  package init(
    isSolved: @escaping @Sendable ([UInt8]) -> Bool? = { _ in nil },
    _ hash: @escaping @Sendable (HeaderCheck, [UInt8]) -> [UInt8]?
  ) {
    self.hash = hash
    self.isSolved = isSolved
  }

  /// No function at all: every header stays unverified.
  package static let none = HeaderHashes { _, _ in nil }
}
