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
  package static let randomx = AlgorithmID(rawValue: "randomx")
  /// The version that Monero's next fork is to have.
  package static let randomxV2 = AlgorithmID(rawValue: "randomx-v2")
  package static let equihash = AlgorithmID(rawValue: "equihash-200-9")
  package static let etchash = AlgorithmID(rawValue: "etchash")
  /// Etchash over a dataset of a megabyte: to try kernels, not to compare devices.
  package static let etchashTest = AlgorithmID(rawValue: "etchash-test")

  /// Those that this version computes, in the order shown to users.
  package static let known: [AlgorithmID] =
    usual + [
      .randomx, .randomxV2, .equihash, .etchash, .etchashTest,
    ]

  /// What everybody should know who sees its figures; nil where there is nothing.
  package var caution: String? {
    self == .randomxV2 ? "not active on any chain" : nil
  }

  /// Those that a run measures when none is named: what they need, every machine has.
  package static let usual: [AlgorithmID] = [.sha256d, .scrypt, .keccak256]
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
  /// Whether it came from a shared object that the command line named; it was proven in a child process.
  package var isAdded: Bool { isPlugin || isOther }

  /// The name as its maker gave it.
  package var bareName: String {
    let prefix = isPlugin ? Self.pluginPrefix : isOther ? Self.otherPrefix : ""
    return String(rawValue.dropFirst(prefix.count))
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

/// What was measured together: one algorithm, by one kernel, in one placement on one device.
package struct SeriesID: Hashable, Sendable, CustomStringConvertible {
  package let algorithm: AlgorithmID
  package let device: DeviceID
  package let kernel: KernelID
  package let placement: PlacementName

  package init(
    algorithm: AlgorithmID, device: DeviceID, kernel: KernelID, placement: PlacementName
  ) {
    self.algorithm = algorithm
    self.device = device
    self.kernel = kernel
    self.placement = placement
  }

  /// A series on threads of a CPU.
  package init(
    algorithm: AlgorithmID, device: DeviceID, kernel: KernelID, threads: Int,
    coreKind: String? = nil
  ) {
    self.init(
      algorithm: algorithm, device: device, kernel: kernel,
      placement: PlacementName(.thread, workers: threads, part: coreKind))
  }

  /// What several series of one algorithm, one of each device, do at the same time; of one series, itself.
  package static func together(_ members: [SeriesID]) -> SeriesID? {
    guard let first = members.first, members.count > 1 else { return members.first }
    var kernels: [String] = []
    for member in members where !kernels.contains(member.kernel.rawValue) {
      kernels.append(member.kernel.rawValue)
    }
    return SeriesID(
      algorithm: first.algorithm, device: .together,
      kernel: KernelID(rawValue: kernels.joined(separator: "+")),
      placement: PlacementName(.worker, workers: members.reduce(0) { $0 + $1.workers }))
  }

  package var workers: Int { placement.workers }

  package var description: String { "\(algorithm)/\(device)/\(kernel)/\(placement)" }
}
