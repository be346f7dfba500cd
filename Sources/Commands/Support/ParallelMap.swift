internal import Dispatch
internal import Model
internal import Synchronization

/// Spreads work over the CPUs that is not timed, so that the system's own threads do.
enum ParallelMap {
  /// How many elements are begun before a failure among them ends the work.
  private static let chunk = 256

  /// The transform of every element, in the order of the elements.
  ///
  /// - Throws: the failure of the first element that has one.
  static func map<Element: Sendable, Output: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) throws(Failure) -> Output
  ) throws(Failure) -> [Output] {
    var outputs: [Output] = []
    outputs.reserveCapacity(elements.count)
    for start in stride(from: 0, to: elements.count, by: chunk) {
      let count = min(chunk, elements.count - start)
      let results = Mutex<[(index: Int, result: Result<Output, Failure>)]>([])
      DispatchQueue.concurrentPerform(iterations: count) { offset in
        let index = start + offset
        let result = Result { () throws(Failure) in try transform(elements[index]) }
        results.withLock { $0.append((index, result)) }
      }
      for (_, result) in results.withLock({ $0.sorted { $0.index < $1.index } }) {
        outputs.append(try result.get())
      }
    }
    return outputs
  }
}
