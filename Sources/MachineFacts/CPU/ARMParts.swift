internal import Model

/// Names of ARM cores by the implementer and part numbers of their identification register.
package enum ARMParts {
  /// Who made the core: `ARM`, `Apple`, ...; nil for one that is not listed.
  package static func implementer(_ code: Int) -> String? { implementers[code] }

  /// The core's name; nil for one that is not listed.
  package static func core(implementer: Int, part: Int) -> String? { cores[implementer]?[part] }

  /// The core's name, or one neutral word with its numbers where it is not listed.
  package static func name(implementer number: Int, part: Int) -> String {
    core(implementer: number, part: part)
      ?? "\(implementer(number) ?? "unknown")-core-\(number.hexadecimal(2))-\(part.hexadecimal(3))"
  }

  /// Whether a core of this number runs several threads: ThunderX2 and 3, Cortex-A65, Neoverse-E1.
  package static func hasSeveralThreads(_ implementer: Int, _ part: Int) -> Bool {
    [(0x43, 0x0af), (0x43, 0x0b8), (0x42, 0x516), (0x41, 0xd06), (0x41, 0xd43), (0x41, 0xd4a)]
      .contains { $0 == (implementer, part) }
  }

  private static let implementers: [Int: String] = [
    0x41: "ARM", 0x42: "Broadcom", 0x43: "Cavium", 0x44: "DEC", 0x46: "Fujitsu", 0x48: "HiSilicon",
    0x4e: "NVIDIA", 0x50: "APM", 0x51: "Qualcomm", 0x53: "Samsung", 0x56: "Marvell", 0x61: "Apple",
    0x66: "Faraday", 0x69: "Intel", 0x6d: "Microsoft", 0x70: "Phytium", 0xc0: "Ampere",
  ]

  private static let cores: [Int: [Int: String]] = [
    0x41: [
      0xb76: "ARM1176", 0xc05: "Cortex-A5", 0xc07: "Cortex-A7", 0xc08: "Cortex-A8",
      0xc09: "Cortex-A9", 0xc0d: "Cortex-A17", 0xc0e: "Cortex-A17", 0xc0f: "Cortex-A15",
      0xd01: "Cortex-A32", 0xd02: "Cortex-A34", 0xd03: "Cortex-A53", 0xd04: "Cortex-A35",
      0xd05: "Cortex-A55", 0xd06: "Cortex-A65", 0xd07: "Cortex-A57", 0xd08: "Cortex-A72",
      0xd09: "Cortex-A73", 0xd0a: "Cortex-A75", 0xd0b: "Cortex-A76", 0xd0c: "Neoverse-N1",
      0xd0d: "Cortex-A77", 0xd0e: "Cortex-A76AE", 0xd40: "Neoverse-V1", 0xd41: "Cortex-A78",
      0xd42: "Cortex-A78AE", 0xd43: "Cortex-A65AE", 0xd44: "Cortex-X1", 0xd46: "Cortex-A510",
      0xd47: "Cortex-A710", 0xd48: "Cortex-X2", 0xd49: "Neoverse-N2", 0xd4a: "Neoverse-E1",
      0xd4b: "Cortex-A78C", 0xd4c: "Cortex-X1C", 0xd4d: "Cortex-A715", 0xd4e: "Cortex-X3",
      0xd4f: "Neoverse-V2", 0xd80: "Cortex-A520", 0xd81: "Cortex-A720", 0xd82: "Cortex-X4",
      0xd83: "Neoverse-V3AE", 0xd84: "Neoverse-V3", 0xd85: "Cortex-X925", 0xd87: "Cortex-A725",
      0xd8e: "Neoverse-N3",
    ],
    0x42: [0x516: "ThunderX2", 0x100: "Brahma-B53"],
    0x43: [0x0a1: "ThunderX", 0x0af: "ThunderX2", 0x0b8: "ThunderX3"],
    0x46: [0x001: "A64FX", 0x003: "MONAKA"],
    0x48: [0xd01: "TaiShan-v110", 0xd02: "TaiShan-v120", 0xd40: "Cortex-A76"],
    0x4e: [0x000: "Denver", 0x003: "Denver-2", 0x004: "Carmel", 0x010: "Olympus"],
    0x50: [0x000: "X-Gene"],
    0x51: [
      0x001: "Oryon", 0x201: "Kryo", 0x205: "Kryo", 0x211: "Kryo", 0x800: "Kryo-2xx-Gold",
      0x801: "Kryo-2xx-Silver", 0x802: "Kryo-3xx-Gold", 0x803: "Kryo-3xx-Silver",
      0x804: "Kryo-4xx-Gold", 0x805: "Kryo-4xx-Silver", 0xc00: "Falkor", 0xc01: "Saphira",
    ],
    0x53: [0x001: "Exynos-M1", 0x002: "Exynos-M3", 0x003: "Exynos-M4", 0x004: "Exynos-M5"],
    0x61: [
      0x022: "M1-Icestorm", 0x023: "M1-Firestorm", 0x024: "M1-Pro-Icestorm",
      0x025: "M1-Pro-Firestorm", 0x028: "M1-Max-Icestorm", 0x029: "M1-Max-Firestorm",
      0x032: "M2-Blizzard", 0x033: "M2-Avalanche", 0x034: "M2-Pro-Blizzard",
      0x035: "M2-Pro-Avalanche", 0x038: "M2-Max-Blizzard", 0x039: "M2-Max-Avalanche",
    ],
    0x6d: [0xd49: "Azure-Cobalt-100"],
    0x70: [
      0x303: "FTC310", 0x664: "FTC664", 0x660: "FTC660", 0x661: "FTC661", 0x662: "FTC662",
      0x663: "FTC663",
      0x862: "FTC862",
    ],
    0xc0: [0xac3: "Ampere-1", 0xac4: "Ampere-1A", 0xac5: "Ampere-1B"],
  ]
}
