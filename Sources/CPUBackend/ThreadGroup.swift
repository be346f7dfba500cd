internal import Glibc
internal import LinuxSystem
internal import Model
internal import Synchronization

/// Threads of our own, outside the cooperative pool, joined together.
internal final class ThreadGroup: Sendable {
  private let threads = Mutex<[pthread_t]>([])

  /// Starts a thread that runs `body`.
  ///
  /// The body pins itself, so that it can report a failure to do so.
  func start(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    let box = unsafe Unmanaged.passRetained(Body(run: body))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      unsafe box.release()
      throw Failure(
        .unavailable, "cannot start a worker thread: \(Errno(rawValue: status))",
        remedy: "use fewer threads or raise the limit of processes ('ulimit -u')")
    }
    threads.withLock { $0.append(thread) }
  }

  /// Waits until every thread has ended; the second call has nothing left to wait for.
  func join() {
    let all = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in all { _ = pthread_join(thread, nil) }
  }
}

private final class Body: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}
