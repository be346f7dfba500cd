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

  /// Its name, such as `kvm`; nil for none; unavailable where nothing tells.
  package var name: Reading<String?> {
    let maker = VirtualMachines.name(
      systemVendor: firmware.text(.systemVendor).value,
      productName: firmware.text(.productName).value,
      boardVendor: firmware.text(.boardVendor).value)
    let captured = reader?.text(Hypervisor.signatureFile).value
    if let signature = isLive ? HardwareIdentity.hypervisorSignature() : captured {
      return .value(VirtualMachines.name(signature: signature) ?? maker ?? signature)
    }
    if let info, let isVirtual = info.isVirtual {
      guard isVirtual else { return .value(nil) }
      let type = reader?.text(Hypervisor.typeFile).value
      return .value(type ?? maker ?? "unknown")
    }
    if let isVirtual = dumpedFlag { return .value(isVirtual ? "unknown" : nil) }
    if let type = reader?.text(Hypervisor.typeFile).value { return .value(type) }
    let tree = reader?.text(Hypervisor.deviceTreeFile).value
    if let maker = maker ?? tree { return .value(maker) }
    if firmware.text(.systemVendor).value != nil { return .value(nil) }
    return .unavailable(
      reader == nil
        ? .notCaptured("whether a hypervisor runs below")
        : Reason(.absent, "nothing tells whether a hypervisor runs below"))
  }
}
