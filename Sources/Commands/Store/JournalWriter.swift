internal import LinuxSystem
internal import Model
internal import Records
internal import Synchronization

/// The journal of a run on the disk, beside the place of its result.
///
/// Each line is on the disk when the call that wrote it returns. The process that writes it holds its lock.
final class JournalWriter: Sendable {
  let path: String
  private let file: FileDescriptor
  private let state: Mutex<State>

  private struct State {
    /// Bytes and lines that are whole.
    var length: Int
    var lines: Int
    /// Why nothing is written any more.
    var failure: Failure?
  }

  private init(path: String, file: consuming FileDescriptor, length: Int, lines: Int) {
    self.path = path
    self.file = file
    state = Mutex(State(length: length, lines: lines))
  }

  /// Begins a journal under a name that neither a journal nor a result has yet.
  ///
  /// - Throws: `Failure` with exit code 3 where it cannot be written.
  static func begin(
    _ header: JournalHeader, in folder: ResultFolder, name: String
  ) throws -> JournalWriter {
    let line = try JournalFile.line(header)
    let path = try folder.write(line, name: name, suffix: JournalFile.suffix, beside: ".json")
    let file = try open(path)
    // A run that begins beside this one looks for journals that were left, and holds each for a moment.
    let clock = RawMonotonicClock()
    var attempts = 0
    while !file.takeLock() {
      attempts += 1
      guard attempts < 100 else {
        throw Failure(.unavailable, "\(path): another process holds its lock")
      }
      clock.sleep(until: clock.now().advanced(by: Seconds(0.01))) { false }
    }
    return JournalWriter(path: path, file: file, length: line.count, lines: 1)
  }

  /// Takes a journal that was left, with what is whole of it; nil where another process holds it.
  ///
  /// - Throws: `Failure` with exit code 3 where it cannot be written, 4 where it cannot be read.
  static func take(_ path: String) throws -> (JournalWriter, JournalFile.Content)? {
    let file = try open(path)
    guard file.takeLock() else { return nil }
    let content = try JournalFile.read(try InputFile.read(path), name: path)
    let writer = JournalWriter(
      path: path, file: file, length: content.length, lines: content.lines)
    return (writer, content)
  }

  /// The journals in a folder whose runs have ended without a word.
  static func left(in folder: ResultFolder) -> [String] {
    let names = (try? SystemRoot.live.names(folder.path)) ?? []
    return names.filter { $0.hasSuffix(JournalFile.suffix) && !$0.hasPrefix(".") }.sorted()
      .map { "\(folder.path)/\($0)" }
      .filter { path in (try? open(path).takeLock()) == true }
  }

  /// What is said of a journal that was left.
  static func leftText(_ path: String) -> String {
    "a run ended without a word: go on with it, or close it, by 'hashwatt resume \(path)'"
  }

  private static func open(_ path: String) throws(Failure) -> FileDescriptor {
    do {
      return try FileDescriptor.openForAppending(path)
    } catch {
      throw Failure(
        .unavailable, "\(path): \(error.errno)", remedy: "make it writable for this user")
    }
  }

  /// Cuts off what the end of the process before left of a last line.
  func cutTornLine() throws {
    do {
      try file.truncate(to: state.withLock { $0.length })
    } catch {
      throw Failure(.unavailable, "\(path): \(error.errno)")
    }
  }

  /// Writes a step down; the windows of a run that cannot be kept are not measured.
  ///
  /// - Throws: `Failure` with exit code 3; what was written before is whole.
  func keep(_ step: JournalStep) throws {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      let line = try JournalFile.line(step, number: state.lines + 1)
      do {
        try file.writeAll(line)
        try file.syncData()
      } catch let error as SystemError {
        try? file.truncate(to: state.length)
        let failure = Failure(
          .unavailable, "the journal \(path) cannot be written: \(error.errno)",
          remedy: "make room, or name another folder with --results")
        state.failure = failure
        throw failure
      }
      state.length += line.count
      state.lines += 1
    }
  }

  /// Why a step could not be written down; nil where each was.
  var failure: Failure? { state.withLock { $0.failure } }

  /// Where the result belongs.
  private var resultName: String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(JournalFile.suffix)
      ? String(name.dropLast(JournalFile.suffix.count)) : name
  }

  /// The result of this very run, where it was written before its journal could be removed.
  func finishedResult(of header: JournalHeader) -> String? {
    let path = ResultFolder(of: path).path + "/\(resultName).json"
    guard SystemRoot.live.exists(path), let bytes = try? InputFile.read(path),
      let result = try? ResultFile.decode(bytes, name: path),
      result.challenge == header.challenge, result.startedAt == header.startedAt
    else { return nil }
    return path
  }

  /// Writes the result in the journal's place, whole or not at all, and then removes the journal.
  ///
  /// - Returns: the result's path.
  /// - Throws: `Failure` with exit code 3 that names the journal, which then is as it was.
  func give(way bytes: [UInt8], in folder: ResultFolder) throws -> String {
    let result: String
    do {
      result = try folder.write(bytes, name: resultName)
    } catch let failure as Failure {
      throw Failure(
        failure.exitCode, "\(failure.message); the finished windows are in \(path)",
        remedy: "make room, then run 'hashwatt resume \(path)'")
    }
    remove()
    return result
  }

  /// Removes the journal of a run that has its result, or no window.
  func remove() {
    // One that stays is told from its result by 'resume', and costs nothing but its room.
    try? AtomicFile.remove(path)
  }
}
