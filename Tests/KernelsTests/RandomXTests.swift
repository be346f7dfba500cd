import Kernels
import Model
import TestSupport
import Testing

/// RandomX by the machine's librandomx, in light mode: the dataset's kernels run in ToolTests.
@Suite("RandomX")
struct RandomXTests {
  /// Whether the library is there; else that is reported.
  private func isAvailable() -> Bool {
    guard let obstacle = RandomXLibrary.obstacle else { return true }
    NotRun.report("RandomX: \(obstacle.message)")
    return false
  }

  @Test("compiled and interpreted programs give the published hashes, and another key others")
  func vectors() throws {
    guard isAvailable() else { return }
    let vectors = try Figures.vectors(of: .randomx)
    #expect(vectors.count == 5)
    for (key, own) in Dictionary(grouping: vectors, by: { $0.key ?? "" }) {
      let reference = try RandomXReference(key: Array(key.utf8))
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

  @Test("one bit of the input gives another hash, and the nonce lies at byte 39")
  func input() throws {
    guard isAvailable() else { return }
    let algorithm = AlgorithmDescriptor.randomx
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
    "the light kernel passes the proof that every kernel passes, and no count of shares is right by chance"
  )
  func light() throws {
    guard isAvailable() else { return }
    let algorithm = AlgorithmDescriptor.randomx
    let kernel = try #require(algorithm.kernels.last)
    #expect(kernel.id.rawValue == "librandomx-light-jit" && !kernel.isCandidate)
    try KernelSelfTest.run(kernel, of: algorithm)
    // Prepared for another key, it is found out.
    let wrong = try GuardedKernel(kernel, key: Array("test key 000".utf8))
    let proof = KernelProof(algorithm, kernel.id, lanes: 1, scan: wrong.scan)
    #expect(throws: KernelFault.self) { try proof.run() }
  }

  @Test("a key of no byte, or of more than RandomX takes, is refused", arguments: [0, 61])
  func keys(size: Int) {
    guard isAvailable() else { return }
    #expect(throws: Failure.self) {
      try RandomXReference(key: [UInt8](repeating: 1, count: size))
    }
  }
}
