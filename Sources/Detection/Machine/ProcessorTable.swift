internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Cores of each package in use, from the firmware's SMBIOS table, which also knows of CPUs that are offline.
enum ProcessorTable {
  static func read(_ reader: FactReader) -> [Int]? {
    guard let bytes = try? reader.root.bytes(MemoryModules.table, limit: 1 << 20) else {
      return nil
    }
    return parse(bytes)
  }

  /// What the structures of type 4 (processor) say; nil where none is of a central processor in use, or one tells no
  /// count.
  static func parse(_ bytes: [UInt8]) -> [Int]? {
    var counts: [Int] = []
    var isWhole = true
    MemoryModules.forEachStructure(bytes) { structure in
      // Type 3 is a central processor; bit 6 of the status says that the socket is in use.
      guard structure[0] == 4, structure.count > 0x18, structure[5] == 3,
        structure[0x18] & 0x40 != 0
      else { return }
      guard structure.count > 0x24 else {
        isWhole = false
        return
      }
      // Enabled cores; 0xff points to the wider field.
      var count = Int(structure[0x24])
      if count == 0xff, structure.count > 0x2d {
        count = Int(structure[0x2c]) | Int(structure[0x2d]) << 8
      }
      if count > 0, count < 0xffff { counts.append(count) } else { isWhole = false }
    }
    return isWhole && !counts.isEmpty ? counts : nil
  }
}
