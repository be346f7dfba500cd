/// What is computed: `sha256d`, `scrypt-1024-1-1`, `keccak256`.
///
/// Open, so that files may carry later ones.
package struct AlgorithmID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  package static let sha256d = AlgorithmID(rawValue: "sha256d")
  package static let scrypt = AlgorithmID(rawValue: "scrypt-1024-1-1")
  package static let keccak256 = AlgorithmID(rawValue: "keccak256")
}

/// One implementation of an algorithm: `<isa>[-<shape>]`, `plugin:<name>`, or `other:<name>`.
package struct KernelID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  /// What the names of a plug-in's kernels are shown with.
  package static let pluginPrefix = "plugin:"
  /// What the names of the kernels are shown with that `run --interleave` pairs with the run's own.
  package static let otherPrefix = "other:"

  package var isPlugin: Bool { rawValue.hasPrefix(Self.pluginPrefix) }
  /// Whether it is another build's kernel, in a run for comparison only: the name means nothing outside of it.
  package var isOther: Bool { rawValue.hasPrefix(Self.otherPrefix) }

  /// The name as its maker gave it.
  package var bareName: String {
    let prefix = isPlugin ? Self.pluginPrefix : isOther ? Self.otherPrefix : ""
    return String(rawValue.dropFirst(prefix.count))
  }
}

/// A device: `cpu`, `pci:0000:65:00.0`, `miner:192.0.2.7`.
package struct DeviceID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  package static let cpu = DeviceID(rawValue: "cpu")

  private static let minerPrefix = "miner:"

  /// An ASIC miner by the name or address that its user gives.
  package static func miner(_ host: String) -> DeviceID { DeviceID(rawValue: minerPrefix + host) }

  /// Whether it is another machine than the one that measures it.
  package var isMiner: Bool { rawValue.hasPrefix(Self.minerPrefix) }

  /// A PCI function by its address, `0000:65:00.0`, in lower case and with a domain of at least four digits.
  ///
  /// Drivers pad the domain to eight digits (NVML) or leave it out. Nil for a text that is no such address.
  package static func pci(_ address: some StringProtocol) -> DeviceID? {
    var parts = address.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 2 { parts.insert("0", at: 0) }
    guard parts.count == 3, let domain = UInt32(parts[0], radix: 16),
      parts[1].count == 2, let bus = UInt8(parts[1], radix: 16)
    else { return nil }
    let place = parts[2].split(separator: ".", omittingEmptySubsequences: false)
    guard place.count == 2, place[0].count == 2, let device = UInt8(place[0], radix: 16),
      device < 32, place[1].count == 1, let function = UInt8(place[1], radix: 8)
    else { return nil }
    func padded(_ value: some BinaryInteger, to width: Int) -> String {
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return DeviceID(
      rawValue:
        "pci:\(padded(domain, to: 4)):\(padded(bus, to: 2)):\(padded(device, to: 2)).\(function)")
  }
}

/// One channel of a meter: `powercap:package-0`, `shelly:192.0.2.7`.
///
/// Unique within a run.
package struct MeterID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
}

/// Stable short name of a hardware model, equal for equal hardware: `cpu/amd-epyc-9654-2x96c`.
package struct HardwareID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
}

/// What was measured together: one algorithm, by one kernel, on some CPUs of one device.
package struct SeriesID: Hashable, Sendable, CustomStringConvertible {
  package let algorithm: AlgorithmID
  package let device: DeviceID
  package let kernel: KernelID
  /// Number of worker threads, at least 1.
  package let threads: Int
  /// The CPUs' kind when a run distinguishes them (`P`, `E`), else nil.
  package let coreKind: String?

  package init(
    algorithm: AlgorithmID, device: DeviceID, kernel: KernelID, threads: Int,
    coreKind: String? = nil
  ) {
    self.algorithm = algorithm
    self.device = device
    self.kernel = kernel
    self.threads = threads
    self.coreKind = coreKind
  }

  package var description: String {
    "\(algorithm)/\(device)/\(kernel)/\(threads)t\(coreKind.map { "/" + $0 } ?? "")"
  }
}
