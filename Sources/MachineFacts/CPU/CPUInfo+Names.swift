internal import Model

extension CPUInfo {
  /// Cores of one part and variant, where the file names them by their identification register.
  package struct ARMKind: Hashable, Sendable {
    package var implementer: Int
    package var part: Int
    /// The major revision, by which cores of one part may be made for other clocks; nil where the file has none.
    package var variant: Int?
    package var cpus: [Int]

    package init(implementer: Int, part: Int, variant: Int? = nil, cpus: [Int]) {
      self.implementer = implementer
      self.part = part
      self.variant = variant
      self.cpus = cpus
    }

    /// `Cortex-A72`, or one neutral word with the numbers where the core is not listed.
    package var name: String { ARMParts.name(implementer: implementer, part: part) }
  }

  /// The kinds of ARM cores in the order of their first CPU; empty on other architectures.
  package var armKinds: [ARMKind] {
    var kinds: [ARMKind] = []
    func number(_ key: String, _ record: Record) -> Int? {
      (record.fields[key] ?? globals[key])?.hexadecimalValue.flatMap { Int(exactly: $0) }
    }
    for record in records {
      guard let implementer = number("cpu implementer", record),
        let part = number("cpu part", record), implementer < 256, part < 4096
      else { continue }
      let variant = number("cpu variant", record)
      if let index = kinds.firstIndex(where: {
        $0.implementer == implementer && $0.part == part && $0.variant == variant
      }) {
        kinds[index].cpus.append(record.number)
      } else {
        kinds.append(
          ARMKind(implementer: implementer, part: part, variant: variant, cpus: [record.number]))
      }
    }
    return kinds
  }

  /// Who made the CPU, as the CPU itself or its implementer number says.
  package var vendor: String? {
    if let vendor = first("vendor_id") { return vendor }
    if let kind = armKinds.first {
      return ARMParts.implementer(kind.implementer)
    }
    if first("cpu")?.uppercased().hasPrefix("POWER") == true { return "IBM" }
    if let maker = first("uarch")?.split(separator: ",").first { return String(maker) }
    if first("model name")?.hasPrefix("Loongson") == true { return "Loongson" }
    return nil
  }

  /// The CPU's name; nil where the file tells nothing that names it.
  package var modelName: String? {
    var named: [(name: String, count: Int)] = []
    for kind in armKinds {
      if let index = named.firstIndex(where: { $0.name == kind.name }) {
        named[index].count += kind.cpus.count
      } else {
        named.append((kind.name, kind.cpus.count))
      }
    }
    if named.count == 1 { return named[0].name }
    if named.count > 1 {
      return named.map { "\($0.count) x \($0.name)" }.joined(separator: " + ")
    }
    if let name = first("model name") {
      return name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    if let name = first("cpu model") { return name }
    return first("cpu").map { CPUInfo.plainPOWER($0) } ?? first("uarch")
  }
}

extension CPUInfo {
  /// `POWER9` of "POWER9 (raw), altivec supported": the kernel appends what it and the hypervisor make of it.
  package static func plainPOWER(_ name: String) -> String {
    guard let first = name.split(separator: ",").first else { return name }
    return String(first).replacingPart(" (architected)").replacingPart(" (raw)")
  }
}

extension String {
  /// Without the first occurrence of `part`.
  package func replacingPart(_ part: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + String(self[range.upperBound...])
  }
}
