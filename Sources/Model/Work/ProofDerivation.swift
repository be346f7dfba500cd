/// Derives what a miner on the network is given to work on, so that nothing can be computed ahead and every share can be
/// rebuilt from the challenge and the file alone.
///
/// A window is one *epoch*; within it a *job* is sent every half minute. Epoch 0 is the search for a difficulty and the
/// warm-up. Every part is the beginning of `SHA-256(M || 0) || SHA-256(M || 1) || ...`, the counter being one little-endian
/// 32-bit word, where `M` is the concatenation of these texts, each preceded by its length in bytes as a little-endian 32-bit
/// word: the domain, the algorithm, the device, the part's label; then epoch and job as little-endian 32-bit words; then the
/// 32 bytes of the challenge.
///
/// | part | label | epoch | job | bytes |
/// |---|---|---|---|---|
/// | hash of the previous block | `epoch` | e | 0 | 32 |
/// | tag in the coinbase | `job` | e | j | 0 to 15 |
/// | two branches of the Merkle tree | `job` | e | j | 16 to 47 and 48 to 79 |
///
/// In CryptoNote's dialect the first branch, hashed with the connection's number, takes the place of the Merkle root.
package struct ProofDerivation: Hashable, Sendable {
  /// Names the rule; a later rule gets another number.
  package static let domain = "hashwatt-proof-1"

  package let challenge: Challenge
  package let algorithm: AlgorithmID
  package let device: DeviceID

  package init(challenge: Challenge, algorithm: AlgorithmID, device: DeviceID) {
    self.challenge = challenge
    self.algorithm = algorithm
    self.device = device
  }

  /// The template of one job.
  package func job(epoch: UInt32, index: UInt32, time: UInt32) -> ProofJob {
    let parts = stream("job", epoch, index, count: 80)
    return ProofJob(
      epoch: epoch, index: index, time: time,
      previousHash: stream("epoch", epoch, 0, count: 32), tag: Array(parts[0..<16]),
      branches: [Array(parts[16..<48]), Array(parts[48..<80])])
  }

  private func stream(_ label: String, _ epoch: UInt32, _ job: UInt32, count: Int) -> [UInt8] {
    var message: [UInt8] = []
    for text in [Self.domain, algorithm.rawValue, device.rawValue, label] {
      message += UInt32(text.utf8.count).littleEndianBytes + Array(text.utf8)
    }
    message += epoch.littleEndianBytes + job.littleEndianBytes + challenge.bytes
    var bytes: [UInt8] = []
    var counter: UInt32 = 0
    while bytes.count < count {
      bytes += SHA256.hash(message + counter.littleEndianBytes)
      counter += 1
    }
    return Array(bytes.prefix(count))
  }
}

/// What one `mining.notify` gives a miner to work on.
///
/// Its coinbase pays nobody and can belong to no chain: one input without a source, one output of value 0 that says so.
package struct ProofJob: Hashable, Sendable {
  /// The version of every header; zero in all bits that a miner may roll, so that both readings of version bits in the field
  /// (exclusive or, or replacement under the mask: BIP 310) give the same header.
  package static let version: UInt32 = 0x2000_0000
  /// The bits of the version that a miner may change (BIP 320).
  package static let versionMask: UInt32 = 0x1fff_e000
  /// A network difficulty of 2.8e14, so that no client believes to have found a block.
  package static let compactTarget: UInt32 = 0x1700_ffff
  /// How far a miner may roll the time forward, seconds.
  package static let timeLimit: UInt32 = 7200
  /// Bytes of either extranonce.
  package static let extranonceSize = 4
  /// The height in the coinbase of epoch 0 (BIP 34).
  package static let firstHeight: UInt32 = 1_000_000
  /// The highest epoch: the coinbase states its height in three bytes.
  package static let lastEpoch: UInt32 = 0x7f_ffff - firstHeight

  package let epoch: UInt32
  package let index: UInt32
  /// Seconds since 1970 when the job was made; the only part that is not derived.
  package let time: UInt32
  /// 32 bytes as the header holds them.
  package let previousHash: [UInt8]
  /// 16 bytes.
  package let tag: [UInt8]
  /// 32 bytes each, as they are hashed.
  package let branches: [[UInt8]]

  fileprivate init(
    epoch: UInt32, index: UInt32, time: UInt32, previousHash: [UInt8], tag: [UInt8],
    branches: [[UInt8]]
  ) {
    precondition(epoch <= Self.lastEpoch, "a height has three bytes")
    self.epoch = epoch
    self.index = index
    self.time = time
    self.previousHash = previousHash
    self.tag = tag
    self.branches = branches
  }

  /// The coinbase before the extranonces.
  package var coinbaseStart: [UInt8] {
    let height = Self.firstHeight + epoch
    let name = Array("hashwatt".utf8)
    let script =
      [3] + height.littleEndianBytes.prefix(3)
      + [UInt8(name.count)] + name
      + [UInt8(tag.count)] + tag
      + [UInt8(2 * Self.extranonceSize)]
    let noSource = [UInt8](repeating: 0, count: 32) + [0xff, 0xff, 0xff, 0xff]
    return UInt32(1).littleEndianBytes + [1] + noSource
      + [UInt8(script.count + 2 * Self.extranonceSize)] + script
  }

  /// The coinbase after the extranonces.
  package var coinbaseEnd: [UInt8] {
    let statement = Array("hashwatt: pays nobody".utf8)
    let script: [UInt8] = [0x6a, UInt8(statement.count)] + statement
    return [0xff, 0xff, 0xff, 0xff, 1] + [UInt8](repeating: 0, count: 8)
      + [UInt8(script.count)] + script + [0, 0, 0, 0]
  }

  /// The header that a share stands for.
  ///
  /// `connection` is the first extranonce, given to each connection once in a run, `extranonce` the second, as the miner sent
  /// it; `timeOffset` are seconds after the job's time, 0 to `timeLimit`, `versionBits` lie under `versionMask`.
  package func header(
    connection: UInt32, extranonce: UInt32, timeOffset: UInt32, versionBits: UInt32,
    nonce: UInt32, coinbaseHash: CoinbaseHash
  ) -> WorkInput {
    var root = coinbaseHash.hash(
      coinbaseStart + connection.bigEndianBytes + extranonce.bigEndianBytes + coinbaseEnd)
    for branch in branches { root = SHA256.hash(SHA256.hash(root + branch)) }
    let version = Self.version | versionBits & Self.versionMask
    let bytes =
      version.littleEndianBytes + previousHash + root + (time &+ timeOffset).littleEndianBytes
      + Self.compactTarget.littleEndianBytes + nonce.littleEndianBytes
    guard let header = WorkInput(bytes: bytes, .blockHeader) else {
      preconditionFailure("4 + 32 + 32 + 4 + 4 + 4 bytes make a header")
    }
    return header
  }
}

extension ProofJob {
  /// A hashing blob of Monero, as it has been since 2019: version and time, the previous block, the nonce, the Merkle root,
  /// the number of transactions.
  package static let blobShape = WorkShape(size: 76, nonceOffset: 39)
  /// The version of its block: the last one before RandomX gets another rule.
  private static let blobVersion: UInt8 = 16

  /// The blob of one connection, nonce 0.
  ///
  /// Each connection has its own, because every client begins its nonces where it likes.
  package func blob(connection: UInt32) -> WorkInput {
    // A base-128 number of five bytes, as times of these decades are.
    let seconds = (0..<5).map { place in
      UInt8(truncatingIfNeeded: time >> (7 * place)) & 0x7f | (place < 4 ? 0x80 : 0)
    }
    let root = SHA256.hash(branches[0] + connection.littleEndianBytes)
    let bytes =
      [Self.blobVersion, Self.blobVersion] + seconds + previousHash + [0, 0, 0, 0] + root + [1]
    guard let blob = WorkInput(bytes: bytes, Self.blobShape) else {
      preconditionFailure("2 + 5 + 32 + 4 + 32 + 1 bytes make a blob")
    }
    return blob
  }
}

/// How the clients of an algorithm hash a coinbase; the branches are hashed twice by all.
package enum CoinbaseHash: String, Hashable, Sendable {
  case sha256d
  /// Once: what cpuminer-opt's `keccak` does (MaxCoin).
  case sha256

  /// 32 bytes, in the order in which they are hashed further.
  package func hash(_ coinbase: [UInt8]) -> [UInt8] {
    switch self {
    case .sha256d: SHA256.hash(SHA256.hash(coinbase))
    case .sha256: SHA256.hash(coinbase)
    }
  }
}

extension UInt32 {
  package var littleEndianBytes: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
  }
  package var bigEndianBytes: [UInt8] { littleEndianBytes.reversed() }
}
