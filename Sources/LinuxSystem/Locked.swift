internal import Glibc

/// A value that threads share, behind a lock of the C library.
///
/// Swift's `Mutex` would do, but a lock that two threads contend for is handed over inside its library, which is not built with
/// the thread sanitizer: what it protects then looks like a race. This lock is seen.
///
/// Sendable although it is not checked: `value` is touched in `withLock` alone, by the one thread that holds `mutex`, and what
/// the closure is given cannot leave it but as a result that is its own.
@safe package final class Locked<Value: ~Copyable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  package init(_ value: consuming sending Value) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    self.value = value
    // An ordinary mutex without attributes: the call cannot fail (pthread_mutex_init of glibc).
    _ = unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    _ = unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Calls `body` while no other thread is in a call of this function; not to be called again from within `body`.
  package func withLock<Result: ~Copyable, Problem: Error>(
    _ body: (inout sending Value) throws(Problem) -> sending Result
  ) throws(Problem) -> sending Result {
    _ = unsafe pthread_mutex_lock(mutex)
    defer { _ = unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
