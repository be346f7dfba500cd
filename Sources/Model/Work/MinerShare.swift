/// A share that a miner sent, with all that rebuilds what it is the hash of.
///
/// In CryptoNote's dialect the nonce is all that a miner chooses: extranonce, time offset and version bits are 0.
package struct MinerShare: Hashable, Sendable {
  /// Number of the job within its epoch.
  package let job: UInt32
  /// First extranonce.
  package let connection: UInt32
  /// Second extranonce, as the miner sent it.
  package let extranonce: UInt32
  /// Seconds after the job's time.
  package let timeOffset: UInt32
  package let versionBits: UInt32
  package let nonce: UInt32
  /// Milliseconds since the epoch's first job was sent, rounded down.
  package let arrival: UInt32

  package init(
    job: UInt32, connection: UInt32, extranonce: UInt32, timeOffset: UInt32, versionBits: UInt32,
    nonce: UInt32, arrival: UInt32
  ) {
    self.job = job
    self.connection = connection
    self.extranonce = extranonce
    self.timeOffset = timeOffset
    self.versionBits = versionBits
    self.nonce = nonce
    self.arrival = arrival
  }
}

extension ProofJob {
  /// The header of one share.
  package func header(of share: MinerShare, _ coinbaseHash: CoinbaseHash) -> WorkInput {
    header(
      connection: share.connection, extranonce: share.extranonce, timeOffset: share.timeOffset,
      versionBits: share.versionBits, nonce: share.nonce, coinbaseHash: coinbaseHash)
  }
}
