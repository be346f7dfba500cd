internal import Dispatch
internal import Kernels
internal import LinuxSystem
internal import Model
internal import Synchronization

/// What all workers of a session share.
internal final class SessionControl: Sendable {
  let job: ComputeJob
  /// States that were prepared before; nil where the workers prepare theirs.
  let prepared: KeptStates.Use?
  /// Nonces per call, set before the workers are let go.
  let batch: Atomic<UInt64>
  let stop = Atomic<Bool>(false)
  /// Ends calls that would last long.
  let stopWord = StopWord()
  /// The state that all workers share, once one of them has made it.
  private let shared = Locked<Result<PreparedState?, Failure>?>(nil)
  /// Signalled by every worker at the end of each phase of its start.
  let arrived = DispatchSemaphore(value: 0)
  /// Where workers wait for one another.
  ///
  /// Each place has a semaphore of its own: with one for both, a fast worker would take at the second the leave that a slow one was
  /// given at the first, and hash before the batch is known.
  enum Meeting: Sendable {
    case prepared
    case calibrated
  }

  private let whenPrepared = DispatchSemaphore(value: 0)
  private let whenCalibrated = DispatchSemaphore(value: 0)
  /// Signalled by every worker as the last thing it does.
  let ended = DispatchSemaphore(value: 0)

  init(job: ComputeJob, prepared: KeptStates.Use? = nil) {
    self.job = job
    self.prepared = prepared
    batch = Atomic(job.batch ?? 0)
  }

  func askToStop() {
    stop.store(true, ordering: .releasing)
    stopWord.set()
  }

  /// The state for all workers, made by the first one that asks.
  func sharedState(
    _ make: () throws(Failure) -> PreparedState?
  ) throws(Failure) -> PreparedState? {
    let result = shared.withLock { shared in
      let made = shared ?? Result { () throws(Failure) in try make() }
      shared = made
      return made
    }
    return try result.get()
  }

  private func semaphore(_ meeting: Meeting) -> DispatchSemaphore {
    switch meeting {
    case .prepared: whenPrepared
    case .calibrated: whenCalibrated
    }
  }

  /// Lets so many workers go on from there.
  func release(_ count: Int, from meeting: Meeting) {
    for _ in 0..<count { semaphore(meeting).signal() }
  }

  /// Tells that a worker has come there, and waits for the others.
  ///
  /// - Returns: false when the session is given up.
  func meet(_ meeting: Meeting) -> Bool {
    arrived.signal()
    semaphore(meeting).wait()
    return !stop.load(ordering: .acquiring)
  }

  /// Waits until so many workers have signalled.
  ///
  /// It is waited in slices that are counted, since any one may pass while the process is stopped.
  ///
  /// - Returns: what is wrong when one of the workers crashed, or gives no signal for as long as the limit.
  func wait(
    _ semaphore: DispatchSemaphore, _ count: Int, of states: [WorkerState], limit: Seconds
  ) -> StuckKernel? {
    let slice = 0.05
    for _ in 0..<count {
      var left = max(1, Int(limit.value / slice))
      while semaphore.wait(timeout: .now() + slice) == .timedOut {
        left -= 1
        if let crash = crash(of: states) { return crash }
        if left == 0 { return StuckKernel(job.series, .silent(limit)) }
      }
    }
    return nil
  }

  /// The crash of a worker, if one crashed.
  func crash(of states: [WorkerState]) -> StuckKernel? {
    states.lazy.compactMap(\.fault.signalName).first.map { StuckKernel(job.series, .crashed($0)) }
  }
}

/// The life of one worker thread.
///
/// Phases: pin, map memory and prepare a state; calibrate, while the other workers do the same, so that the clock and the caches are
/// those of the measurement; hash until told to stop.
internal struct Worker: Sendable {
  enum Task: Sendable {
    case hash(KernelVariant)
    case spin
  }

  let index: Int
  let cpu: Int
  let task: Task
  let control: SessionControl
  let state: WorkerState

  func run() {
    defer { control.ended.signal() }
    do throws(Failure) {
      do throws(SystemError) { try Affinity.pinCurrentThread(to: cpu) } catch {
        throw Failure(
          .unavailable, "\(error)", remedy: "choose CPUs that are online and allowed ('--cpus')")
      }
      switch task {
      case .spin:
        guard control.meet(.prepared), control.meet(.calibrated) else { return }
        control.arrived.signal()
        spin()
      case .hash(let variant): try hash(variant)
      }
    } catch {
      // Whatever phase the session waits for, it waits no longer for this worker.
      state.update { $0.failure = error }
      control.arrived.signal()
    }
  }

  private func hash(_ variant: KernelVariant) throws(Failure) {
    let job = control.job
    let scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: true)
    let placement: ScratchPlacement =
      switch scratch.hugePages {
      case .notNeeded: .notNeeded
      case .granted: .granted
      case .refused: .refused
      case .advised: .advised(scratch.addresses)
      }
    state.update { $0.scratch = placement }
    var sequence = job.firstSequence
    var input = input(variant.shape, sequence)
    // Ours are proven as a whole; of a foreign one only some calls are.
    if variant.id.isPlugin || variant.id.isOther { state.fault.parkThisThreadOnFault() }
    let prepared = try prepare(variant)
    guard control.meet(.prepared) else { return }

    if job.batch == nil {
      let measured = try BatchCalibration.batch(
        for: variant, input, scratch: scratch, state: prepared, stop: control.stopWord)
      state.update { $0.batch = measured }
    }
    guard control.meet(.calibrated) else { return }

    let batch = control.batch.load(ordering: .acquiring)
    var room = CallRoom(variant, batch: batch, target: job.target)
    var proofs: [Proof] = []
    var cursor = WorkCursor(sequence: sequence)
    var isFirst = true
    let clock = RawMonotonicClock()
    let start = clock.now()
    defer { state.update { $0.proofs = proofs } }
    while !control.stop.load(ordering: .relaxed) {
      guard let part = cursor.next(batch) else {
        throw Failure(.no, "worker \(index) has used up all of its work positions")
      }
      if part.sequence != sequence {
        sequence = part.sequence
        input = self.input(variant.shape, sequence)
      }
      let work = Work(
        input: input, firstNonce: part.firstNonce, count: part.count, target: job.target)
      let counts = try room.scan(
        work, scratch: scratch, state: prepared, stop: control.stopWord
      ) { found in
        proofs.append(
          Proof(
            worker: index, position: WorkPosition(sequence: sequence, nonce: found.nonce),
            payload: found.payload))
      }
      cursor.advance(over: part, attempts: counts.attempts)
      if let position = cursor.position { state.advance(to: position, units: counts.units) }
      if isFirst {
        let took = clock.now().since(start)
        state.update { $0.firstCall = took }
        control.arrived.signal()
        isFirst = false
      }
    }
  }

  /// The state that the kernel needs, this worker's part of it filled; every part is there once all workers have met.
  private func prepare(_ variant: KernelVariant) throws(Failure) -> PreparedState? {
    guard let description = variant.state else { return nil }
    if let prepared = control.prepared { return prepared.states[index] }
    let job = control.job
    let key = WorkDerivation.key(variant.shape, challenge: job.keyChallenge)
    let isShared = description.sharing == .allWorkers
    let state =
      isShared
      ? try control.sharedState { () throws(Failure) in try variant.makeState(key: key) }
      : try variant.makeState(key: key)
    guard let state else { return nil }
    do throws(KernelFault) {
      try variant.prepare(
        state, part: isShared ? index : 0, of: isShared ? job.placement.workers : 1,
        stop: control.stopWord)
    } catch { throw Failure(error.exitCode, error.message, remedy: error.remedy) }
    return state
  }

  private func input(_ shape: WorkShape, _ sequence: UInt32) -> WorkInput {
    WorkDerivation.input(
      shape, challenge: control.job.challenge, series: control.job.series, worker: index,
      sequence: sequence)
  }

  /// Keeps the core busy in registers alone: the baseline "core on, no hashing".
  private func spin() {
    var word = UInt64(index) &+ 0x9e37_79b9_7f4a_7c15
    while !control.stop.load(ordering: .relaxed) {
      for _ in 0..<1_000_000 {
        word ^= word << 13
        word ^= word >> 7
        word ^= word << 17
      }
      // A xorshift word is never zero; the comparison keeps the loop from being removed.
      if word == 0 { return }
    }
  }
}

/// The room for the proofs that one call of a kernel finds.
internal struct CallRoom {
  private let variant: KernelVariant
  private var room: ProofRoom

  init(_ variant: KernelVariant, batch: UInt64, target: Target) {
    self.variant = variant
    // Sixteen times the expected number, and some: overflow is handled, it is only slow.
    let units = Double(batch) * variant.shape.unitsPerAttempt
    let most = variant.shape.countsAttempts ? units : 16 * units + 64
    let expected = units * target.probability
    room = ProofRoom(capacity: Int(min(most, 16 * expected + 64)), variant.shape)
  }

  /// Scans, and scans again with more room when there was too little, so that no proof is lost.
  mutating func scan(
    _ work: Work, scratch: borrowing ScratchMemory, state: PreparedState?, stop: StopWord? = nil,
    each: (FoundProof) -> Void
  ) throws(Failure) -> ScanCounts {
    do throws(KernelFault) {
      var counts = try variant.scan(
        work, scratch: scratch, state: state, room: &room, capacity: room.capacity, stop: stop)
      if counts.found > UInt64(room.capacity) {
        room = ProofRoom(capacity: Int(counts.found), variant.shape)
        // The very attempts that were done, all of them.
        let again = Work(
          input: work.input, firstNonce: work.firstNonce, count: counts.attempts,
          target: work.target)
        counts = try variant.scan(
          again, scratch: scratch, state: state, room: &room, capacity: room.capacity)
      }
      for index in 0..<min(Int(counts.found), room.capacity) { each(room[index]) }
      return counts
    } catch {
      throw Failure(error.exitCode, error.message, remedy: error.remedy)
    }
  }
}
