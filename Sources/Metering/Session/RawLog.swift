internal import Glibc
package import LinuxSystem
package import MeterCore
package import Model

/// Where the raw log's lines go: written by one thread at a time, hashed as they go.
package struct RawLog: ~Copyable, Sendable {
  private let file: FileDescriptor
  private var hash = SHA256()
  private var failure: SystemError?

  package init(path: String) throws(SystemError) {
    file = try FileDescriptor.open(path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
  }

  /// Writes lines; a full disk ends the log, never the run.
  package mutating func write(_ lines: [RawLogLine]) {
    guard !lines.isEmpty, failure == nil else { return }
    var bytes: [UInt8] = []
    for line in lines {
      bytes.append(contentsOf: line.text.utf8)
      bytes.append(0x0a)
    }
    do throws(SystemError) {
      try file.writeAll(bytes)
      hash.update(bytes)
    } catch { failure = error }
  }

  /// The digest of the whole file, or why it is not whole.
  package mutating func close() -> Reading<String> {
    if failure == nil {
      do throws(SystemError) { try file.sync() } catch { failure = error }
    }
    if let failure {
      return .unavailable(Reason(.failed, "the raw log is not whole: \(failure)"))
    }
    return .value(Hexadecimal.encode(hash.finalize()))
  }
}
