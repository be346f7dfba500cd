internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Type and speed of the memory modules, from the firmware's SMBIOS table or the kernel's EDAC files.
struct MemoryModules: Hashable {
  var type: Reading<String>
  var speed: Reading<Int>

  static let table = "/sys/firmware/dmi/tables/DMI"

  static func read(_ reader: FactReader) -> MemoryModules {
    let reason: Reason
    do {
      let modules = parse(try reader.root.bytes(table, limit: 1 << 20))
      if let modules { return modules }
      reason = Reason(.absent, "the firmware describes no memory module in use")
    } catch {
      reason = reader.reason(error, table)
    }
    return MemoryModules(
      type: Reading(edacType(reader), else: reason), speed: .unavailable(reason))
  }

  /// What the SMBIOS structures of type 17 (memory device) say; nil where none describes a module in use.
  static func parse(_ bytes: [UInt8]) -> MemoryModules? {
    var types: Set<String> = []
    var speeds: Set<Int> = []
    var isFound = false
    forEachModule(bytes) { structure in
      isFound = true
      if let name = typeNames[structure[0x12]] { types.insert(name) }
      if let speed = transferRate(structure) { speeds.insert(speed) }
    }
    guard isFound else { return nil }
    let unknown = Reason(.absent, "the firmware does not tell it")
    return MemoryModules(
      type: Reading(types.sorted().joined(separator: "+").nonEmpty, else: unknown),
      // Modules of different speeds run at the slowest.
      speed: Reading(speeds.min(), else: unknown))
  }

  /// Calls `body` with each structure of a memory module in use, without the texts behind it.
  static func forEachModule(_ bytes: [UInt8], _ body: ([UInt8]) -> Void) {
    forEachStructure(bytes) { structure in
      // Size 0 is an empty slot.
      if structure[0] == 17, structure.count >= 0x13, word(structure, 0x0c) != 0 {
        body(structure)
      }
    }
  }

  /// Calls `body` with each structure, of whatever type, without the texts behind it.
  static func forEachStructure(_ bytes: [UInt8], _ body: ([UInt8]) -> Void) {
    var start = 0
    while start + 4 <= bytes.count {
      let length = Int(bytes[start + 1])
      guard length >= 4, start + length <= bytes.count, bytes[start] != 127 else { return }
      body(Array(bytes[start..<start + length]))
      // The texts of a structure follow it and end with two zero bytes.
      var end = start + length
      while end + 1 < bytes.count, bytes[end] != 0 || bytes[end + 1] != 0 { end += 1 }
      start = end + 2
    }
  }

  /// The configured rate where it is told, else the module's own, in million transfers a second.
  private static func transferRate(_ structure: [UInt8]) -> Int? {
    for offset in [0x20, 0x15] where structure.count >= offset + 2 {
      let rate = word(structure, offset)
      if rate == 0xffff, offset == 0x20, structure.count >= 0x5c {
        return Int(word(structure, 0x58)) | Int(word(structure, 0x5a)) << 16
      }
      if rate > 0, rate < 0xffff { return rate }
    }
    return nil
  }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> Int {
    Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
  }

  private static let typeNames: [UInt8: String] = [
    0x0f: "SDRAM", 0x12: "DDR", 0x13: "DDR2", 0x14: "DDR2 FB-DIMM", 0x18: "DDR3", 0x1a: "DDR4",
    0x1b: "LPDDR", 0x1c: "LPDDR2", 0x1d: "LPDDR3", 0x1e: "LPDDR4", 0x20: "HBM", 0x21: "HBM2",
    0x22: "DDR5", 0x23: "LPDDR5", 0x24: "HBM3",
  ]

  /// The type that a memory controller's driver shows to everybody.
  private static func edacType(_ reader: FactReader) -> String? {
    let folder = "/sys/devices/system/edac/mc"
    var types: Set<String> = []
    for controller in reader.names(folder) where controller.hasPrefix("mc") {
      for module in reader.names("\(folder)/\(controller)")
      where module.hasPrefix("dimm") || module.hasPrefix("rank") {
        let type = reader.text("\(folder)/\(controller)/\(module)/dimm_mem_type").value
        if let type, type != "Unknown", type != "Empty" { types.insert(type) }
      }
    }
    return types.sorted().joined(separator: "+").nonEmpty
  }
}
