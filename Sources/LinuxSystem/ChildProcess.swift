internal import CLinuxShims
internal import Glibc
package import Model

/// Another program that is run to its end and trusted with little: one text in, one text out, and a time limit.
///
/// It gets a process group of its own, so that Ctrl-C does not reach it and that everything it started is ended with it.
package enum ChildProcess {
  /// How it ended.
  package enum Ending: Hashable, Sendable {
    case exited(Int32)
    /// The name of the signal, such as `SIGSEGV`.
    case killed(String)
    case timedOut
    case cancelled

    /// What is said of the program, after "it".
    package var words: String {
      switch self {
      case .exited(let code): "ended with status \(code)"
      case .killed(let signal): "was ended by \(signal)"
      case .timedOut: "took too long and was ended"
      case .cancelled: "was interrupted"
      }
    }
  }

  package struct Outcome: Hashable, Sendable {
    package let ending: Ending
    /// What it wrote to the descriptor that was read, as far as the limit goes.
    package let output: String
  }

  /// Which of the child's descriptors is read; the other ones of the standard three lead nowhere.
  package enum Outlet: CInt, Sendable {
    case standardOutput = 1
    /// One that a library in the child does not print to by accident.
    case report = 3
  }

  /// The file that this process runs.
  package static func ownExecutable() throws(SystemError) -> String {
    try SystemRoot.live.linkTarget("/proc/self/exe")
  }

  /// The path of a program on a search path; nil when there is none.
  package static func find(_ name: String, path: String) -> String? {
    path.split(separator: ":").map { "\($0)/\(name)" }.first {
      unsafe access($0, X_OK) == 0
    }
  }

  /// Runs a program until it ends, or kills it and everything it started.
  ///
  /// It gets this process's own environment where none is given. Without a limit it may take as long as it likes.
  ///
  /// - Throws: `SystemError` when it cannot be started.
  package static func run(
    _ path: String, _ arguments: [String], environment: [String: String]? = nil, input: String = "",
    reading outlet: Outlet = .standardOutput, outputLimit: Int = 1 << 16, limit: Seconds?,
    isCancelled: () -> Bool = { false }
  ) throws(SystemError) -> Outcome {
    var ends: [CInt] = [-1, -1]
    let refused = unsafe hw_linux_pipe(&ends)
    guard refused == 0 else {
      throw SystemError(errno: Errno(rawValue: refused), operation: "make a pipe")
    }
    let reader = FileDescriptor.adopting(ends[0], name: "a pipe")
    _ = fcntl(reader.number, F_SETFL, O_NONBLOCK)
    // A text in an unnamed file: neither side can block the other.
    let source =
      input.isEmpty
      ? try FileDescriptor.openForReading("/dev/null") : try FileDescriptor.unnamed(holding: input)
    let child = try spawn(
      path, arguments, environment, input: source, output: ends[1], as: outlet)
    let clock = RawMonotonicClock()
    let deadline = limit.map { clock.now().advanced(by: $0) }
    var output: [UInt8] = []
    while true {
      var request = pollfd(fd: reader.number, events: Int16(POLLIN), revents: 0)
      // A pipe that the child has closed is always ready: do not spin on it until the child ends.
      if unsafe poll(&request, 1, 20) > 0, !drain(reader.number, into: &output, outputLimit) {
        clock.sleep(until: clock.now().advanced(by: Seconds(0.001))) { false }
      }
      if hasEnded(child) {
        _ = drain(reader.number, into: &output, outputLimit)
        return Outcome(
          ending: end(child), output: String(decoding: output, as: UTF8.self))
      }
      let isLate = deadline.map { $0 < clock.now() } ?? false
      if isLate || isCancelled() {
        _ = end(child)
        return Outcome(
          ending: isLate ? .timedOut : .cancelled,
          output: String(decoding: output, as: UTF8.self))
      }
    }
  }

  // MARK: The parent's side

  /// Starts a program; `output` is closed here, and `source` is the caller's to close.
  static func spawn(
    _ path: String, _ arguments: [String], _ environment: [String: String]?,
    input source: borrowing FileDescriptor, output: CInt, as outlet: Outlet
  ) throws(SystemError) -> pid_t {
    // The parent keeps its reading end alone, so that the child's closing is seen.
    let output = FileDescriptor.adopting(output, name: "a pipe")
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, source.number, 0)
    for descriptor in CInt(1)...2 {
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, output.number, outlet.rawValue)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    // A thread of the system's own has most signals blocked, which a child would inherit.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    var variables =
      unsafe (environment ?? [:]).map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var child: pid_t = 0
    let status = unsafe variables.withUnsafeMutableBufferPointer { own in
      unsafe posix_spawn(
        &child, path, &actions, &attributes, &words,
        environment == nil ? environ : own.baseAddress)
    }
    guard status == 0 else {
      throw SystemError(errno: Errno(rawValue: status), operation: "start", path: path)
    }
    return child
  }

  /// Whether it has ended; it stays a zombie, so that its number and its group's remain its own.
  static func hasEnded(_ child: pid_t) -> Bool {
    var information = unsafe siginfo_t()
    let status = unsafe waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT)
    return unsafe status == 0 && information.si_signo == SIGCHLD
  }

  /// Ends it with all that it started, and tells how it ended.
  static func end(_ child: pid_t) -> Ending {
    kill(-child, SIGKILL)
    var status: CInt = 0
    while unsafe waitpid(child, &status, 0) < 0, Errno.current == .interrupted {}
    // The macros of <sys/wait.h> in Swift.
    let signal = status & 0x7f
    return signal == 0 ? .exited(status >> 8 & 0xff) : .killed(SignalName.text(signal))
  }

  /// Reads what there is.
  ///
  /// - Returns: false when the other end is closed.
  private static func drain(_ reader: CInt, into output: inout [UInt8], _ limit: Int) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe read(reader, &chunk, chunk.count)
      if count == 0 { return false }
      guard count > 0 else { return true }
      output += chunk.prefix(min(count, limit - output.count))
    }
  }
}

// MARK: The child's side

extension ChildProcess {
  /// Writes a line of the report; called in the child.
  package static func report(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // The parent tells a report that never came from one that did.
    _ = unsafe write(Outlet.report.rawValue, bytes, bytes.count)
  }

  /// From now on a memory fault in these addresses is reported as the line `overrun`; called in the child.
  package static func reportFaults(in addresses: Range<UInt>) {
    hw_linux_watch_range(Outlet.report.rawValue, addresses.lowerBound, addresses.upperBound)
  }
}
