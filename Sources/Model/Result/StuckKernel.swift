/// A kernel that was called and did not come back: it hangs, or it crashed.
///
/// Nothing ends a thread safely: unless it is contained, whoever sees this writes what was measured and ends the process.
package struct StuckKernel: UserFacingError, Hashable {
  /// What is known of the call.
  package enum Ending: Hashable, Sendable {
    /// It was waited for so long.
    case silent(Seconds)
    /// The name of the signal, such as `SIGSEGV`, or `exit`.
    case crashed(String)
    /// What the driver behind it says.
    case failed(String)
  }

  package let algorithm: AlgorithmID
  package let kernel: KernelID
  package let ending: Ending
  /// Whether it ran in a child process that has been ended: then it costs its series and nothing else.
  package let isContained: Bool

  package init(
    _ algorithm: AlgorithmID, _ kernel: KernelID, _ ending: Ending, isContained: Bool = false
  ) {
    self.algorithm = algorithm
    self.kernel = kernel
    self.ending = ending
    self.isContained = isContained
  }

  package init(_ series: SeriesID, _ ending: Ending, isContained: Bool = false) {
    self.init(series.algorithm, series.kernel, ending, isContained: isContained)
  }

  package var message: String {
    let what =
      switch ending {
      case .silent(let time):
        "is stuck: a call did not return within \(Int(time.value.rounded())) s"
      case .crashed(let signal): "crashed (\(signal)) after its self-test"
      case .failed(let text): "failed after its self-test: \(text)"
      }
    return
      "kernel '\(kernel)' of \(algorithm) \(what), so \(isContained ? "it" : "the run") ends here"
  }
  package var remedy: String? { nil }
  package var exitCode: ExitCode { .no }
}
