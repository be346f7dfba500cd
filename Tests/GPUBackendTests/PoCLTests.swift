import GPUBackend
import Kernels
import LinuxSystem
import Model
import TestSupport
import Testing

/// A real OpenCL device: the processor, by PoCL.
@Suite(.serialized)
struct PoCLTests {
  @Test("it is offered by its name only, with shapes for processors")
  func identity() throws {
    guard let device = Workers.pocl(for: "PoCL's device") else { return }
    #expect(device.isOnlyByName && device.isProcessor)
    #expect(device.undetected?.id == device.device)
    #expect(device.kernels().allSatisfy { $0.kernel.rawValue.hasPrefix("opencl-w") })
  }

  @Test(
    "its kernels hold against the reference",
    arguments: [
      (AlgorithmID.sha256d, "opencl-w16"), (.keccak256, "opencl-w8"), (.scrypt, "opencl-w4-gap1"),
    ])
  func proof(algorithm: AlgorithmID, kernel: String) throws {
    guard let device = Workers.pocl(for: "the proof of \(kernel) of \(algorithm) on PoCL") else {
      return
    }
    try device.selfTest(algorithm, KernelID(rawValue: kernel))
  }
}
