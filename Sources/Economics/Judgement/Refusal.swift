package import Model

/// Why a question is not answered: one line with a stable code, in place of a number that would mislead.
package struct Refusal: UserFacingError, Hashable {
  /// The stable word for programs.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    case staleNetwork = "stale-network"
    case headerInFuture = "header-in-future"
    case headerPowInvalid = "header-pow-invalid"
    case targetAboveLimit = "target-above-limit"
    case targetInvalid = "target-invalid"
    case headerMalformed = "header-malformed"
    case workImplausible = "work-implausible"
    case algorithmMismatch = "algorithm-mismatch"
    case unitMismatch = "unit-mismatch"
    case chainNotMinable = "chain-not-minable"
    case mergedNotPossible = "merged-not-possible"
    case chainUnknown = "chain-unknown"
    case noSnapshot = "no-snapshot"
    case currencyMismatch = "currency-mismatch"
    case tariffInvalid = "tariff-invalid"
    case subsidyRandom = "subsidy-random"
    case lowConfidence = "low-confidence"
    /// A number outside of what a purchase can mean.
    case valueInvalid = "value-invalid"
    /// What a node answered is none of the answers that are known here.
    case nodeAnswer = "node-answer"
    /// A node that has not the whole chain yet.
    case nodeSyncing = "node-syncing"
    /// A node that has thrown old blocks away.
    case nodePruned = "node-pruned"
  }

  package let code: Code
  package let text: String
  package let chain: ChainID?
  package let ageDays: Double?
  package let remedy: String?

  package init(
    _ code: Code, _ text: String, chain: ChainID? = nil, ageDays: Double? = nil, remedy: String
  ) {
    self.code = code
    self.text = text
    self.chain = chain
    self.ageDays = ageDays
    self.remedy = remedy
  }

  package var message: String { "\(code.rawValue): \(text)" }

  /// Bad input, or something that is missing altogether.
  package var exitCode: ExitCode { code == .noSnapshot ? .unavailable : .badInput }

  static func currencyMismatch(_ first: Currency, _ second: Currency, _ what: String) -> Refusal {
    Refusal(
      .currencyMismatch, "\(what) in \(first) and \(second)",
      remedy: "give all prices in one currency; nothing is converted")
  }
}

/// Something that a buyer should know; it never changes a number.
package struct Finding: Hashable, Sendable {
  /// The stable word for programs.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    case efficiencyContradiction = "efficiency-contradiction"
    case beyondFrontier = "beyond-frontier"
    case prefix
    case announcedOnly = "announced-only"
    case claimsDiffer = "claims-differ"
    case nameplate
    case promiseAboveHashPrice = "promise-above-hash-price"
    case constantPromise = "constant-promise"
    case principalReturned = "principal-returned"
    case stopRule = "stop-rule"
    case feeAboveHashPrice = "fee-above-hash-price"
    case priceAboveCeiling = "price-above-ceiling"
    case losesToday = "loses-today"
    case freePower = "free-power"
    case eventInside = "event-inside"
    case age
    case heightAndTime = "height-and-time"
    case dataSetTooLarge = "data-set-too-large"
    /// `ethash` figures serve etc: the same function over another data set.
    case sameFunction = "same-function"
    /// The snapshot's own subsidy took the place of the chain's table.
    case subsidyOverridden = "subsidy-overridden"
  }

  package let code: Code
  /// The figures and the rule, one sentence without its full stop.
  package let text: String

  package init(_ code: Code, _ text: String) {
    self.code = code
    self.text = text
  }
}
