internal import Dispatch
internal import Kernels
internal import Model
internal import Synchronization

/// Proves one shape on one device: what must hold of every kernel, then the edges of groups and launches, the way of too many
/// candidates, and a launch of the size that is timed.
internal struct ShapeProof {
  private let session: DriverSession
  private let algorithm: AlgorithmDescriptor
  private let kernel: KernelID
  private let key: [UInt8]
  private let judge: CandidateJudge
  private let processor: ProcessorKernel

  /// Room for the candidates of a launch: of a launch that is proven half of it is wanted.
  static let capacity: UInt32 = 1 << 16

  /// `key` is what the device's dataset and the reference are of; empty for algorithms that have none.
  init(
    _ session: DriverSession, _ algorithm: AlgorithmDescriptor, _ kernel: KernelID, key: [UInt8]
  ) throws(Failure) {
    self.session = session
    self.algorithm = algorithm
    self.kernel = kernel
    self.key = key
    judge = try CandidateJudge(algorithm, key: key)
    processor = try ProcessorKernel(algorithm, key: key)
  }

  /// Throws the first thing that is wrong, or that the driver cannot do; returns how the kernel is launched best.
  func run() throws -> LaunchPlan {
    let tuning = LaunchTuning(session)
    let plan = tuning.small(1 << 16)
    try tuning.apply(plan)
    let proof = KernelProof(algorithm, kernel, lanes: lanes(plan), key: key) { work, capacity in
      // Less room than there are candidates makes the way of splitting part of the proof.
      try scan(work, room: UInt32(clamping: max(1, capacity)))
    }
    try proof.run()
    // The wrap of the nonce lies inside these ranges; a group's and a warp's edges on both sides.
    let references = try ReferenceOutcomes.shared(algorithm, key: key)
    for edge in session.shape.hasScratch ? [32] : [32, Int(plan.group)] {
      for count in [edge - 1, edge, edge + 1] {
        try proof.check(
          references, offset: 1, count: count, target: Target(leadingZeroBits: 2),
          capacity: count)
      }
    }
    let input = references.input
    let timed = try tuning.find(input)
    try rescan(input, first: 0xffff_ff00, count: min(timed.launch, 1 << 26))
    session.release()
    return timed
  }

  /// Attempts in one pass: what the proof's ranges are cut by.
  private func lanes(_ plan: LaunchPlan) -> Int { max(4, session.shape.hashesPerItem) }

  /// One call: candidates are confirmed, and one whose hash is another is left in, for the proof to find.
  private func scan(_ work: Work, room: UInt32) throws(DriverError) -> ScanReport {
    let nonces = try candidates(work, room: room)
    let verdicts = judge.verdicts(work.input, nonces: nonces, work.target)
    let proofs = zip(nonces, verdicts).filter { $0.1 != .nearMiss }.map(\.0)
      .sorted { $0 &- work.firstNonce < $1 &- work.firstNonce }
      .map { FoundProof(nonce: $0) }
    return ScanReport(
      counts: ScanCounts(
        found: UInt64(proofs.count), attempts: work.count, units: work.count), proofs: proofs)
  }

  /// All candidates of a range; one with more than there is room for is split.
  func candidates(_ work: Work, room: UInt32) throws(DriverError) -> [UInt32] {
    session.setWork(work.input, work.target, capacity: room)
    let (count, nonces) = try session.scan(
      first: work.firstNonce, count: work.count, copied: room)
    guard count > room, work.count > 1 else { return nonces }
    let half = work.count / 2
    let parts = [
      (work.firstNonce, half),
      (work.firstNonce &+ UInt32(truncatingIfNeeded: half), work.count - half),
    ]
    var all: [UInt32] = []
    for (first, count) in parts {
      all += try candidates(
        Work(input: work.input, firstNonce: first, count: count, target: work.target), room: room)
    }
    return all
  }

  /// One launch against the reference: the number of candidates is one that chance gives, and parts of it, the two ends
  /// among them, have exactly the reference's.
  ///
  /// It needs a target so easy that the parts have some: live work's own proofs are too rare to show a kernel that skips.
  func rescan(_ input: WorkInput, first: UInt32, count: UInt64) throws {
    guard count > 0 else { return }
    let wanted = min(Double(count) / 4, Double(Self.capacity) / 2)
    let target = Target(
      topWord: UInt32(clamping: Int64(wanted / Double(count) * 4_294_967_296) - 1))
    session.setWork(input, target, capacity: session.capacity)
    let (found, nonces) = try session.scan(first: first, count: count, copied: session.capacity)
    let mean = Double(count) * target.probability
    let deviation = Double(found) - mean
    guard deviation * deviation <= 36 * (mean + 1) else {
      throw fault(
        "a launch of \(count) found \(found) candidates where about \(Int(mean)) are expected")
    }
    let sample = nonces.prefix(64)
    for (nonce, verdict) in zip(sample, judge.verdicts(input, nonces: sample, target))
    where verdict == .wrong {
      throw fault("it reported nonce \(nonce), which does not meet the target")
    }
    // Four parts of 128 candidates: a kernel that skips one lane of 32 passes them once in ten million times. Where they are so rare
    // that the processor would need seconds for them, as few as 16, and such a kernel passes one session in eight. A light client
    // computes some hundred hashes a second: there the number of candidates of the whole launch has to show what is skipped.
    let (patience, fewest) =
      session.shape.hasDataset
      ? (128.0, 4.0) : session.shape.hasScratch ? (256, 16) : (1_048_576, 16)
    let each = min(128, max(fewest, patience * target.probability))
    let part = min(count, UInt64(each / target.probability) + 1)
    var generator = SystemRandomNumberGenerator()
    let starts =
      [0, count - part]
      + (0..<2).map { _ in UInt64.random(in: 0...count - part, using: &generator) }
    let parts = starts.map { start in
      Work(
        input: input, firstNonce: first &+ UInt32(truncatingIfNeeded: start), count: part,
        target: target)
    }
    for (part, own) in zip(parts, try processor.nonces(parts)) {
      let told = Set(nonces.filter { UInt64($0 &- part.firstNonce) < part.count })
      if let missed = own.subtracting(told).min() {
        throw fault("it missed nonce \(missed) in a launch of \(count)")
      }
      if let wrong = told.subtracting(own).min() {
        throw fault("it reported nonce \(wrong), which does not meet the target")
      }
    }
  }

  private func fault(_ problem: String) -> KernelFault {
    KernelFault(algorithm.id, kernel, problem)
  }
}

/// The processor's kernel of an algorithm, by which long ranges are scanned again: the readable reference would take too long
/// but where there is no other.
private struct ProcessorKernel {
  private let variant: KernelVariant
  private let key: [UInt8]

  init(_ algorithm: AlgorithmDescriptor, key: [UInt8]) throws(Failure) {
    self.key = key
    guard let found = Self.widest(algorithm) else {
      throw Failure(.unavailable, "\(algorithm.id) has no kernel for the processor")
    }
    variant = found
  }

  /// The widest kernel that this processor can run, once it passed its own proof here: millions of hashes are wanted, and a machine
  /// with several cards may have a small processor.
  private static func widest(_ algorithm: AlgorithmDescriptor) -> KernelVariant? {
    if algorithm.isOnlyOnDevices { return algorithm.referenceKernel }
    return proven.withLock { proven in
      if let known = proven[algorithm.id] { return known }
      let usable = algorithm.kernels.filter { KernelCatalog.obstacle(to: $0, on: .current) == nil }
      let found = usable.sorted { $0.lanes > $1.lanes }.first { variant in
        (try? KernelSelfTest.run(variant, of: algorithm)) != nil
      }
      proven[algorithm.id] = found
      return found
    }
  }

  private static let proven = Mutex<[AlgorithmID: KernelVariant]>([:])

  /// The nonces of each range that meet its target.
  ///
  /// All CPUs share the work: nothing is timed meanwhile.
  func nonces(_ ranges: [Work]) throws -> [Set<UInt32>] {
    let slices = ranges.enumerated().flatMap { index, range in
      Self.slices(range).map { (index: index, work: $0) }
    }
    let found = Mutex<[Result<(Int, [UInt32]), any Error>]>([])
    DispatchQueue.concurrentPerform(iterations: slices.count) { place in
      let slice = slices[place]
      let result = Result { (slice.index, try nonces(slice.work)) }
      found.withLock { $0.append(result) }
    }
    return try found.withLock { $0 }.reduce(into: ranges.map { _ in [] }) { sets, result in
      let (index, nonces) = try result.get()
      sets[index].formUnion(nonces)
    }
  }

  /// Consecutive parts of a range, as many as a machine has use for.
  private static func slices(_ range: Work) -> [Work] {
    let size = max(1, (range.count + 15) / 16)
    return stride(from: 0, to: range.count, by: UInt64.Stride(size)).map { start in
      Work(
        input: range.input, firstNonce: range.firstNonce &+ UInt32(truncatingIfNeeded: start),
        count: min(size, range.count - start), target: range.target)
    }
  }

  /// The nonces of a range that meet the target.
  private func nonces(_ work: Work) throws -> [UInt32] {
    let scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: false)
    var room = ProofRoom(capacity: 1024, variant.shape)
    let counts = try variant.scan(
      work, scratch: scratch, state: variant.preparedState(key: key), room: &room,
      capacity: room.capacity)
    return room.proofs(counts.found).map(\.nonce)
  }
}
