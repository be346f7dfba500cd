internal import CKernels
package import Model

/// One implementation of one algorithm behind the C kernel ABI.
///
/// Built-in C kernels, the Swift reference and plug-ins are all values of this type, so that listing, choosing,
/// proving and timing treat them alike.
package struct KernelVariant: Sendable {
  package let algorithm: AlgorithmID
  package let id: KernelID
  /// What the algorithm's work is.
  package let shape: WorkShape
  /// Attempts in one pass of its inner loop.
  package let lanes: Int
  /// Bytes of scratch memory that each concurrent call needs.
  package let scratchSize: Int
  /// Alignment of the scratch memory in bytes, at least 1.
  package let scratchAlignment: Int
  package let requiredFeatures: CPUFeatures
  /// The part of the units in its attempts that it finds: 1, but for solvers that say otherwise.
  package let yield: Double
  /// What must be built before its first call.
  package internal(set) var state: StateDescription?
  /// Whether the fastest is looked for among it and others.
  package internal(set) var isCandidate = true
  /// Why it cannot run although the CPU could; asked when somebody wants to know.
  internal var libraryObstacle: (@Sendable () -> Reason?)?
  /// Where the large memory of a state lies.
  internal var memory: (@Sendable (PreparedState) -> PreparedMemory)?
  /// The file of the library behind it.
  internal var libraryFile: (@Sendable () -> String?)?
  /// What its arithmetic needs; nil where that is not written down (plug-ins, `swift`, `openssl`).
  package internal(set) var operations: KernelOperations?
  private let code: Code

  /// The state that a kernel is prepared with.
  package struct StateDescription: Hashable, Sendable {
    package let size: Int
    package let alignment: Int
    package let sharing: WorkShape.Sharing
    /// What a library takes besides the state's own bytes.
    package internal(set) var library: LibraryState?
  }

  /// A state whose bytes are a library's.
  package struct LibraryState: Hashable, Sendable {
    /// Kernels that share it name the same one; it is kept between sessions.
    package let name: String
    /// Bytes that the library takes while it prepares one, at most.
    package let memory: ByteCount
    /// Whether making one takes a processor most of a minute; then each memory node has its own, and published keys
    /// are left to the reference.
    package let isLarge: Bool
  }

  /// What is called.
  private enum Code: Sendable {
    case c(CFunctions)
    /// The reference, prepared for one key.
    case reference(@Sendable ([UInt8]) throws(Failure) -> any WorkReference)
  }

  /// More lanes than this are taken for a mistake: the self-test has to hash twice as many nonces.
  package static let maximumLanes = 4096
  /// More memory than this, of scratch for each thread or of a state, is taken for a mistake.
  package static let maximumScratch: UInt64 = 1 << 32

  /// Takes over a description that C code made, of an algorithm of that shape.
  ///
  /// `prefix` is what the name is shown with: empty, `plugin:` or `other:`. Throws what the description breaks of the
  /// ABI's rules.
  internal init(
    describedBy kernel: hw_kernel, _ shape: WorkShape, prefix: String = ""
  ) throws(DescriptionFault) {
    let name = unsafe try KernelVariant.name(kernel)
    guard let scan = unsafe kernel.scan else {
      throw DescriptionFault(problem: "kernel '\(name)' has no scan function")
    }
    let lanes = unsafe Int(kernel.lanes)
    guard (1...KernelVariant.maximumLanes).contains(lanes) else {
      throw DescriptionFault(
        problem: "kernel '\(name)' claims \(lanes) lanes, allowed are 1 to"
          + " \(KernelVariant.maximumLanes)")
    }
    let missed = unsafe kernel.yield_ppm
    guard missed == 0 || (1...1_000_000).contains(missed) && !shape.countsAttempts else {
      throw DescriptionFault(
        problem: "kernel '\(name)' states a yield of \(missed) parts in a million; only a solver"
          + " states one, of 1 to 1000000")
    }
    let scratch = unsafe try KernelVariant.memory(
      name, "scratch", kernel.scratch_size, kernel.scratch_alignment)
    algorithm = AlgorithmID(rawValue: unsafe String(cString: kernel.algorithm))
    id = KernelID(rawValue: prefix + name)
    self.shape = shape
    self.lanes = lanes
    scratchSize = scratch.size
    scratchAlignment = scratch.alignment
    requiredFeatures = unsafe CPUFeatures(rawValue: kernel.required_features)
    yield = missed == 0 ? 1 : Double(missed) * 1e-6
    state = unsafe try KernelVariant.state(name, kernel, shape)
    code = unsafe .c(
      CFunctions(scan: scan, prepare: kernel.prepare, release: kernel.release))
  }

  /// The reference as a kernel: one lane, no scratch, no required feature.
  package init(
    reference: @escaping @Sendable ([UInt8]) throws(Failure) -> any WorkReference,
    of algorithm: AlgorithmID, _ shape: WorkShape
  ) {
    self.algorithm = algorithm
    id = KernelVariant.referenceName
    self.shape = shape
    lanes = 1
    scratchSize = 0
    scratchAlignment = 1
    requiredFeatures = []
    yield = 1
    // It is prepared for every key, an empty one included.
    state = StateDescription(size: 0, alignment: 1, sharing: .allWorkers)
    code = .reference(reference)
  }

  /// What the reference is called among the kernels.
  package static let referenceName = KernelID(rawValue: "swift")

  package var unit: WorkUnit { shape.unit }

  /// Units of work that an attempt of this kernel comes to on average.
  package var unitsPerAttempt: Double { shape.unitsPerAttempt * yield }

  /// Whether a name follows the ABI's rule.
  package static func isValid(name: String) -> Bool {
    (1...48).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
  }

  /// Makes the attempts of some work.
  ///
  /// `room` receives the proofs that meet the target, in the order of scanning, at most `capacity` of them. `scratch`
  /// has at least `scratchSize` bytes and is not in use by another call; `state` is one of this kernel's.
  ///
  /// - Throws: a call that failed, or whose counts contradict the work.
  package func scan(
    _ work: Work, scratch: borrowing ScratchMemory, state: PreparedState? = nil,
    room: inout ProofRoom, capacity: Int, stop: StopWord? = nil
  ) throws(KernelFault) -> ScanCounts {
    precondition(capacity <= room.capacity, "the room must exist")
    precondition(work.input.bytes.count == shape.size, "the work has the algorithm's shape")
    let counts: ScanCounts
    switch code {
    case .c(let functions):
      counts = try call(functions, work, scratch, state, &room, capacity, stop)
    case .reference:
      guard let reference = state?.reference else {
        throw KernelFault(algorithm, id, "it was not prepared")
      }
      counts = KernelVariant.scan(reference, work, &room, capacity, stop)
    }
    guard counts.attempts <= work.count, stop != nil || counts.attempts == work.count else {
      throw KernelFault(
        algorithm, id, "it counts \(counts.attempts) attempts where \(work.count) were asked for")
    }
    guard !shape.countsAttempts || counts.units == counts.attempts else {
      throw KernelFault(
        algorithm, id, "it counts \(counts.units) hashes in \(counts.attempts) attempts")
    }
    guard counts.found <= counts.units else {
      throw KernelFault(
        algorithm, id, "it reports \(counts.found) shares of \(unit.counted(counts.units))")
    }
    return counts
  }

  private func call(
    _ functions: CFunctions, _ work: Work, _ scratch: borrowing ScratchMemory,
    _ state: PreparedState?, _ room: inout ProofRoom, _ capacity: Int, _ stop: StopWord?
  ) throws(KernelFault) -> ScanCounts {
    var result = hw_scan_result(
      struct_size: UInt32(MemoryLayout<hw_scan_result>.size), reserved: 0, found: 0, attempts: 0,
      units: 0)
    let status = unsafe work.input.bytes.withUnsafeBufferPointer { bytes in
      unsafe work.target.bytes.withUnsafeBufferPointer { target in
        unsafe room.withUnsafeRecords { records in
          var request = unsafe hw_scan_request(
            struct_size: UInt32(MemoryLayout<hw_scan_request>.size),
            first_nonce: work.firstNonce, count: work.count, work: bytes.baseAddress,
            target: target.baseAddress, scratch: scratch.bytes.baseAddress,
            scratch_size: UInt64(scratch.bytes.count), state: state?.address, records: records,
            capacity: UInt64(capacity), stop: stop?.address, work_size: UInt32(bytes.count),
            record_size: UInt32(shape.recordSize))
          return unsafe functions.scan(&request, &result)
        }
      }
    }
    try check(status)
    return ScanCounts(found: result.found, attempts: result.attempts, units: result.units)
  }

  /// Builds the state for a key, one part of it on each of so many threads that call this at the same time.
  ///
  /// - Throws: not enough memory; a kernel that fails.
  package func makeState(key: [UInt8]) throws(Failure) -> PreparedState? {
    guard let state else { return nil }
    switch code {
    case .reference(let make): return try PreparedState(reference: try make(key))
    case .c(let functions):
      let memory = try ScratchMemory(
        size: state.size, alignment: state.alignment, hugePages: true)
      return unsafe PreparedState(key: key, memory: memory, release: functions.release)
    }
  }

  /// Fills one part of a state; every part must have been filled before the first scan.
  package func prepare(
    _ state: PreparedState, part: Int, of parts: Int, stop: StopWord? = nil
  ) throws(KernelFault) {
    guard case .c(let functions) = code, let prepare = unsafe functions.prepare else { return }
    let status = unsafe state.key.withUnsafeBufferPointer { key in
      var request = unsafe hw_prepare_request(
        struct_size: UInt32(MemoryLayout<hw_prepare_request>.size), part: UInt32(part),
        parts: UInt32(parts), key_size: UInt32(key.count), key: key.baseAddress,
        state: state.address, state_size: UInt64(state.size), stop: stop?.address)
      return unsafe prepare(&request)
    }
    try check(status)
  }

  /// Where the large memory of a state lies; nil where it has none besides its own bytes.
  package func memory(of state: PreparedState) -> PreparedMemory? { memory?(state) }

  /// The file of the library behind it, once it was loaded.
  package var library: String? { libraryFile?() }

  /// A state that was made and filled on this thread; nil for a kernel that needs none.
  package func preparedState(key: [UInt8]) throws(Failure) -> PreparedState? {
    guard let state = try makeState(key: key) else { return nil }
    do throws(KernelFault) { try prepare(state, part: 0, of: 1) } catch {
      throw Failure(error.exitCode, error.message, remedy: error.remedy)
    }
    return state
  }

  private func check(_ status: hw_status) throws(KernelFault) {
    switch status {
    case HW_OK: return
    case HW_BAD_REQUEST: throw KernelFault(algorithm, id, "it refused a valid request")
    case HW_LIBRARY_FAILED: throw KernelFault(algorithm, id, "the library behind it failed")
    default: throw KernelFault(algorithm, id, "it returned the unknown status \(status.rawValue)")
    }
  }

  /// Attempts of the reference between two looks at the stop word.
  private static let stride: UInt64 = 16

  /// The scan of the reference.
  private static func scan(
    _ reference: any WorkReference, _ work: Work, _ room: inout ProofRoom, _ capacity: Int,
    _ stop: StopWord?
  ) -> ScanCounts {
    var counts = ScanCounts(found: 0, attempts: 0, units: 0)
    while counts.attempts < work.count, stop?.isSet != true {
      let first = work.firstNonce &+ UInt32(truncatingIfNeeded: counts.attempts)
      let nonces = (0..<UInt32(min(stride, work.count - counts.attempts))).map { first &+ $0 }
      let outcomes = reference.outcomes(of: nonces.map { work.input.with(nonce: $0) })
      for (nonce, outcomes) in zip(nonces, outcomes) {
        for outcome in outcomes {
          counts.units += 1
          guard work.target.isMet(by: outcome.value) else { continue }
          if counts.found < capacity {
            room.store(FoundProof(nonce: nonce, payload: outcome.payload), at: Int(counts.found))
          }
          counts.found += 1
        }
        counts.attempts += 1
      }
    }
    return counts
  }
}

// MARK: Reading descriptions

extension KernelVariant {
  /// The name of a kernel whose description has this program's version.
  private static func name(_ kernel: hw_kernel) throws(DescriptionFault) -> String {
    guard let name = unsafe kernel.name, unsafe kernel.algorithm != nil else {
      throw DescriptionFault(problem: "a kernel has no name or no algorithm")
    }
    let text = unsafe String(cString: name)
    guard isValid(name: text) else {
      throw DescriptionFault(
        problem: "the kernel name '\(text.prefix(60))' is not 1 to 48 of a-z, 0-9, '-' and '.'")
    }
    let version = unsafe kernel.abi_version
    guard version == HW_KERNEL_ABI_VERSION else {
      throw DescriptionFault(
        problem: "kernel '\(text)' has ABI version \(version), this program reads version"
          + " \(HW_KERNEL_ABI_VERSION)")
    }
    return text
  }

  private static func memory(
    _ name: String, _ what: String, _ size: UInt64, _ alignment: UInt32
  ) throws(DescriptionFault) -> (size: Int, alignment: Int) {
    let alignment = Int(alignment)
    guard alignment <= 1 << 21, alignment & (alignment - 1) == 0 || alignment == 0 else {
      throw DescriptionFault(
        problem: "kernel '\(name)' asks for \(what) aligned to \(alignment) bytes, allowed are"
          + " powers of two up to 2 MiB")
    }
    guard size <= maximumScratch else {
      throw DescriptionFault(
        problem: "kernel '\(name)' asks for \(size) bytes of \(what), allowed are \(maximumScratch)"
      )
    }
    return (Int(size), max(1, alignment))
  }

  private static func state(
    _ name: String, _ kernel: hw_kernel, _ shape: WorkShape
  ) throws(DescriptionFault) -> StateDescription? {
    let (size, sharing) = unsafe (kernel.state_size, kernel.state_sharing)
    let hasBoth = unsafe kernel.prepare != nil && kernel.release != nil
    let hasNone = unsafe kernel.prepare == nil && kernel.release == nil
    if size == 0, sharing == HW_NOT_PREPARED.rawValue, hasNone { return nil }
    guard size > 0, hasBoth else {
      throw DescriptionFault(
        problem: "kernel '\(name)' has a state without 'prepare' and 'release', or these without"
          + " a state")
    }
    guard shape.preparation != .none else {
      throw DescriptionFault(
        problem: "kernel '\(name)' is prepared, but its algorithm has no key")
    }
    let isShared = sharing == HW_SHARED_BY_ALL.rawValue
    guard isShared || sharing == HW_OWN_OF_WORKER.rawValue else {
      throw DescriptionFault(problem: "kernel '\(name)' has the unknown sharing \(sharing)")
    }
    let memory = unsafe try memory(name, "state", size, kernel.state_alignment)
    return StateDescription(
      size: memory.size, alignment: memory.alignment,
      sharing: isShared ? .allWorkers : .oneWorker)
  }
}

/// The addresses of a kernel's code.
///
/// They may be used from every thread: a C function carries no context, and the ABI forbids state between calls.
@safe private struct CFunctions: @unchecked Sendable {
  let scan: hw_scan_fn
  let prepare: hw_prepare_fn?
  let release: hw_release_fn?
}

/// What a description of a kernel breaks of the ABI's rules.
internal struct DescriptionFault: Error {
  let problem: String
}
