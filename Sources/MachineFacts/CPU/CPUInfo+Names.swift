internal import Model

extension CPUInfo {
  /// Cores of one name, where the file names them by implementer and part.
  package struct ARMKind: Hashable, Sendable {
    package var implementer: Int
    package var part: Int
    package var cpus: [Int]

    /// `Cortex-A72`, or the numbers where the core is not listed.
    package var name: String {
      ARMParts.core(implementer: implementer, part: part)
        ?? "implementer 0x\(implementer.hexadecimal(2)) part 0x\(part.hexadecimal(3))"
    }
  }

  /// The kinds of ARM cores in the order of their first CPU; empty on other architectures.
  package var armKinds: [ARMKind] {
    var kinds: [ARMKind] = []
    for record in records {
      let implementer = (record.fields["cpu implementer"] ?? globals["cpu implementer"])?
        .hexadecimalValue
      let part = (record.fields["cpu part"] ?? globals["cpu part"])?.hexadecimalValue
      guard let implementer, let part, implementer < 256, part < 4096 else { continue }
      if let index = kinds.firstIndex(where: {
        $0.implementer == Int(implementer) && $0.part == Int(part)
      }) {
        kinds[index].cpus.append(record.number)
      } else {
        kinds.append(
          ARMKind(implementer: Int(implementer), part: Int(part), cpus: [record.number]))
      }
    }
    return kinds
  }

  /// Who made the CPU, as the CPU itself or its implementer number says.
  package var vendor: String? {
    if let vendor = first("vendor_id") { return vendor }
    if let kind = armKinds.first {
      return ARMParts.implementer(kind.implementer)
        ?? "implementer 0x\(kind.implementer.hexadecimal(2))"
    }
    if first("cpu")?.uppercased().hasPrefix("POWER") == true { return "IBM" }
    if let maker = first("uarch")?.split(separator: ",").first { return String(maker) }
    if first("model name")?.hasPrefix("Loongson") == true { return "Loongson" }
    return nil
  }

  /// The CPU's name; nil where the file tells nothing that names it.
  package var modelName: String? {
    let kinds = armKinds
    if kinds.count == 1 { return kinds[0].name }
    if kinds.count > 1 {
      return kinds.map { "\($0.cpus.count) x \($0.name)" }.joined(separator: " + ")
    }
    if let name = first("model name") {
      return name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    if let name = first("cpu model") { return name }
    // POWER appends what the hypervisor and the kernel make of it: "POWER7 (architected), altivec supported".
    if let name = first("cpu")?.split(separator: ",").first {
      return String(name).replacingPart(" (architected)").replacingPart(" (raw)")
    }
    return first("uarch")
  }
}

extension String {
  /// Without the first occurrence of `part`.
  package func replacingPart(_ part: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + String(self[range.upperBound...])
  }
}
