internal import MachineFacts
internal import Model

/// The facts of a PCI device by stable name, each with its value or the reason why there is none.
enum PCIAttributes {
  static func of(_ function: PCIFunction, _ kind: DeviceKind, _ links: PCILinks)
    -> [DeviceFact: Reading<StateValue>]
  {
    let identity = function.identity
    let system = function.system
    var facts: [DeviceFact: Reading<StateValue>] = [
      .pciAddress: .value(.text(function.address.description)),
      .pciVendorID: .value(.text(identity.vendor.hexadecimal(4))),
      .pciDeviceID: .value(.text(identity.device.hexadecimal(4))),
      .pciClass: text(identity.classCode?.hexadecimal(4), "the class"),
      .pciRevision: text(identity.revision?.hexadecimal(2), "the revision"),
      .pciSubsystem: text(
        identity.subsystem.flatMap {
          $0.vendor == 0 && $0.device == 0
            ? nil : "\($0.vendor.hexadecimal(4)):\($0.device.hexadecimal(4))"
        }, "a subsystem"),
      .pciVendorName: text(function.vendorName, "a name of this vendor in pci.ids"),
      .pciDeviceName: text(function.deviceName, "a name of this device in pci.ids"),
      .pciFunction: .value(
        .text(PCIClassifier.isVirtualFunction(function) ? "virtual" : "physical")),
    ]
    if let name = function.subsystemName { facts[.pciSubsystemName] = .value(.text(name)) }
    let unread = Reason.notCaptured("what the operating system knows of this device")
    func systemFact(_ value: StateValue?, _ absent: String) -> Reading<StateValue> {
      if let value { return .value(value) }
      return .unavailable(system.isRead ? Reason(.absent, absent) : unread)
    }
    facts[.pciDriver] = systemFact(system.driver.map { .text($0) }, "no driver is bound")
    facts[.pciIOMMUGroup] = systemFact(
      system.iommuGroup.map { .integer(Int64($0)) }, "it is in no IOMMU group")
    facts[.pciNUMANode] = systemFact(
      system.numaNode.map { .integer(Int64($0)) }, "the firmware tells no NUMA node")
    facts[.pciPowerState] = systemFact(
      system.powerState.map { .text($0) }, "the kernel does not show it")
    if let address = system.physicalFunction {
      facts[.pciPhysicalFunction] = .value(.text(address.description))
    }
    if let isBoot = system.isBootDisplay { facts[.pciBootDisplay] = .value(.flag(isBoot)) }
    if let bandwidth = system.bandwidth {
      facts[.linkBandwidth] = .value(.number(bandwidth))
    }
    if !system.operatingSystemDevices.isEmpty {
      facts[.systemDevices] = .value(.text(system.operatingSystemDevices.joined(separator: ", ")))
    }
    addLink(function, links, to: &facts)
    if kind == .gpu {
      facts[.gpuPlacement] = .value(
        .text(PCIClassifier.isIntegrated(function) ? "integrated" : "discrete"))
    }
    if DeviceClass.of(kind).hasMemory {
      let memory = PCIMemory(function)
      facts[.memory] = memory.size.map { .integer(Int64(clamping: $0)) }
      facts[.memorySource] = memory.source
    }
    addRegions(function, to: &facts)
    return facts
  }

  private static func text(_ value: String?, _ what: String) -> Reading<StateValue> {
    Reading(value.map { .text($0) }, else: Reason(.absent, "there is no word of \(what)"))
  }

  private static func addLink(
    _ function: PCIFunction, _ links: PCILinks, to facts: inout [DeviceFact: Reading<StateValue>]
  ) {
    let card: Reading<PCILinks.CardLink> =
      function.system.powerState == "D3cold"
      ? .unavailable(function.configuration.reason ?? Reason(.notMeasured, "it is powered off"))
      : links.link(of: function)
    facts[.linkBest] = card.map { .text($0.link.best.text) }
    facts[.linkNow] = card.flatMap { card in
      card.link.now.width > 0
        ? .value(.text(card.link.now.text))
        : .unavailable(Reason(.absent, "the device shows no link that is up"))
    }
    if let port = card.value?.port {
      facts[.linkPort] = .value(.text(port.address.description))
    }
  }

  private static func addRegions(
    _ function: PCIFunction, to facts: inout [DeviceFact: Reading<StateValue>]
  ) {
    let regions = function.regionSizes
    if let regions, let largest = regions.values.max(), largest > 0 {
      facts[.pciLargestRegion] = .value(.integer(Int64(clamping: largest)))
    }
    for (region, size) in function.configuration.value?.resizableRegions ?? [:] {
      facts[.pciRegionNow(region)] = .value(.integer(Int64(clamping: size.now)))
      if let best = size.best {
        facts[.pciRegionBest(region)] = .value(.integer(Int64(clamping: best)))
      }
    }
  }
}
