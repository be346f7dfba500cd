internal import MachineFacts
internal import Model

/// Short stable names of hardware models; the rule is in `Documentation/Detection.md`.
enum HardwareNaming {
  /// What a CPU's name is made from: nothing that differs between two equal machines.
  struct CPU: Hashable {
    var vendor: String?
    var modelName: String?
    var family: Int?
    var model: Int?
    var stepping: Int?
    /// The chip where the core's name says too little, such as `bcm2711`.
    var chip: String?
    /// Whether the name without the chip's fits chips that hash differently.
    var needsChip: Bool
    var counts: CoreCounts
    /// Used where no source tells of cores.
    var threads: Int
    var isVirtual: Bool
  }

  static func cpu(_ cpu: CPU) -> HardwareID {
    var words = modelWords(cpu.modelName ?? "")
    if let vendor = cpu.vendor.flatMap(shortVendor), words.first?.hasPrefix(vendor + "-") != true {
      // "13th Gen Intel Core": the maker comes first, once.
      words.removeAll { $0 == vendor }
      words.insert(vendor, at: 0)
    }
    if words.isEmpty { words = ["unknown"] }
    if isGeneric(cpu.modelName ?? ""), let family = cpu.family {
      // A name such as "Intel Xeon Processor" fits many chips.
      let numbers = [("f", family), ("m", cpu.model), ("s", cpu.stepping)]
      words.append(numbers.map { letter, number in number.map { "\(letter)\($0)" } ?? "" }.joined())
    }
    if cpu.needsChip { words.append(cpu.chip.map(slug)?.nonEmpty ?? "unknown-chip") }
    if let cores = cpu.counts.cores {
      // Packages that differ are listed one by one.
      words.append(
        Set(cores).count == 1
          ? "\(cores.count)x\(cores[0])c" : cores.map { "1x\($0)c" }.joined(separator: "-"))
    } else if !cpu.counts.isTold {
      words.append("\(cpu.threads)t")
    }
    if cpu.isVirtual { words.append("vm") }
    return HardwareID(rawValue: "cpu/" + words.joined(separator: "-"))
  }

  /// `10de-2330-h100-sxm5-80gb`: the numbers decide, the name helps people and comes from the program's own list,
  /// because the list of names on the machine differs from one machine to the next.
  static func pci(
    _ kind: DeviceKind, vendor: UInt16, device: UInt16, revision: UInt8?, name: String?
  )
    -> HardwareID
  {
    var words = [vendor.hexadecimal(4), device.hexadecimal(4)]
    if let revision { words.append("r" + revision.hexadecimal(2)) }
    if let name { words.append(slug(name)) }
    return HardwareID(rawValue: "\(kind.rawValue)/" + words.joined(separator: "-"))
  }

  /// Lower-case letters and digits, everything else one hyphen.
  static func slug(_ text: String) -> String {
    // "8480" and "8480+" are two models.
    let spelled = text.lowercased().flatMap { $0 == "+" ? Array("plus") : [$0] }
    let parts = spelled.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return parts.map { String($0) }.joined(separator: "-")
  }

  private static func shortVendor(_ vendor: String) -> String? {
    switch vendor {
    case "GenuineIntel": "intel"
    case "AuthenticAMD": "amd"
    case "HygonGenuine": "hygon"
    case "CentaurHauls": "via"
    case "  Shanghai  ", "Shanghai": "zhaoxin"
    default: slug(vendor).nonEmpty
    }
  }

  /// The words of a model name that tell models apart.
  private static func modelWords(_ name: String) -> [String] {
    var text = name
    // "@ 3.60GHz" is the nominal clock of a named model; without "@" it is part of the name.
    if let at = text.firstIndex(of: "@") { text = String(text[..<at]) }
    if let graphics = text.lowercased().firstRange(of: " with radeon") {
      text = String(text.prefix(text.lowercased().distance(to: graphics.lowerBound)))
    }
    for mark in ["(R)", "(r)", "(TM)", "(tm)", "®", "™"] {
      while let range = text.firstRange(of: mark) { text.replaceSubrange(range, with: " ") }
    }
    let noise: Set<String> = ["cpu", "processor", "dual", "quad", "core-processor", "apu", "soc"]
    var words = text.split(whereSeparator: \.isWhitespace).map { slug(String($0)) }
    words.removeAll { $0.isEmpty || noise.contains($0) || isCoreCount($0) }
    // "Dual Core AMD Opteron": a count in words, unlike the "Core" of "Intel Core i7".
    if name.hasPrefix("Dual Core") || name.hasPrefix("Dual-Core"), words.first == "core" {
      words.removeFirst()
    }
    return words
  }

  /// `96-core`, `dual-core`: the count comes at the end of the name anyway.
  private static func isCoreCount(_ word: String) -> Bool {
    let ends = ["-core", "-cores"].filter(word.hasSuffix)
    guard let end = ends.last else { return false }
    let number = String(word.dropLast(end.count))
    return Int(number) != nil
      || ["single", "dual", "triple", "quad", "six", "eight", "twelve", "sixteen"].contains(number)
  }

  /// Whether a model name fits many chips: no model number in it, or one of an engineering sample.
  private static func isGeneric(_ name: String) -> Bool {
    if name.isEmpty || name.contains("0000") || name.contains("QEMU") || name.contains("KVM") {
      return true
    }
    let text = name.firstIndex(of: "@").map { String(name[..<$0]) } ?? name
    return !text.split(whereSeparator: \.isWhitespace).contains { word in
      let lower = word.lowercased()
      return !lower.hasSuffix("ghz") && !isCoreCount(lower) && !lower.hasPrefix("(")
        && word.count(where: \.isNumber) >= 2
    }
  }
}

extension String {
  /// How many characters stand before a position of this text.
  func distance(to index: Index) -> Int { distance(from: startIndex, to: index) }
}
