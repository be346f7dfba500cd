/// A system call that failed, with the path that it was about.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  package let errno: Errno
  /// What was tried: `open`, `read`, `rename`.
  package let operation: String
  package let path: String?

  package init(errno: Errno, operation: String, path: String? = nil) {
    self.errno = errno
    self.operation = operation
    self.path = path
  }

  package var description: String {
    "cannot \(operation)\(path.map { " \($0)" } ?? ""): \(errno)"
  }
}
