package import Kernels
internal import LinuxSystem
package import Model
internal import Synchronization

/// Makes a range of attempts on one thread, in calls short enough to be interrupted between them.
package enum NonceSearch {
  /// A call as long as this may pass until an interruption is seen.
  private static let goal = Seconds(0.05)
  /// As many nonces may wait for the calling thread before the scan does.
  private static let waitingLimit = 1 << 16

  /// What the scanning thread has found, and how far it is.
  private struct Progress {
    var proofs: [FoundProof] = []
    var done: UInt64 = 0
  }

  /// Calls `found` on the calling thread for each proof of the range that meets the target, in the order of scanning.
  ///
  /// `key` is what the kernel is prepared for; empty for shapes that are not prepared.
  ///
  /// - Returns: how many nonces of the range were scanned: all of them unless `isCancelled` turned true.
  /// - Throws: what `found` throws; `StuckKernel` when a call does not come back.
  package static func scan(
    _ work: Work, with variant: KernelVariant, key: [UInt8] = [],
    patience: Patience = Patience(), isCancelled: @escaping @Sendable () -> Bool,
    found: (FoundProof) throws -> Void
  ) throws -> UInt64 {
    let progress = Locked(Progress())
    // What takes long is prepared by all CPUs, before a call is waited for.
    let prepared: PreparedState?
    do {
      prepared =
        variant.id == KernelVariant.referenceName
        ? try variant.preparedState(key: key)
        : try KeptStates(patience, isCancelled: isCancelled)
          .use(variant, key: key, cpus: try Affinity.allowedCPUs())?.states.first
    } catch is Interrupted { return 0 }
    var isRefused = false
    func hand() throws {
      let proofs = progress.withLock { progress in
        defer { progress.proofs = [] }
        return progress.proofs
      }
      do { for proof in proofs { try found(proof) } } catch {
        isRefused = true
        throw error
      }
    }
    var failure: (any Error)?
    do {
      try GuardedThread.run(
        patience,
        wait: {
          try hand()
          if isCancelled() { throw Interrupted() }
        },
        { pulse throws(Failure) in
          try scan(work, with: variant, key, prepared, pulse, progress)
        })
    } catch is Interrupted {} catch { failure = error }
    // What was found until then counts, whatever ended the scan.
    if !isRefused { try hand() }
    if let failure { throw failure }
    return progress.withLock { $0.done }
  }

  private static func scan(
    _ work: Work, with variant: KernelVariant, _ key: [UInt8], _ prepared: PreparedState?,
    _ pulse: Pulse, _ progress: Locked<Progress>
  ) throws(Failure) {
    let scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: true)
    let clock = RawMonotonicClock()
    let lanes = UInt64(variant.lanes)
    var room = CallRoom(variant, batch: lanes, target: work.target)
    var done: UInt64 = 0
    var batch = lanes
    pulse.enter(variant)
    let state =
      if let prepared { prepared } else { try variant.preparedState(key: key) }
    while done < work.count, !pulse.stop.load(ordering: .acquiring) {
      let part = Work(
        input: work.input, firstNonce: work.firstNonce &+ UInt32(truncatingIfNeeded: done),
        count: min(batch, work.count - done), target: work.target)
      var proofs: [FoundProof] = []
      let start = clock.now()
      _ = try room.scan(part, scratch: scratch, state: state) { proofs.append($0) }
      let took = clock.now().since(start)
      pulse.beat(took: took)
      if took < goal * 0.5 { batch *= 2 }
      done += part.count
      progress.withLock {
        $0.proofs += proofs
        $0.done = done
      }
      while progress.withLock({ $0.proofs.count }) > waitingLimit,
        !pulse.stop.load(ordering: .acquiring)
      {
        clock.sleep(until: clock.now().advanced(by: Seconds(0.001))) { false }
      }
    }
  }
}
