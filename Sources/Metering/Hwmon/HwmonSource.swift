internal import LinuxSystem
internal import MeterCore
package import Model

extension MeterSourceID {
  static let hwmon = MeterSourceID("hwmon", isOnMachine: true)
}

/// Power and energy sensors that drivers show in `/sys/class/hwmon`: ACPI power meters, GPUs, shunt chips.
package struct HwmonSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .hwmon }
  package var summary: String { "power and energy sensors of drivers (hwmon)" }
  package var argumentName: String? { nil }

  static let folder = "/sys/class/hwmon"

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let root = request.environment.root
    var discovery = MeterDiscovery()
    var seen: Set<String> = []
    let batteries = Battery.all(root)
    var chips: [HwmonChip] = []
    for entry in (try? root.names(Self.folder)) ?? [] {
      let base = "\(Self.folder)/\(entry)"
      guard let name = try? root.text("\(base)/name"),
        seen.insert((try? root.realPath(base)) ?? base).inserted
      else { continue }
      chips.append(HwmonChip(root: root, base: base, entry: entry, name: name))
    }
    let owners = chips.filter { $0.name == HwmonChip.acpiName }.map(\.owner)
    for var chip in chips {
      chip.owners = owners
      if let twin = chip.battery(among: batteries) {
        if let reason = twin { discovery.unavailable.append(reason) }
        continue
      }
      let sensors = chip.sensors()
      var members: [PowerFileReader.Member] = []
      for sensor in sensors {
        switch sensor.usable(root) {
        case .unavailable(let reason): discovery.unavailable.append(reason)
        case .value(let member): members.append(member)
        }
      }
      if let period = sensors.map(\.period.value).min(), !members.isEmpty {
        discovery.readers.append(PowerFileReader(members, period: Seconds(period)))
      }
    }
    if discovery.readers.isEmpty, discovery.unavailable.isEmpty {
      discovery.unavailable = [
        Reason(.absent, "no driver shows a power or energy sensor in \(Self.folder)")
      ]
    }
    return discovery
  }
}
