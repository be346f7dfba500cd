package import Model

/// What must hold of every kernel of every backend: known answers of real chains, then the whole scan contract on easy
/// targets, against the reference.
///
/// The kernel is a closure, so that one behind a driver, in another process or between guard pages is proven alike. A
/// proof takes milliseconds in a release build, so that `run` proves every kernel before it times it.
package struct KernelProof {
  /// One call: the work, and how many proofs there is room for.
  package typealias Scan = (_ work: Work, _ capacity: Int) throws -> ScanReport

  private let algorithm: AlgorithmDescriptor
  private let kernel: KernelID
  private let lanes: Int
  private let yield: Double
  private let key: [UInt8]
  private let scan: Scan

  /// `key` is what the kernel was prepared for, that of all self-tests where none is given.
  ///
  /// `lanes` are the attempts in one pass of the kernel, whose edges are probed; `yield` is the part of the units that it
  /// says it finds: only a solver may miss some.
  package init(
    _ algorithm: AlgorithmDescriptor, _ kernel: KernelID, lanes: Int, yield: Double = 1,
    key: [UInt8]? = nil, scan: @escaping Scan
  ) {
    self.algorithm = algorithm
    self.kernel = kernel
    self.lanes = lanes
    self.yield = yield
    self.key = key ?? Self.key(algorithm.shape)
    self.scan = scan
  }

  /// The key of all self-tests of shapes that are prepared; known answers bring their own.
  package static func key(_ shape: WorkShape) -> [UInt8] {
    WorkDerivation.key(shape, challenge: ReferenceOutcomes.challenge)
  }

  /// Throws the first thing that is wrong.
  package func run() throws {
    let reference = try algorithm.reference(key: key)
    guard reference.finds else { return try judge(reference) }
    for answer in algorithm.knownAnswers where answer.key == key { try check(answer) }
    let references = try ReferenceOutcomes.shared(algorithm, key: key)
    for count in counts {
      for bits in [0, 4, 256] {
        try check(
          references, offset: 0, count: count, target: Target(leadingZeroBits: bits),
          capacity: capacity(count))
      }
    }
    // A range that begins in the middle of what was a vector before.
    try check(
      references, offset: 3, count: lanes + 2, target: Target(leadingZeroBits: 3),
      capacity: capacity(lanes + 2))
    // More shares than room: all are counted, the first ones stored, nothing written behind the room.
    for capacity in [0, 1, lanes] {
      try check(
        references, offset: 0, count: 2 * lanes + 1, target: Target(leadingZeroBits: 0),
        capacity: capacity)
    }
  }

  // MARK: By a reference that judges only

  /// What holds of a kernel whose solutions nobody else looks for: those of a block are among them, each is one, none
  /// is there twice, all are in order and counted, and a target and a room leave out what they must.
  private func judge(_ reference: any WorkReference) throws {
    for answer in algorithm.knownAnswers {
      let nonce = answer.input.nonce
      let known = FoundProof(nonce: nonce, payload: answer.payload)
      let all = try judged(
        Work(input: answer.input, firstNonce: nonce, count: 1, target: Target(leadingZeroBits: 0)),
        reference, capacity: 64, answer.name)
      guard all.contains(known) else { throw fault("it missed the solution of \(answer.name)") }
      guard let exact = Target(littleEndian: answer.value) else { continue }
      let own = try judged(
        Work(input: answer.input, firstNonce: nonce, count: 1, target: exact), reference,
        capacity: 1, answer.name)
      guard own == [known] else {
        throw fault("it does not report exactly the solution of \(answer.name)")
      }
    }
    let input = try ReferenceOutcomes.shared(algorithm, key: key).input
    let half = Target(leadingZeroBits: 1)
    _ = try judged(
      Work(input: input, firstNonce: .max, count: 2, target: half), reference, capacity: 64,
      "nonces that wrap")
    _ = try judged(
      Work(input: input, firstNonce: 0, count: 0, target: half), reference, capacity: 0,
      "no attempt")
  }

  /// One call whose proofs are all judged.
  private func judged(
    _ work: Work, _ reference: any WorkReference, capacity: Int, _ context: String
  ) throws -> [FoundProof] {
    let report = try scan(work, capacity)
    let counts = report.counts
    let stored = Array(report.proofs.prefix(min(capacity, Int(clamping: counts.found))))
    guard counts.attempts == work.count else {
      throw fault(
        "it counted \(counts.attempts) attempts where \(work.count) were asked (\(context))")
    }
    // Four times what is likely, and some: more is no solver's luck.
    let most = 8 + 4 * algorithm.shape.unitsPerAttempt * Double(work.count)
    guard Double(counts.units) <= most, counts.found <= counts.units else {
      throw fault(
        "it counted \(counts.found) shares of \(algorithm.shape.unit.counted(counts.units)) (\(context))"
      )
    }
    if work.target == Target(leadingZeroBits: 0), counts.found != counts.units {
      throw fault(
        "it counted \(counts.units) where every one of \(counts.found) is a share (\(context))")
    }
    for (index, proof) in stored.enumerated() {
      let value = reference.value(of: work.input.with(nonce: proof.nonce), payload: proof.payload)
      guard let value, proof.nonce &- work.firstNonce < work.count else {
        throw fault("it reported nonce \(proof.nonce) with what is no solution (\(context))")
      }
      guard work.target.isMet(by: value) else {
        throw fault("it reported nonce \(proof.nonce), which does not meet the target (\(context))")
      }
      guard index > 0 else { continue }
      let before = stored[index - 1]
      let steps = [before, proof].map { $0.nonce &- work.firstNonce }
      guard
        steps[0] < steps[1]
          || steps[0] == steps[1] && before.payload.lexicographicallyPrecedes(proof.payload)
      else {
        throw fault("it reported nonce \(proof.nonce) twice or out of order (\(context))")
      }
    }
    if let complaint = report.complaint { throw fault("\(complaint) (\(context))") }
    return stored
  }

  // MARK: By a reference that finds

  /// Numbers of attempts around every edge of the kernel's passes.
  package var counts: [Int] {
    Set([0, 1, lanes - 1, lanes, lanes + 1, 2 * lanes + 1, 19]).sorted()
  }

  /// Room for whatever so many attempts can yield.
  private func capacity(_ count: Int) -> Int {
    algorithm.shape.countsAttempts
      ? count : 64 + 8 * Int((algorithm.shape.unitsPerAttempt * Double(count)).rounded(.up))
  }

  /// A known answer must be found at its nonce by its exact value as target, and not by a target one lower.
  ///
  /// The nonces beside it are scanned as well where the value is so small that none of them can meet it.
  package func check(_ answer: KnownAnswer) throws {
    guard let exact = Target(littleEndian: answer.value) else { return }
    let isRare = exact.probability < 1e-6
    let before = isRare ? UInt32(lanes) : 0
    let proof = FoundProof(nonce: answer.input.nonce, payload: answer.payload)
    for (target, expected) in [(exact, [proof]), (exact.lowered(), [])] {
      let work = Work(
        input: answer.input, firstNonce: answer.input.nonce &- before,
        count: isRare ? UInt64(before) + 2 : 1,
        target: target)
      try check(work, expected: expected, units: nil, capacity: 4, context: answer.name)
    }
  }

  /// Part of a range whose outcomes are known must give exactly the proofs that meet the target.
  package func check(
    _ references: ReferenceOutcomes, offset: Int, count: Int, target: Target, capacity: Int
  ) throws {
    let work = Work(
      input: references.input, firstNonce: references.nonce(offset), count: UInt64(count),
      target: target)
    let range = offset..<offset + count
    try check(
      work, expected: references.proofs(range, meeting: target),
      units: references.units(range), capacity: capacity, context: "count \(count)")
  }

  /// One call of the kernel against what it must find; `units` is the true amount of work, where it is known.
  package func check(
    _ work: Work, expected: [FoundProof], units: UInt64?, capacity: Int, context: String
  ) throws {
    let report = try scan(work, capacity)
    let counts = report.counts
    let place = "\(context), first nonce \(work.firstNonce), count \(work.count)"
    guard counts.attempts == work.count else {
      throw fault(
        "it counted \(counts.attempts) attempts where \(work.count) were asked (\(place))")
    }
    let stored = Array(report.proofs.prefix(min(capacity, Int(clamping: counts.found))))
    if yield < 1 { return try check(stored, counts, among: expected, units: units, place) }
    if let units, counts.units != units {
      let unit = algorithm.shape.unit
      throw fault("it counted \(unit.counted(counts.units)) where there are \(units) (\(place))")
    }
    let wanted = Array(expected.prefix(capacity))
    if stored == wanted, counts.found == UInt64(expected.count) {
      if let complaint = report.complaint { throw fault("\(complaint) (\(place))") }
      return
    }
    if let wrong = stored.first(where: { !expected.contains($0) }) {
      throw fault("it reported nonce \(wrong.nonce), which does not meet the target (\(place))")
    }
    if let missed = wanted.first(where: { !stored.contains($0) }) {
      throw fault("it missed nonce \(missed.nonce) (\(place))")
    }
    guard stored == wanted else { throw fault("its nonces are not in order (\(place))") }
    throw fault("it counted \(counts.found) shares where there are \(expected.count) (\(place))")
  }

  /// Of a solver that may miss some: none false, none twice, in order, and not fewer than it says.
  private func check(
    _ stored: [FoundProof], _ counts: ScanCounts, among expected: [FoundProof], units: UInt64?,
    _ place: String
  ) throws {
    var rest = expected[...]
    for proof in stored {
      guard let index = rest.firstIndex(of: proof) else {
        let isKnown = expected.contains(proof)
        throw fault(
          isKnown
            ? "it reported nonce \(proof.nonce) twice or out of order (\(place))"
            : "it reported nonce \(proof.nonce), which does not meet the target (\(place))")
      }
      rest = rest[(index + 1)...]
    }
    guard counts.found <= UInt64(expected.count), counts.found >= UInt64(stored.count) else {
      throw fault("it counted \(counts.found) shares of at most \(expected.count) (\(place))")
    }
    guard let units else { return }
    let mean = Double(units) * yield
    // Five standard deviations of a binomial number, and one solution.
    let least = mean - 5 * (mean * (1 - yield)).squareRoot() - 1
    guard counts.units <= units, Double(counts.units) >= least else {
      throw fault(
        "it found \(counts.units) of \(algorithm.shape.unit.counted(units)), against its stated "
          + "yield (\(place))")
    }
  }

  private func fault(_ problem: String) -> KernelFault {
    KernelFault(algorithm.id, kernel, problem)
  }
}

/// What one call of a kernel gave: its counts, and the proofs that it stored.
package struct ScanReport: Hashable, Sendable {
  package var counts: ScanCounts
  package var proofs: [FoundProof]
  /// What the caller noticed besides, as a clause about the kernel; told where the proofs are right, because wrong ones
  /// say more.
  package var complaint: String?

  package init(counts: ScanCounts, proofs: [FoundProof], complaint: String? = nil) {
    self.counts = counts
    self.proofs = proofs
    self.complaint = complaint
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
}
