internal import Model
internal import Text

/// The facts of one device that a person asks for first, in one line.
enum DeviceFacts {
  /// The line; `withPlace` with what differs between equal cards: NUMA node and IOMMU group.
  static func line(_ device: Device, withPlace: Bool = true) -> String {
    var parts: [String] = []
    if let placement = device.text(.gpuPlacement) { parts.append(placement) }
    if device.text(.pciFunction) == "virtual" { parts.append("virtual function") }
    if let bytes = device.integer(.memory), bytes > 0 {
      let isExact = device.text(.memorySource) == "driver"
      parts.append("\(isExact ? "" : "up to ")\(QuantityText.bytes(UInt64(bytes))) memory")
    }
    if let now = device.text(.linkNow), let best = device.text(.linkBest) {
      parts.append(now == best ? "link \(now)" : "link \(now) of \(best)")
    }
    if let driver = device.text(.pciDriver) ?? device.text(.platformDriver) {
      parts.append("driver \(driver)")
    }
    if withPlace, let node = device.integer(.pciNUMANode) {
      parts.append("NUMA node \(node)")
    }
    if withPlace, let group = device.integer(.pciIOMMUGroup) {
      parts.append("IOMMU group \(group)")
    }
    if let subsystem = device.text(.pciSubsystem) {
      let name = device.text(.pciSubsystemName).map { " \($0)" } ?? ""
      parts.append("subsystem \(subsystem)\(name)")
    }
    if let revision = device.text(.pciRevision), revision != "00" {
      parts.append("revision \(revision)")
    }
    if let count = device.integer(.pciVirtualFunctions) {
      parts.append(CountText.text(Int(count), "virtual function"))
    }
    // `card1` and `renderD128` are noise; `cuda0=Tesla T4` is a name.
    let named = (device.text(.systemDevices) ?? "").split(separator: ", ").filter {
      $0.contains("=")
    }
    if !named.isEmpty { parts.append(named.joined(separator: ", ")) }
    return parts.joined(separator: ", ")
  }
}
