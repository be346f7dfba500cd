internal import Glibc
package import Model

/// One chain of a snapshot, read, checked and with its work computed.
package struct ChainState: Hashable, Sendable {
  package let chain: Chain
  package let snapshot: ChainSnapshot
  /// Seconds since 1970.
  package let time: Double
  package let work: ExactRatio
  /// `work` as a float.
  package let workPerBlock: Double
  /// For display only.
  package let difficulty: Double
  package let compactTarget: UInt32?
  package let verification: HeaderVerification
  package let spacing: Double
  /// The reward at the snapshot's height.
  package let rewardNow: Double

  /// Reads and checks one chain of a snapshot.
  ///
  /// - Throws: `Refusal`: what is wrong with the header, its target or its work, or that the reward is not known.
  package init(
    _ snapshot: ChainSnapshot, chain: Chain, hashes: HeaderHashes
  ) throws(Refusal) {
    self.chain = chain
    self.snapshot = snapshot
    var stated = snapshot.time
    var verification = HeaderVerification.notVerified
    switch snapshot.hardness {
    case .header(let bytes):
      let facts = try HeaderFacts(bytes, of: chain)
      stated = facts.time
      let target = try Self.target(facts.compactTarget, chain)
      let checked = snapshot.parentHeader ?? bytes
      if snapshot.parentHeader != nil,
        chain.mergedWith == nil || checked.count != WorkShape.blockHeader.size
      {
        throw Refusal(
          .headerMalformed, "a parent's header for \(chain.id) that cannot have one",
          chain: chain.id, remedy: "give auxpow_parent_header, 80 bytes, to merge-mined chains only"
        )
      }
      if chain.headerCheck == .sha256dWithSolution, hashes.isSolved(checked) == false {
        throw Refusal(
          .headerPowInvalid, "the solution in the header of \(chain.id) is none of it",
          chain: chain.id, remedy: "take the header of a block of this chain, and all of it")
      }
      switch chain.headerCheck.meets(target, checked, hashes) {
      case true?: verification = .proofOfWork
      case false?:
        throw Refusal(
          .headerPowInvalid, "the header of \(chain.id) does not meet its own target",
          chain: chain.id,
          remedy: chain.mergedWith != nil && snapshot.parentHeader == nil
            ? "give auxpow_parent_header, whose hash is the proof of a merge-mined block"
            : "take the header of a block of this chain, and all of it")
      case nil: break
      }
      compactTarget = facts.compactTarget
      work = ExactWork.work(target: target)
      difficulty = Self.displayed(target, chain)
    case .compactTarget(let word):
      let target = try Self.target(word, chain)
      compactTarget = word
      work = ExactWork.work(target: target)
      difficulty = Self.displayed(target, chain)
    case .difficulty(let text):
      guard let stated = ExactRatio(decimal: text), !stated.numerator.isZero else {
        throw Refusal(
          .targetInvalid, "\"\(text.prefix(40))\" is no difficulty", chain: chain.id,
          remedy: "give a decimal number above 0 as text")
      }
      compactTarget = nil
      difficulty = stated.double
      work = try Self.work(stated, chain)
    }
    guard let stated, stated.isFinite, (0...1e11).contains(stated) else {
      throw Refusal(
        .headerMalformed, "no time of the block of \(chain.id)", chain: chain.id,
        remedy: "give time_unix_s, or the header")
    }
    time = stated
    self.verification = verification
    workPerBlock = work.double
    spacing = chain.spacing(mean: snapshot.meanSpacing, unclesPerBlock: snapshot.unclesPerBlock)
    guard let reward = Self.reward(snapshot, chain, height: snapshot.height) else {
      throw Refusal(
        .subsidyRandom, "no rule tells the reward of \(chain.id) at height \(snapshot.height)",
        chain: chain.id, remedy: "give subsidy_coin, or a later height")
    }
    guard reward > 0 else {
      throw Refusal(
        .valueInvalid, "a block of \(chain.id) at height \(snapshot.height) pays nothing",
        chain: chain.id, remedy: "give a height at which there is a reward, or subsidy_coin above 0"
      )
    }
    rewardNow = reward
    try checkWork()
  }

  /// What one solution brings at a height, in coins: the miner's part with uncles and fees.
  package func reward(height: UInt64) -> Double {
    Self.reward(snapshot, chain, height: height) ?? rewardNow
  }

  /// The height at a time after the snapshot.
  package func height(day: Double) -> UInt64 {
    let blocks = (day * 86400 / spacing).rounded(.down)
    return snapshot.height + UInt64(min(max(0, blocks), 1e15))
  }

  /// Heights at which the reward changes within some days, each with its day.
  package func events(days: Double) -> [(height: UInt64, day: Double)] {
    guard snapshot.subsidy == nil else { return [] }
    return chain.changes(after: snapshot.height, through: height(day: days)).map {
      ($0, Double($0 - snapshot.height) * spacing / 86400)
    }.filter { $0.day < days }
  }

  /// Work per second of the whole network, by the chain's spacing.
  package var networkRate: Double { workPerBlock / spacing }

  package func ageDays(at now: Double) -> Double { (now - time) / 86400 }

  private static func reward(
    _ snapshot: ChainSnapshot, _ chain: Chain, height: UInt64
  ) -> Double? {
    guard let subsidy = snapshot.subsidy ?? chain.minerCoins(height: height) else { return nil }
    return UncleRule.reward(
      subsidy: subsidy, fees: snapshot.feesPerBlock ?? 0, unclesPerBlock: snapshot.unclesPerBlock)
  }

  /// The target of an `nBits` word, not above the chain's limit.
  package static func target(_ word: UInt32, _ chain: Chain) throws(Refusal) -> Target {
    guard case .target(let limit, _) = chain.difficulty else {
      throw Refusal(
        .targetInvalid, "\(chain.id) states a difficulty, no nBits", chain: chain.id,
        remedy: "give difficulty as decimal text")
    }
    let target: Target
    do {
      target = try Target(compact: word)
    } catch {
      throw Refusal(
        .targetInvalid, "nBits \(hex(word)): \(error)", chain: chain.id,
        remedy: "give the eight digits of a block of this chain")
    }
    guard let highest = try? Target(compact: limit),
      ExactWork.integer(target) <= ExactWork.integer(highest)
    else {
      throw Refusal(
        .targetAboveLimit, "nBits \(hex(word)) is easier than \(chain.id) allows (\(hex(limit)))",
        chain: chain.id, remedy: "give a block of the main chain, not of a test chain")
    }
    return target
  }

  /// Eight digits.
  package static func hex(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func displayed(_ target: Target, _ chain: Chain) -> Double {
    guard case .target(_, let one) = chain.difficulty, let first = try? Target(compact: one) else {
      return ExactWork.work(target: target).double
    }
    return ExactWork.difficulty(of: target, one: first)
  }

  private static func work(
    _ difficulty: ExactRatio, _ chain: Chain
  ) throws(Refusal) -> ExactRatio {
    switch chain.difficulty {
    case .count(let minimum):
      guard difficulty.floor >= Natural(minimum) else {
        throw Refusal(
          .targetAboveLimit, "a difficulty below \(minimum), the least of \(chain.id)",
          chain: chain.id, remedy: "give a block of the main chain, not of a test chain")
      }
      return difficulty
    case .target(let limit, let one):
      guard let first = try? Target(compact: one), let highest = try? Target(compact: limit) else {
        throw Refusal(
          .targetInvalid, "the chain data of \(chain.id) hold no target", chain: chain.id,
          remedy: "use the chain data of this version")
      }
      let work = ExactWork.work(difficulty: difficulty, one: first)
      guard difficulty.numerator <= ExactWork.integer(first) * difficulty.denominator else {
        throw Refusal(
          .targetInvalid, "a difficulty of \(chain.id) that no target stands for",
          chain: chain.id, remedy: "give the difficulty of a block of this chain")
      }
      // A printed difficulty is rounded, so that the limit's own may lie a little below it.
      guard work.double >= ExactWork.work(target: highest).double * (1 - 1e-6) else {
        throw Refusal(
          .targetAboveLimit, "a difficulty below the least of \(chain.id)", chain: chain.id,
          remedy: "give a block of the main chain, not of a test chain")
      }
      return work
    }
  }

  private func checkWork() throws(Refusal) {
    guard let known = chain.known, snapshot.height >= known.height,
      let target = try? Target(compact: known.compactTarget)
    else { return }
    let least = ExactWork.work(target: target).double / 16
    guard workPerBlock < least else { return }
    throw Refusal(
      .workImplausible,
      "less than a sixteenth of the work that \(chain.id) had at height \(known.height)",
      chain: chain.id, remedy: "give a block of the main chain that other blocks were built on")
  }
}
