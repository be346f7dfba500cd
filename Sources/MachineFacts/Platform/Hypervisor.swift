internal import LinuxSystem
package import Model

/// What stands between the machine that is seen and the hardware.
package struct Hypervisor: Sendable {
  /// Nil where no `sys` and `proc` are read.
  package var reader: FactReader?
  package var info: CPUInfo?
  /// Whether a hypervisor answered CPUID, in a capture of that.
  package var dumpedFlag: Bool?
  package var firmware: FirmwareTexts
  /// True for the present machine, which can be asked through CPUID.
  package var isLive: Bool

  package init(
    reader: FactReader?, info: CPUInfo?, dumpedFlag: Bool?, firmware: FirmwareTexts, isLive: Bool
  ) {
    self.reader = reader
    self.info = info
    self.dumpedFlag = dumpedFlag
    self.firmware = firmware
    self.isLive = isLive
  }

  /// Where a capture keeps the hypervisor's signature, which is in no file of the machine.
  package static let signatureFile = "/hypervisor-signature"
  package static let typeFile = "/sys/hypervisor/type"
  package static let deviceTreeFile = "/sys/firmware/devicetree/base/hypervisor/compatible"

  /// Its name, such as `kvm`; nil where something proves that there is none; unavailable where nothing tells.
  package var name: Reading<String?> {
    let vendor = firmware.text(.systemVendor).value
    let maker = VirtualMachines.name(
      systemVendor: vendor, productName: firmware.text(.productName).value,
      boardVendor: firmware.text(.boardVendor).value)
    let captured = reader?.text(Hypervisor.signatureFile).value
    if let signature = isLive ? HardwareIdentity.hypervisorSignature() : captured {
      return .value(VirtualMachines.name(signature: signature) ?? maker ?? signature)
    }
    let type = reader?.text(Hypervisor.typeFile).value
    let mark = type ?? maker ?? deviceTreeMark ?? deviceMark ?? machineMark
    // The CPU's own flag is proof of either; a hypervisor that hides it shows its devices.
    if let isVirtual = info?.isVirtual ?? dumpedFlag {
      return .value(isVirtual ? mark ?? "unknown" : type ?? deviceMark)
    }
    if let mark { return .value(mark) }
    if isVirtualByTable == true { return .value("unknown") }
    let tree = reader?.text(Hypervisor.deviceTree + "/model").value
    let isMetal = firmware.text(.productName).value.map { VirtualMachines.isBareMetal($0) } ?? false
    if isMetal || isVirtualByTable == false || vendor == nil && tree != nil
      || vendor.map({ VirtualMachines.isMakerOfRealMachines($0) }) == true
    {
      return .value(nil)
    }
    return .unavailable(
      reader == nil
        ? .notCaptured("whether a hypervisor runs below")
        : Reason(.absent, "nothing tells whether a hypervisor runs below"))
  }

  private static let deviceTree = "/sys/firmware/devicetree/base"

  private var deviceTreeMark: String? {
    if let text = reader?.text(Hypervisor.deviceTreeFile).value {
      return text.split(separator: "\0").first.map(String.init)
    }
    let compatible = reader?.text(Hypervisor.deviceTree + "/compatible").value ?? ""
    return compatible.contains("dummy-virt") || compatible.contains("qemu") ? "kvm" : nil
  }

  /// POWER says so in the machine's line.
  private var machineMark: String? {
    info?.first("machine")?.contains("emulated by qemu") == true ? "kvm" : nil
  }

  /// A hypervisor by PCI functions that no real machine has.
  private var deviceMark: String? {
    guard let reader else { return nil }
    let folder = "/sys/bus/pci/devices"
    for address in reader.names(folder) {
      let vendor = reader.text("\(folder)/\(address)/vendor").value ?? ""
      if let name = VirtualMachines.pciVendors[vendor.lowercased()] { return name }
    }
    return nil
  }

  /// The bit of the firmware's table by which it says that it is a virtual machine's; nil where it cannot be read.
  private var isVirtualByTable: Bool? {
    guard let bytes = try? reader?.root.bytes("/sys/firmware/dmi/tables/DMI"), bytes.count > 0x14,
      bytes[0] == 0, bytes[1] >= 0x14
    else { return nil }
    // Byte 2 of the extended characteristics of type 0, which comes first.
    return bytes[0x13] & 0x10 != 0
  }
}
