import GPUBackend
import Kernels
import LinuxSystem
import Model
import TestSupport
import Testing

/// Cards behind a stand-in for an OpenCL loader, sound and with what OpenCL drivers answer when they are not.
@Suite(.serialized)
struct OpenCLTests {
  private let kernel = KernelID(rawValue: "opencl-plain")

  private func devices(_ faults: [String: String], for test: String) -> GPUDevices? {
    ProcessControl.ignoreBrokenPipe()
    return Workers.openCLStandIn(faults, for: test).map {
      GPUDevices(executable: Workers.program, environment: $0, limits: Workers.limits)
    }
  }

  private func route(_ devices: GPUDevices) -> DeviceRoute? {
    devices.routes.first { $0.name == GPURoute.opencl.rawValue }
  }

  @Test(
    "a card is named by its address on the bus, whichever question it answers",
    arguments: ["khronos", "nvidia", "amd"])
  func address(kind: String) throws {
    guard let devices = devices(["STANDIN_ADDRESS": kind], for: "an OpenCL card's address") else {
      return
    }
    let card = try #require(devices.backends.first)
    #expect(card.device == DeviceID(rawValue: "pci:0000:41:00.0"))
    #expect(card.alias == "gpu0" && !card.isOnlyByName)
  }

  @Test("a card that tells no address is named by its platform")
  func platform() throws {
    guard let devices = devices(["STANDIN_ADDRESS": "none"], for: "a card without an address")
    else {
      return
    }
    #expect(devices.backends.map(\.device.rawValue) == ["opencl:stand"])
  }

  @Test("two cards of one platform that tell no address have names of their own")
  func twins() throws {
    guard
      let devices = devices(
        ["STANDIN_ADDRESS": "none", "STANDIN_DEVICES": "2"], for: "two cards without an address")
    else { return }
    #expect(devices.backends.map(\.device.rawValue) == ["opencl:stand", "opencl:stand-2"])
  }

  @Test("a sound card proves its kernel")
  func sound() throws {
    guard let devices = devices([:], for: "the proof of a kernel on an OpenCL card") else { return }
    try #require(devices.backends.first).selfTest(.sha256d, kernel)
  }

  @Test(
    "a loader that shows no card says why, and the other routes are asked all the same",
    arguments: [
      (["STANDIN_FAULT": "clGetPlatformIDs", "STANDIN_CODE": "-1001"], "no platform (code -1001)"),
      (["STANDIN_PLATFORMS": "0"], "no OpenCL platform"),
      (["STANDIN_DEVICES": "0"], "no platform has a device"),
      (["STANDIN_FAULT": "clGetDeviceIDs", "STANDIN_CODE": "-1"], "no platform has a device"),
      (["HASHWATT_OPENCL_LIBRARY": "/nonexistent/loader.so"], "/nonexistent/loader.so"),
    ])
  func absent(faults: [String: String], what: String) throws {
    guard let devices = devices(faults, for: "an OpenCL loader without a card") else { return }
    #expect(devices.backends.isEmpty)
    let reasons = try #require(route(devices)).missing.map(\.message)
    #expect(reasons.contains { $0.contains(what) }, "\(reasons)")
    #expect(reasons.allSatisfy { !$0.contains("\n") })
  }

  @Test(
    "a driver that takes the listing process with it, or never answers, is said in bounded time",
    arguments: ["crash", "hang"])
  func listing(how: String) throws {
    var limits = Workers.limits
    limits.list = Seconds(2)
    guard
      let environment = Workers.openCLStandIn(
        ["STANDIN_FAULT": "clGetDeviceInfo", "STANDIN_CODE": how], for: "an OpenCL driver's \(how)")
    else { return }
    ProcessControl.ignoreBrokenPipe()
    let devices = GPUDevices(
      executable: Workers.program, environment: environment, limits: limits)
    #expect(devices.backends.isEmpty)
    #expect(devices.missing.contains { $0.library == .openCL })
  }

  @Test(
    "a driver that fails when a kernel is started: an error with what it means",
    arguments: [
      ("clCreateContext", "-2", "clCreateContext"),
      ("clBuildProgram", "-11", "error: line 1"),
      ("clCreateKernel", "-46", "clCreateKernel"),
      ("clCreateBuffer", "-61", "out of memory"),
      ("clCreateCommandQueue", "-6", "out of the host's memory"),
      ("clSetKernelArg", "-51", "clSetKernelArg"),
      ("clEnqueueNDRangeKernel", "-5", "out of resources"),
      ("clEnqueueNDRangeKernel", "-54", "too large for this kernel"),
      ("clEnqueueReadBuffer", "-4", "out of memory"),
      ("clGetEventInfo", "-36", "the device is lost"),
      ("event", "-14", "a launch before it failed"),
    ])
  func failures(function: String, code: String, meaning: String) throws {
    // A compiler may say a megabyte.
    guard
      let devices = devices(
        ["STANDIN_FAULT": function, "STANDIN_CODE": code, "STANDIN_LOG": "1000000"],
        for: "OpenCL fault \(function)")
    else { return }
    let card = try #require(devices.backends.first)
    do {
      try card.selfTest(.sha256d, kernel)
      Issue.record("it passed")
    } catch let failure as Failure {
      #expect(failure.message.contains(meaning), "\(failure.message)")
      #expect(!failure.message.contains("\n") && failure.message.count < 500)
    }
  }

  @Test("a driver that takes its process with it", arguments: ["abort", "crash"])
  func crash(how: String) throws {
    guard
      let devices = devices(
        ["STANDIN_FAULT": "clEnqueueNDRangeKernel", "STANDIN_CODE": how],
        for: "an OpenCL driver's \(how)")
    else { return }
    let card = try #require(devices.backends.first)
    let fault = #expect(throws: KernelFault.self) { try card.selfTest(.sha256d, kernel) }
    #expect(fault?.message.contains(how == "abort" ? "SIGABRT" : "SIGSEGV") == true)
  }
}
