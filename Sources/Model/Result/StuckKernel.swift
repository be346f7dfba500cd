/// A kernel that was called and did not come back: it hangs, or it crashed.
///
/// Nothing ends its thread safely: whoever sees this writes what was measured and ends the process.
package struct StuckKernel: UserFacingError, Hashable {
  /// What is known of the call.
  package enum Ending: Hashable, Sendable {
    /// It was waited for so long.
    case silent(Seconds)
    /// The name of the signal, such as `SIGSEGV`, or `exit`.
    case crashed(String)
  }

  package let algorithm: AlgorithmID
  package let kernel: KernelID
  package let ending: Ending

  package init(_ algorithm: AlgorithmID, _ kernel: KernelID, _ ending: Ending) {
    self.algorithm = algorithm
    self.kernel = kernel
    self.ending = ending
  }

  package init(_ series: SeriesID, _ ending: Ending) {
    self.init(series.algorithm, series.kernel, ending)
  }

  package var message: String {
    let what =
      switch ending {
      case .silent(let time):
        "is stuck: a call did not return within \(Int(time.value.rounded())) s"
      case .crashed(let signal): "crashed (\(signal)) after its self-test"
      }
    return "kernel '\(kernel)' of \(algorithm) \(what), so the run ends here"
  }
  package var remedy: String? { nil }
  package var exitCode: ExitCode { .no }
}
