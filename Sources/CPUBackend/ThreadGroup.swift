internal import LinuxSystem
internal import Model

/// Threads of our own, outside the cooperative pool, joined together.
internal final class ThreadGroup: Sendable {
  private let threads = Locked<[SystemThread]>([])

  /// Starts a thread that runs `body`.
  ///
  /// The body pins itself, so that it can report a failure to do so.
  func start(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    do throws(SystemError) {
      let thread = try SystemThread(body)
      threads.withLock { $0.append(thread) }
    } catch {
      throw Failure(
        .unavailable, "cannot start a worker thread: \(error.errno)",
        remedy: "use fewer threads or raise the limit of processes ('ulimit -u')")
    }
  }

  /// Waits until every thread has ended; the second call has nothing left to wait for.
  func join() {
    let all = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in all { thread.join() }
  }
}
