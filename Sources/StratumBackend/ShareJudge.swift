package import Model

/// What a share turned out to be.
package enum ShareVerdict: Hashable {
  /// It meets the target and belongs to the present epoch.
  case proven(MinerShare)
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

/// A share that was proven, with all that rebuilds its header.
package struct MinerShare: Hashable, Sendable {
  package let job: UInt32
  package let connection: UInt32
  package let extranonce: UInt32
  package let timeOffset: UInt32
  package let versionBits: UInt32
  package let nonce: UInt32
  /// In wire order; kept for the tests of fit, not for the file.
  package let hash: [UInt8]
}

/// Rebuilds the header of every share and judges it.
package struct ShareJudge {
  private let convention: ShareConvention
  private let hash: (Header) -> [UInt8]
  /// Set before each epoch, constant within it.
  package var target: Target
  /// The headers of the present epoch, told apart by their hashes: two that are equal are one header.
  private var seen: Set<[UInt8]> = []

  package init(
    _ convention: ShareConvention, target: Target, hash: @escaping (Header) -> [UInt8]
  ) {
    self.convention = convention
    self.target = target
    self.hash = hash
  }

  /// Forgets the shares of the epoch before.
  package mutating func beginEpoch() { seen.removeAll(keepingCapacity: true) }

  package mutating func judge(
    _ submission: MinerDialogue.Submission, connection: UInt32, versionMask: UInt32,
    jobs: JobIssuer
  ) -> ShareVerdict {
    guard let job = jobs.job(named: submission.job) else { return .unknownJob }
    guard submission.time >= job.time, submission.time - job.time <= ProofJob.timeLimit else {
      return .forbidden("time out of range")
    }
    guard submission.versionBits & ~versionMask & ~ProofJob.version == 0 else {
      return .forbidden("version bits outside the mask")
    }
    let share = header(submission, job, connection)
    let hash = self.hash(share.header)
    guard target.isMet(by: hash) else { return .aboveTarget(hash: hash) }
    guard job.epoch == jobs.epoch else { return .late }
    guard seen.insert(hash).inserted else { return .duplicate }
    return .proven(
      MinerShare(
        job: job.index, connection: connection, extranonce: submission.extranonce,
        timeOffset: submission.time - job.time, versionBits: share.versionBits,
        nonce: submission.nonce, hash: hash))
  }

  private func header(
    _ submission: MinerDialogue.Submission, _ job: ProofJob, _ connection: UInt32
  ) -> (header: Header, versionBits: UInt32) {
    let bits = submission.versionBits & ProofJob.versionMask
    let header = job.header(
      connection: connection, extranonce: submission.extranonce,
      timeOffset: submission.time - job.time, versionBits: bits, nonce: submission.nonce,
      coinbaseHash: convention.coinbaseHash)
    return (header, bits)
  }
}
