import Kernels
import Model
import TestSupport
import Testing

/// RandomX by the machine's librandomx, in light mode: the dataset's kernels run in ToolTests.
@Suite("RandomX")
struct RandomXTests {
  /// Whether a library has the version; else that is reported.
  private func isAvailable(_ version: RandomXVersion = .v1) -> Bool {
    guard let obstacle = RandomXLibrary.obstacle(to: version) else { return true }
    NotRun.report("\(version.algorithm): \(obstacle.message)")
    return false
  }

  @Test(
    "compiled and interpreted programs give the published hashes, and another key others",
    arguments: RandomXVersion.allCases)
  func vectors(version: RandomXVersion) throws {
    guard isAvailable(version) else { return }
    let vectors = try Figures.vectors(of: version.algorithm)
    #expect(vectors.count == 5)
    for (key, own) in Dictionary(grouping: vectors, by: { $0.key ?? "" }) {
      let reference = try RandomXReference(key: Array(key.utf8), version)
      for vector in own {
        for isCompiled in [true, false] {
          let hash = try #require(reference.hash(try vector.bytes(), isCompiled: isCompiled))
          #expect(Hexadecimal.encode(hash) == vector.value, "\(vector.input)")
        }
      }
      for other in vectors where other.key != key {
        let hash = try #require(reference.hash(try other.bytes()))
        #expect(Hexadecimal.encode(hash) != other.value)
      }
    }
  }

  private static func descriptor(_ version: RandomXVersion) -> AlgorithmDescriptor {
    version == .v1 ? .randomx : .randomxV2
  }

  @Test(
    "one bit of the input gives another hash, and the nonce lies at byte 39",
    arguments: RandomXVersion.allCases)
  func input(version: RandomXVersion) throws {
    guard isAvailable(version) else { return }
    let algorithm = Self.descriptor(version)
    let answer = try #require(algorithm.knownAnswers.first)
    let reference = try algorithm.reference(key: answer.key)
    #expect(reference.value(of: answer.input, payload: []) == answer.value)
    #expect(reference.value(of: answer.input, payload: [0]) == nil)
    #expect(answer.input.nonce == 0)
    var bytes = answer.input.bytes
    bytes[39] = 1
    let other = try #require(WorkInput(bytes: bytes, algorithm.shape))
    #expect(other.nonce == 1 && other == answer.input.with(nonce: 1))
    #expect(reference.value(of: other, payload: []) != answer.value)
  }

  @Test(
    "the light kernel passes the proof that every kernel passes, and no count of shares is right by chance",
    arguments: RandomXVersion.allCases)
  func light(version: RandomXVersion) throws {
    guard isAvailable(version) else { return }
    let algorithm = Self.descriptor(version)
    let kernel = try #require(algorithm.kernels.last)
    #expect(kernel.id.rawValue == "librandomx-light-jit" && !kernel.isCandidate)
    try KernelSelfTest.run(kernel, of: algorithm)
    // Prepared for another key, it is found out.
    let wrong = try GuardedKernel(kernel, key: Array("test key 000".utf8))
    let proof = KernelProof(algorithm, kernel.id, lanes: 1, scan: wrong.scan)
    #expect(throws: KernelFault.self) { try proof.run() }
  }

  @Test("the two versions are told apart by their names, their hashes and what is said of them")
  func versions() throws {
    #expect(AlgorithmID.randomxV2.caution == "not active on any chain")
    #expect(AlgorithmID.known.filter { $0.caution != nil } == [.randomxV2])
    guard isAvailable(), isAvailable(.v2) else { return }
    let answer = try #require(AlgorithmDescriptor.randomx.knownAnswers.first)
    let first = try RandomXReference(key: answer.key, .v1)
    let second = try RandomXReference(key: answer.key, .v2)
    #expect(first.hash(answer.input.bytes) == answer.value)
    #expect(second.hash(answer.input.bytes) != answer.value)
  }

  @Test("without a library that has it version 2 says what is needed, and version 1 is untouched")
  func lacking() throws {
    guard isAvailable() else { return }
    guard let obstacle = RandomXLibrary.obstacle(to: .v2) else {
      NotRun.report("randomx-v2 without a library for it: this one has it")
      return
    }
    #expect(obstacle.remedy?.contains("2.0.1 or later") == true)
    let failure = #expect(throws: Failure.self) {
      try AlgorithmDescriptor.randomxV2.reference(key: [1])
    }
    #expect(failure?.exitCode == .unavailable && failure?.remedy == obstacle.remedy)
    for kernel in AlgorithmDescriptor.randomxV2.kernels {
      #expect(KernelCatalog.obstacle(to: kernel, on: .current) == obstacle)
    }
  }

  @Test("a key of no byte, or of more than RandomX takes, is refused", arguments: [0, 61])
  func keys(size: Int) {
    guard isAvailable() else { return }
    #expect(throws: Failure.self) {
      try RandomXReference(key: [UInt8](repeating: 1, count: size))
    }
  }
}
