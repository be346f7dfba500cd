/// Names of the facts in a device's attributes: detection writes them, reports and files read them.
///
/// A name ends in its unit where it has one. Open: files may carry names that this version does not know.
package struct DeviceFact: FactName, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  // MARK: PCI

  package static let pciAddress = DeviceFact(rawValue: "pci.address")
  package static let pciVendorID = DeviceFact(rawValue: "pci.vendor_id")
  package static let pciDeviceID = DeviceFact(rawValue: "pci.device_id")
  package static let pciClass = DeviceFact(rawValue: "pci.class")
  package static let pciRevision = DeviceFact(rawValue: "pci.revision")
  package static let pciSubsystem = DeviceFact(rawValue: "pci.subsystem")
  package static let pciVendorName = DeviceFact(rawValue: "pci.vendor_name")
  package static let pciDeviceName = DeviceFact(rawValue: "pci.device_name")
  package static let pciSubsystemName = DeviceFact(rawValue: "pci.subsystem_name")
  /// `physical` or `virtual`.
  package static let pciFunction = DeviceFact(rawValue: "pci.function")
  package static let pciPhysicalFunction = DeviceFact(rawValue: "pci.physical_function")
  package static let pciVirtualFunctions = DeviceFact(rawValue: "pci.virtual_functions")
  package static let pciSecondDisplay = DeviceFact(rawValue: "pci.second_display")
  package static let pciBootDisplay = DeviceFact(rawValue: "pci.boot_display")
  package static let pciDriver = DeviceFact(rawValue: "pci.driver")
  package static let pciIOMMUGroup = DeviceFact(rawValue: "pci.iommu_group")
  package static let pciNUMANode = DeviceFact(rawValue: "pci.numa_node")
  /// `D0`, `D3hot`, `D3cold`.
  package static let pciPowerState = DeviceFact(rawValue: "pci.power_state")
  package static let pciLargestRegion = DeviceFact(rawValue: "pci.largest_region_bytes")
  /// What a region could be resized to, and what it has.
  package static func pciRegionNow(_ region: Int) -> DeviceFact {
    DeviceFact(rawValue: "pci.region\(region).resizable_now_bytes")
  }
  package static func pciRegionBest(_ region: Int) -> DeviceFact {
    DeviceFact(rawValue: "pci.region\(region).resizable_best_bytes")
  }

  // MARK: Link to the board

  /// Speed and width, such as `16GT/s x16`.
  package static let linkNow = DeviceFact(rawValue: "pci.link.now")
  package static let linkBest = DeviceFact(rawValue: "pci.link.best")
  /// The upstream port that the link was read from, of a card that carries a switch of its own.
  package static let linkPort = DeviceFact(rawValue: "pci.link.port")
  package static let linkBandwidth = DeviceFact(rawValue: "pci.link.gigabytes_per_second")

  // MARK: GPU

  /// `integrated` or `discrete`.
  package static let gpuPlacement = DeviceFact(rawValue: "gpu.placement")
  package static let memory = DeviceFact(rawValue: "vram_bytes")
  /// `driver`, or what it was concluded from.
  package static let memorySource = DeviceFact(rawValue: "vram_source")

  // MARK: Board

  package static let platformCompatible = DeviceFact(rawValue: "platform.compatible")
  package static let platformDriver = DeviceFact(rawValue: "platform.driver")

  // MARK: USB

  package static let usbVendorID = DeviceFact(rawValue: "usb.vendor_id")
  package static let usbProductID = DeviceFact(rawValue: "usb.product_id")
  package static let usbManufacturer = DeviceFact(rawValue: "usb.manufacturer")
  package static let usbProduct = DeviceFact(rawValue: "usb.product")
  package static let usbPort = DeviceFact(rawValue: "usb.port")

  /// What the operating system calls it: `card1`, `renderD128`.
  package static let systemDevices = DeviceFact(rawValue: "os.devices")
}

extension Device {
  /// A fact's text; nil where it is unknown or is not text.
  package func text(_ fact: DeviceFact) -> String? {
    if case .text(let text)? = attributes[fact]?.value { text } else { nil }
  }

  /// A fact's whole number; nil where it is unknown or is not one.
  package func integer(_ fact: DeviceFact) -> Int64? {
    if case .integer(let number)? = attributes[fact]?.value { number } else { nil }
  }
}
