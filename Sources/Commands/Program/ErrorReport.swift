package import Arguments
internal import LinuxSystem
package import Model

extension ArgumentError: UserFacingError {
  package var exitCode: ExitCode { .usage }
}

/// Turns whatever a command throws into one line and an exit code.
package enum ErrorReport {
  package static func failure(for error: any Error) -> any UserFacingError {
    switch error {
    case let error as any UserFacingError: error
    case let error as SystemError: Failure(.unavailable, error.description)
    default:
      // A defect: an adapter's error that no command gave words for people.
      Failure(
        .unavailable, "unexpected error: \(error)",
        remedy: "please report it with the command line that led here")
    }
  }
}
