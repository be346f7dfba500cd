package import LinuxSystem
package import Model

/// One zone of `/sys/class/powercap` that has an energy counter.
package struct PowercapZone: Sendable {
  package let index: ZoneIndex
  /// The folder's name in the class: `intel-rapl:0:1`.
  package let folder: String
  package let name: ZoneName
  package let nameText: String
  /// The zones' names from the top, joined: `package-0/dram`; what channels are called by.
  package let path: String
  /// Package that it belongs to; nil for psys and unknown zones at the top.
  package let package: Int?
  package let die: Int?
  /// Largest value of the counter; nil when it cannot be read.
  package let range: UInt64?
  /// The largest of what the zone's constraints allow and may be set to.
  package let maximumPower: Watts?
  /// The counter, open; or why it cannot be.
  package let energy: Reading<AttributeFile>

  package var isMMIO: Bool { index.controlType.hasSuffix("-mmio") }
}

/// All zones of a machine, found by walking the class and told apart by their `name`.
package struct PowercapTree: Sendable {
  static let folder = "/sys/class/powercap"
  static let devices = "/sys/devices/virtual/powercap"

  /// In the order of their paths.
  package let zones: [PowercapZone]
  /// Entries of the class that look like zones but lead nowhere, as a container runtime's mask leaves them.
  package let dangling: [String]

  package init(_ root: SystemRoot) {
    var zones: [PowercapZone] = []
    var dangling: [String] = []
    var seen: Set<String> = []
    var names: [ZoneIndex: String] = [:]
    var folders: [(index: ZoneIndex, folder: String)] = []
    for folder in (try? root.names(Self.folder)) ?? [] {
      guard let index = ZoneIndex(folder) else { continue }
      guard let real = try? root.realPath("\(Self.folder)/\(folder)") else {
        dangling.append(folder)
        continue
      }
      // A class entry may be reachable by two names; the hardware behind it counts once.
      guard seen.insert(real).inserted else { continue }
      guard let name = try? root.text("\(Self.folder)/\(folder)/name") else {
        dangling.append(folder)
        continue
      }
      names[index] = name
      folders.append((index, folder))
    }
    for (index, folder) in folders {
      guard let text = names[index] else { continue }
      let base = "\(Self.folder)/\(folder)"
      guard root.exists("\(base)/energy_uj") else { continue }
      let above = index.parent.flatMap { names[$0] }
      let (package, die): (Int?, Int?) =
        switch ZoneName(above ?? text) {
        case .package(let package, let die): (package, die)
        default: (nil, nil)
        }
      zones.append(
        PowercapZone(
          index: index, folder: folder, name: ZoneName(text), nameText: text,
          path: above.map { "\($0)/\(text)" } ?? text, package: package, die: die,
          range: (try? root.integer("\(base)/max_energy_range_uj")).flatMap { UInt64(exactly: $0) }
            .flatMap { $0 > 0 ? $0 : nil },
          maximumPower: Self.maximumPower(root, base), energy: Self.open(root, base)))
    }
    self.zones = zones.sorted { ($0.path, $0.folder) < ($1.path, $1.folder) }
    self.dangling = dangling
  }

  private static func maximumPower(_ root: SystemRoot, _ base: String) -> Watts? {
    // Either file may be 0 or lower than what the processor does (a mobile part's long-term maximum of 55 W).
    let powers = (0..<4).flatMap { constraint in
      ["max_power_uw", "power_limit_uw"].compactMap {
        try? root.integer("\(base)/constraint_\(constraint)_\($0)")
      }
    }
    return powers.max().flatMap { $0 > 0 ? Watts(Double($0) * 1e-6) : nil }
  }

  private static func open(_ root: SystemRoot, _ base: String) -> Reading<AttributeFile> {
    do {
      let file = try AttributeFile(root, "\(base)/energy_uj")
      guard try file.unsigned() != nil else {
        return .unavailable(
          Reason(.malformed, "\(base)/energy_uj holds no number but '\(try file.text())'"))
      }
      return .value(file)
    } catch {
      switch error.errno {
      case .permissionDenied, .notPermitted:
        return .unavailable(
          Reason(
            .permission, "\(base)/energy_uj is readable by root only (CVE-2020-8694)",
            remedy: Remedies.powercapGroup))
      default:
        return .unavailable(Reason(.lost, "\(base)/energy_uj: \(error.errno)"))
      }
    }
  }
}
