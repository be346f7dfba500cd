package import Model

/// What a share turned out to be.
package enum ShareVerdict: Hashable {
  /// It meets the target and belongs to the present epoch.
  ///
  /// The hash, in wire order, is for the tests of fit.
  case proven(MinerShare, hash: [UInt8])
  /// It meets the target of its job, which belongs to an epoch that is over: accepted, and not counted.
  case late
  case unknownJob
  case duplicate
  /// The hash, so that a filter of the miner that is a little wider than the target is told from noise.
  case aboveTarget(hash: [UInt8])
  /// The time or the version bits lie outside what the job permits.
  case forbidden(String)

  /// How the miner is answered; nil for an acceptance.
  package var refusal: StratumError? {
    switch self {
    case .proven, .late: nil
    case .unknownJob: .unknownJob
    case .duplicate: .duplicate
    case .aboveTarget: .aboveTarget
    case .forbidden(let why): .other(why)
    }
  }
}

/// Rebuilds the header of every share and judges it.
package struct ShareJudge {
  private let convention: ShareConvention
  private let hash: @Sendable (WorkInput) -> [UInt8]
  /// Set before each epoch, constant within it.
  package var target: Target
  /// The headers of the present epoch, told apart by half of their hashes: 2^64 shares would have to be made for two
  /// different ones to meet.
  private var seen: Set<HalfHash> = []

  private struct HalfHash: Hashable {
    let first: UInt64
    let second: UInt64

    /// The lower half, which a target says nothing about.
    init(_ hash: [UInt8]) {
      func word(_ start: Int) -> UInt64 {
        hash[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
      }
      first = word(0)
      second = word(8)
    }
  }

  /// `hash` gives 32 bytes in wire order.
  package init(
    _ convention: ShareConvention, target: Target, hash: @escaping @Sendable (WorkInput) -> [UInt8]
  ) {
    self.convention = convention
    self.target = target
    self.hash = hash
  }

  /// Forgets the shares of the epoch before.
  package mutating func beginEpoch() { seen.removeAll(keepingCapacity: true) }

  /// Judges a share that arrived so many milliseconds after the epoch began.
  package mutating func judge(
    _ submission: MinerDialogue.Submission, connection: UInt32, versionMask: UInt32,
    jobs: JobIssuer, arrival: UInt32
  ) -> ShareVerdict {
    guard let job = jobs.job(named: submission.job) else { return .unknownJob }
    guard submission.time >= job.time, submission.time - job.time <= ProofJob.timeLimit else {
      return .forbidden("time out of range")
    }
    guard submission.versionBits & ~versionMask & ~ProofJob.version == 0 else {
      return .forbidden("version bits outside the mask")
    }
    let share = MinerShare(
      job: job.index, connection: connection, extranonce: submission.extranonce,
      timeOffset: submission.time - job.time,
      versionBits: submission.versionBits & ProofJob.versionMask, nonce: submission.nonce,
      arrival: arrival)
    let hash = self.hash(job.header(of: share, convention.coinbaseHash))
    guard target.isMet(by: hash) else { return .aboveTarget(hash: hash) }
    guard job.epoch == jobs.epoch else { return .late }
    guard seen.insert(HalfHash(hash)).inserted else { return .duplicate }
    return .proven(share, hash: hash)
  }
}
