internal import LinuxSystem
internal import Model

/// Board, firmware, kernel, and what stands between us and the hardware.
struct PlatformReader {
  /// Nil where no `sys` and `proc` are read.
  var reader: SysfsReader?
  var info: CPUInfo?
  /// What the CPU answered to CPUID, in a capture of that.
  var dump: CPUIDDump?
  /// Texts that an exported topology carries.
  var machineInfos: [String: String]
  var isLive: Bool

  func platform() -> PlatformDescription {
    PlatformDescription(
      boardVendor: dmi("board_vendor", "DMIBoardVendor"),
      boardName: boardName, productName: productName,
      firmwareVersion: dmi("bios_version", "DMIBIOSVersion"),
      firmwareDate: dmi("bios_date", "DMIBIOSDate"),
      hypervisor: hypervisor, container: container)
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

  /// The chip that a device tree names last and most exactly, such as `bcm2711`.
  var chip: String? {
    guard let reader,
      let list = reader.text("/sys/firmware/devicetree/base/compatible").value
        ?? reader.text("/proc/device-tree/compatible").value,
      let last = list.split(separator: "\0").last
    else { return nil }
    return last.split(separator: ",").last.map(String.init)
  }

  // MARK: - Firmware

  /// Texts that mean that a maker filled in nothing.
  private static let blanks: Set<String> = [
    "to be filled by o.e.m.", "default string", "not specified", "none", "n/a", "unknown",
    "system product name", "system manufacturer", "0123456789", "not applicable", "oem",
    "type2 - board product name1", "base board product name", "xxxx",
  ]

  private func dmi(_ file: String, _ info: String) -> Reading<String> {
    let found = reader?.text("/sys/class/dmi/id/\(file)")
    if let text = found?.value ?? machineInfos[info] {
      return PlatformReader.blanks.contains(text.lowercased())
        ? .unavailable(Reason(.absent, "the firmware says '\(text)'")) : .value(text)
    }
    if let reason = found?.reason { return .unavailable(reason) }
    return .unavailable(.notCaptured("the firmware's \(file)"))
  }

  private var boardName: Reading<String> {
    let name = dmi("board_name", "DMIBoardName")
    guard name.value == nil else { return name }
    return Reading(deviceTreeModel, else: name.reason ?? .notCaptured("the board"))
  }

  private var productName: Reading<String> {
    let name = dmi("product_name", "DMIProductName")
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

  // MARK: - What is in between

  /// Where a capture keeps the hypervisor's signature, which is in no file of the machine.
  static let signatureFile = "/hypervisor-signature"

  private var hypervisor: Reading<String?> {
    let maker = VirtualMachines.name(
      systemVendor: dmi("sys_vendor", "DMISysVendor").value,
      productName: dmi("product_name", "DMIProductName").value,
      boardVendor: dmi("board_vendor", "DMIBoardVendor").value)
    let captured = reader?.text(PlatformReader.signatureFile).value
    if let signature = isLive ? HardwareIdentity.hypervisorSignature() : captured {
      return .value(VirtualMachines.name(signature: signature) ?? maker ?? signature)
    }
    if let words = info?.featureWords, info?.first("flags") != nil {
      guard words.contains("hypervisor") else { return .value(nil) }
      let type = reader?.text("/sys/hypervisor/type").value
      return .value(type ?? maker ?? "unknown")
    }
    if let isVirtual = dump?.isVirtual { return .value(isVirtual ? "unknown" : nil) }
    if let type = reader?.text("/sys/hypervisor/type").value { return .value(type) }
    let tree = reader?.text("/sys/firmware/devicetree/base/hypervisor/compatible").value
    if let maker = maker ?? tree { return .value(maker) }
    if dmi("sys_vendor", "DMISysVendor").value != nil { return .value(nil) }
    return .unavailable(
      reader == nil
        ? .notCaptured("whether a hypervisor runs below")
        : Reason(.absent, "nothing tells whether a hypervisor runs below"))
  }

  private var container: Reading<String?> {
    guard let reader else { return .unavailable(.notCaptured("whether it is a container")) }
    if reader.root.exists("/run/.containerenv") { return .value("podman") }
    if reader.root.exists("/.dockerenv") { return .value("docker") }
    if let name = reader.text("/run/systemd/container").value { return .value(name) }
    let files = ["/proc/1/cgroup", "/proc/self/cgroup"].map { reader.text($0) }
    guard let text = files.compactMap(\.value).nonEmpty?.joined(separator: "\n") else {
      return .unavailable(
        files.compactMap(\.reason).first ?? .notCaptured("whether it is a container"))
    }
    return .value(PlatformReader.containerMarks.first { text.contains($0.mark) }?.name)
  }

  /// What the path of a control group tells of the container around it.
  static let containerMarks: [(mark: String, name: String)] = [
    ("kubepods", "kubernetes"), ("libpod", "podman"), ("docker", "docker"), ("lxc", "lxc"),
    ("containerd", "containerd"), ("machine.slice/machine-", "systemd-nspawn"),
  ]

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

extension Array {
  /// Nil for an empty array.
  fileprivate var nonEmpty: [Element]? { isEmpty ? nil : self }
}
