package import Model
internal import Synchronization

/// Etchash, Ethereum Classic's proof of work, by its light client: cache and no dataset. It judges what GPUs find.
extension Etchash {
  /// The hash of a header without nonce and mix, and the nonce, of whose eight bytes the first four number the attempts.
  internal static func shape(_ preparation: WorkShape.Preparation) -> WorkShape {
    // The judge takes some milliseconds for each.
    WorkShape(size: 40, nonceOffset: 32, preparation: preparation, proofsPerWindow: 256)
  }

  /// The reference for an epoch, the last one kept: a cache takes seconds and up to 270 MiB.
  ///
  /// The key is the epoch's number, as four little-endian bytes.
  internal static func reference(key: [UInt8]) throws(Failure) -> any WorkReference {
    guard key.count == 4 else {
      throw Failure(
        .usage, "etchash has no epoch here",
        remedy: "name it: a block's height divided by \(Epoch.blocks)")
    }
    let epoch = try Epoch(key.reversed().reduce(0) { $0 << 8 | UInt32($1) })
    return EtchashReference(kept(epoch))
  }

  /// The cache of an epoch, the last one kept.
  package static func kept(_ epoch: Epoch) -> Cache {
    last.withLock { last in
      if let last, last.epoch == epoch { return last }
      let cache = Cache(epoch)
      last = cache
      return cache
    }
  }

  private static let last = Mutex<Cache?>(nil)
  fileprivate static let testReference = EtchashReference(Cache(.test))

  /// What is said where a CPU is asked to hash.
  fileprivate static let onCPUs = Reason(
    .unsupported, "there is no kernel for CPUs, of which a core does 0.3 to 0.5 MH/s",
    remedy: "use a GPU with --device gpu0, or try a kernel out with --device opencl:pocl")

  /// Of the chain's blocks; sources: etclabscore/core-geth, consensus/ethash/consensus_test.go, and chfast/ethash,
  /// test/unittests/test_cases.hpp.
  fileprivate static let knownAnswers = [
    answer(
      "block 11700000 of Ethereum Classic", epoch: 195,
      "b7fe8a02f0ab33c406a8c3e06798d76a976b6bba71caf160c457567dc127045f", 0x6971_0a74_3181_b923,
      "00000000000017278904dcdfafb400dce168398e74eb0ebaa36880203861585f"),
    answer(
      "block 2 of Ethereum", epoch: 0,
      "100cbec5e5ef82991290d0d93d758f19082e71f234cf479192a8b94df6da6bfe", 0x3076_92cf_71b1_2f6d,
      "ab9b13423cface72cbec8424221651bc2e384ef0f7a560e038fc68c8d8684829"),
  ]

  /// By a light client in Python that was written from the specification.
  fileprivate static let testAnswers = [
    answer(
      "a vector of the test epoch", epoch: nil,
      "cd0579c45287452061c18cf96e31da971ae19c0c845baca69b8c8edd111c32ec", 1,
      "20c10b1609311ff185b69396c0d0073dda359fab673279b3e6b584be471df4a3")
  ]

  private static func answer(
    _ name: String, epoch: UInt32?, _ headerHash: String, _ nonce: UInt64, _ hash: String
  ) -> KnownAnswer {
    let key = epoch?.littleEndianBytes ?? []
    let nonceBytes = (0..<8).map { UInt8(truncatingIfNeeded: nonce >> UInt64(8 * $0)) }
    let shape = shape(epoch == nil ? .none : .epoch)
    guard let header = Hexadecimal.decode(headerHash), let value = Hexadecimal.decode(hash),
      let input = WorkInput(bytes: header + nonceBytes, shape)
    else { preconditionFailure("a known answer is hexadecimal") }
    return KnownAnswer(name, key: key, input: input, value: value.reversed())
  }
}

/// The light client of one epoch.
package struct EtchashReference: WorkReference {
  package let cache: Etchash.Cache

  package init(_ cache: Etchash.Cache) { self.cache = cache }

  package var datasetSize: ByteCount? { cache.epoch.datasetSize }

  /// Mix and final hash, as a chain writes them.
  package func hash(_ input: WorkInput) -> (mix: [UInt8], value: [UInt8]) {
    cache.hash(input.bytes)
  }

  /// The final hash is a big-endian integer.
  package func outcomes(of input: WorkInput) -> [AttemptOutcome] {
    [AttemptOutcome(value: hash(input).value.reversed())]
  }

  package func outcomes(of inputs: [WorkInput]) -> [[AttemptOutcome]] {
    stride(from: 0, to: inputs.count, by: Etchash.sideBySide).flatMap { start in
      cache.hashes(
        inputs[start..<min(start + Etchash.sideBySide, inputs.count)].map(\.bytes)
      ).map { [AttemptOutcome(value: $0.value.reversed())] }
    }
  }

  package func value(of input: WorkInput, payload: [UInt8]) -> [UInt8]? {
    payload.isEmpty ? hash(input).value.reversed() : nil
  }
}

extension AlgorithmDescriptor {
  package static let etchash = AlgorithmDescriptor(
    id: .etchash, shape: Etchash.shape(.epoch), knownAnswers: Etchash.knownAnswers,
    onlyOnDevices: Etchash.onCPUs
  ) { key throws(Failure) in try Etchash.reference(key: key) }

  /// The same over a dataset of a megabyte, under a name of its own: its rates say nothing of any chain, and stand nowhere
  /// beside those of one.
  package static let etchashTest = AlgorithmDescriptor(
    id: .etchashTest, shape: Etchash.shape(.none), knownAnswers: Etchash.testAnswers,
    onlyOnDevices: Etchash.onCPUs
  ) { _ throws(Failure) in Etchash.testReference }
}
