internal import Model
internal import Text

/// The facts of one device that a person asks for first, in one line.
enum DeviceFacts {
  static func line(_ device: Device) -> String {
    var parts: [String] = []
    if let placement = text(device, "gpu.placement") { parts.append(placement) }
    if text(device, "pci.function") == "virtual" { parts.append("virtual function") }
    if case .integer(let bytes)? = device.attributes["vram_bytes"]?.value, bytes > 0 {
      let isExact = text(device, "vram_source") == "driver"
      parts.append("\(isExact ? "" : "up to ")\(QuantityText.bytes(UInt64(bytes))) memory")
    }
    if let now = text(device, "pci.link.now"), let best = text(device, "pci.link.best") {
      parts.append(now == best ? "link \(now)" : "link \(now) of \(best)")
    }
    if let driver = text(device, "pci.driver") { parts.append("driver \(driver)") }
    if case .integer(let node)? = device.attributes["pci.numa_node"]?.value {
      parts.append("NUMA node \(node)")
    }
    if case .integer(let group)? = device.attributes["pci.iommu_group"]?.value {
      parts.append("IOMMU group \(group)")
    }
    if let subsystem = text(device, "pci.subsystem") {
      let name = text(device, "pci.subsystem_name").map { " \($0)" } ?? ""
      parts.append("subsystem \(subsystem)\(name)")
    }
    if let revision = text(device, "pci.revision"), revision != "00" {
      parts.append("revision \(revision)")
    }
    if case .integer(let count)? = device.attributes["pci.virtual_functions"]?.value {
      parts.append(CountText.text(Int(count), "virtual function"))
    }
    if let devices = text(device, "os.devices") { parts.append(devices) }
    return parts.joined(separator: ", ")
  }

  private static func text(_ device: Device, _ name: String) -> String? {
    if case .text(let text)? = device.attributes[name]?.value { text } else { nil }
  }
}
