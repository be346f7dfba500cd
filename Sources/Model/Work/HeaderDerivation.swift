/// Derives the headers of timed work, so that nothing can be computed ahead and every share can be checked again.
///
/// The 76 bytes before the nonce are the first 76 bytes of
/// `SHA-256(M || 0) || SHA-256(M || 1) || SHA-256(M || 2)`, the counter being one little-endian 32-bit word, where
/// `M` is the concatenation of these fields, each text preceded by its length in bytes as a little-endian 32-bit
/// word: the domain string, the algorithm, the device, the kernel; then worker and sequence number as little-endian
/// 32-bit words; then the 32 bytes of the challenge.
package enum HeaderDerivation {
  /// Names the rule; a later rule gets another number.
  package static let domain = "hashwatt-work-1"

  /// The header of one sequence number of one worker, nonce 0.
  package static func header(
    challenge: Challenge, algorithm: AlgorithmID, device: DeviceID, kernel: KernelID, worker: Int,
    sequence: UInt32
  ) -> Header {
    var message: [UInt8] = []
    for text in [domain, algorithm.rawValue, device.rawValue, kernel.rawValue] {
      message += littleEndian(UInt32(text.utf8.count)) + Array(text.utf8)
    }
    message += littleEndian(UInt32(worker)) + littleEndian(sequence) + challenge.bytes
    var stream: [UInt8] = []
    for counter in 0..<UInt32(3) { stream += SHA256.hash(message + littleEndian(counter)) }
    guard let header = Header(bytes: Array(stream.prefix(76)) + [0, 0, 0, 0]) else {
      preconditionFailure("76 bytes and a nonce make a header")
    }
    return header
  }

  private static func littleEndian(_ word: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}
