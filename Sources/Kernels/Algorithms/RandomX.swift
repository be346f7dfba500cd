internal import CRandomX
package import Model
internal import Synchronization

/// RandomX: Monero's proof of work since November 2019 (tevador/RandomX, `doc/specs.md`), and its version 2.
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
  internal static let knownAnswers = [
    answer(
      "the library's published hash of a block's blob",
      "c56414121acda1713c2f2a819d8ae38aed7c80c35c2a769298d34f03833cd5f1")
  ]

  /// BLAKE2b-256 over the input and the published hash of version 2, `c8e92c5f...af6e76`, of the same place.
  internal static let commitments = [
    answer(
      "the commitment of the library's published hash of a block's blob",
      "480f3d0cfbd120529aa7fc0e288911d6d4ef97d5c5fe12acf099bb0d8b6f8bd2")
  ]

  private static func answer(_ name: String, _ value: String) -> KnownAnswer {
    let blob =
      "0b0b98bea7e805e0010a2126d287a2a0cc833d312cb786385a7c2f9de69d25537f584a9bc9977b00000000666fd8"
      + "753bf61a8631f12984e3fd44f4014eca629276817b56f32e9b68bd82f416"
    guard let bytes = Hexadecimal.decode(blob), let input = WorkInput(bytes: bytes, shape),
      let value = Hexadecimal.decode(value)
    else { preconditionFailure("a known answer is hexadecimal") }
    return KnownAnswer(name, key: Array("test key 001".utf8), input: input, value: value)
  }

  /// The reference for a key, the last one kept: its cache takes a second and 256 MiB.
  internal static func reference(
    key: [UInt8], _ version: RandomXVersion
  ) throws(Failure) -> any WorkReference {
    let name = Kept(key: key, version: version)
    if let kept = kept.withLock({ $0 }), kept.name == name { return kept.reference }
    let reference = try RandomXReference(key: key, version)
    // Of version 2 it has been proven by looking for a library that has it.
    if version == .v1, let problem = RandomXLibrary.wrongHash(HW_RANDOMX_SYSTEM, version) {
      throw Failure(
        .unavailable, "librandomx cannot be trusted: \(problem)",
        remedy: "install the distribution's librandomx0 again")
    }
    kept.withLock { $0 = (name, reference) }
    return reference
  }

  private struct Kept: Hashable {
    let key: [UInt8]
    let version: RandomXVersion
  }

  private static let kept = Mutex<(name: Kept, reference: RandomXReference)?>(nil)
}

/// The two functions of one library that share a dataset.
package enum RandomXVersion: Hashable, Sendable, CaseIterable {
  /// Monero's since November 2019; the hash is compared with a target.
  case v1
  /// Released in 2026 and active on no chain yet (tevador/RandomX, `doc/design_v2.md`); the commitment BLAKE2b-256 over input and
  /// hash is compared with a target.
  case v2

  package var algorithm: AlgorithmID {
    switch self {
    case .v1: .randomx
    case .v2: .randomxV2
    }
  }

  internal var inC: hw_randomx_version {
    switch self {
    case .v1: HW_RANDOMX_V1
    case .v2: HW_RANDOMX_V2
    }
  }

  internal var knownAnswers: [KnownAnswer] {
    switch self {
    case .v1: RandomX.knownAnswers
    case .v2: RandomX.commitments
    }
  }
}

/// The library in light mode, for one key and version.
package struct RandomXReference: WorkReference {
  private let state: PreparedState
  private let version: RandomXVersion

  /// A key has 1 to 60 bytes.
  ///
  /// - Throws: `Failure` where no library computes the version, and for a key of another length.
  package init(key: [UInt8], _ version: RandomXVersion = .v1) throws(Failure) {
    let light = try RandomXLibrary.light(version)
    guard (1...60).contains(key.count),
      let state = try light.preparedState(key: key),
      state.randomXHash([], version, isCompiled: true) != nil
    else {
      throw Failure(
        .unavailable, "librandomx gives no light mode for a key of \(key.count) bytes",
        remedy: "free 256 MiB of memory; a key has 1 to 60 bytes")
    }
    self.state = state
    self.version = version
  }

  /// What a target is compared with, of input of any length, by compiled or by interpreted programs; nil where memory for a
  /// machine is lacking.
  package func hash(_ input: [UInt8], isCompiled: Bool = true) -> [UInt8]? {
    state.randomXHash(input, version, isCompiled: isCompiled)
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
    onlyKernels: RandomXLibrary.systemKernels(.v1)
  ) { key throws(Failure) in try RandomX.reference(key: key, .v1) }

  package static let randomxV2 = AlgorithmDescriptor(
    id: .randomxV2, shape: RandomX.shape, knownAnswers: RandomX.commitments,
    onlyKernels: RandomXLibrary.systemKernels(.v2)
  ) { key throws(Failure) in try RandomX.reference(key: key, .v2) }
}
