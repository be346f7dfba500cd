internal import Dispatch
internal import Kernels
internal import LinuxSystem
internal import Model
internal import Synchronization

/// What a thread that calls kernels tells the one that waits for it.
internal final class Pulse: Sendable {
  /// Where the thread is.
  struct Place: Equatable {
    var algorithm: AlgorithmID
    var kernel: KernelID
    /// Calls of this kernel that have returned.
    var calls: UInt64 = 0
    var firstCall = Seconds(0)
  }

  private let place = Locked<Place?>(nil)
  /// Of a kernel that is not ours.
  let fault = FaultFlag()
  /// Asks the thread to end.
  let stop = Atomic<Bool>(false)

  var present: Place? { place.withLock { $0 } }

  /// From now on this kernel is called.
  func enter(_ variant: KernelVariant) {
    // Ours are proven as a whole; of a foreign one only some calls are.
    if variant.id.isPlugin || variant.id.isOther { fault.parkThisThreadOnFault() }
    place.withLock { $0 = Place(algorithm: variant.algorithm, kernel: variant.id) }
  }

  /// A call has returned after so long.
  func beat(took: Seconds) {
    place.withLock {
      if $0?.calls == 0 { $0?.firstCall = took }
      $0?.calls += 1
    }
  }
}

/// Runs what calls kernels on a thread of its own, and waits no longer for it than its calls come back.
internal enum GuardedThread {
  private static let slice = 0.05

  /// The outcome of `body`; `wait` is called on the calling thread between two looks, and asks for the end by throwing.
  ///
  /// - Throws: what `body` or `wait` throws; `StuckKernel` when a call does not come back, after which the thread still
  ///   stands and the process has to end.
  static func run<Outcome: Sendable, Problem: Error>(
    _ patience: Patience, wait: () throws -> Void = {},
    _ body: @escaping @Sendable (Pulse) throws(Problem) -> Outcome
  ) throws -> Outcome {
    let pulse = Pulse()
    let outcome = Locked<Result<Outcome, Problem>?>(nil)
    let ended = DispatchSemaphore(value: 0)
    let threads = ThreadGroup()
    try threads.start {
      let result = Result { () throws(Problem) in try body(pulse) }
      outcome.withLock { $0 = result }
      ended.signal()
    }
    var refusal: (any Error)?
    var last: Pulse.Place?
    // Counted, since any slice may pass while the process is stopped.
    var slices = 0
    while ended.wait(timeout: .now() + slice) == .timedOut {
      if refusal == nil {
        do { try wait() } catch {
          refusal = error
          pulse.stop.store(true, ordering: .releasing)
        }
      }
      // Before the first kernel only our own code runs.
      guard let present = pulse.present else { continue }
      slices = present == last ? slices + 1 : 0
      last = present
      if let ending = ending(present, Seconds(Double(slices) * slice), pulse, patience) {
        ProcessControl.giveUpThread()
        throw StuckKernel(present.algorithm, present.kernel, ending)
      }
    }
    threads.join()
    if let refusal { throw refusal }
    guard let result = outcome.withLock({ $0 }) else {
      throw Failure(.unavailable, "a thread ended without an answer")
    }
    return try result.get()
  }

  /// What is wrong with a thread that has stood at one place for so long.
  private static func ending(
    _ place: Pulse.Place, _ stood: Seconds, _ pulse: Pulse, _ patience: Patience
  ) -> StuckKernel.Ending? {
    if let signal = pulse.fault.signalName { return .crashed(signal) }
    let limit = place.calls == 0 ? patience.start : patience.limit(firstCall: place.firstCall)
    return stood >= limit ? .silent(limit) : nil
  }
}
