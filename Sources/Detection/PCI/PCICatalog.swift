internal import Model

/// Devices that their class does not tell apart, by vendor and device number.
///
/// Sources and what each means: `Documentation/Detection.md`.
enum PCICatalog {
  /// What is known of one identifier.
  struct Entry: Hashable {
    var kind: DeviceKind
    var name: String
    /// What its owner should know, such as "hash-limited".
    var remark: String?
    /// What is to be said instead of the kind's verdict.
    var verdict: String?

    init(_ kind: DeviceKind, _ name: String, _ remark: String? = nil, verdict: String? = nil) {
      self.kind = kind
      self.name = name
      self.remark = remark
      self.verdict = verdict
    }
  }

  static func entry(_ vendor: UInt16, _ device: UInt16) -> Entry? {
    all[UInt32(vendor) << 16 | UInt32(device)]
  }

  /// Makers of GPUs: a display controller of theirs is one, unless it is listed as something else.
  static let gpuVendors: [UInt16: String] = [
    0x10de: "NVIDIA", 0x1002: "AMD", 0x8086: "Intel", 0x1ed5: "Moore Threads", 0x1eed: "XDX",
  ]

  /// Short names of makers that this list knows.
  static let vendorNames: [UInt16: String] = gpuVendors.merging([
    0x1022: "AMD", 0x1a03: "ASPEED", 0x102b: "Matrox", 0x1013: "Cirrus", 0x1af4: "Red Hat",
    0x1b36: "Red Hat", 0x15ad: "VMware", 0x1414: "Microsoft", 0x80ee: "VirtualBox",
    0x1234: "QEMU", 0x1da3: "Habana Labs", 0x1e52: "Tenstorrent", 0x1d95: "Graphcore",
    0xcabc: "Cambricon", 0x1d0f: "Amazon", 0x177d: "Cavium", 0x14e4: "Broadcom", 0x1014: "IBM",
    0x108e: "Sun", 0x1de5: "Eideticom", 0x15b3: "Mellanox", 0x10ee: "Xilinx", 0x1e24: "SQRL",
    0x12ba: "BittWare", 0x1172: "Altera", 0x1ac1: "Google", 0x10ec: "Realtek", 0x1217: "O2 Micro",
    0x1912: "Renesas", 0x144d: "Samsung", 0x1d6b: "Linux Foundation", 0x10b5: "PLX",
  ]) { first, _ in first }

  static let all: [UInt32: Entry] = {
    var table: [UInt32: Entry] = [:]
    for (vendor, entries) in families {
      for (device, entry) in entries { table[UInt32(vendor) << 16 | UInt32(device)] = entry }
    }
    return table
  }()

  private static let families: [(UInt16, [UInt16: Entry])] =
    displays + mining + cryptoControllers + accelerators + fpgas
}
