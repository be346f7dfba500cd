import Kernels
import Model
import Testing

struct SelfTestTests {
  @Test("every built-in kernel that this CPU can run passes the self-test", arguments: runnable())
  func builtIn(name: KernelName) throws {
    let variant = try KernelCatalog.builtIn.select(
      name.kernel, for: name.algorithm, on: .current)
    try KernelSelfTest.run(variant)
  }
}

/// A kernel by name, for test arguments.
struct KernelName: Hashable, Sendable, CustomTestStringConvertible {
  let algorithm: AlgorithmID
  let kernel: KernelID
  var testDescription: String { "\(algorithm)/\(kernel)" }
}

/// The built-in kernels that this CPU can run.
func runnable() -> [KernelName] {
  AlgorithmCatalog.all.flatMap { algorithm in
    KernelCatalog.builtIn.usable(for: algorithm.id, on: .current).map {
      KernelName(algorithm: algorithm.id, kernel: $0.id)
    }
  }
}
