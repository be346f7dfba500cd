/// A kernel that was called and did not come back.
///
/// Nothing ends its thread safely: whoever sees this writes what was measured and ends the process.
package struct StuckKernel: UserFacingError, Hashable {
  package let algorithm: AlgorithmID
  package let kernel: KernelID
  /// How long a call was waited for.
  package let waited: Seconds

  package init(_ series: SeriesID, waited: Seconds) {
    algorithm = series.algorithm
    kernel = series.kernel
    self.waited = waited
  }

  package var message: String {
    "kernel '\(kernel)' of \(algorithm) is stuck: a call did not return within "
      + "\(Int(waited.value.rounded())) s, so the run ends here"
  }
  package var remedy: String? { nil }
  package var exitCode: ExitCode { .no }
}
