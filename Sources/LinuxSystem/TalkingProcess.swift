internal import CLinuxShims
internal import Glibc
package import Model

/// Another program that is asked and answers, line by line, for as long as it is wanted.
///
/// Like `ChildProcess` it has a process group of its own and is trusted with little: every answer is waited for with a limit,
/// a line has a greatest length, and when the value goes away the program is ended with all that it started.
package final class TalkingProcess: Sendable {
  /// What came of waiting for a line.
  package enum Answer: Hashable, Sendable {
    case line(String)
    /// Nothing came in time; the program is still there.
    case silence
    case ended(ChildProcess.Ending)
  }

  /// A longer line is taken for the end of a program that has gone wrong.
  private static let longestLine = 1 << 16
  /// Room for what is said while nobody listens: `F_SETPIPE_SZ`, which does not reach Swift.
  private static let pipeSize: CInt = 1 << 20
  private static let setPipeSize: CInt = 1031

  private struct State: ~Copyable {
    let child: pid_t
    var requests: FileDescriptor?
    let answers: FileDescriptor
    /// What has come and is no whole line yet.
    var rest: [UInt8] = []
    var lines: [String] = []
    var isClosed = false
    var ending: ChildProcess.Ending?
  }

  private let state: Locked<State>

  /// Starts a program: requests go to its standard input, answers come from its report (`ChildProcess.report`).
  ///
  /// A write to a program that has ended is an error only where the process ignores broken pipes.
  package init(
    _ path: String, _ arguments: [String], environment: [String: String]? = nil
  ) throws(SystemError) {
    let (requestsOut, requestsIn) = try Self.pipe()
    let (answersOut, answersIn) = try Self.pipe()
    _ = fcntl(answersOut, Self.setPipeSize, Self.pipeSize)
    let source = FileDescriptor.adopting(requestsOut, name: "a pipe")
    let requests = FileDescriptor.adopting(requestsIn, name: "a pipe")
    let answers = FileDescriptor.adopting(answersOut, name: "a pipe")
    _ = fcntl(answers.number, F_SETFL, O_NONBLOCK)
    let child = try ChildProcess.spawn(
      path, arguments, environment, input: source, output: answersIn, as: .report)
    state = Locked(State(child: child, requests: requests, answers: answers))
  }

  deinit { _ = end() }

  private static func pipe() throws(SystemError) -> (CInt, CInt) {
    var ends: [CInt] = [-1, -1]
    let refused = unsafe hw_linux_pipe(&ends)
    guard refused == 0 else {
      throw SystemError(errno: Errno(rawValue: refused), operation: "make a pipe")
    }
    return (ends[0], ends[1])
  }

  /// Asks; false when the program is gone.
  package func send(_ line: String) -> Bool {
    state.withLock { state in
      let bytes = Array((line + "\n").utf8)
      guard case .some(let requests) = state.requests.take() else { return false }
      var isSent = true
      do throws(SystemError) { try requests.writeAll(bytes) } catch { isSent = false }
      state.requests = consume requests
      return isSent
    }
  }

  /// The next line, waited for as long as the limit; all that came before the end is told first.
  package func next(within limit: Seconds, isCancelled: () -> Bool = { false }) -> Answer {
    let clock = RawMonotonicClock()
    let deadline = clock.now().advanced(by: limit)
    while true {
      let answer = state.withLock { Self.take(&$0) }
      if answer != .silence { return answer }
      let left = deadline.since(clock.now()).value
      if left <= 0 || isCancelled() { return .silence }
      let number = state.withLock { $0.answers.number }
      var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&request, 1, CInt(min(50, left * 1000 + 1)))
      if request.revents & Int16(POLLIN) == 0, request.revents != 0 {
        // Closed, and not ended yet.
        clock.sleep(until: clock.now().advanced(by: Seconds(0.002))) { false }
      }
    }
  }

  /// Whether it may still answer.
  package var isRunning: Bool {
    state.withLock { $0.ending == nil && !ChildProcess.hasEnded($0.child) }
  }

  /// Ends it with all that it started, and tells how it ended; the second call tells the same.
  @discardableResult
  package func end() -> ChildProcess.Ending {
    state.withLock { Self.end(&$0) }
  }

  private static func end(_ state: inout State) -> ChildProcess.Ending {
    if let ending = state.ending { return ending }
    state.requests = nil
    let ending = ChildProcess.end(state.child)
    state.ending = ending
    return ending
  }

  private static func take(_ state: inout State) -> Answer {
    read(&state)
    if !state.lines.isEmpty { return .line(state.lines.removeFirst()) }
    if let ending = state.ending { return .ended(ending) }
    guard state.isClosed || ChildProcess.hasEnded(state.child) else { return .silence }
    guard ChildProcess.hasEnded(state.child) || state.rest.count > longestLine else {
      return .silence
    }
    // What it wrote between the last look and its end.
    read(&state)
    if !state.lines.isEmpty { return .line(state.lines.removeFirst()) }
    return .ended(end(&state))
  }

  private static func read(_ state: inout State) {
    guard !state.isClosed else { return }
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe Glibc.read(state.answers.number, &chunk, chunk.count)
      if count < 0 { break }
      if count == 0 || state.rest.count > longestLine {
        state.isClosed = true
        break
      }
      state.rest += chunk.prefix(count)
      guard let last = state.rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
      state.lines += state.rest[..<last].split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true
      ).map { String(decoding: $0, as: UTF8.self) }
      state.rest.removeFirst(last + 1)
    }
  }
}

// MARK: The child's side

/// The requests that a `TalkingProcess` sends, read in the child.
package struct RequestReader {
  private var rest: [UInt8] = []
  private var lines: [String] = []

  package init() {}

  package enum Request: Hashable, Sendable {
    case line(String)
    case none
    /// The parent is gone, or wants nothing more.
    case ended
  }

  /// The next request, waited for as long as the limit.
  package mutating func next(within limit: Seconds) -> Request {
    while true {
      if !lines.isEmpty { return .line(lines.removeFirst()) }
      var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&request, 1, CInt(limit.value * 1000)) > 0 else { return .none }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = unsafe read(STDIN_FILENO, &chunk, chunk.count)
      if count <= 0 { return .ended }
      rest += chunk.prefix(count)
      guard let last = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
      lines += rest[..<last].split(separator: UInt8(ascii: "\n")).map {
        String(decoding: $0, as: UTF8.self)
      }
      rest.removeFirst(last + 1)
    }
  }
}

extension ChildProcess {
  /// From now on this process is ended when the thread that started it is gone; called in the child.
  package static func endWithParent() { hw_linux_end_with_parent() }
}
