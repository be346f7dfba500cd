internal import CRandomX
package import Model
internal import Synchronization

/// RandomX, version 1: Monero's proof of work since November 2019 (tevador/RandomX, `doc/specs.md`).
///
/// There is no reading of it in Swift: the judge is the library's light mode, proven on published hashes before it
/// judges anything, and its compiled and its interpreted programs against one another.
package enum RandomX {
  /// A hashing blob of Monero, 76 bytes with a nonce of 32 bits at byte 39; its key is a block's identifier.
  internal static let shape = WorkShape(
    size: Int(HW_RANDOMX_WORK_SIZE), nonceOffset: Int(HW_RANDOMX_NONCE_OFFSET),
    preparation: .keyed(
      keySize: 32, stateSize: ByteCount(HW_RANDOMX_DATASET_SIZE + HW_RANDOMX_CACHE_SIZE),
      sharing: .allWorkers),
    // In light mode the judge takes some 30 ms for each.
    proofsPerWindow: 128,
    // A scratchpad.
    cachePerWorker: ByteCount(2 << 20))

  /// Source: tevador/RandomX, src/tests/tests.cpp.
  internal static let knownAnswers: [KnownAnswer] = {
    let blob =
      "0b0b98bea7e805e0010a2126d287a2a0cc833d312cb786385a7c2f9de69d25537f584a9bc9977b00000000666fd8"
      + "753bf61a8631f12984e3fd44f4014eca629276817b56f32e9b68bd82f416"
    guard let bytes = Hexadecimal.decode(blob), let input = WorkInput(bytes: bytes, shape),
      let value = Hexadecimal.decode(
        "c56414121acda1713c2f2a819d8ae38aed7c80c35c2a769298d34f03833cd5f1")
    else { preconditionFailure("a known answer is hexadecimal") }
    return [
      KnownAnswer(
        "the library's published hash of a block's blob", key: Array("test key 001".utf8),
        input: input, value: value)
    ]
  }()

  /// The reference for a key, the last one kept: its cache takes a second and 256 MiB.
  internal static func reference(key: [UInt8]) throws(Failure) -> any WorkReference {
    if let kept = kept.withLock({ $0 }), kept.key == key { return kept.reference }
    if let obstacle = RandomXLibrary.obstacle {
      throw Failure(
        .unavailable, "randomx cannot be computed here: \(obstacle.message)",
        remedy: obstacle.remedy)
    }
    if let problem = isProven {
      throw Failure(
        .unavailable, "librandomx cannot be trusted: \(problem)",
        remedy: "install the distribution's librandomx0 again")
    }
    let reference = try RandomXReference(key: key)
    kept.withLock { $0 = (key, reference) }
    return reference
  }

  /// What is wrong with the machine's library; asked once.
  private static let isProven = RandomXLibrary.wrongHash(HW_RANDOMX_SYSTEM)
  private static let kept = Mutex<(key: [UInt8], reference: RandomXReference)?>(nil)
}

/// The library in light mode, for one key.
package struct RandomXReference: WorkReference {
  private let state: PreparedState

  /// A key has 1 to 60 bytes.
  package init(key: [UInt8]) throws(Failure) {
    guard (1...60).contains(key.count),
      let state = try RandomXLibrary.light.preparedState(key: key),
      state.randomXHash([], isCompiled: true) != nil
    else {
      throw Failure(
        .unavailable, "librandomx gives no light mode for a key of \(key.count) bytes",
        remedy: "free 256 MiB of memory; a key has 1 to 60 bytes")
    }
    self.state = state
  }

  /// The hash of input of any length, by compiled or by interpreted programs; nil where memory for a machine is lacking.
  package func hash(_ input: [UInt8], isCompiled: Bool = true) -> [UInt8]? {
    state.randomXHash(input, isCompiled: isCompiled)
  }

  package func outcomes(of input: WorkInput) -> [AttemptOutcome] {
    hash(input.bytes).map { [AttemptOutcome(value: $0)] } ?? []
  }

  package func value(of input: WorkInput, payload: [UInt8]) -> [UInt8]? {
    payload.isEmpty ? hash(input.bytes) : nil
  }
}

extension AlgorithmDescriptor {
  package static let randomx = AlgorithmDescriptor(
    id: .randomx, shape: RandomX.shape, knownAnswers: RandomX.knownAnswers,
    onlyKernels: RandomXLibrary.systemKernels
  ) { key throws(Failure) in try RandomX.reference(key: key) }
}
