internal import Dispatch
internal import Model
internal import Synchronization

/// Spreads a judgement over the CPUs; nothing here is timed, so the system's own threads do.
struct ParallelJudge {
  /// How many judgements are made between two looks at Ctrl-C.
  private static let chunk = 64

  let isInterrupted: @Sendable () -> Bool

  /// The least index that is judged false, or nil.
  ///
  /// - Throws: `Interrupted` once the user pressed Ctrl-C.
  func firstFalse(_ count: Int, _ isTrue: @escaping @Sendable (Int) -> Bool) throws -> Int? {
    for start in stride(from: 0, to: count, by: Self.chunk) {
      if isInterrupted() { throw Interrupted("interrupted before the end of the check") }
      let least = Mutex<Int?>(nil)
      DispatchQueue.concurrentPerform(iterations: min(Self.chunk, count - start)) { offset in
        let index = start + offset
        if !isTrue(index) {
          least.withLock { $0 = min($0 ?? index, index) }
        }
      }
      if let found = least.withLock({ $0 }) { return found }
    }
    return nil
  }
}
