internal import Model

/// The facts of a PCI device by stable name, each with its value or the reason why there is none.
enum PCIAttributes {
  static func of(_ function: PCIFunction, _ kind: DeviceKind) -> [String: Reading<StateValue>] {
    let identity = function.identity
    let system = function.system
    var facts: [String: Reading<StateValue>] = [
      "pci.address": .value(.text(function.address.description)),
      "pci.vendor_id": .value(.text(identity.vendor.hexadecimal(4))),
      "pci.device_id": .value(.text(identity.device.hexadecimal(4))),
      "pci.class": text(identity.classCode?.hexadecimal(4), "the class"),
      "pci.revision": text(identity.revision?.hexadecimal(2), "the revision"),
      "pci.subsystem": text(
        identity.subsystem.flatMap {
          $0.vendor == 0 && $0.device == 0
            ? nil : "\($0.vendor.hexadecimal(4)):\($0.device.hexadecimal(4))"
        }, "a subsystem"),
      "pci.vendor_name": text(function.vendorName, "a name of this vendor in pci.ids"),
      "pci.device_name": text(function.deviceName, "a name of this device in pci.ids"),
      "pci.function": .value(
        .text(PCIClassifier.isVirtualFunction(function) ? "virtual" : "physical")),
    ]
    if let name = function.subsystemName { facts["pci.subsystem_name"] = .value(.text(name)) }
    let unread = Reason.notCaptured("what the operating system knows of this device")
    func systemFact(_ value: StateValue?, _ absent: String) -> Reading<StateValue> {
      if let value { return .value(value) }
      return .unavailable(system.isRead ? Reason(.absent, absent) : unread)
    }
    facts["pci.driver"] = systemFact(system.driver.map { .text($0) }, "no driver is bound")
    facts["pci.iommu_group"] = systemFact(
      system.iommuGroup.map { .integer(Int64($0)) }, "it is in no IOMMU group")
    facts["pci.numa_node"] = systemFact(
      system.numaNode.map { .integer(Int64($0)) }, "the firmware tells no NUMA node")
    facts["pci.power_state"] = systemFact(
      system.powerState.map { .text($0) }, "the kernel does not show it")
    if let address = system.physicalFunction {
      facts["pci.physical_function"] = .value(.text(address.description))
    }
    if let isBoot = system.isBootDisplay { facts["pci.boot_display"] = .value(.flag(isBoot)) }
    if let bandwidth = system.bandwidth {
      facts["pci.link.gigabytes_per_second"] = .value(.number(bandwidth))
    }
    if !system.operatingSystemDevices.isEmpty {
      facts["os.devices"] = .value(.text(system.operatingSystemDevices.joined(separator: ", ")))
    }
    addLink(function, to: &facts)
    if kind == .gpu {
      facts["gpu.placement"] = .value(
        .text(PCIClassifier.isIntegrated(function) ? "integrated" : "discrete"))
      let memory = PCIMemory(function)
      facts["vram_bytes"] = memory.size.map { .integer(Int64(clamping: $0)) }
      facts["vram_source"] = memory.source
    }
    addRegions(function, to: &facts)
    return facts
  }

  private static func text(_ value: String?, _ what: String) -> Reading<StateValue> {
    Reading(value.map { .text($0) }, else: Reason(.absent, "there is no word of \(what)"))
  }

  private static func addLink(
    _ function: PCIFunction, to facts: inout [String: Reading<StateValue>]
  ) {
    let configuration = function.configuration.value
    if function.system.powerState != "D3cold",
      let link = configuration?.link ?? function.system.link
    {
      facts["pci.link.best"] = .value(.text(link.best.text))
      facts["pci.link.now"] =
        link.now.width > 0
        ? .value(.text(link.now.text))
        : .unavailable(Reason(.absent, "the device shows no link that is up"))
      return
    }
    let reason: Reason =
      if let reason = function.configuration.reason {
        reason
      } else if configuration?
        .showsCapabilities == false
      {
        Reason(
          .permission, "only the first 64 bytes of the configuration space could be read",
          remedy: "run it as root, or capture with 'sudo lspci -xxxx'")
      } else { Reason(.absent, "it is not attached by a PCI Express link") }
    facts["pci.link.best"] = .unavailable(reason)
    facts["pci.link.now"] = .unavailable(reason)
  }

  private static func addRegions(
    _ function: PCIFunction, to facts: inout [String: Reading<StateValue>]
  ) {
    let regions = function.regionSizes
    if let regions, let largest = regions.values.max(), largest > 0 {
      facts["pci.largest_region_bytes"] = .value(.integer(Int64(clamping: largest)))
    }
    for (region, size) in function.configuration.value?.resizableRegions ?? [:] {
      facts["pci.region\(region).resizable_now_bytes"] = .value(.integer(Int64(clamping: size.now)))
      if let best = size.best {
        facts["pci.region\(region).resizable_best_bytes"] = .value(.integer(Int64(clamping: best)))
      }
    }
  }
}
