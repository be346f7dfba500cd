package import LinuxSystem
package import Model

/// One of the kernel's PMUs for energy as its folder in sysfs describes it.
package struct PerfPMU: Sendable {
  /// Which PMU: both count in the same unit.
  package enum Device: String, Sendable {
    /// Packages and what is in them.
    case power
    /// Single cores of AMD processors, in newer kernels.
    case core = "power_core"

    package var folder: String { "/sys/bus/event_source/devices/\(rawValue)" }
  }

  package let device: Device

  package struct Event: Hashable, Sendable {
    package let name: String
    package let config: UInt64
  }

  package let type: UInt32
  /// One CPU for each package, each die, or each core.
  package let cpus: [Int]
  package let events: [Event]
  /// Events in the folder that cannot be used, each with its reason.
  package let refused: [Reason]

  /// Nil when there is no such PMU.
  package init?(_ root: SystemRoot, _ facts: ProcessorFacts, _ device: Device = .power) {
    let folder = device.folder
    guard let type = try? root.integer("\(folder)/type"), let number = UInt32(exactly: type),
      let mask = try? root.text("\(folder)/cpumask")
    else { return nil }
    self.device = device
    self.type = number
    cpus = CPUList.parse(mask) ?? []
    var events: [Event] = []
    var refused: [Reason] = []
    for name in (try? root.names("\(folder)/events")) ?? []
    where name.hasPrefix("energy-") && !name.contains(".") {
      let path = "\(folder)/events/\(name)"
      guard let text = try? root.text(path), let config = Self.config(text) else {
        refused.append(Reason(.malformed, "\(path) names no event"))
        continue
      }
      // Kernels before 5.17 listed events that AMD processors do not have; they count garbage or nothing.
      if device == .power, facts.isAMD, name != "energy-pkg" {
        refused.append(Reason(.unsupported, "\(path): AMD processors have energy-pkg only"))
        continue
      }
      let scale = (try? root.text("\(path).scale")) ?? ""
      let unit = (try? root.text("\(path).unit")) ?? ""
      guard unit == "Joules", Double(scale) == 0x1p-32 else {
        refused.append(
          Reason(.malformed, "\(path) has the scale '\(scale)' \(unit), not 2^-32 Joules"))
        continue
      }
      events.append(Event(name: name, config: config))
    }
    self.events = events
    self.refused = refused
  }

  /// `event=0x02`.
  private static func config(_ text: String) -> UInt64? {
    guard text.hasPrefix("event=0x"), !text.contains(",") else { return nil }
    return UInt64(text.dropFirst(8), radix: 16)
  }
}
