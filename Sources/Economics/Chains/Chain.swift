package import Model

/// The rules of one chain, as far as a purchase hangs on them; data from `profiles/chains/`.
package struct Chain: Hashable, Sendable {
  package let id: ChainID
  /// As people call the coin.
  package let name: String
  package let algorithm: AlgorithmID
  /// Other names of the very same function, such as `ethash` for etchash.
  package let sameFunctions: [AlgorithmID]
  package let workUnit: String
  /// Seconds between blocks; nil where it follows from the uncles.
  package let spacing: Double?
  package let atomsPerCoin: UInt64
  package let subsidy: SubsidyRule
  package let minerParts: [MinerPart]
  package let difficulty: DifficultyRule
  /// The chain whose blocks carry this one's work along; nil where there is none.
  package let mergedWith: ChainID?
  package let known: KnownBlock?
  package let market: ChainMarket
  /// How often targets follow the time, where the rule is that of Bitcoin.
  package let retarget: PeriodicRetarget?
  package let headerCheck: HeaderCheck
  package let hasDataSet: Bool
  package let source: SourceNote
  /// What a reader should know of its future.
  package let note: String?

  package init(
    id: ChainID, name: String, algorithm: AlgorithmID, sameFunctions: [AlgorithmID] = [],
    workUnit: String, spacing: Double?, atomsPerCoin: UInt64, subsidy: SubsidyRule,
    minerParts: [MinerPart] = [], difficulty: DifficultyRule, mergedWith: ChainID? = nil,
    known: KnownBlock? = nil, market: ChainMarket, retarget: PeriodicRetarget? = nil,
    headerCheck: HeaderCheck, hasDataSet: Bool = false, source: SourceNote, note: String? = nil
  ) {
    self.id = id
    self.name = name
    self.algorithm = algorithm
    self.sameFunctions = sameFunctions
    self.workUnit = workUnit
    self.spacing = spacing
    self.atomsPerCoin = atomsPerCoin
    self.subsidy = subsidy
    self.minerParts = minerParts
    self.difficulty = difficulty
    self.mergedWith = mergedWith
    self.known = known
    self.market = market
    self.retarget = retarget
    self.headerCheck = headerCheck
    self.hasDataSet = hasDataSet
    self.source = source
    self.note = note
  }

  package var workKind: WorkKind { WorkKind(algorithm: algorithm, unit: workUnit) }

  /// Atoms that a block of this height pays its miner, without fees; nil where no rule is known or the reward was random.
  package func minerAtoms(height: UInt64) -> Natural? {
    guard let subsidy = subsidy.atoms(height: height) else { return nil }
    guard let part = minerParts.last(where: { $0.fromHeight <= height }) else { return subsidy }
    return (subsidy * Natural(part.numerator)).divided(by: Natural(part.denominator)).quotient
  }

  /// The same in coins.
  package func minerCoins(height: UInt64) -> Double? {
    minerAtoms(height: height).map { ExactRatio($0, over: Natural(atomsPerCoin)).double }
  }

  /// Seconds between blocks, by what the snapshot says of it or else by the chain's rule.
  package func spacing(mean: Double?, unclesPerBlock: Double) -> Double {
    mean ?? spacing ?? UncleRule.spacing(unclesPerBlock: unclesPerBlock)
  }

  /// The first heights after `height` and not after `last` whose reward differs from that of the block before, each
  /// at most `limit`.
  package func changes(after height: UInt64, through last: UInt64, limit: Int = 400) -> [UInt64] {
    var found: [UInt64] = []
    var at = height
    while found.count < limit {
      let steps = [subsidy.nextStep(after: at), minerParts.map(\.fromHeight).first { $0 > at }]
      guard let next = steps.compactMap({ $0 }).min(), next <= last else { break }
      if minerAtoms(height: next) != minerAtoms(height: next - 1) { found.append(next) }
      at = next
    }
    return found
  }
}

/// A text and an address behind a figure, with the day it was read.
package struct SourceNote: Hashable, Sendable {
  package let title: String
  package let address: String
  /// `2026-11-20`.
  package let date: String

  package init(title: String, address: String, date: String) {
    self.title = title
    self.address = address
    self.date = date
  }
}

/// The part of the subsidy that is the miner's, from a height on.
package struct MinerPart: Hashable, Sendable {
  package let fromHeight: UInt64
  package let numerator: UInt64
  package let denominator: UInt64

  package init(fromHeight: UInt64, numerator: UInt64, denominator: UInt64) {
    self.fromHeight = fromHeight
    self.numerator = numerator
    self.denominator = denominator
  }
}

/// A block that was read, for plausibility.
package struct KnownBlock: Hashable, Sendable {
  package let height: UInt64
  package let time: Double
  package let compactTarget: UInt32

  package init(height: UInt64, time: Double, compactTarget: UInt32) {
    self.height = height
    self.time = time
    self.compactTarget = compactTarget
  }
}

/// How a header or a node states how hard a block is.
package enum DifficultyRule: Hashable, Sendable {
  /// By an `nBits` word, at most the limit; difficulty 1 is the target of `one`.
  case target(limit: UInt32, one: UInt32)
  /// The difficulty is the expected number of attempts, at least `minimum`.
  case count(minimum: UInt64)
}

/// Bitcoin's rule: every `interval` blocks, by the time that they took.
package struct PeriodicRetarget: Hashable, Sendable {
  package let interval: UInt64
  package let timespan: Int64

  package init(interval: UInt64, timespan: Int64) {
    self.interval = interval
    self.timespan = timespan
  }
}

/// How a header's own work is checked.
package enum HeaderCheck: String, Hashable, Sendable, CaseIterable {
  case sha256d
  case scrypt = "scrypt-1024-1-1"
  case keccak256
  /// SHA-256d of header and solution.
  case sha256dWithSolution = "sha256d-with-solution"
  /// There is no kernel here that could.
  case none
}

/// Whether a coin can be sold, or mined at all.
package enum ChainMarket: Hashable, Sendable {
  case liquid
  case noLiquidMarket
  /// Since a day, for a reason.
  case notMinable(since: String, note: String)
}
