import Foundation
import Kernels
import Model
import TestSupport
import Testing

/// Zcash's proof of work, by vectors of librustzcash and by a block.
struct EquihashTests {
  private static let small = Equihash(n: 96, k: 5)

  /// The indices as a solution of 96,5 packs them, 17 bits each.
  private static func packed(_ indices: [Int]) -> [UInt8] { packedBits(indices, width: 17) }

  private static func input(_ text: String, nonce: UInt8) -> [UInt8] {
    Array(text.utf8) + [nonce] + [UInt8](repeating: 0, count: 31)
  }

  @Test("BLAKE2b gives what RFC 7693 and Python's hashlib give")
  func blake() {
    let plain = [UInt8](repeating: 0, count: 16)
    func hex(_ input: [UInt8], _ length: Int, _ personalisation: [UInt8]) -> String {
      Hexadecimal.encode(
        BLAKE2b.hash(input, length: length, personalisation: personalisation))
    }
    #expect(
      hex(Array("abc".utf8), 64, plain)
        == "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")
    // Exactly one block.
    #expect(
      hex([UInt8](repeating: 0, count: 128), 64, plain).hasPrefix(
        "865939e120e6805438478841afb739ae4250cf372653078a065cdcfffca4caf7"))
    #expect(
      hex(Array(0..<200), 50, Array("ZcashPoW".utf8) + [200, 0, 0, 0, 9, 0, 0, 0])
        == "52554346fb2ee477d7841aa0035102fd6e166c0db6828e15b43660a162d979c2"
        + "ad1a0622a47835923c5cbec472d988a682ad")
  }

  @Test("a solution solves its own input and no other")
  func solution() {
    let indices = [
      1911, 96020, 94086, 96830, 7895, 51522, 56142, 62444, 15441, 100_732, 48983, 64776, 27781,
      85932, 101_138, 114_362, 4497, 14199, 36249, 41817, 23995, 93888, 35798, 96337, 5530, 82377,
      66438, 85247, 39332, 78978, 83015, 123_505,
    ]
    let solution = Self.packed(indices)
    #expect(
      Hexadecimal.encode(solution)
        == "03bbddc52df0d7a3e0f6bb2509b69cf3ec1e28e25f17eaefd083642d3eb31625beba08c88dddd1b32a3592ed"
        + "ddbb0117ad78510acd50726070d4cff4cd24d20a888fe271")
    #expect(Self.small.isSolution(solution, of: Self.input("block header", nonce: 1)))
    #expect(!Self.small.isSolution(solution, of: Self.input("block header", nonce: 2)))
    #expect(
      !Self.small.isSolution(Array(solution.dropLast()), of: Self.input("block header", nonce: 1)))
    #expect(!Self.small.isSolution(solution + [0], of: Self.input("block header", nonce: 1)))
  }

  private static let birthday =
    "Equihash is an asymmetric PoW based on the Generalised Birthday problem."
  private static let valid = [
    2261, 15185, 36112, 104_243, 23779, 118_390, 118_332, 130_041, 32642, 69878, 76925, 80080,
    45858, 116_805, 92842, 111_026, 15972, 115_059, 85191, 90330, 68190, 122_819, 81830, 91132,
    23460, 49807, 52426, 80391, 69567, 114_474, 104_973, 122_568,
  ]

  @Test("indices that are changed, out of order or doubled are refused")
  func tampered() {
    let input = Self.input(Self.birthday, nonce: 1)
    func isSolution(_ indices: [Int]) -> Bool {
      Self.small.isSolution(Self.packed(indices), of: input)
    }
    #expect(isSolution(Self.valid))
    var other = Self.valid
    other[0] += 1
    #expect(!isSolution(other))
    for (first, second) in [(0, 12), (0, 1)] {
      other = Self.valid
      other.swapAt(first, second)
      #expect(!isSolution(other))
    }
    // Pairs, and halves, in the other order: every collision holds.
    #expect(!isSolution([36112, 104_243, 2261, 15185] + Self.valid.dropFirst(4)))
    #expect(!isSolution(Array(Self.valid[16...]) + Self.valid[..<16]))
    #expect(!isSolution(Self.valid.sorted()))
    // Doubled, so that everything comes to zero.
    #expect(!isSolution(Self.valid[..<16].flatMap { [$0, $0] }))
    #expect(!isSolution(Array(Self.valid[..<16]) + Self.valid[..<16]))
  }

  @Test("block 347500 of Zcash is solved, and no byte of it can be another")
  func block() throws {
    let path = "Documentation/examples/node/getblockheader-zec-347500.json"
    let tree = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: path)))
    let text = try #require((tree as? [String: Any])?["result"] as? String)
    let bytes = try #require(Hexadecimal.decode(text))
    let (input, solution) = (Array(bytes[..<140]), Array(bytes[143...]))
    #expect(
      Hexadecimal.encode(SHA256.hash(solution))
        == "04e3db138704e91b1d9006a2d7eea28a9a59a2ef4c414a3299cc34459cae3c7f")
    #expect(Equihash.zcash.isSolution(solution, of: input))
    for place in [0, 671, 1343] {
      var other = solution
      other[place] ^= 1
      #expect(!Equihash.zcash.isSolution(other, of: input))
    }
    var other = input
    other[139] ^= 1
    #expect(!Equihash.zcash.isSolution(solution, of: other))
  }

  // MARK: 200,9 as an algorithm

  private static let algorithm = AlgorithmDescriptor.equihash

  @Test("blocks of Zcash are judged by their hash, and nothing else proves them")
  func blocks() throws {
    let vectors = try Figures.vectors(of: .equihash)
    #expect(vectors.count == 2)
    let reference = try Self.algorithm.reference()
    #expect(!reference.finds)
    for vector in vectors {
      let input = try #require(WorkInput(bytes: vector.bytes(), Self.algorithm.shape))
      let payload = try #require(Hexadecimal.decode(vector.payload ?? ""))
      let value = try #require(reference.value(of: input, payload: payload))
      #expect(Hexadecimal.encode(value) == vector.value)
      #expect(reference.value(of: input, payload: payload + [0]) == nil)
      #expect(reference.value(of: input, payload: []) == nil)
      #expect(reference.value(of: input.with(nonce: input.nonce &+ 1), payload: payload) == nil)
    }
  }

  @Test("a kernel that reports wrongly is found out", arguments: Fault.allCases)
  func faults(fault: Fault) throws {
    // What a true kernel says of the block, as far as the proof comes to ask.
    let answer = try #require(Self.algorithm.knownAnswers.first)
    let proof = KernelProof(Self.algorithm, KernelID(rawValue: "faulty"), lanes: 1, yield: 0.995) {
      work, _ in
      let isBlock = work.input == answer.input && work.count == 1
      let found = FoundProof(nonce: answer.input.nonce, payload: answer.payload)
      let report = ScanReport(
        counts: ScanCounts(found: isBlock ? 1 : 0, attempts: work.count, units: isBlock ? 1 : 0),
        proofs: isBlock ? [found] : [])
      return fault.applied(to: report)
    }
    if fault == .none {
      try proof.run()
    } else {
      #expect(throws: KernelFault.self) { try proof.run() }
    }
  }

  enum Fault: CaseIterable {
    case none, missing, twice, payload, nonce, units, attempts, many

    func applied(to report: ScanReport) -> ScanReport {
      var report = report
      guard let proof = report.proofs.first else { return report }
      switch self {
      case .none: break
      case .missing:
        report = ScanReport(
          counts: ScanCounts(found: 0, attempts: report.counts.attempts, units: 0), proofs: [])
      case .twice:
        report.proofs.append(proof)
        report.counts.found = 2
        report.counts.units = 2
      case .payload:
        report.proofs[0] = FoundProof(
          nonce: proof.nonce, payload: [1 ^ proof.payload[0]] + proof.payload.dropFirst())
      case .nonce: report.proofs[0] = FoundProof(nonce: proof.nonce &+ 1, payload: proof.payload)
      case .units: report.counts.units = 2
      case .attempts: report.counts.attempts = 0
      case .many:
        report.counts.found = 20
        report.counts.units = 20
      }
      return report
    }
  }

  @Test("every solver that this CPU can run passes its proof, and all find the same solutions")
  func solvers() throws {
    let names = Self.algorithm.kernels.map(\.id.rawValue)
    #expect(names.contains("portable"))
    let usable = KernelCatalog.builtIn.usable(for: .equihash, on: .current)
    // An attempt takes many seconds under a sanitizer; Scripts/check-kernels.sh has the C under both.
    guard !isSanitized else { return }
    var reports: [ScanReport] = []
    for kernel in usable {
      #expect(kernel.yield > 0.99 && kernel.unitsPerAttempt >= 1.86)
      try KernelSelfTest.run(kernel, of: Self.algorithm)
      let work = Work(
        input: try ReferenceOutcomes.shared(Self.algorithm).input, firstNonce: 5, count: 3,
        target: Target(leadingZeroBits: 0))
      reports.append(try GuardedKernel(kernel, key: []).scan(work, capacity: 64))
    }
    #expect(Set(reports).count == 1 && reports[0].counts.units > 0)
  }
}
