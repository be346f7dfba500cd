internal import Dispatch
internal import Kernels
internal import LinuxSystem
internal import Model
internal import Synchronization

/// What all workers of a session share.
internal final class SessionControl: Sendable {
  let job: ComputeJob
  /// Nonces per call, set before the workers are let go.
  let batch: Atomic<UInt64>
  let stop = Atomic<Bool>(false)
  /// Signalled by every worker at the end of each phase of its start.
  let arrived = DispatchSemaphore(value: 0)
  /// Signalled for every worker when the next phase may begin.
  let proceed = DispatchSemaphore(value: 0)
  /// Signalled by every worker as the last thing it does.
  let ended = DispatchSemaphore(value: 0)

  init(job: ComputeJob) {
    self.job = job
    batch = Atomic(job.batch ?? 0)
  }

  /// Lets so many workers go on.
  func release(_ count: Int) { for _ in 0..<count { proceed.signal() } }

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
/// Phases: pin and map memory; calibrate, while the other workers do the same, so that the clock and the caches are
/// those of the measurement; hash until told to stop.
internal struct Worker: Sendable {
  enum Work: Sendable {
    case hash(KernelVariant)
    case spin
  }

  let index: Int
  let cpu: Int
  let work: Work
  let control: SessionControl
  let state: WorkerState

  func run() {
    defer { control.ended.signal() }
    do throws(Failure) {
      do throws(SystemError) { try Affinity.pinCurrentThread(to: cpu) } catch {
        throw Failure(
          .unavailable, "\(error)", remedy: "choose CPUs that are online and allowed ('--cpus')")
      }
      switch work {
      case .spin:
        guard meet(), meet() else { return }
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

  /// Tells that this worker has come to the end of a phase and waits for the others.
  ///
  /// - Returns: false when the session is given up.
  private func meet() -> Bool {
    control.arrived.signal()
    control.proceed.wait()
    return !control.stop.load(ordering: .acquiring)
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
    var header = header(sequence)
    guard meet() else { return }

    // Ours are proven as a whole; of a foreign one only some calls are.
    if variant.id.isPlugin || variant.id.isOther { state.fault.parkThisThreadOnFault() }
    if job.batch == nil {
      let measured = try Calibration.batch(for: variant, header: header, scratch: scratch)
      state.update { $0.batch = measured }
    }
    guard meet() else { return }

    let batch = control.batch.load(ordering: .acquiring)
    var room = NonceRoom(batch: batch, target: job.target)
    var shares: [Share] = []
    var cursor = WorkCursor(sequence: sequence)
    var isFirst = true
    let clock = RawMonotonicClock()
    let start = clock.now()
    defer { state.update { $0.shares = shares } }
    while !control.stop.load(ordering: .relaxed) {
      guard let part = cursor.next(batch) else {
        throw Failure(.no, "worker \(index) has used up all of its work positions")
      }
      if part.sequence != sequence {
        sequence = part.sequence
        header = self.header(sequence)
      }
      let work = Model.Work(
        header: header, firstNonce: part.firstNonce, count: part.count, target: job.target)
      try room.scan(work, variant, scratch) { found in
        shares.append(
          Share(worker: index, position: WorkPosition(sequence: sequence, nonce: found)))
      }
      cursor.advance(over: part)
      if let position = cursor.position { state.advance(to: position) }
      if isFirst {
        let took = clock.now().since(start)
        state.update { $0.firstCall = took }
        control.arrived.signal()
        isFirst = false
      }
    }
  }

  private func header(_ sequence: UInt32) -> Header {
    let series = control.job.series
    return HeaderDerivation.header(
      challenge: control.job.challenge, algorithm: series.algorithm, device: series.device,
      kernel: series.kernel, worker: index, sequence: sequence)
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

/// The room for the nonces that one call finds.
internal struct NonceRoom {
  private var nonces: [UInt32]

  init(batch: UInt64, target: Target) {
    // Sixteen times the expected number, and some: overflow is handled, it is only slow.
    let expected = Double(batch) * target.probability
    nonces = [UInt32](repeating: 0, count: Int(min(Double(batch), 16 * expected + 64)))
  }

  /// Scans, and scans again with more room when there was too little, so that no share is lost.
  mutating func scan(
    _ work: Work, _ variant: KernelVariant, _ scratch: borrowing ScratchMemory,
    each: (UInt32) -> Void
  ) throws(Failure) {
    do throws(KernelFault) {
      var found = try variant.scan(
        work, scratch: scratch, nonces: &nonces, capacity: nonces.count)
      if found > UInt64(nonces.count) {
        guard found <= work.count else {
          throw KernelFault(
            variant.algorithm, variant.id, "it reports \(found) shares of \(work.count) nonces")
        }
        nonces = [UInt32](repeating: 0, count: Int(found))
        found = try variant.scan(work, scratch: scratch, nonces: &nonces, capacity: nonces.count)
      }
      for index in 0..<min(Int(found), nonces.count) { each(nonces[index]) }
    } catch {
      throw Failure(error.exitCode, error.message, remedy: error.remedy)
    }
  }
}
