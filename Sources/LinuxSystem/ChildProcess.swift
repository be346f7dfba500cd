internal import CLinuxShims
internal import Glibc
package import Model

/// Another program that is trusted with nothing: no input, no output but its report, and a time limit.
package enum ChildProcess {
  /// How it ended.
  package enum Ending: Hashable, Sendable {
    case exited(Int32)
    /// The name of the signal, such as `SIGSEGV`.
    case killed(String)
    case timedOut
    case cancelled
  }

  package struct Outcome: Hashable, Sendable {
    package let ending: Ending
    /// What it wrote to descriptor `reportDescriptor`, at most 64 KiB.
    package let report: String
  }

  /// Where a child finds the pipe for its report.
  package static let reportDescriptor: CInt = 3
  private static let reportLimit = 1 << 16

  /// The file that this process runs.
  package static func ownExecutable() throws(SystemError) -> String {
    try SystemRoot.live.linkTarget("/proc/self/exe")
  }

  /// Runs a program until it ends, or kills it and everything it started.
  package static func run(
    _ path: String, _ arguments: [String], limit: Seconds, isCancelled: () -> Bool = { false }
  ) throws(SystemError) -> Outcome {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw SystemError(errno: .current, operation: "make a pipe")
    }
    let (reader, writer) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    defer { close(reader) }
    let child: pid_t
    do throws(SystemError) {
      child = try spawn(path, arguments, report: writer)
      close(writer)
    } catch {
      close(writer)
      throw error
    }
    let clock = RawMonotonicClock()
    let deadline = clock.now().advanced(by: limit)
    var report: [UInt8] = []
    while true {
      var request = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
      // A pipe that the child has closed is always ready: do not spin on it until the child ends.
      if unsafe poll(&request, 1, 20) > 0, !drain(reader, into: &report) {
        clock.sleep(until: clock.now().advanced(by: Seconds(0.005))) { false }
      }
      var status: CInt = 0
      if unsafe waitpid(child, &status, WNOHANG) == child {
        _ = drain(reader, into: &report)
        return Outcome(
          ending: ending(status), report: String(decoding: report, as: UTF8.self))
      }
      let isLate = deadline < clock.now()
      if isLate || isCancelled() {
        kill(-child, SIGKILL)
        _ = unsafe waitpid(child, &status, 0)
        return Outcome(
          ending: isLate ? .timedOut : .cancelled,
          report: String(decoding: report, as: UTF8.self))
      }
    }
  }

  /// Writes a line of the report; called in the child.
  package static func report(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // The parent tells a report that never came from one that did.
    _ = unsafe write(reportDescriptor, bytes, bytes.count)
  }

  /// From now on a memory fault in these addresses is reported as the line `overrun`; called in the child.
  package static func reportFaults(in addresses: Range<UInt>) {
    hw_linux_watch_range(reportDescriptor, addresses.lowerBound, addresses.upperBound)
  }

  private static func spawn(
    _ path: String, _ arguments: [String], report: CInt
  ) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for descriptor in CInt(0)...2 {
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, report, reportDescriptor)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that everything that it starts can be ended with it.
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map {
      unsafe strdup($0)
    }
    defer { unsafe words.forEach { unsafe free($0) } }
    unsafe words.append(nil)
    var child: pid_t = 0
    let status = unsafe posix_spawn(&child, path, &actions, &attributes, words, environ)
    guard status == 0 else {
      throw SystemError(errno: Errno(rawValue: status), operation: "start", path: path)
    }
    return child
  }

  /// Reads what there is.
  ///
  /// - Returns: false when the other end is closed.
  private static func drain(_ reader: CInt, into report: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe read(reader, &chunk, chunk.count)
      if count == 0 { return false }
      guard count > 0 else { return true }
      report += chunk.prefix(min(count, reportLimit - report.count))
    }
  }

  /// The macros of `<sys/wait.h>` in Swift.
  private static func ending(_ status: CInt) -> Ending {
    let signal = status & 0x7f
    guard signal != 0 else { return .exited(status >> 8 & 0xff) }
    return .killed(SignalName.text(signal))
  }
}
