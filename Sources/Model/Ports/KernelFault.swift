/// Something that a kernel did wrongly, or a description of one that cannot be used.
package struct KernelFault: UserFacingError, Hashable {
  package let algorithm: AlgorithmID
  package let kernel: KernelID
  /// What is wrong, as a clause: "it missed nonce 17 of ...".
  package let problem: String

  package init(_ algorithm: AlgorithmID, _ kernel: KernelID, _ problem: String) {
    self.algorithm = algorithm
    self.kernel = kernel
    self.problem = problem
  }

  package var message: String { "kernel '\(kernel)' of \(algorithm) is faulty: \(problem)" }
  package var remedy: String? { nil }
  package var exitCode: ExitCode { .no }
}
