internal import Glibc
package import Model

/// Proves a kernel against the reference: known answers of real chains, then the whole scan contract on easy targets.
///
/// It takes milliseconds in a release build, so that `run` proves every kernel before it times it.
package enum KernelSelfTest {
  /// Throws the first thing that is wrong.
  ///
  /// `willTest` is told the addresses of the scratch memory with its guards before the kernel is called.
  package static func run(
    _ variant: KernelVariant, willTest: (Range<UInt>) -> Void = { _ in }
  ) throws {
    guard let algorithm = AlgorithmCatalog.descriptor(of: variant.algorithm) else {
      throw KernelFault(variant.algorithm, variant.id, "its algorithm is unknown")
    }
    let scratch = try KernelProof.scratch(for: variant)
    willTest(scratch.guardedAddresses)
    let proof = KernelProof(variant, scratch: scratch)
    for answer in algorithm.knownAnswers { try proof.check(answer) }
    let references = ReferenceHashes.shared(algorithm)
    for count in proof.counts {
      for bits in [0, 4, 256] {
        try proof.check(
          references, offset: 0, count: count, target: Target(leadingZeroBits: bits),
          capacity: count)
      }
    }
    // A range that begins in the middle of what was a vector before.
    try proof.check(
      references, offset: 3, count: variant.lanes + 2, target: Target(leadingZeroBits: 3),
      capacity: variant.lanes + 2)
    // More shares than room: all are counted, the first ones stored, nothing written behind the room.
    for capacity in [0, 1, variant.lanes] {
      try proof.check(
        references, offset: 0, count: 2 * variant.lanes + 1, target: Target(leadingZeroBits: 0),
        capacity: capacity)
    }
  }
}

/// The checks of one kernel.
package struct KernelProof: ~Copyable {
  private let variant: KernelVariant
  private let scratch: ScratchMemory

  package init(_ variant: KernelVariant, scratch: consuming ScratchMemory) {
    self.variant = variant
    self.scratch = scratch
  }

  /// Scratch memory between guard pages.
  package static func scratch(for variant: KernelVariant) throws(Failure) -> ScratchMemory {
    try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: false)
  }

  /// Numbers of nonces around every edge of the kernel's vectors.
  package var counts: [Int] {
    let lanes = variant.lanes
    return Set([0, 1, lanes - 1, lanes, lanes + 1, 2 * lanes + 1, 19]).sorted()
  }

  /// A real header must be found at its nonce by the exact hash as target, and not by a target one lower.
  package func check(_ answer: KnownAnswer) throws(KernelFault) {
    guard let exact = Target(littleEndian: answer.hash) else { return }
    let before = UInt32(variant.lanes)
    for (target, expected) in [(exact, [answer.header.nonce]), (exact.lowered(), [])] {
      let work = Work(
        header: answer.header, firstNonce: answer.header.nonce &- before,
        count: UInt64(before) + 2, target: target)
      try check(work, expected: expected, capacity: 4, context: answer.name)
    }
  }

  /// Part of a range whose hashes are known must give exactly the nonces that meet the target.
  package func check(
    _ references: ReferenceHashes, offset: Int, count: Int, target: Target, capacity: Int
  ) throws(KernelFault) {
    let work = Work(
      header: references.header, firstNonce: references.nonce(offset), count: UInt64(count),
      target: target)
    try check(
      work, expected: references.nonces(offset..<offset + count, meeting: target),
      capacity: capacity, context: "count \(count)")
  }

  /// One call of the kernel against what it must find.
  package func check(
    _ work: Work, expected: [UInt32], capacity: Int, context: String
  ) throws(KernelFault) {
    let margin = 8
    let canary: UInt32 = 0xdead_beef
    var nonces = [UInt32](repeating: canary, count: capacity + margin)
    // Copies of their own, to see whether the kernel wrote into what it may only read.
    let given = Work(
      header: work.header.with(nonce: work.header.nonce), firstNonce: work.firstNonce,
      count: work.count, target: work.target.copied())
    dirtyScratch()
    let found = try variant.scan(given, scratch: scratch, nonces: &nonces, capacity: capacity)
    let place = "\(context), first nonce \(work.firstNonce), count \(work.count)"
    guard given.header == work.header, given.target == work.target else {
      throw fault("it wrote into its input (\(place))")
    }
    guard scratch.isTailUntouched else { throw fault("it wrote past its scratch (\(place))") }
    guard nonces[capacity...].allSatisfy({ $0 == canary }) else {
      throw fault("it wrote past the room for nonces (\(place))")
    }
    let stored = Array(nonces[..<min(capacity, Int(clamping: found))])
    let wanted = Array(expected.prefix(capacity))
    if stored == wanted, found == UInt64(expected.count) {
      guard nonces[stored.count..<capacity].allSatisfy({ $0 == canary }) else {
        throw fault("it stored nonces that it did not count (\(place))")
      }
      return
    }
    if let wrong = stored.first(where: { !expected.contains($0) }) {
      throw fault("it reported nonce \(wrong), which does not meet the target (\(place))")
    }
    if let missed = wanted.first(where: { !stored.contains($0) }) {
      throw fault("it missed nonce \(missed) (\(place))")
    }
    guard stored == wanted else { throw fault("its nonces are not in order (\(place))") }
    throw fault("it counted \(found) shares where there are \(expected.count) (\(place))")
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
  /// The target one below; zero stays zero.
  package func lowered() -> Target {
    guard bytes.contains(where: { $0 != 0 }) else { return self }
    var lower = bytes
    for index in lower.indices {
      lower[index] &-= 1
      if lower[index] != 0xff { break }
    }
    return Target(littleEndian: lower) ?? self
  }

  /// The same target in storage of its own.
  fileprivate func copied() -> Target { Target(littleEndian: bytes.map { $0 }) ?? self }
}
