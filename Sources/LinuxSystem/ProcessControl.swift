internal import CLinuxShims
internal import Glibc
internal import Synchronization

/// What a process does about signals and its own end.
package enum ProcessControl {
  /// From now on the first SIGINT or SIGTERM only raises `isInterrupted`; a second one ends the process.
  ///
  /// Signals that the parent had ignored stay ignored. The corresponding C function is `sigaction`.
  package static func catchInterrupts() { hw_linux_catch_interrupts() }

  /// Whether SIGINT or SIGTERM came since `catchInterrupts`.
  package static var isInterrupted: Bool { hw_linux_is_interrupted() != 0 }

  /// From now on a write to a closed pipe throws `.brokenPipe` instead of ending the process.
  package static func ignoreBrokenPipe() { hw_linux_ignore_broken_pipe() }

  /// Ends the process quietly by SIGPIPE, as programs end whose reader has gone.
  package static func endByBrokenPipe() -> Never {
    hw_linux_end_by_broken_pipe()
    exit(128 + SIGPIPE)
  }

  private static let hasStrayThread = Atomic<Bool>(false)

  /// Tells that a thread was given up that does not return from code of somebody else.
  package static func giveUpThread() { hasStrayThread.store(true, ordering: .relaxed) }

  /// Ends the process with an exit code.
  ///
  /// With a thread given up nothing is run at the end that could wait for it or pull its library from under it.
  package static func end(_ code: Int32) -> Never {
    if hasStrayThread.load(ordering: .relaxed) { _exit(code) }
    exit(code)
  }

  /// The environment variables of the process.
  package static func environment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = unsafe environ
    while let pointer = unsafe entry.pointee {
      let text = unsafe String(cString: pointer)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      unsafe entry += 1
    }
    return variables
  }
}
