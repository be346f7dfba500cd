internal import CPCIShims
internal import LinuxSystem
internal import MachineFacts
internal import Model
internal import Text

/// An opened PCI bus or dump, closed when the value goes away.
@safe
struct PCIBus: ~Copyable {
  enum Source: Hashable {
    /// sysfs, such as `/sys/bus/pci`.
    case sysfs(String)
    case dump(String)
  }

  private let bus: OpaquePointer

  init(_ source: Source, names: String?) throws(PCIError) {
    unsafe bus = try PCIBus.open(source)
    if let names {
      var message = hw_pci_message()
      _ = unsafe hw_pci_use_names(bus, names, &message)
    }
  }

  deinit { unsafe hw_pci_close(bus) }

  @unsafe
  private static func open(_ source: Source) throws(PCIError) -> OpaquePointer {
    var message = hw_pci_message()
    var opened: OpaquePointer?
    let status =
      switch source {
      case .sysfs(let path): unsafe hw_pci_open_sysfs(path, &opened, &message)
      case .dump(let file): unsafe hw_pci_open_dump(file, &opened, &message)
      }
    guard status == HW_PCI_OK, let opened = unsafe opened else {
      throw unsafe PCIError(message: text(message))
    }
    return unsafe opened
  }

  /// How many functions there are.
  var count: Int { unsafe hw_pci_count(bus) }

  /// Where the function at an index below `count` sits.
  borrowing func address(_ index: Int) -> PCIAddress {
    var domain: UInt32 = 0
    var number: UInt8 = 0
    var device: UInt8 = 0
    var function: UInt8 = 0
    unsafe hw_pci_address(bus, index, &domain, &number, &device, &function)
    return PCIAddress(domain: domain, bus: number, device: device, function: function)
  }

  /// What libpci tells of a function; its configuration space stays untouched without `mayReadConfig`.
  borrowing func identify(_ index: Int, mayReadConfig: Bool) throws(PCIError) -> PCIIdentity {
    var message = hw_pci_message()
    var found = hw_pci_identity()
    guard unsafe hw_pci_identify(bus, index, mayReadConfig, &found, &message) == HW_PCI_OK else {
      throw unsafe PCIError(message: PCIBus.text(message))
    }
    return PCIIdentity(
      vendor: found.vendor, device: found.device,
      classCode: found.has_class ? found.class_code : nil,
      revision: found.has_revision ? found.revision : nil,
      subsystem: found.has_subsystem
        ? PCISubsystem(vendor: found.subsystem_vendor, device: found.subsystem_device) : nil,
      regionSizes: found.has_sizes
        ? [
          found.region_size.0, found.region_size.1, found.region_size.2, found.region_size.3,
          found.region_size.4, found.region_size.5,
        ] : nil)
  }

  /// As much of the configuration space as may be read: none, 64, 256 or 4096 bytes.
  borrowing func configuration(_ index: Int) -> Result<[UInt8], PCIError> {
    var message = hw_pci_message()
    var length = 0
    var bytes = [UInt8](repeating: 0, count: Int(HW_PCI_CONFIG_SIZE))
    let status = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> hw_pci_status in
      guard let start = buffer.baseAddress else { return HW_PCI_NO_MEMORY }
      return unsafe hw_pci_read_config(bus, index, start, &length, &message)
    }
    guard status == HW_PCI_OK, length > 0 else {
      return unsafe .failure(PCIError(message: PCIBus.text(message)))
    }
    return .success(Array(bytes.prefix(length)))
  }

  /// The name of a vendor; nil where the list has none.
  borrowing func vendorName(_ vendor: UInt16) -> String? {
    name(HW_PCI_NAME_VENDOR, vendor, 0, nil)
  }

  borrowing func deviceName(_ vendor: UInt16, _ device: UInt16) -> String? {
    name(HW_PCI_NAME_DEVICE, vendor, device, nil)
  }

  borrowing func subsystemName(_ vendor: UInt16, _ device: UInt16, _ subsystem: PCISubsystem)
    -> String?
  {
    name(HW_PCI_NAME_SUBSYSTEM, vendor, device, subsystem)
  }

  private borrowing func name(
    _ kind: hw_pci_name_kind, _ vendor: UInt16, _ device: UInt16, _ subsystem: PCISubsystem?
  ) -> String? {
    var text = [CChar](repeating: 0, count: 512)
    let isFound = unsafe text.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let start = buffer.baseAddress else { return false }
      return unsafe hw_pci_name(
        bus, kind, vendor, device, subsystem?.vendor ?? 0, subsystem?.device ?? 0, start,
        buffer.count)
    }
    guard isFound else { return nil }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).trimmed.nonEmpty
  }

  @unsafe
  private static func text(_ message: hw_pci_message) -> String {
    var message = message
    return unsafe withUnsafeBytes(of: &message.text) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

/// libpci's own words for what went wrong; may be empty.
struct PCIError: Error, Hashable {
  var message: String
}

struct PCISubsystem: Hashable {
  var vendor: UInt16
  var device: UInt16
}

/// What identifies a PCI function.
struct PCIIdentity: Hashable {
  var vendor: UInt16
  var device: UInt16
  /// Class and subclass.
  var classCode: UInt16?
  var revision: UInt8?
  var subsystem: PCISubsystem?
  /// Bytes of the six regions, 0 where there is none; nil where the source tells no sizes.
  var regionSizes: [UInt64]?
}
