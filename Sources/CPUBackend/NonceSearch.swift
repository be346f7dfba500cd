package import Kernels
internal import LinuxSystem
package import Model
internal import Synchronization

/// Scans one range of nonces on one thread, in calls short enough to be interrupted between them.
package enum NonceSearch {
  /// A call as long as this may pass until an interruption is seen.
  private static let goal = Seconds(0.05)
  /// As many nonces may wait for the calling thread before the scan does.
  private static let waitingLimit = 1 << 16

  /// What the scanning thread has found, and how far it is.
  private struct Progress {
    var nonces: [UInt32] = []
    var done: UInt64 = 0
  }

  /// Calls `found` on the calling thread for each nonce of the range that meets the target, in the order of scanning.
  ///
  /// - Returns: how many nonces of the range were scanned: all of them unless `isCancelled` turned true.
  /// - Throws: what `found` throws; `StuckKernel` when a call does not come back.
  package static func scan(
    _ work: Work, with variant: KernelVariant, patience: Patience = Patience(),
    isCancelled: () -> Bool, found: (UInt32) throws -> Void
  ) throws -> UInt64 {
    let progress = Shared(Progress())
    var isRefused = false
    func hand() throws {
      let nonces = progress.value.withLock { progress in
        defer { progress.nonces = [] }
        return progress.nonces
      }
      do { for nonce in nonces { try found(nonce) } } catch {
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
        { pulse throws(Failure) in try scan(work, with: variant, pulse, progress) })
    } catch is Interrupted {} catch { failure = error }
    // What was found until then counts, whatever ended the scan.
    if !isRefused { try hand() }
    if let failure { throw failure }
    return progress.value.withLock { $0.done }
  }

  private static func scan(
    _ work: Work, with variant: KernelVariant, _ pulse: Pulse, _ progress: Shared<Progress>
  ) throws(Failure) {
    let scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: true)
    let clock = RawMonotonicClock()
    let lanes = UInt64(variant.lanes)
    var room = NonceRoom(batch: lanes, target: work.target)
    var done: UInt64 = 0
    var batch = lanes
    pulse.enter(variant)
    while done < work.count, !pulse.stop.load(ordering: .acquiring) {
      let part = Work(
        header: work.header, firstNonce: work.firstNonce &+ UInt32(truncatingIfNeeded: done),
        count: min(batch, work.count - done), target: work.target)
      var nonces: [UInt32] = []
      let start = clock.now()
      try room.scan(part, variant, scratch) { nonces.append($0) }
      let took = clock.now().since(start)
      pulse.beat(took: took)
      if took < goal * 0.5 { batch *= 2 }
      done += part.count
      progress.value.withLock {
        $0.nonces += nonces
        $0.done = done
      }
      while progress.value.withLock({ $0.nonces.count }) > waitingLimit,
        !pulse.stop.load(ordering: .acquiring)
      {
        clock.sleep(until: clock.now().advanced(by: Seconds(0.001))) { false }
      }
    }
  }
}
