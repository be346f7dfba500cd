/// One thing that an attempt yields, before any target is looked at.
package struct AttemptOutcome: Hashable, Sendable {
  /// The 32 bytes that are compared with a target, least significant first.
  package let value: [UInt8]
  /// What a proof needs besides its position: empty where the nonce is the proof.
  package let payload: [UInt8]

  package init(value: [UInt8], payload: [UInt8] = []) {
    precondition(value.count == 32, "a value has 32 bytes")
    self.value = value
    self.payload = payload
  }
}

/// The readable reference of one algorithm, prepared once: the judge of every kernel and of every proof.
package protocol WorkReference: Sendable {
  /// Whether it finds what an attempt yields; one that only judges proofs has no outcomes.
  var finds: Bool { get }
  /// Bytes of the dataset that devices work on and the reference does without; nil where there is none.
  var datasetSize: ByteCount? { get }
  /// Everything that the attempt with the input's own nonce yields, in the order in which a kernel reports it.
  func outcomes(of input: WorkInput) -> [AttemptOutcome]
  /// The same of each of some inputs; a reference that waits for memory goes through several of them side by side.
  func outcomes(of inputs: [WorkInput]) -> [[AttemptOutcome]]
  /// The value of a proof; nil when its payload proves nothing of this input.
  func value(of input: WorkInput, payload: [UInt8]) -> [UInt8]?
}

extension WorkReference {
  package var finds: Bool { true }
  package var datasetSize: ByteCount? { nil }
  package func outcomes(of inputs: [WorkInput]) -> [[AttemptOutcome]] {
    inputs.map { outcomes(of: $0) }
  }
}

/// The reference of an algorithm whose attempt is one hash of the whole work.
package struct HashReference: WorkReference {
  private let hash: @Sendable ([UInt8]) -> [UInt8]

  /// `hash` gives 32 bytes in wire order.
  package init(_ hash: @escaping @Sendable ([UInt8]) -> [UInt8]) { self.hash = hash }

  package func outcomes(of input: WorkInput) -> [AttemptOutcome] {
    [AttemptOutcome(value: hash(input.bytes))]
  }

  package func value(of input: WorkInput, payload: [UInt8]) -> [UInt8]? {
    payload.isEmpty ? hash(input.bytes) : nil
  }
}
