internal import Model

/// What a PCI function is for us.
enum PCIClassifier {
  /// The kind of a function, or nil for one that has nothing to do with computing (bridges, disks, sound).
  static func kind(of function: PCIFunction) -> DeviceKind? {
    // Microsoft's numbers stand for a GPU of the host where they sit on a bus of the hypervisor's.
    if function.vendor == 0x1414, function.device == 0x008e, function.address.domain != 0 {
      return .paravirtualGPU
    }
    if let entry = PCICatalog.entry(function.vendor, function.device) { return entry.kind }
    let base = function.classCode >> 8
    // A virtual function in a dump, which shows no numbers of its own, or a card that no longer answers.
    if function.vendor == 0xffff { return nil }
    // Bridges carry the maker's number of the chip that they belong to.
    if base == 0x06 { return nil }
    // The maker of the chip also stands on sound and network cards that are built with it.
    if fpgaVendors.contains(function.vendor), isFPGAClass(function.classCode) { return .fpga }
    if function.deviceName?.lowercased().contains("crypto enabled") == true {
      return .cryptoController
    }
    switch function.classCode {
    case 0x0300, 0x0301, 0x0302, 0x0380: return display(function)
    // Decoders of pay television.
    case 0x1010: return nil
    case 0x1000: return .cryptoController
    // Whatever has no class of its own: boot processors, coprocessors, accelerators.
    case 0x0b40, 0x1001...0x10ff:
      return machineLearningVendors.contains(function.vendor) ? .accelerator : .unclassified
    // A data mover, not a processor.
    case 0x1201: return nil
    case 0x1200...0x12ff:
      if PCICatalog.gpuVendors[function.vendor] != nil, function.vendor != 0x8086 { return .gpu }
      return machineLearningVendors.contains(function.vendor) ? .accelerator : .unclassified
    case 0xff00...0xffff: return isKnownVendor(function) ? nil : .unclassified
    default: return nil
    }
  }

  private static func isFPGAClass(_ code: UInt16) -> Bool {
    code >> 8 == 0x12 || code == 0x0580 || code == 0x0500 || code == 0x0700 || code >> 8 == 0xff
      || code == 0x1180
  }

  private static func display(_ function: PCIFunction) -> DeviceKind {
    if PCICatalog.gpuVendors[function.vendor] != nil || otherGPUVendors.contains(function.vendor) {
      return .gpu
    }
    if managementVendors.contains(function.vendor) { return .managementDisplay }
    // Matrox: the G200 lives on in management controllers, the others are cards.
    if function.vendor == 0x102b, (0x0520...0x0540).contains(function.device) {
      return .managementDisplay
    }
    if virtualVendors.contains(function.vendor) { return .virtualDisplay }
    return .display
  }

  /// Whether anybody knows who made it: the program's own list, or pci.ids.
  private static func isKnownVendor(_ function: PCIFunction) -> Bool {
    PCICatalog.vendorNames[function.vendor] != nil || function.vendorName != nil
  }

  private static let managementVendors: Set<UInt16> = [0x1a03, 0x1013, 0x19e5, 0x18ca]
  private static let virtualVendors: Set<UInt16> = [
    0x1af4, 0x1b36, 0x15ad, 0x1414, 0x80ee, 0x1234, 0x1ab8, 0x5853, 0x106b,
  ]
  /// Loongson, Zhaoxin, Glenfly, Innosilicon, Jingjia, Imagination, VIA, Lisuan, Hygon, MetaX, Iluvatar, Biren.
  private static let otherGPUVendors: Set<UInt16> = [
    0x0014, 0x1d17, 0x6766, 0x1ec8, 0x0731, 0x1010, 0x1106, 0x1d94, 0x9999, 0x1e3e, 0x1ee0,
  ]
  /// Xilinx, Altera, SQRL, BittWare, Lattice, Microsemi, Silicom Denmark, Achronix.
  private static let fpgaVendors: Set<UInt16> = [
    0x10ee, 0x1172, 0x1e24, 0x12ba, 0x1204, 0x11aa, 0x1c2c, 0x1b59,
  ]
  /// Makers of nothing else: Habana, Tenstorrent, Graphcore, Cambricon, Hailo, Groq, Furiosa, Rebellions, Axelera,
  /// MemryX, DeepX, Enflame.
  private static let machineLearningVendors: Set<UInt16> = [
    0x1da3, 0x1e52, 0x1d95, 0xcabc, 0x1e60, 0x1de0, 0x1ed2, 0x1eff, 0x1f9d, 0x1fe9, 0x1ff4, 0x1e36,
  ]

  /// Whether a function is a virtual one, by its link to the physical one or by its number.
  static func isVirtualFunction(_ function: PCIFunction) -> Bool {
    function.system.physicalFunction != nil
      || PCICatalog.isVirtualFunction(function.vendor, function.device)
  }

  /// Whether a GPU is part of the processor or chipset: by its number, for an address is the hypervisor's choice.
  static func isIntegrated(_ function: PCIFunction) -> Bool {
    switch function.vendor {
    case 0x8086: !intelCards.contains { $0.contains(function.device) }
    case 0x1002: amdIntegrated.contains { $0.contains(function.device) }
    case 0x10de: nvidiaIntegrated.contains { $0.contains(function.device) }
    default: function.address.bus == 0
    }
  }

  /// DG1, Ponte Vecchio, Arc, and an early card.
  private static let intelCards: [ClosedRange<UInt16>] = [
    0x0bd0...0x0bdf, 0x4905...0x4909, 0x5690...0x56ff, 0xe200...0xe2ff, 0x7800...0x7800,
  ]
  private static let amdIntegrated: [ClosedRange<UInt16>] = [
    0x1304...0x131d, 0x13c0...0x13c0, 0x1506...0x1506, 0x150e...0x150e, 0x1586...0x1586,
    0x15bf...0x15bf, 0x15c8...0x15c8, 0x15d8...0x15d8, 0x15dd...0x15dd, 0x1636...0x1638,
    0x163f...0x163f, 0x164c...0x164f, 0x1681...0x1681, 0x1900...0x1901, 0x1114...0x1114,
    0x791e...0x791f, 0x793f...0x7942, 0x796c...0x796f, 0x9610...0x9616, 0x9640...0x964f,
    0x9710...0x9715, 0x9802...0x980a, 0x9830...0x983f, 0x9850...0x985f, 0x9870...0x9877,
    0x98e4...0x98e4, 0x9900...0x99a4, 0x13f9...0x13fe, 0x143f...0x143f, 0x1435...0x1435,
    0x15e7...0x15e7, 0x1902...0x1902, 0x74a0...0x74a0,
  ]
  private static let nvidiaIntegrated: [ClosedRange<UInt16>] = [
    0x0240...0x0245, 0x03d0...0x03d6, 0x0531...0x053e, 0x07e0...0x07e5, 0x0840...0x087f,
    0x08a0...0x08a5, 0x2b00...0x2b00, 0x2e00...0x2eff,
  ]
}
