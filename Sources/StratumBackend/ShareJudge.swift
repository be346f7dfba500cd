package import Model

/// What a share turned out to be.
package enum ShareVerdict: Hashable {
  /// It meets the target and belongs to the present epoch.
  ///
  /// The hash, in wire order, is for the tests of fit.
  case proven(MinerShare, hash: [UInt8])
  /// The miner says that it meets the target of the present epoch; it is not in the sample that is hashed again.
  case taken(MinerShare, hash: [UInt8])
  /// It meets the target of its job, which belongs to an epoch that is over: accepted, and not counted.
  case late
  case unknownJob
  case duplicate
  /// The hash, so that a filter of the miner that is a little wider than the target is told from noise.
  case aboveTarget(hash: [UInt8])
  /// The time or the version bits lie outside what the job permits.
  case forbidden(String)
  /// The miner said another hash than its share has.
  case wrongHash
  /// The reference could not hash it.
  case unjudged

  /// How the miner is answered; nil for an acceptance.
  package var refusal: StratumError? {
    switch self {
    case .proven, .taken, .late: nil
    case .unknownJob: .unknownJob
    case .duplicate: .duplicate
    case .aboveTarget: .aboveTarget
    case .forbidden(let why): .other(why)
    case .wrongHash: .other("wrong hash")
    case .unjudged: .other("not judged")
    }
  }
}

/// Rebuilds what every share is the hash of, and judges it.
package struct ShareJudge {
  private let convention: ShareConvention
  private let hash: @Sendable (WorkInput) -> [UInt8]?
  /// Set before each epoch, constant within it.
  package var target: Target
  /// The same; which shares are hashed where the convention has samples.
  package var sample: ShareSample
  /// The shares of the present epoch.
  private var seen: Set<Mark> = []

  /// What a share is known by: half of its hash, because headers may be the same by different numbers, and 2^64 shares would
  /// have to be made for two different ones to meet; or its numbers, which need no hash.
  private struct Mark: Hashable {
    let first: UInt64
    let second: UInt64

    init(_ share: MinerShare) {
      first = UInt64(share.job) << 32 | UInt64(share.connection)
      second = UInt64(share.nonce)
    }

    /// The lower half, which a target says nothing about.
    init(_ hash: [UInt8]) {
      func word(_ start: Int) -> UInt64 {
        hash[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
      }
      first = word(0)
      second = word(8)
    }
  }

  /// `hash` gives 32 bytes in wire order, or nil where it cannot.
  package init(
    _ convention: ShareConvention, target: Target, sample: ShareSample,
    hash: @escaping @Sendable (WorkInput) -> [UInt8]?
  ) {
    self.convention = convention
    self.target = target
    self.sample = sample
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
    guard let hash = self.hash(convention.input(of: share, job)) else { return .unjudged }
    guard target.isMet(by: hash) else { return .aboveTarget(hash: hash) }
    guard job.epoch == jobs.epoch else { return .late }
    guard seen.insert(Mark(hash)).inserted else { return .duplicate }
    return .proven(share, hash: hash)
  }

  /// Judges a nonce that came with its hash: what can be said without hashing first, because that takes long.
  package mutating func judge(
    _ found: CryptoNoteDialogue.Found, connection: UInt32, jobs: JobIssuer, arrival: UInt32
  ) -> ShareVerdict {
    guard let job = jobs.job(named: found.job) else { return .unknownJob }
    guard job.epoch == jobs.epoch else { return .late }
    guard target.isMet(by: found.hash) else { return .aboveTarget(hash: found.hash) }
    let share = MinerShare(
      job: job.index, connection: connection, extranonce: 0, timeOffset: 0, versionBits: 0,
      nonce: found.nonce, arrival: arrival)
    guard seen.insert(Mark(share)).inserted else { return .duplicate }
    guard sample.contains(share, epoch: job.epoch) else { return .taken(share, hash: found.hash) }
    guard let hash = self.hash(convention.input(of: share, job)) else { return .unjudged }
    return hash == found.hash ? .proven(share, hash: hash) : .wrongHash
  }
}
