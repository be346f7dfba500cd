/// What a RAPL zone's `name` file says: `package-P[-die-D]`, `core`, `uncore`, `dram`, `psys`, or something new.
package enum ZoneName: Hashable, Sendable {
  case package(Int, die: Int?)
  case core
  case uncore
  case dram
  case psys
  case unknown(String)

  package init(_ text: String) {
    switch text {
    case "core": self = .core
    case "uncore": self = .uncore
    case "dram": self = .dram
    case "psys": self = .psys
    default:
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      if parts.count == 2, parts[0] == "package", let number = Self.number(parts[1]) {
        self = .package(number, die: nil)
      } else if parts.count == 4, parts[0] == "package", parts[2] == "die",
        let number = Self.number(parts[1]), let die = Self.number(parts[3])
      {
        self = .package(number, die: die)
      } else {
        self = .unknown(text)
      }
    }
  }

  private static func number(_ digits: Substring) -> Int? {
    digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
  }
}

/// A zone's place in the class: `intel-rapl:a:0` is control type `intel-rapl`, indices 10 and 0.
package struct ZoneIndex: Hashable, Sendable {
  package let controlType: String
  /// Printed by the kernel in hexadecimal; nothing but the nesting may be read from them.
  package let indices: [Int]

  package init?(_ folder: String) {
    let parts = folder.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, !parts[0].isEmpty else { return nil }
    var indices: [Int] = []
    for part in parts.dropFirst() {
      guard let index = Int(part, radix: 16), index >= 0 else { return nil }
      indices.append(index)
    }
    controlType = String(parts[0])
    self.indices = indices
  }

  /// The index of the zone above, or nil at the top.
  package var parent: ZoneIndex? {
    indices.count > 1
      ? ZoneIndex(controlType: controlType, indices: Array(indices.dropLast())) : nil
  }

  private init(controlType: String, indices: [Int]) {
    self.controlType = controlType
    self.indices = indices
  }
}
