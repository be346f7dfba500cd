internal import Text

/// The text of `/proc/cpuinfo`, whose keys differ by architecture.
package struct CPUInfo: Hashable, Sendable {
  package struct Record: Hashable, Sendable {
    package var number: Int
    /// By lower-case key; a key without a value is left out.
    package var fields: [String: String]
  }

  /// One for each CPU that is online, in the file's order.
  package var records: [Record]
  /// What stands outside the records: `hardware`, `machine`, `system type`.
  package var globals: [String: String]

  package init(_ text: String) {
    var records: [Record] = []
    var globals: [String: String] = [:]
    var isInside = false
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else {
        isInside = false
        continue
      }
      var key = line[..<colon].trimmed.lowercased()
      let value = line[line.index(after: colon)...].trimmed
      // s390 writes the number into the key.
      var number = key == "processor" ? Int(value) : nil
      if key.hasPrefix("processor "), let inKey = Int(key.dropFirst(10)) {
        number = inKey
        key = "processor"
      }
      if let number, number >= 0 {
        records.append(Record(number: number, fields: [:]))
        isInside = true
      } else if !value.isEmpty {
        if isInside {
          records[records.count - 1].fields[key] = value
        } else if globals[key] == nil {
          globals[key] = value
        }
      }
    }
    self.records = records
    self.globals = globals
  }

  /// The first value of a key, in the records and then outside them.
  package func first(_ key: String) -> String? {
    for record in records {
      if let value = record.fields[key] { return value }
    }
    return globals[key]
  }

  /// Number of packages by `physical id`; nil where the file has no such line.
  package var packages: Int? {
    let ids = Set(records.compactMap { $0.fields["physical id"] ?? $0.fields["package"] })
    return ids.isEmpty ? nil : ids.count
  }

  /// Number of cores by package and `core id`; nil where the file does not tell.
  package var cores: Int? {
    let pairs = records.compactMap { record -> String? in
      guard let package = record.fields["physical id"] ?? record.fields["package"],
        let core = record.fields["core id"] ?? record.fields["core"]
      else { return nil }
      return "\(package)/\(core)"
    }
    return pairs.isEmpty || pairs.count != records.count ? nil : Set(pairs).count
  }

  /// Every feature word of the first CPU that has any: `flags`, `Features`, or the extensions of a RISC-V `isa`.
  package var featureWords: Set<String>? {
    if let list = first("flags") ?? first("features") {
      return Set(list.split(whereSeparator: \.isWhitespace).map { $0.lowercased() })
    }
    if let isa = first("isa"), isa.lowercased().hasPrefix("rv") {
      let parts = isa.lowercased().split(separator: "_").map(String.init)
      // Single-letter extensions follow the width: rv64imafdc.
      return Set(parts.dropFirst()).union((parts.first ?? "").dropFirst(4).map(String.init))
    }
    return nil
  }

  /// Whether the CPU says that a hypervisor runs below; nil where it cannot say so, as on ARM.
  package var isVirtual: Bool? {
    first("flags") == nil ? nil : featureWords?.contains("hypervisor")
  }

  /// The architecture that the file's form belongs to; nil where it could be several.
  package var architecture: String? {
    if let words = featureWords, first("flags") != nil, first("vendor_id") != nil {
      return words.contains("lm") ? "x86_64" : "i686"
    }
    if first("cpu implementer") != nil {
      guard let words = featureWords else { return nil }
      // A 64-bit kernel says asimd; a 32-bit one on the same core says neon, half, thumb.
      return words.contains("asimd") || words.contains("fp") ? "aarch64" : "arm"
    }
    if let isa = first("isa"), isa.lowercased().hasPrefix("rv") {
      return isa.lowercased().hasPrefix("rv32") ? "riscv32" : "riscv64"
    }
    if first("isa")?.contains("loongarch64") == true { return "loongarch64" }
    if first("cpu")?.uppercased().hasPrefix("POWER") == true { return "ppc64" }
    return nil
  }
}
