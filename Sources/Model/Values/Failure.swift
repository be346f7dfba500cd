/// The program's exit codes (design section 8).
package enum ExitCode: Int32, Sendable {
  case done = 0
  /// The answer is no: a regression, a failed verification, a kernel that computes wrongly.
  case no = 1
  case usage = 2
  /// Something that is needed is not available on this machine.
  case unavailable = 3
  case badInput = 4
  case interrupted = 130
}

/// An error that a person reads: one line that says what, where and what to do.
package protocol UserFacingError: Error, Sendable {
  /// What went wrong, with the file, option or value named; no full stop at the end.
  var message: String { get }
  /// What to do about it, as an imperative clause, or nil when nothing helps.
  var remedy: String? { get }
  /// The exit code of a command that ends by this error.
  var exitCode: ExitCode { get }
}

extension UserFacingError {
  /// The one line for standard error, without the program's name.
  package var line: String {
    let text = remedy.map { "\(message): \($0)" } ?? message
    return text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

/// The plain user-facing error, for callers that need no type of their own.
package struct Failure: UserFacingError, Hashable {
  package let exitCode: ExitCode
  package let message: String
  package let remedy: String?

  package init(_ exitCode: ExitCode, _ message: String, remedy: String? = nil) {
    self.exitCode = exitCode
    self.message = message
    self.remedy = remedy
  }
}
