internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Board, firmware, kernel, and what stands between us and the hardware.
struct PlatformReader {
  /// Nil where no `sys` and `proc` are read.
  var reader: FactReader?
  var info: CPUInfo?
  /// What the CPU answered to CPUID, in a capture of that.
  var dump: CPUIDDump?
  /// Texts that an exported topology carries.
  var machineInfos: [String: String]
  var isLive: Bool

  func platform() -> PlatformDescription {
    PlatformDescription(
      boardVendor: firmware.text(.boardVendor),
      boardName: boardName, productName: productName,
      firmwareVersion: firmware.text(.version), firmwareDate: firmware.text(.date),
      hypervisor: Hypervisor(
        reader: reader, info: info, dumpedFlag: dump?.isVirtual, firmware: firmware,
        isLive: isLive
      ).name,
      container: reader.map { Containers.name($0) }
        ?? .unavailable(.notCaptured("whether it is a container")))
  }

  func operatingSystem() -> OperatingSystemDescription {
    OperatingSystemDescription(
      name: text("/proc/sys/kernel/ostype", "OSName"),
      kernelRelease: text("/proc/sys/kernel/osrelease", "OSRelease"),
      kernelCommandLine: reader.map { reader in
        reader.text("/proc/cmdline").map { KernelParameters.relevant(in: $0) }
      } ?? .unavailable(.notCaptured("the kernel's command line")),
      mitigations: mitigations)
  }

  /// The chip that the cores of a name sit in.
  func chip(core: String?) -> String? {
    ChipNames.name(
      ChipNames.Sources(
        reader: reader, info: info, firmware: firmware, exported: machineInfos), core: core)
  }

  // MARK: - Firmware

  private var firmware: FirmwareTexts { FirmwareTexts(reader, exported: machineInfos) }

  private var boardName: Reading<String> {
    let name = firmware.text(.boardName)
    guard name.value == nil else { return name }
    return Reading(deviceTreeModel, else: name.reason ?? .notCaptured("the board"))
  }

  private var productName: Reading<String> {
    let name = firmware.text(.productName)
    guard name.value == nil else { return name }
    let other =
      deviceTreeModel ?? info?.first("machine") ?? info?.globals["system type"]
      ?? machineInfos["PlatformName"]
    return Reading(other, else: name.reason ?? .notCaptured("the product"))
  }

  private var deviceTreeModel: String? {
    reader?.text("/sys/firmware/devicetree/base/model").value
      ?? reader?.text("/proc/device-tree/model").value ?? info?.globals["model"]
  }

  // MARK: - Kernel

  private func text(_ path: String, _ info: String) -> Reading<String> {
    if let text = reader?.text(path).value ?? machineInfos[info] { return .value(text) }
    return .unavailable(
      reader?.text(path).reason ?? .notCaptured(path))
  }

  private var mitigations: Reading<[String: String]> {
    guard let reader else { return .unavailable(.notCaptured("the list of mitigations")) }
    let folder = "/sys/devices/system/cpu/vulnerabilities"
    var found: [String: String] = [:]
    for name in reader.names(folder) { found[name] = reader.text("\(folder)/\(name)").value }
    return Reading(
      found.isEmpty ? nil : found,
      else: reader.root.isLive
        ? Reason(.absent, "the kernel shows no \(folder)") : .notCaptured(folder))
  }
}
