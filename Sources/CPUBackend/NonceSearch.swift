package import Kernels
internal import LinuxSystem
package import Model

/// Scans one range of nonces on the calling thread, in calls short enough to be interrupted between them.
package enum NonceSearch {
  /// A call as long as this may pass until an interruption is seen.
  private static let goal = Seconds(0.05)

  /// Calls `found` for each nonce of the range that meets the target, in the order of scanning.
  ///
  /// - Returns: how many nonces of the range were scanned: all of them unless `isCancelled` turned true.
  package static func scan(
    _ work: Work, with variant: KernelVariant, isCancelled: () -> Bool,
    found: (UInt32) throws -> Void
  ) throws -> UInt64 {
    let scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: true)
    let clock = RawMonotonicClock()
    let lanes = UInt64(variant.lanes)
    var room = NonceRoom(batch: lanes, target: work.target)
    var done: UInt64 = 0
    var batch = lanes
    while done < work.count, !isCancelled() {
      let part = Work(
        header: work.header, firstNonce: work.firstNonce &+ UInt32(truncatingIfNeeded: done),
        count: min(batch, work.count - done), target: work.target)
      var nonces: [UInt32] = []
      let start = clock.now()
      try room.scan(part, variant, scratch) { nonces.append($0) }
      if clock.now().since(start) < goal * 0.5 { batch *= 2 }
      for nonce in nonces { try found(nonce) }
      done += part.count
    }
    return done
  }
}
