internal import MachineFacts
internal import Model

extension PCIScanner {
  /// The functions that an exported topology carries.
  ///
  /// It has no configuration space: links and memory stay unknown.
  func scan(objects: [TopologyPCIObject]) -> PCIScan {
    let reason = Reason.notCaptured(
      "the PCI configuration space", "add '--pci-dump FILE' made with 'sudo lspci -xxxx'")
    // Older exports carry no names.
    let bus = try? PCIBus(.sysfs("/sys/bus/pci"), names: names)
    let functions = objects.map { object in
      var function = PCIFunction(
        address: object.address,
        identity: PCIIdentity(
          vendor: object.vendor, device: object.device, classCode: object.classCode,
          revision: object.revision,
          subsystem: PCISubsystem(vendor: object.subsystemVendor, device: object.subsystemDevice)),
        vendorName: object.vendorName ?? bus?.vendorName(object.vendor),
        deviceName: object.deviceName ?? bus?.deviceName(object.vendor, object.device),
        configuration: .unavailable(reason))
      function.system.operatingSystemDevices = object.operatingSystemDevices
      if object.linkSpeed > 0 { function.system.bandwidth = object.linkSpeed }
      if object.numaNodes.count == 1 { function.system.numaNode = object.numaNodes[0] }
      return function
    }
    return PCIScan(
      functions: functions.sorted { $0.address < $1.address }, gaps: [reason],
      count: .value(functions.count))
  }
}
