/// What one attempt at an algorithm's work is: everything that positions, headers, proofs, targets and limits follow
/// from.
package struct WorkShape: Hashable, Sendable {
  /// What one attempt yields.
  package enum Yield: Hashable, Sendable {
    /// Exactly one hash.
    case oneHash
    /// None, one or several solutions; so many on average.
    case solutions(expected: Double)
  }

  /// What must be built before the first attempt, and from what.
  package enum Preparation: Hashable, Sendable {
    case none
    /// A state that follows from a key of so many bytes, about so large, one for all workers or one for each.
    case keyed(keySize: Int, stateSize: ByteCount, sharing: Sharing)
    /// A dataset that follows from an epoch of the algorithm's chain, a public number, and is as large as that says.
    case epoch
  }

  /// Who shares a prepared state.
  package enum Sharing: Hashable, Sendable {
    case allWorkers
    case oneWorker
  }

  /// Bytes of the work.
  package let size: Int
  /// Where the nonce lies: a little-endian 32-bit word that numbers the attempts.
  ///
  /// A wider nonce of an algorithm begins with it; its other bytes are derived like the rest of the work.
  package let nonceOffset: Int
  package let yield: Yield
  /// Bytes of a proof besides its position: 0 where the nonce is the proof.
  package let payloadSize: Int
  package let preparation: Preparation
  /// How many proofs a window should yield: enough to prove the work, few enough to keep and to check.
  package let proofsPerWindow: Double
  /// Bytes of a processor's last cache that one worker wants for itself; nil where it wants none.
  ///
  /// More workers than the cache has room for only drive one another's bytes out.
  package let cachePerWorker: ByteCount?

  /// Bytes of a nonce.
  package static let nonceSize = 4
  /// The nonces of one sequence number.
  package static let attemptsPerSequence: UInt64 = 1 << 32

  /// `size` is at least the nonce's end and at most 4096, `payloadSize` at most 65,532, so that a record fits its size.
  package init(
    size: Int, nonceOffset: Int, yield: Yield = .oneHash, payloadSize: Int = 0,
    preparation: Preparation = .none, proofsPerWindow: Double = 1000,
    cachePerWorker: ByteCount? = nil
  ) {
    precondition(
      nonceOffset >= 0 && nonceOffset + Self.nonceSize <= size && size <= 4096,
      "the nonce lies inside the work")
    precondition((0...65_532).contains(payloadSize), "a payload fits a record")
    self.size = size
    self.nonceOffset = nonceOffset
    self.yield = yield
    self.payloadSize = payloadSize
    self.preparation = preparation
    self.proofsPerWindow = proofsPerWindow
    self.cachePerWorker = cachePerWorker
  }

  /// Bitcoin's block header and its likes: 80 bytes, the nonce last, a hash an attempt, nothing prepared.
  package static let blockHeader = WorkShape(size: 80, nonceOffset: 76)

  /// What is counted.
  package var unit: WorkUnit {
    switch yield {
    case .oneHash: .hash
    case .solutions: .solution
    }
  }

  /// Units of work that an attempt has on average.
  package var unitsPerAttempt: Double {
    switch yield {
    case .oneHash: 1
    case .solutions(let expected): expected
    }
  }

  /// Whether the number of attempts is the amount of work.
  package var countsAttempts: Bool { yield == .oneHash }

  /// Bytes of a kernel's record of one proof: the nonce and the payload.
  package var recordSize: Int { Self.nonceSize + payloadSize }
}

/// What no run can pass, and what a file is refused beyond, so that sums of what is accepted never overflow.
package enum WorkLimits {
  /// Sequence numbers of one session of one worker: 2^52 attempts, weeks at 1 GH/s and a month at 1.7.
  package static let sequencesPerSession: UInt32 = 1 << 20
  /// Sessions of one kernel in a run.
  package static let sessions: UInt32 = 1 << 12
  /// Attempts of one worker in one window.
  package static let attemptsPerSpan: UInt64 = 1 << 52
  /// Headers are derived from a worker's number as a 32-bit word.
  package static let highestWorker = 65_535
  /// Units of work of one window, all workers: a thousand years at a terahash a second would pass it.
  package static let unitsPerWindow: UInt64 = 1 << 60
}
