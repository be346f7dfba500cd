internal import LinuxSystem
internal import Synchronization

/// Ctrl-C and SIGTERM for commands that end cleanly.
enum InterruptSignals {
  private static let isWatching = Atomic<Bool>(false)

  /// Whether the user asked for the end.
  ///
  /// The signals are caught from the first question on: a command that never asks has nothing to save, and the
  /// first Ctrl-C ends it at once.
  static let isRequested: @Sendable () -> Bool = {
    if !isWatching.exchange(true, ordering: .relaxed) { ProcessControl.catchInterrupts() }
    return ProcessControl.isInterrupted
  }
}
