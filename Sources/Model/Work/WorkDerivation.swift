/// Derives the work of timed windows, so that nothing can be computed ahead and every proof can be checked again.
///
/// The bytes are the first ones of `SHA-256(M || 0) || SHA-256(M || 1) || ...`, the counter being one little-endian
/// 32-bit word, as many as the algorithm's shape has besides its nonce, in order; where the nonce lies are zeros. `M` is
/// the concatenation of these fields, each text preceded by its length in bytes as a little-endian 32-bit word: the
/// domain string, the algorithm, the device, the kernel; then worker and sequence number as little-endian 32-bit words;
/// then the 32 bytes of the challenge.
package enum WorkDerivation {
  /// Names the rule; a later rule gets another number.
  package static let domain = "hashwatt-work-1"
  /// Names the rule of keys.
  package static let keyDomain = "hashwatt-key-1"

  /// The work of one sequence number of one worker of a series, nonce 0.
  package static func input(
    _ shape: WorkShape, challenge: Challenge, series: SeriesID, worker: Int, sequence: UInt32
  ) -> WorkInput {
    var message: [UInt8] = []
    let texts = [
      domain, series.algorithm.rawValue, series.device.rawValue, series.kernel.rawValue,
    ]
    for text in texts { message += littleEndian(UInt32(text.utf8.count)) + Array(text.utf8) }
    message += littleEndian(UInt32(worker)) + littleEndian(sequence) + challenge.bytes
    var bytes = stream(message, shape.size - WorkShape.nonceSize)
    bytes.insert(
      contentsOf: [UInt8](repeating: 0, count: WorkShape.nonceSize), at: shape.nonceOffset)
    guard let input = WorkInput(bytes: bytes, shape) else {
      preconditionFailure("so many bytes were derived")
    }
    return input
  }

  /// The key that a state is prepared from: nothing of it exists before the challenge is known.
  ///
  /// Of a shape whose dataset belongs to an epoch it is the epoch's number, little-endian, and empty where none is
  /// given. Empty for a shape that is not prepared.
  package static func key(
    _ shape: WorkShape, challenge: Challenge, epoch: UInt32? = nil
  ) -> [UInt8] {
    switch shape.preparation {
    case .none: []
    case .epoch: epoch?.littleEndianBytes ?? []
    case .keyed(let size, _, _): stream(Array(keyDomain.utf8) + challenge.bytes, size)
    }
  }

  /// SHA-256 in counter mode.
  private static func stream(_ message: [UInt8], _ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var counter: UInt32 = 0
    while bytes.count < count {
      bytes += SHA256.hash(message + littleEndian(counter))
      counter += 1
    }
    return Array(bytes.prefix(count))
  }

  private static func littleEndian(_ word: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}
