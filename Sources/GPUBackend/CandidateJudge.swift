internal import Kernels
internal import Model

/// Decides what a device's candidates are: a kernel compares the top word of a hash and nothing else.
internal struct CandidateJudge {
  /// What a candidate is.
  enum Verdict: Hashable {
    case proof
    /// Its top word holds and the rest does not: as often as chance has it.
    case nearMiss
    /// Its hash is another than the device said: the device, or the kernel, computed wrongly.
    case wrong
  }

  let reference: any WorkReference

  /// `key` is what the reference is prepared for; empty for algorithms that are not prepared.
  init(_ algorithm: AlgorithmDescriptor, key: [UInt8]) throws(Failure) {
    reference = try algorithm.reference(key: key)
  }

  /// Of each input with its own nonce.
  func verdicts(_ inputs: [WorkInput], _ target: Target) -> [Verdict] {
    reference.outcomes(of: inputs).map { outcomes in
      guard let value = outcomes.first?.value else { return .wrong }
      if target.isMet(by: value) { return .proof }
      return Self.topWord(value) <= Self.topWord(target.bytes) ? .nearMiss : .wrong
    }
  }

  func verdicts(_ input: WorkInput, nonces: some Sequence<UInt32>, _ target: Target) -> [Verdict] {
    verdicts(nonces.map { input.with(nonce: $0) }, target)
  }

  private static func topWord(_ bytes: [UInt8]) -> UInt32 {
    bytes[28..<32].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension Target {
  /// The target whose top word is this one and whose other words are all ones: a device decides it alone.
  internal init(topWord: UInt32) {
    let top = (0..<4).map { UInt8(truncatingIfNeeded: topWord >> (8 * $0)) }
    guard let target = Target(littleEndian: [UInt8](repeating: 0xff, count: 28) + top) else {
      preconditionFailure("a target has 32 bytes")
    }
    self = target
  }
}
