import Detection
import Foundation
import JSON
import Model
import TestSupport
import Testing

#if !SANITIZED
  import Records
  import Verification
#endif

/// What `verify` asks of every result's machine.
func expectConsistentCounts(_ cpu: CPUDescription) {
  #if !SANITIZED
    #expect(ProcessorCounts.contradiction(in: cpu) == nil)
  #endif
}

/// Machines that nobody here owns: what their index says must come out.
struct CaptureTests {
  @Test("the captures are there")
  func present() {
    if Captures.folder == nil {
      NotRun.report("detection of captured machines: the captures are not beside the project")
    }
  }

  @Test("the facts of the index come out", arguments: Captures.all)
  func facts(capture: String) throws {
    let folder = try #require(Captures.folder)
    let expected = try #require(
      try Expectation.of(capture), "no expectation for \(capture) in Tests/DetectionTests/Expected")
    let ready = try ReadyCapture(capture, folder: folder, inner: expected.folder)
    if let line = expected.errorLine {
      let error = #expect(throws: Failure.self) {
        _ = try MachineDetector(ready.sources).detect()
      }
      #expect(error?.exitCode == .badInput)
      #expect(error?.line.contains("\(capture.split(separator: "/")[1]), line \(line):") == true)
      return
    }
    let report = try MachineDetector(ready.sources).detect()
    #expect(report.machine.origin == .captured)
    try checkCPU(report, expected)
    if let cpu = report.machine.cpu.value { expectConsistentCounts(cpu) }
    try checkPCI(report, expected)
    try checkReplayIsPure(report, capture, expected)
  }

  private func checkCPU(_ report: DetectionReport, _ expected: Expectation) throws {
    guard expected.threads != nil else { return }
    let cpu = try #require(report.machine.cpu.value)
    func usable(_ name: String, _ whole: Int?) -> Int? {
      guard case .integer(let count)? = cpu.settings[CPUSetting(rawValue: "usable_\(name)")]?.value
      else { return whole }
      return Int(count)
    }
    #expect(cpu.threads == expected.threads)
    #expect((cpu.allowedCPUs.value ?? cpu.onlineCPUs).count == expected.usableThreads)
    if let packages = expected.packages {
      #expect(usable("packages", cpu.packages.value) == packages.value)
    }
    if let cores = expected.cores { #expect(usable("cores", cpu.cores.value) == cores.value) }
    if let nodes = expected.numaNodes {
      // A machine whose source tells no node counts as one node in the index.
      #expect(usable("numa_nodes", cpu.numaNodes.value?.count ?? 1) == nodes)
    }
    if let caches = expected.l3Caches {
      let found = cpu.caches.value?.filter { $0.name == "L3" }.reduce(0) { $0 + $1.count }
      #expect((found ?? 0) == caches)
    }
    if let name = expected.modelName {
      let plain = name.value?.split(separator: " ").joined(separator: " ")
      // hwloc names no model for some machines; then /proc/cpuinfo may still name the core.
      if plain != nil || expected.folder == nil { #expect(cpu.modelName.value == plain) }
    }
    if let vendor = expected.vendor { #expect(cpu.vendor.value == vendor) }
    if let types = expected.coreTypes {
      var found: [String: Int] = [:]
      for kind in cpu.coreKinds.value ?? [] {
        found[kind.coreType ?? kind.name, default: 0] += kind.cpus.count
      }
      #expect(found == types)
    }
    if let features = expected.features {
      #expect(Set(features).isSubset(of: cpu.features.value ?? []))
      // The index looked for these; what it does not list is not there.
      let looked: Set = ["sse4_1", "ssse3", "avx", "avx2", "sha_ni", "sha1", "sha2", "asimd"]
      #expect(looked.intersection(cpu.features.value ?? []) == looked.intersection(features))
    }
    if expected.capture.hasSuffix(".cpuid.tar.bz2") {
      // A dump of CPUID tells the instruction sets and whether a hypervisor answered.
      #expect(cpu.features.value?.contains("avx2") == true)
      #expect(report.machine.platform.hypervisor.value == .some(nil))
    }
    if let sha = expected.shaNI { #expect(cpu.features.value?.contains("sha_ni") == sha) }
    if let parts = expected.armParts {
      #expect(cpu.settings[.armParts]?.value == .text(parts))
    }
    for (name, value) in expected.settings ?? [:] {
      #expect(cpu.settings[CPUSetting(rawValue: name)]?.value == .text(value), "\(name)")
    }
    if let identifier = expected.cpuIdentifier { #expect(cpu.hardwareID.rawValue == identifier) }
  }

  private func checkPCI(_ report: DetectionReport, _ expected: Expectation) throws {
    if let functions = expected.pciFunctions { #expect(report.pciFunctions.value == functions) }
    guard let displays = expected.displays else { return }
    for display in displays {
      let found = report.devices.first { $0.id.rawValue == "pci:\(display.address)" }
      guard let device = found else {
        // The second function of one GPU belongs to the first.
        #expect(
          report.devices.contains { $0.text(.pciSecondDisplay) == display.address },
          "\(display.address)")
        continue
      }
      #expect(device.kind == kind(of: display), "\(display.address)")
      #expect(device.text(.pciVendorID) == display.vendorID)
      #expect(device.text(.pciDeviceID) == display.deviceID)
      if let value = display.subsystem { #expect(device.text(.pciSubsystem) == value) }
      if let value = display.revision { #expect(device.text(.pciRevision) == value) }
      #expect(device.text(.linkBest) == display.linkBest)
      #expect(device.text(.linkNow) == display.linkNow)
      if let best = display.linkBest, let now = display.linkNow {
        let isNoted = device.notices.contains { $0.code.rawValue.hasPrefix("link-") }
        #expect(isNoted == (best != now), "\(display.address)")
      }
    }
    let gpus = report.devices.filter { $0.kind == .gpu }
    #expect(gpus.count <= displays.count)
    if let identifiers = expected.gpuIdentifiers {
      #expect(gpus.map(\.hardwareID.rawValue) == identifiers)
    }
    if let names = expected.osDevices {
      let found = gpus.compactMap { $0.text(.systemDevices) }.joined(separator: ", ")
      for name in names { #expect(found.contains(name)) }
    }
  }

  /// Displays of management controllers and virtual machines, as the index lists them.
  private func kind(of display: Expectation.Display) -> DeviceKind {
    switch (display.vendorID, display.deviceID) {
    case ("1a03", _), ("102b", _), ("1002", "515e"): .managementDisplay
    case ("1013", _), ("1234", "1111"): .virtualDisplay
    default: .gpu
    }
  }

  private func checkReplayIsPure(
    _ report: DetectionReport, _ capture: String, _ expected: Expectation
  ) throws {
    #if !SANITIZED
      let text = String(decoding: try DetectionFile.encode(report), as: UTF8.self)
      for secret in expected.secrets ?? [] { #expect(!text.contains(secret)) }
    #endif
    if capture.hasPrefix("pci/") {
      // Nothing of the present machine stands in for what was not captured.
      let machine = report.machine
      #expect(machine.cpu.reason?.code == .notCaptured)
      #expect(machine.memory.reason?.code == .notCaptured)
      #expect(machine.platform.hypervisor.reason?.code == .notCaptured)
      #expect(machine.platform.container.reason?.code == .notCaptured)
      #expect(machine.operatingSystem.kernelRelease.reason?.code == .notCaptured)
      #expect(machine.operatingSystem.mitigations.reason?.code == .notCaptured)
      #expect(!report.devices.contains { $0.kind == .cpu })
    } else if capture.hasPrefix("cpuinfo/") || expected.displays?.isEmpty == true {
      #expect(!report.devices.contains { $0.id.rawValue.hasPrefix("pci:") })
      #expect(!report.devices.contains { $0.id.rawValue.hasPrefix("usb:") })
    }
  }
}
