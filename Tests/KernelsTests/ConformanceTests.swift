import Kernels
import Model
import TestSupport
import Testing

/// One suite for every kernel of block headers that this CPU can run, against the reference.
struct ConformanceTests {
  @Test("every edge of the lanes, every kind of target, nonces that wrap", arguments: runnable())
  func edges(name: KernelName) throws {
    let proof = try proof(name)
    let wrapping = try ReferenceOutcomes.shared(name.descriptor())
    for count in proof.counts {
      for target in try targets(wrapping, count) {
        try proof.check(wrapping, offset: 0, count: count, target: target, capacity: count)
      }
    }
  }

  @Test("more shares than room are counted, and the first ones stored", arguments: runnable())
  func room(name: KernelName) throws {
    let variant = try name.variant()
    let proof = try proof(name)
    let references = try ReferenceOutcomes.shared(name.descriptor())
    let count = 2 * variant.lanes + 1
    for (bits, capacity) in [(0, 0), (0, 1), (0, variant.lanes), (0, count - 1), (1, 2)] {
      try proof.check(
        references, offset: 0, count: count, target: Target(leadingZeroBits: bits),
        capacity: capacity)
    }
  }

  @Test("a long range gives exactly the reference's nonces", arguments: runnable())
  func longRange(name: KernelName) throws {
    // A sanitizer makes the references many times slower; the same range is run without one too.
    let count =
      switch (name.algorithm, isSanitized) {
      case (.scrypt, true): 49
      case (_, true): 515
      // Thirty times the widest kernel's lanes; more would be a minute and say the same.
      case (.scrypt, false): 1031
      default: 4099
      }
    let proof = try proof(name)
    let references = try LongRanges.shared.references(name.descriptor())
    for target in try targets(references, count) {
      try proof.check(references, offset: 0, count: count, target: target, capacity: count)
    }
    try proof.check(
      references, offset: 5, count: count - 5, target: Target(leadingZeroBits: 4), capacity: count)
  }

  @Test("a scan of a real header finds its nonce and no other", arguments: runnable())
  func realHeaders(name: KernelName) throws {
    let variant = try name.variant()
    let proof = try proof(name)
    let blocks = try Figures.blocks().filter { $0.algorithm == name.algorithm.rawValue }
    #expect(blocks.count >= 2)
    for block in blocks {
      let header = try block.parsedHeader()
      let target = try Target(compact: #require(header.compactTarget(.blockHeader)))
      for before in [0, 1, variant.lanes - 1, 2 * variant.lanes + 1] {
        let work = Work(
          input: header, firstNonce: header.nonce &- UInt32(before), count: UInt64(before) + 9,
          target: target)
        try proof.check(
          work, expected: [FoundProof(nonce: header.nonce)], units: work.count, capacity: 4,
          context: block.name)
      }
    }
  }

  @Test("the kernels that this CPU cannot run are listed")
  func notRunHere() {
    for variant in KernelCatalog.builtIn.variants {
      if let obstacle = KernelCatalog.obstacle(to: variant, on: .current) {
        NotRun.report("kernel \(variant.algorithm)/\(variant.id): \(obstacle.message)")
      }
    }
  }

  private func proof(_ name: KernelName) throws -> KernelProof {
    let variant = try name.variant()
    let kernel = try GuardedKernel(variant, key: [])
    return KernelProof(
      try name.descriptor(), variant.id, lanes: variant.lanes, scan: kernel.scan)
  }

  /// All-ones, one in 16, one in 1024, one hash of the range exactly, just below it, and zero.
  private func targets(_ references: ReferenceOutcomes, _ count: Int) throws -> [Target] {
    var targets = [0, 4, 10, 256].map { Target(leadingZeroBits: $0) }
    if let least = references.leastValue(0..<count), let exact = Target(littleEndian: least) {
      targets += [exact, exact.lowered()]
    }
    return targets
  }
}

/// A kernel by name, for test arguments.
struct KernelName: Hashable, Sendable, CustomTestStringConvertible {
  let algorithm: AlgorithmID
  let kernel: KernelID
  var testDescription: String { "\(algorithm)/\(kernel)" }

  func variant() throws -> KernelVariant {
    try KernelCatalog.builtIn.select(kernel, for: algorithm, on: .current)
  }

  func descriptor() throws -> AlgorithmDescriptor {
    try #require(AlgorithmCatalog.builtIn.descriptor(of: algorithm))
  }
}

/// The built-in kernels of block headers that this CPU can run; others have suites of their own.
func runnable() -> [KernelName] {
  AlgorithmCatalog.builtIn.all.filter { $0.shape == .blockHeader }.flatMap { algorithm in
    KernelCatalog.builtIn.usable(for: algorithm.id, on: .current).map {
      KernelName(algorithm: algorithm.id, kernel: $0.id)
    }
  }
}

/// References of a real header each, shared because they are slow.
private struct LongRanges {
  static let shared = LongRanges()
  private let all: [AlgorithmID: ReferenceOutcomes]

  private init() {
    all = AlgorithmCatalog.builtIn.all.reduce(into: [:]) { all, algorithm in
      guard algorithm.shape == .blockHeader, let reference = try? algorithm.reference() else {
        return
      }
      all[algorithm.id] = ReferenceOutcomes(
        reference, input: algorithm.knownAnswers[0].input, first: 1_000_003)
    }
  }

  func references(_ algorithm: AlgorithmDescriptor) throws -> ReferenceOutcomes {
    try #require(all[algorithm.id])
  }
}
