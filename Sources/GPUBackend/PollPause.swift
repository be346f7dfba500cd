internal import Glibc

/// The time between two looks at launches: what an instant of progress may be late by, and short enough that the host
/// always has a launch of slack.
internal enum PollPause {
  static let seconds = 0.0002

  static func sleep() {
    var time = timespec(tv_sec: 0, tv_nsec: Int(seconds * 1e9))
    _ = unsafe nanosleep(&time, nil)
  }
}
