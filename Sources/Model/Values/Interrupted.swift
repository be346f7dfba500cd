/// The user asked for the end, and somebody gave up because of it.
///
/// The one error for that: whoever waits or repeats throws it, and a command that has something to save catches it.
package struct Interrupted: UserFacingError, Hashable {
  package let message: String

  /// - Parameter message: what was not finished, where a person would not know it from the command.
  package init(_ message: String = "interrupted") { self.message = message }

  package var remedy: String? { nil }
  package var exitCode: ExitCode { .interrupted }
}
