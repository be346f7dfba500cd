import Kernels
import Model
import TestSupport
import Testing

/// Ethereum Classic's proof of work by the light client, against blocks and a client in Python.
struct EtchashTests {
  @Test(
    "sizes follow the epoch and the seed counts two steps for each",
    arguments: [
      (0, 16_776_896, 1_073_739_904, String(repeating: "0", count: 64)),
      (
        195, 42_334_912, 2_709_518_464,
        "e79f0f63030bf691445c2b9d0266b24a9619e355194067f2ad2c73a8e0a26c65"
      ),
    ])
  func epochs(number: UInt32, cache: UInt64, dataset: UInt64, seed: String) throws {
    let epoch = try Etchash.Epoch(number)
    #expect(epoch.cacheSize.value == cache && epoch.datasetSize.value == dataset)
    #expect(Hexadecimal.encode(epoch.seed) == seed)
  }

  @Test("the epoch of block 11700000 is 195, and Ethash's own rule gives it other sizes")
  func rule() throws {
    #expect(UInt32(11_700_000 / Etchash.Epoch.blocks) == 195)
    let trap = Etchash.Epoch(390, seedSteps: 390)
    #expect(trap.cacheSize.value == 67_895_104 && trap.datasetSize.value == 4_345_295_488)
    // One seed: both rules count 30,000 blocks.
    #expect(try trap.seed == Etchash.Epoch(195).seed)
  }

  @Test("an epoch that is too large is refused with one line")
  func tooLarge() throws {
    #expect(try Etchash.Epoch(Etchash.Epoch.last).datasetSize.value == 18_245_220_736)
    let error = #expect(throws: Failure.self) { try Etchash.Epoch(2048) }
    #expect(error?.exitCode == .usage && error?.line.contains("give 0 to 2047") == true)
    let etchash = AlgorithmDescriptor.etchash
    #expect(throws: Failure.self) { try etchash.reference(key: [0, 8, 0, 0]) }
    #expect(throws: Failure.self) { try etchash.reference(key: []) }
  }

  @Test("the test epoch is a 1,024th of epoch 0, and its items are those of the client in Python")
  func testEpoch() {
    let epoch = Etchash.Epoch.test
    #expect(epoch.rows == 251 && epoch.pages == 8191)
    #expect(epoch.datasetSize.value == 1_048_448)
    let cache = Etchash.Cache(epoch)
    func text(_ item: UInt32) -> String {
      let row = cache.item(item)
      return Hexadecimal.encode((0..<16).flatMap { row[$0].littleEndianBytes })
    }
    #expect(
      text(0)
        == "d869d4eeba1b38a482589a6ea52495970284e8a91a7de7d01d0ce8eefb3692f4"
        + "af1bed83624d8059d9a25c39cc9ceb35f359d941592c15c45ffd5e0d5d5553f0")
    #expect(
      text(16381)
        == "0b47b642a4641052df454d36d66276cfc2afe14aefd8c9c5f957ce4a8f28f315"
        + "1efc880c15e30226fd0eae47eb3cce3b349421734ea70bf33af6f19599a64aa9")
  }

  /// All vectors of an algorithm, by one reference an epoch.
  private func check(_ algorithm: AlgorithmDescriptor) throws {
    let vectors = try Figures.vectors(of: algorithm.id)
    #expect(vectors.count >= 2)
    for (epoch, own) in Dictionary(grouping: vectors, by: \.epoch) {
      let reference = try algorithm.reference(key: epoch?.littleEndianBytes ?? [])
      let light = try #require(reference as? EtchashReference)
      for vector in own {
        let input = try #require(WorkInput(bytes: vector.bytes(), algorithm.shape))
        let (mix, value) = light.hash(input)
        #expect(Hexadecimal.encode(mix) == vector.mix)
        #expect(Hexadecimal.encode(value) == vector.value)
        #expect(reference.value(of: input, payload: []) == value.reversed())
        #expect(reference.value(of: input, payload: [0]) == nil)
        #expect(light.hash(input.with(nonce: input.nonce ^ 1)).value != value)
      }
    }
    for answer in algorithm.knownAnswers {
      let reference = try algorithm.reference(key: answer.key)
      #expect(reference.value(of: answer.input, payload: []) == answer.value, "\(answer.name)")
    }
  }

  @Test("the vectors of the test epoch hold")
  func testVectors() throws { try check(.etchashTest) }

  @Test("blocks of epochs 195 and 0 hold, and the first Etchash block meets its difficulty")
  func blocks() throws {
    // Minutes under a sanitizer; it runs without one too.
    guard !isSanitized else { return }
    try check(.etchash)
    // floor(2^256 / 0x317df020bde4)
    let target = try #require(
      Target(
        bigEndian: bytes("0000000000052c2cd131872eea19c76430a67a5156fea3dd81263d9f0b5085f7")))
    let block = try #require(AlgorithmDescriptor.etchash.knownAnswers.first)
    #expect(target.isMet(by: block.value))
  }

  @Test("with Ethash's epochs the first Etchash block has another mix")
  func trap() throws {
    guard !isSanitized else { return }
    let cache = Etchash.Cache(Etchash.Epoch(390, seedSteps: 390))
    let block = try #require(AlgorithmDescriptor.etchash.knownAnswers.first)
    #expect(
      Hexadecimal.encode(cache.hash(block.input.bytes).mix)
        == "353ce5cd7ff738f5417111a59aaf6a61c77a3c0628b06d35392be899f1d97253")
  }

  @Test("hashes side by side are those of each alone, in order", arguments: [0, 1, 7, 8, 9, 17])
  func sideBySide(count: Int) throws {
    let answer = try #require(AlgorithmDescriptor.etchashTest.knownAnswers.first)
    let inputs = (0..<UInt32(count)).map { answer.input.with(nonce: 0xffff_fffc &+ $0) }
    let cache = Etchash.Cache(.test)
    let alone = inputs.map { cache.hash($0.bytes) }
    let together = cache.hashes(inputs.map(\.bytes))
    #expect(together.map(\.mix) == alone.map(\.mix))
    #expect(together.map(\.value) == alone.map(\.value))
    #expect(
      EtchashReference(cache).outcomes(of: inputs).map { $0.map(\.value) }
        == alone.map { [$0.value.reversed()] })
  }

  @Test("the reference finds every nonce of a long range, and counts those without room")
  func scan() throws {
    let algorithm = AlgorithmDescriptor.etchashTest
    let kernel = try #require(algorithm.referenceKernel)
    let answer = try #require(algorithm.knownAnswers.first)
    let reference = try algorithm.reference()
    let target = Target(leadingZeroBits: 2)
    let nonces = (0..<50).map { 0xffff_ffe0 &+ UInt32($0) }
    let expected = try nonces.filter {
      target.isMet(by: try #require(reference.value(of: answer.input.with(nonce: $0), payload: [])))
    }
    try #require(expected.count > 4)
    var room = ProofRoom(capacity: 4, kernel.shape)
    let counts = try kernel.scan(
      Work(input: answer.input, firstNonce: 0xffff_ffe0, count: 50, target: target),
      scratch: try ScratchMemory(size: 0, alignment: 1, hugePages: false),
      state: try kernel.preparedState(key: []), room: &room, capacity: 4)
    #expect(counts.attempts == 50 && counts.units == 50 && counts.found == UInt64(expected.count))
    #expect(room.proofs(4).map(\.nonce) == Array(expected.prefix(4)))
  }

  @Test("the reference passes the proof that every kernel passes, and is no kernel for a run")
  func reference() throws {
    let algorithm = AlgorithmDescriptor.etchashTest
    let kernel = try #require(algorithm.referenceKernel)
    #expect(algorithm.isOnlyOnDevices)
    try KernelSelfTest.run(kernel, of: algorithm)
    for id in [AlgorithmID.etchash, .etchashTest] {
      let description = try #require(
        KernelCatalog.builtIn.descriptions(on: .current).first { $0.algorithm == id })
      #expect(description.unsupported?.message.contains("0.3 to 0.5 MH/s") == true)
      #expect(description.unsupported?.remedy?.contains("--device gpu0") == true)
    }
  }
}
