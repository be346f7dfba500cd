/// How miners are spoken to.
package enum MinerDialect: String, Hashable, Sendable, CaseIterable {
  /// Headers of a block, rolled by extranonces; a share is its numbers.
  case stratumV1 = "Stratum V1"
  /// A whole blob with room for a nonce; a share is a nonce with the hash that the miner found.
  case cryptoNote = "CryptoNote"
}

/// What the clients of one algorithm agree on.
package struct ShareConvention: Hashable, Sendable {
  /// How a difficulty is a target, and what is hashed.
  package enum Form: Hashable, Sendable {
    /// As in `ShareDifficulty.target(factor:)`.
    case stratumV1(factor: UInt64, CoinbaseHash)
    /// The difficulty is the number of hashes that one share stands for; its reciprocal is sent in so many bytes, 4 or 8, and a
    /// hash meets it when its own uppermost bytes are a smaller number (xmrig, `src/base/net/stratum/Job.cpp`).
    case cryptoNote(targetSize: Int)
  }

  /// The name that a miner's command line has for it, such as `keccakc`.
  package let name: String
  package let algorithm: AlgorithmID
  package let form: Form

  private init(_ name: String, _ algorithm: AlgorithmID, _ form: Form) {
    self.name = name
    self.algorithm = algorithm
    self.form = form
  }

  /// Every convention; the first of an algorithm is its usual one.
  package static let all = [
    ShareConvention("sha256d", .sha256d, .stratumV1(factor: 1, .sha256d)),
    ShareConvention("scrypt", .scrypt, .stratumV1(factor: 65536, .sha256d)),
    ShareConvention("keccak", .keccak256, .stratumV1(factor: 128, .sha256)),
    ShareConvention("keccakc", .keccak256, .stratumV1(factor: 256, .sha256d)),
    ShareConvention("randomx", .randomx, .cryptoNote(targetSize: 8)),
    ShareConvention("randomx-32", .randomx, .cryptoNote(targetSize: 4)),
  ]

  /// The algorithms that have one, each once.
  package static let algorithms: [AlgorithmID] = all.map(\.algorithm).reduce(into: []) {
    if !$0.contains($1) { $0.append($1) }
  }

  /// The usual convention, or nil for an algorithm that no client here speaks of.
  package static func usual(of algorithm: AlgorithmID) -> ShareConvention? {
    all.first { $0.algorithm == algorithm }
  }

  /// The convention of a name.
  package static func named(_ name: String) -> ShareConvention? { all.first { $0.name == name } }

  package var dialect: MinerDialect {
    switch form {
    case .stratumV1: .stratumV1
    case .cryptoNote: .cryptoNote
    }
  }

  /// The factor of its difficulties; nil where a difficulty is a number of hashes.
  package var factor: UInt64? {
    if case .stratumV1(let factor, _) = form { factor } else { nil }
  }

  /// Whether each share takes so long to hash again that only some are, where many come.
  package var isSampled: Bool { dialect == .cryptoNote }

  /// The difficulty that miners are given before theirs is found; a power of two.
  package var firstDifficulty: Double { isSampled ? 1024 : 65536 }

  /// The exact target of a difficulty; nil where nothing would meet it.
  package func target(of difficulty: ShareDifficulty) -> Target? {
    switch form {
    case .stratumV1(let factor, _): return difficulty.target(factor: factor)
    case .cryptoNote(let size):
      guard let word = targetWord(of: difficulty, size) else { return nil }
      let top = (0..<size).map { UInt8(truncatingIfNeeded: (word - 1) >> (8 * $0)) }
      return Target(littleEndian: [UInt8](repeating: 0xff, count: 32 - size) + top)
    }
  }

  /// The bytes that give a target to a client of CryptoNote's dialect, least significant first; nil where nothing would
  /// meet it, and in another dialect.
  package func targetBytes(of difficulty: ShareDifficulty) -> [UInt8]? {
    guard case .cryptoNote(let size) = form, let word = targetWord(of: difficulty, size) else {
      return nil
    }
    return (0..<size).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }

  /// `floor(2^(8 size) / d)` in floating point, which is exact for powers of two; at most all ones, at least 1.
  private func targetWord(of difficulty: ShareDifficulty, _ size: Int) -> UInt64? {
    let whole = size == 8 ? 0x1p64 : 0x1p32
    let quotient = whole / difficulty.value
    guard quotient >= 1 else { return nil }
    return quotient < whole ? UInt64(quotient) : size == 8 ? .max : UInt64(UInt32.max)
  }

  /// What a share of a job is the hash of.
  package func input(of share: MinerShare, _ job: ProofJob) -> WorkInput {
    switch form {
    case .stratumV1(_, let coinbaseHash): job.header(of: share, coinbaseHash)
    case .cryptoNote: job.blob(connection: share.connection).with(nonce: share.nonce)
    }
  }

  /// Whether a share holds nothing that no job permits.
  package func permits(_ share: MinerShare) -> Bool {
    switch form {
    case .stratumV1:
      share.timeOffset <= ProofJob.timeLimit && share.versionBits & ~ProofJob.versionMask == 0
    case .cryptoNote: share.extranonce == 0 && share.timeOffset == 0 && share.versionBits == 0
    }
  }
}

/// Which shares are hashed again where hashing all of them would take too long: one in so many, drawn from the challenge, so
/// that whoever makes shares cannot know which.
///
/// A share is in the sample when the first four bytes of SHA-256 over the domain, the challenge and epoch, job, connection and
/// nonce, each a little-endian 32-bit word, are a multiple of the number.
package struct ShareSample: Hashable, Sendable {
  /// Names the rule; a later rule gets another number.
  package static let domain = "hashwatt-sample-1"
  /// The sparsest sample.
  package static let sparsest: UInt32 = 65536

  package let challenge: Challenge
  /// 1 to `sparsest`; 1 is all.
  package let oneIn: UInt32

  package init(challenge: Challenge, oneIn: UInt32) {
    self.challenge = challenge
    self.oneIn = max(1, min(Self.sparsest, oneIn))
  }

  package func contains(_ share: MinerShare, epoch: UInt32) -> Bool {
    guard oneIn > 1 else { return true }
    let words = [epoch, share.job, share.connection, share.nonce].flatMap(\.littleEndianBytes)
    let hash = SHA256.hash(Array(Self.domain.utf8) + challenge.bytes + words)
    let word = hash[..<4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return word % oneIn == 0
  }
}
