internal import CLinuxShims
internal import Glibc

/// Standard output or standard error.
package struct StandardChannel: Hashable, Sendable {
  private let number: CInt

  package static let output = StandardChannel(number: STDOUT_FILENO)
  package static let error = StandardChannel(number: STDERR_FILENO)

  /// Writes all bytes at once, unbuffered.
  package func write(_ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          number, buffer.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 {
        let error = Errno.current
        if error == .interrupted { continue }
        throw SystemError(errno: error, operation: "write to " + name)
      }
      written += count
    }
  }

  /// Whether a person looks at it.
  package var isTerminal: Bool { isatty(number) == 1 }

  /// Columns of the terminal, or nil where there is none.
  package var columns: Int? {
    let columns = Int(hw_linux_terminal_columns(number))
    return columns > 0 ? columns : nil
  }

  private var name: String { number == STDOUT_FILENO ? "standard output" : "standard error" }
}
