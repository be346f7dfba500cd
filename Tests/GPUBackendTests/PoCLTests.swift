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

  @Test("its library alone is enough, without a loader")
  func vendor() throws {
    ProcessControl.ignoreBrokenPipe()
    var environment = Workers.environment()
    environment["HASHWATT_OPENCL_VENDOR_LIBRARY"] = "libpocl.so.2"
    let devices = GPUDevices(executable: Workers.program, environment: environment)
    guard let device = devices.backends.first(where: { $0.device == .openCL("pocl") }) else {
      NotRun.report("a vendor's OpenCL library without a loader: needs the package libpocl2")
      return
    }
    try device.selfTest(.sha256d, KernelID(rawValue: "vendor-w16"))
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
