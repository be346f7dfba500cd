internal import Glibc

/// A thread of its own, never one of the cooperative pool, so that it may block for as long as it must.
package final class SystemThread: Sendable {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let handle: Locked<pthread_t?>

  /// Starts at once.
  package init(_ run: @escaping @Sendable () -> Void) throws(SystemError) {
    let body = unsafe Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      unsafe body.release()
      throw SystemError(errno: Errno(rawValue: status), operation: "start a thread")
    }
    handle = Locked(thread)
  }

  /// Waits until the thread's body has returned; the second call returns at once.
  package func join() {
    let thread = handle.withLock { handle -> pthread_t? in
      defer { handle = nil }
      return handle
    }
    if let thread { _ = pthread_join(thread, nil) }
  }
}
