internal import Model

/// One PCI function with everything that could be read of it.
struct PCIFunction: Hashable {
  var address: PCIAddress
  var identity: PCIIdentity
  var vendorName: String?
  var deviceName: String?
  var subsystemName: String?
  var configuration: Reading<PCIConfiguration>
  /// What the operating system or an exported topology adds.
  var system = SystemFacts()
  /// Sizes that a verbose dump prints beside the bytes, by region.
  var printedSizes: [Int: UInt64] = [:]

  struct SystemFacts: Hashable {
    var driver: String?
    var iommuGroup: Int?
    var numaNode: Int?
    /// `D0`, `D3hot`, `D3cold`.
    var powerState: String?
    /// The physical function of a virtual one.
    var physicalFunction: PCIAddress?
    /// How many virtual functions it has switched on.
    var virtualFunctions: Int?
    var link: PCILink?
    /// Total VRAM as the driver tells it.
    var driverVRAM: UInt64?
    var isBootDisplay: Bool?
    /// GB/s of the link as an exported topology tells it.
    var bandwidth: Double?
    var operatingSystemDevices: [String] = []
    /// True where an operating system's files were read, so that an absent link means no driver.
    var isRead = false
  }

  /// The class and subclass, such as 0x0302.
  var classCode: UInt16 { identity.classCode ?? 0 }
  var vendor: UInt16 { identity.vendor }
  var device: UInt16 { identity.device }
}
