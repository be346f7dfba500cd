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
    guard let challenge = Challenge(bytes: SHA256.hash(Array("hashwatt self-test".utf8))) else {
      preconditionFailure("a digest is a challenge")
    }
    return challenge
  }()

  /// A fixed work's nonces from just before the wrap on.
  ///
  /// Shared by all self-tests of one process, because the reference is slow; `key` is that of self-tests where none is
  /// given.
  package static func shared(
    _ algorithm: AlgorithmDescriptor, key: [UInt8]? = nil
  ) throws(Failure) -> ReferenceOutcomes {
    let name = Name(algorithm: algorithm.id, key: key ?? KernelProof.key(algorithm.shape))
    if let references = all.withLock({ $0[name] }) { return references }
    let reference = try algorithm.reference(key: name.key)
    let series = SeriesID(
      algorithm: algorithm.id, device: .cpu, kernel: KernelID(rawValue: "self-test"), threads: 1)
    let input = WorkDerivation.input(
      algorithm.shape, challenge: challenge, series: series, worker: 0, sequence: 0)
    let references = ReferenceOutcomes(reference, input: input, first: 0xffff_fff0)
    return all.withLock { all in
      let kept = all[name] ?? references
      all[name] = kept
      return kept
    }
  }

  /// What outcomes are known by.
  private struct Name: Hashable {
    let algorithm: AlgorithmID
    let key: [UInt8]
  }

  private static let all = Mutex<[Name: ReferenceOutcomes]>([:])

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
      if known.count < offsets.upperBound {
        known += reference.outcomes(
          of: (known.count..<offsets.upperBound).map { input.with(nonce: nonce($0)) })
      }
      return known[offsets]
    }
  }
}
