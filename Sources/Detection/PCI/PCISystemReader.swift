internal import LinuxSystem
internal import MachineFacts
internal import Model

/// What the operating system's files tell of a PCI function, without touching the function itself.
struct PCISystemReader {
  let reader: FactReader

  private func folder(_ address: PCIAddress) -> String { "/sys/bus/pci/devices/\(address)" }

  /// `D0`, `D3hot`, `D3cold`, ...; nil where the kernel does not tell.
  func powerState(_ address: PCIAddress) -> String? {
    reader.text("\(folder(address))/power_state").value
  }

  /// Whether these files are about the same hardware: a dump and a tree may come from different machines.
  func describes(_ address: PCIAddress, _ identity: PCIIdentity) -> Bool {
    number(address, "vendor") == UInt64(identity.vendor)
      && number(address, "device") == UInt64(identity.device)
  }

  func facts(_ address: PCIAddress) -> PCIFunction.SystemFacts {
    let folder = folder(address)
    var facts = PCIFunction.SystemFacts()
    facts.isRead = true
    facts.driver = reader.linkName("\(folder)/driver")
    facts.iommuGroup = reader.linkName("\(folder)/iommu_group").flatMap { Int($0) }
    // The kernel writes -1 where it knows no node.
    facts.numaNode = reader.integer("\(folder)/numa_node").value.flatMap { $0 >= 0 ? Int($0) : nil }
    facts.powerState = powerState(address)
    facts.physicalFunction = reader.linkName("\(folder)/physfn").flatMap { PCIAddress($0) }
    facts.virtualFunctions = reader.integer("\(folder)/sriov_numvfs").value.map { Int($0) }
    facts.driverVRAM = reader.integer("\(folder)/mem_info_vram_total").value.flatMap {
      $0 > 0 ? UInt64($0) : nil
    }
    facts.isBootDisplay = reader.integer("\(folder)/boot_vga").value.map { $0 != 0 }
    facts.link = link(folder)
    return facts
  }

  /// Fills in what libpci could not tell without the configuration space.
  func complete(_ identity: inout PCIIdentity, _ address: PCIAddress) {
    if identity.classCode == nil {
      // Class, subclass and interface.
      identity.classCode = number(address, "class").flatMap { UInt16(exactly: $0 >> 8) }
    }
    if identity.revision == nil {
      identity.revision = number(address, "revision").flatMap { UInt8(exactly: $0) }
    }
    if identity.subsystem == nil,
      let vendor = number(address, "subsystem_vendor").flatMap({ UInt16(exactly: $0) }),
      let device = number(address, "subsystem_device").flatMap({ UInt16(exactly: $0) })
    {
      identity.subsystem = PCISubsystem(vendor: vendor, device: device)
    }
  }

  private func number(_ address: PCIAddress, _ file: String) -> UInt64? {
    reader.text("\(folder(address))/\(file)").value?.hexadecimalValue
  }

  /// The link as the kernel prints it for everybody: `16.0 GT/s PCIe` and a width.
  private func link(_ folder: String) -> PCILink? {
    func state(_ prefix: String) -> PCILink.State? {
      guard let speed = reader.text("\(folder)/\(prefix)_link_speed").value,
        let width = reader.integer("\(folder)/\(prefix)_link_width").value, width < 64, width >= 0,
        let number = speed.split(separator: " ").first.flatMap({ Double($0) })
      else { return nil }
      let speeds: [Double] = [2.5, 5, 8, 16, 32, 64]
      return speeds.firstIndex(of: number).map { .init(speed: $0 + 1, width: Int(width)) }
    }
    guard let best = state("max"), let now = state("current") else { return nil }
    return PCILink(best: best, now: now)
  }
}
