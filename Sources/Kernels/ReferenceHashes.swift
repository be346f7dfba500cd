package import Model
internal import Synchronization

/// The reference's hashes of consecutive nonces of one header, computed once and only as far as asked for.
package final class ReferenceHashes: Sendable {
  package let header: Header
  private let first: UInt32
  private let reference: @Sendable (Header) -> [UInt8]
  private let hashes = Mutex<[[UInt8]]>([])

  /// Hashes nothing yet; `first` is the nonce at offset 0, and nonces wrap.
  package init(_ algorithm: AlgorithmDescriptor, header: Header, first: UInt32) {
    self.header = header
    self.first = first
    reference = algorithm.reference
  }

  /// A fixed header's nonces from just before the wrap on.
  ///
  /// Shared by all self-tests of one process, because the reference is slow.
  package static func shared(_ algorithm: AlgorithmDescriptor) -> ReferenceHashes {
    known.withLock { known in
      if let references = known[algorithm.id] { return references }
      let challenge = Challenge(bytes: SHA256.hash("hashwatt self-test".utf8))
      guard let challenge else { preconditionFailure("a digest is a challenge") }
      let header = HeaderDerivation.header(
        challenge: challenge, algorithm: algorithm.id, device: .cpu,
        kernel: KernelID(rawValue: "self-test"), worker: 0, sequence: 0)
      let references = ReferenceHashes(algorithm, header: header, first: 0xffff_fff0)
      known[algorithm.id] = references
      return references
    }
  }

  private static let known = Mutex<[AlgorithmID: ReferenceHashes]>([:])

  /// The nonce at an offset.
  package func nonce(_ offset: Int) -> UInt32 { first &+ UInt32(truncatingIfNeeded: offset) }

  /// The nonces at some offsets whose hash meets a target, in order.
  package func nonces(_ offsets: Range<Int>, meeting target: Target) -> [UInt32] {
    zip(offsets, some(offsets)).filter { target.isMet(by: $1) }.map { nonce($0.0) }
  }

  /// The least hash at some offsets as a 256-bit integer, or nil when there are none.
  package func leastHash(_ offsets: Range<Int>) -> [UInt8]? {
    some(offsets).min { $0.reversed().lexicographicallyPrecedes($1.reversed()) }
  }

  private func some(_ offsets: Range<Int>) -> ArraySlice<[UInt8]> {
    hashes.withLock { hashes in
      while hashes.count < offsets.upperBound {
        hashes.append(reference(header.with(nonce: nonce(hashes.count))))
      }
      return hashes[offsets]
    }
  }
}
