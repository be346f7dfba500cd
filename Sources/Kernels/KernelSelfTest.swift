internal import Glibc
package import Model

/// Proves a kernel of this process: what must hold of every kernel, with its memory guarded.
package enum KernelSelfTest {
  /// Throws the first thing that is wrong.
  ///
  /// `state` is one that was prepared elsewhere, and its key what the kernel is proven for. `willTest` is told the
  /// addresses of the scratch memory with its guards before the kernel is called.
  package static func run(
    _ variant: KernelVariant, of algorithm: AlgorithmDescriptor, state: PreparedState? = nil,
    willTest: (Range<UInt>) -> Void = { _ in }
  ) throws {
    let key = state?.key ?? KernelProof.key(algorithm.shape)
    let kernel =
      if let state {
        try GuardedKernel(variant, state: state)
      } else {
        try GuardedKernel(variant, key: key)
      }
    willTest(kernel.guardedAddresses)
    try KernelProof(
      algorithm, variant.id, lanes: variant.lanes, yield: variant.yield, key: key,
      scan: kernel.scan
    ).run()
    // Known answers with keys of their own; the reference is proven by them where preparing takes too long.
    if variant.state?.library?.isLarge == true { return }
    for answer in algorithm.knownAnswers where answer.key != key {
      let kernel = try GuardedKernel(variant, key: answer.key)
      try KernelProof(
        algorithm, variant.id, lanes: variant.lanes, yield: variant.yield, scan: kernel.scan
      ).check(answer)
    }
  }
}

/// A kernel whose memory is watched: guard pages around its scratch, patterns behind its scratch and its room, copies of
/// what it may only read.
package final class GuardedKernel {
  private let variant: KernelVariant
  private let scratch: ScratchMemory
  private let state: PreparedState?

  /// Prepares the kernel for a key, in one part; an empty key for shapes that are not prepared.
  package convenience init(_ variant: KernelVariant, key: [UInt8]) throws {
    try self.init(variant, state: try variant.preparedState(key: key))
  }

  /// Takes a state of this kernel that was prepared elsewhere.
  package init(_ variant: KernelVariant, state: PreparedState?) throws {
    self.variant = variant
    scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: false)
    self.state = state
  }

  /// The scratch memory with its guards.
  package var guardedAddresses: Range<UInt> { scratch.guardedAddresses }

  /// One call.
  ///
  /// - Throws: `KernelFault` when the kernel wrote where it must not.
  package func scan(_ work: Work, capacity: Int) throws(KernelFault) -> ScanReport {
    let margin = 8
    let pattern: UInt8 = 0xd7
    var room = ProofRoom(capacity: capacity + margin, variant.shape)
    room.fill(pattern)
    // Copies of their own, to see whether the kernel wrote into what it may only read.
    let given = Work(
      input: work.input.with(nonce: work.input.nonce), firstNonce: work.firstNonce,
      count: work.count, target: work.target.copied())
    dirtyScratch()
    let counts = try variant.scan(
      given, scratch: scratch, state: state, room: &room, capacity: capacity)
    let place = "first nonce \(work.firstNonce), count \(work.count)"
    guard given.input == work.input, given.target == work.target else {
      throw fault("it wrote into its input (\(place))")
    }
    guard scratch.isTailUntouched else { throw fault("it wrote past its scratch (\(place))") }
    guard room.holds(pattern, in: capacity..<capacity + margin) else {
      throw fault("it wrote past the room for nonces (\(place))")
    }
    let stored = min(capacity, Int(clamping: counts.found))
    let isClean = room.holds(pattern, in: stored..<capacity)
    return ScanReport(
      counts: counts, proofs: room.proofs(UInt64(stored)),
      complaint: isClean ? nil : "it stored nonces that it did not count")
  }

  /// A kernel may keep nothing in its scratch from one call to the next.
  private func dirtyScratch() {
    if let base = unsafe scratch.bytes.baseAddress {
      unsafe memset(base, 0x5c, scratch.bytes.count)
    }
  }

  private func fault(_ problem: String) -> KernelFault {
    KernelFault(variant.algorithm, variant.id, problem)
  }
}

extension Target {
  /// The same target in storage of its own.
  fileprivate func copied() -> Target { Target(littleEndian: bytes.map { $0 }) ?? self }
}
