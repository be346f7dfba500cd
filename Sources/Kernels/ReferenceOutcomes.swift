package import Model
internal import Synchronization

/// The reference's outcomes of consecutive nonces of one work, computed once and only as far as asked for.
package final class ReferenceOutcomes: Sendable {
  package let input: WorkInput
  private let first: UInt32
  private let reference: any WorkReference
  private let known = Mutex<[[AttemptOutcome]]>([])

  /// Computes nothing yet; `first` is the nonce at offset 0, and nonces wrap.
  package init(_ reference: any WorkReference, input: WorkInput, first: UInt32) {
    self.input = input
    self.first = first
    self.reference = reference
  }

  /// What self-tests derive their work and keys from.
  package static let challenge: Challenge = {
    guard let challenge = Challenge(bytes: SHA256.hash("hashwatt self-test".utf8)) else {
      preconditionFailure("a digest is a challenge")
    }
    return challenge
  }()

  /// A fixed work's nonces from just before the wrap on.
  ///
  /// Shared by all self-tests of one process, because the reference is slow.
  package static func shared(
    _ algorithm: AlgorithmDescriptor
  ) throws(Failure) -> ReferenceOutcomes {
    if let references = all.withLock({ $0[algorithm.id] }) { return references }
    let reference = try algorithm.reference(key: KernelProof.key(algorithm.shape))
    let series = SeriesID(
      algorithm: algorithm.id, device: .cpu, kernel: KernelID(rawValue: "self-test"), threads: 1)
    let input = WorkDerivation.input(
      algorithm.shape, challenge: challenge, series: series, worker: 0, sequence: 0)
    let references = ReferenceOutcomes(reference, input: input, first: 0xffff_fff0)
    return all.withLock { all in
      let kept = all[algorithm.id] ?? references
      all[algorithm.id] = kept
      return kept
    }
  }

  private static let all = Mutex<[AlgorithmID: ReferenceOutcomes]>([:])

  /// The nonce at an offset.
  package func nonce(_ offset: Int) -> UInt32 { first &+ UInt32(truncatingIfNeeded: offset) }

  /// The proofs at some offsets whose value meets a target, in order.
  package func proofs(_ offsets: Range<Int>, meeting target: Target) -> [FoundProof] {
    zip(offsets, some(offsets)).flatMap { offset, outcomes in
      outcomes.filter { target.isMet(by: $0.value) }.map {
        FoundProof(nonce: nonce(offset), payload: $0.payload)
      }
    }
  }

  /// Units of work at some offsets.
  package func units(_ offsets: Range<Int>) -> UInt64 {
    some(offsets).reduce(0) { $0 + UInt64($1.count) }
  }

  /// The least value at some offsets as a 256-bit integer, or nil when there are none.
  package func leastValue(_ offsets: Range<Int>) -> [UInt8]? {
    some(offsets).joined().map(\.value).min {
      $0.reversed().lexicographicallyPrecedes($1.reversed())
    }
  }

  private func some(_ offsets: Range<Int>) -> ArraySlice<[AttemptOutcome]> {
    known.withLock { known in
      while known.count < offsets.upperBound {
        known.append(reference.outcomes(of: input.with(nonce: nonce(known.count))))
      }
      return known[offsets]
    }
  }
}
