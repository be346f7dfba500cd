internal import Glibc
package import Model

/// `CLOCK_MONOTONIC_RAW`: not slewed by time services, does not count suspend.
package struct RawMonotonicClock: MonotonicClock {
  package init() {}

  package func now() -> Instant {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC_RAW, &time)
    return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// Sleeps in slices of at most 50 ms, so that a cancellation is seen soon.
  package func sleep(until instant: Instant, isCancelled: () -> Bool) {
    while !isCancelled() {
      let left = instant.since(now()).value
      guard left > 0 else { return }
      let slice = min(left, 0.05)
      var request = timespec(tv_sec: Int(slice), tv_nsec: Int((slice - slice.rounded(.down)) * 1e9))
      _ = unsafe nanosleep(&request, nil)
    }
  }

  /// Wall-clock time in seconds since 1970, for people and file names only, never for durations.
  package static func unixTime() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
