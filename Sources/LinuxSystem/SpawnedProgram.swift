internal import CLinuxShims
internal import Glibc

/// Runs another program to its end and reads what it prints; a program that hangs is killed with all it started.
package enum SpawnedProgram {
  /// What a program left.
  package struct Outcome: Hashable, Sendable {
    /// The exit code; 128 and the signal's number for one that a signal ended.
    package let status: Int32
    /// Standard output, at most 64 KiB of it.
    package let output: String
  }

  /// Why there is no outcome.
  package enum Failure: Error, Hashable, Sendable {
    case cannotStart(Errno)
    case timedOut
  }

  /// Runs `arguments[0]`, which must be a path; standard error goes nowhere.
  ///
  /// After `timeout` seconds the program and its children are killed.
  package static func run(
    _ arguments: [String], environment: [String: String], timeout: Double
  ) throws(Failure) -> Outcome {
    var ends: [CInt] = [-1, -1]
    let refused = unsafe hw_linux_pipe(&ends)
    guard refused == 0 else { throw .cannotStart(Errno(rawValue: refused)) }
    let output = FileDescriptor.adopting(ends[0], name: "a pipe")
    let process: pid_t
    do {
      defer { _ = close(ends[1]) }
      process = try spawn(arguments, environment, output: ends[1])
    }
    let deadline = monotonic() + timeout
    var bytes: [UInt8] = []
    var isOpen = true
    while isOpen {
      let left = deadline - monotonic()
      var waiting = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
      guard left > 0,
        unsafe poll(&waiting, 1, CInt(min(left, 60) * 1000) + 1) >= 0 || errno == EINTR
      else { return try kill(process) }
      guard waiting.revents != 0 else { continue }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = unsafe chunk.withUnsafeMutableBytes {
        unsafe read(output.number, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        isOpen = false
      } else if bytes.count < 1 << 16 {
        bytes.append(contentsOf: chunk.prefix(count))
      }
    }
    // It closed its output but may still run.
    while true {
      var status: CInt = 0
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process {
        let isExit = status & 0x7f == 0
        return Outcome(
          status: isExit ? (status >> 8) & 0xff : 128 + (status & 0x7f),
          output: String(decoding: bytes, as: UTF8.self))
      }
      if monotonic() > deadline { return try kill(process) }
      usleep(1000)
    }
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String: String], output: CInt
  ) throws(Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // A group of its own, so that a timeout reaches its children and Ctrl-C does not.
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      unsafe (words + variables).forEach { unsafe free($0) }
    }
    var process: pid_t = 0
    let status = unsafe posix_spawn(
      &process, arguments[0], &actions, &attributes, words, variables)
    guard status == 0 else { throw .cannotStart(Errno(rawValue: status)) }
    return process
  }

  private static func kill(_ process: pid_t) throws(Failure) -> Outcome {
    _ = Glibc.kill(-process, SIGKILL)
    _ = Glibc.kill(process, SIGKILL)
    var status: CInt = 0
    _ = unsafe waitpid(process, &status, 0)
    throw .timedOut
  }

  private static func monotonic() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The path of a program on a search path; nil when there is none.
  package static func find(_ name: String, path: String) -> String? {
    path.split(separator: ":").map { "\($0)/\(name)" }.first {
      unsafe access($0, X_OK) == 0
    }
  }
}
