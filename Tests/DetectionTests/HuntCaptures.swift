import Detection
import Foundation
import Model
import TestSupport
import Testing

#if !SANITIZED
  import Reporting
#endif

/// A machine of the second hunt, with what its index says must come out.
struct HuntCase: Sendable, CustomTestStringConvertible {
  /// `sysroot/tr-7975wx.tar.bz2`, below `hunt2`.
  let capture: String
  let check: @Sendable (HuntView) throws -> Void
  var testDescription: String { capture }

  init(_ capture: String, _ check: @escaping @Sendable (HuntView) throws -> Void) {
    self.capture = capture
    self.check = check
  }
}

/// What came out.
struct HuntView {
  let report: DetectionReport

  init(_ capture: String) throws {
    let folder = try #require(Captures.folder).appendingPathComponent("hunt2")
    let name = capture.split(separator: "/").last.map(String.init) ?? ""
    if capture.hasPrefix("sysroot/") {
      let target = try TemporaryFolder()
      let file = folder.appendingPathComponent(capture).path
      let outcome = try ChildProcess.run("/bin/tar", ["-xjf", file, "-C", target.path])
      guard outcome.status == 0 else { throw TestSupportError("cannot unpack \(file)") }
      let inner = name.replacingOccurrences(of: ".tar.bz2", with: "")
      let sources = DetectionSources(
        sysroot: "\(target.path)/\(inner)", hwlocXML: nil, pciDump: nil)
      report = try MachineDetector(sources).detect()
      withExtendedLifetime(target) {}
    } else {
      let ready = try ReadyCapture(capture, folder: folder, inner: nil)
      report = try MachineDetector(ready.sources).detect()
    }
  }

  /// Looks at what a person sees, at 80 columns.
  func shown(_ check: (String) -> Void) {
    #if !SANITIZED
      check(DetectionText(report, width: 80).text())
    #endif
  }

  var cpu: CPUDescription? { report.machine.cpu.value }
  var cpuID: String { cpu?.hardwareID.rawValue ?? "" }
  var kinds: [CoreKind] { cpu?.coreKinds.value ?? [] }
  var hypervisor: Reading<String?> { report.machine.platform.hypervisor }

  func device(_ id: String) throws -> Device {
    try #require(report.devices.first { $0.id.rawValue == id }, "no device \(id)")
  }
  func found(_ id: String) -> Device? { report.devices.first { $0.id.rawValue == id } }
  func devices(_ kind: DeviceKind) -> [Device] { report.devices.filter { $0.kind == kind } }
}
