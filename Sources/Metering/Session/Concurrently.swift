internal import LinuxSystem

/// Does to several meters at once what takes seconds each.
enum Concurrently {
  /// The results in the order of the values; where no thread can be started the caller's does the work.
  static func map<Value: Sendable, Result: Sendable>(
    _ values: [Value], _ transform: @escaping @Sendable (Value) -> Result
  ) -> [Result] {
    let box = Results<Result>()
    let threads = values.enumerated().map { index, value in
      let work: @Sendable () -> Void = {
        let result = transform(value)
        box.found.withLock { $0[index] = result }
      }
      guard values.count > 1, let thread = try? SystemThread(work) else {
        work()
        return SystemThread?.none
      }
      return thread
    }
    for thread in threads { thread?.join() }
    return box.found.withLock { found in values.indices.compactMap { found[$0] } }
  }

  private final class Results<Result: Sendable>: Sendable {
    let found = Locked<[Int: Result]>([:])
  }
}
