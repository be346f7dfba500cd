import Foundation
import GPUBackend
import LinuxSystem
import Model
import TestSupport

/// The built program, which starts itself as a worker, and stand-ins for drivers.
enum Workers {
  /// The program that HASHWATT_PROGRAM names, as an optimized one; else that beside the test bundle that is running.
  static let program: String = {
    if let optimized = ProcessInfo.processInfo.environment["HASHWATT_PROGRAM"] { return optimized }
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: bundle).deletingLastPathComponent()
      .appendingPathComponent("hashwatt").path
  }()

  static let projectFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// A name that no library has: that route is absent, whatever is installed here.
  static let absent = "/nonexistent/library.so"

  /// Compiled kernels of PoCL are kept with everything else that is built.
  static let poclCache: String = {
    let path = projectFolder + "/.build/gpu/pocl"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()

  /// This process's environment with some variables changed; NVIDIA's library is a stand-in or absent.
  static func environment(_ changes: [String: String] = [:]) -> [String: String] {
    ProcessInfo.processInfo.environment.merging([
      "HASHWATT_CUDA_LIBRARY": absent, "HASHWATT_OPENCL_LIBRARY": absent,
      "HASHWATT_OPENCL_VENDOR_LIBRARY": absent,
      "HASHWATT_NVML_LIBRARY": absent, "POCL_CACHE_DIR": poclCache,
    ]) { $1 }.merging(changes) { $1 }
  }

  /// The stand-in for the CUDA driver and its compiler, with the plain kernel of sha256d; nil where it cannot be compiled.
  static let cuda: String? = standIn("standin_cuda")
  /// The same with the kernels of Etchash.
  static let etchash: String? = standIn("standin_cuda", ["-DHW_SHAPE_ETCHASH"], as: "etchash")
  /// The stand-in for an OpenCL loader, with the plain kernel of sha256d; nil where it cannot be compiled.
  static let openCL: String? = standIn("standin_opencl")

  /// A stand-in for NVML with two boards, of which the second is that of the stand-in for the CUDA driver.
  static let nvml: String? = standIn("standin_nvml")

  /// PoCL, one of whose launches goes wrong; nil, and listed as not run, where it is not installed.
  static func faultyPoCL(_ fault: String, header: Int, state: String, for test: String)
    -> [String: String]?
  {
    let loader = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"]
      .map { $0 + "/libOpenCL.so.1" }.first { FileManager.default.fileExists(atPath: $0) }
    guard pocl(for: test) != nil else { return nil }
    guard let loader,
      let library = standIn("faulty_opencl", ["-x", "none", "-Wl,--no-as-needed", loader])
    else {
      NotRun.report("\(test): needs a C++ compiler (clang++) and libOpenCL.so.1")
      return nil
    }
    return environment([
      "HASHWATT_OPENCL_LIBRARY": library, "FAULT": fault, "FAULT_HEADER": "\(header)",
      "FAULT_STATE": state,
    ])
  }

  private static func standIn(
    _ name: String, _ more: [String] = [], as file: String? = nil
  ) -> String? {
    guard let compiler = TestSupport.ChildProcess.find("clang++") else { return nil }
    let folder = projectFolder + "/.build/gpu"
    let library = folder + "/\(file ?? name)-for-tests.so"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let outcome = try? TestSupport.ChildProcess.run(
      compiler,
      [
        "-std=c++17", "-O2", "-fPIC", "-shared", "-x", "c++", "-I",
        projectFolder + "/Sources/CGPUKernels",
        projectFolder + "/Tests/GPUHarness/\(name).cpp", "-o", library,
      ] + more)
    return outcome?.status == 0 ? library : nil
  }

  /// The environment of the stand-in; nil, and listed as not run, where there is none.
  static func standIn(_ faults: [String: String] = [:], for test: String) -> [String: String]? {
    guard let cuda else {
      NotRun.report("\(test): needs a C++ compiler (clang++) and its library")
      return nil
    }
    return environment(
      ["HASHWATT_CUDA_LIBRARY": cuda, "HASHWATT_NVRTC_LIBRARY": cuda].merging(faults) { $1 })
  }

  /// The environment of the OpenCL stand-in; nil, and listed as not run, where there is none.
  static func openCLStandIn(
    _ faults: [String: String] = [:], for test: String
  ) -> [String: String]? {
    guard let openCL else {
      NotRun.report("\(test): needs a C++ compiler (clang++) and its library")
      return nil
    }
    return environment(["HASHWATT_OPENCL_LIBRARY": openCL].merging(faults) { $1 })
  }

  /// Short enough for tests in which a driver hangs, long enough for one that is only slow on a busy machine.
  static var limits: GPULimits {
    var limits = GPULimits()
    limits.launch = Seconds(4)
    return limits
  }

  /// The stand-in's card; nil where there is no stand-in.
  static func card(
    _ faults: [String: String] = [:], limits: GPULimits = Workers.limits, for test: String
  ) -> GPUBackend? {
    ProcessControl.ignoreBrokenPipe()
    return standIn(faults, for: test).flatMap { environment in
      GPUDevices(executable: program, environment: environment, limits: limits).backends.first
    }
  }

  /// The stand-in's card with the kernels of Etchash; nil where there is no stand-in.
  static func etchashCard(_ faults: [String: String] = [:], for test: String) -> GPUBackend? {
    guard let etchash else {
      NotRun.report("\(test): needs a C++ compiler (clang++) and its library")
      return nil
    }
    let library = ["HASHWATT_CUDA_LIBRARY": etchash, "HASHWATT_NVRTC_LIBRARY": etchash]
    return card(library.merging(faults) { $1 }, for: test)
  }

  /// PoCL's device; nil, and listed as not run, where it is not installed.
  static func pocl(for test: String) -> GPUBackend? {
    ProcessControl.ignoreBrokenPipe()
    var environment = environment()
    environment["HASHWATT_OPENCL_LIBRARY"] = nil
    let devices = GPUDevices(executable: program, environment: environment)
    guard let device = devices.backends.first(where: { $0.device == .openCL("pocl") }) else {
      NotRun.report("\(test): needs the packages pocl-opencl-icd and ocl-icd-libopencl1")
      return nil
    }
    return device
  }

  /// The worker process of this process that serves a device by a route and has not ended.
  static func running(_ route: String) -> pid_t? {
    let files = FileManager.default
    let threads = (try? files.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    let children = threads.flatMap { thread -> [Substring] in
      let text = try? String(contentsOfFile: "/proc/self/task/\(thread)/children", encoding: .utf8)
      return text?.split(separator: " ") ?? []
    }
    return children.compactMap { child -> pid_t? in
      let bytes = files.contents(atPath: "/proc/\(child)/cmdline") ?? Data()
      let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.contains(route) ? pid_t(child) : nil
    }.first
  }
}
