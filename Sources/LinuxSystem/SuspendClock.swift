internal import Glibc

/// How long the machine has been suspended since it was started.
package enum SuspendClock {
  /// `CLOCK_BOOTTIME` less `CLOCK_MONOTONIC`, in nanoseconds: grows only while the machine sleeps.
  package static func suspendedNanoseconds() -> Int64 {
    func read(_ clock: clockid_t) -> Int64 {
      var time = timespec()
      _ = unsafe clock_gettime(clock, &time)
      return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
    return read(CLOCK_BOOTTIME) - read(CLOCK_MONOTONIC)
  }
}
