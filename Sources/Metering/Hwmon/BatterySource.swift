internal import LinuxSystem
internal import MeterCore
package import Model

extension MeterSourceID {
  static let battery = MeterSourceID("battery", isOnMachine: true)
}

/// A battery of the machine itself, as the kernel's power supplies show it.
struct Battery: Hashable {
  let name: String
  /// `Discharging`, `Charging`, `Full`, `Not charging`, `Unknown`.
  let status: String

  static let folder = "/sys/class/power_supply"
  static let discharging = "Discharging"

  /// Those of the machine; a mouse has a battery too, and its scope says so.
  static func all(_ root: SystemRoot) -> [Battery] {
    ((try? root.names(folder)) ?? []).compactMap { entry in
      let base = "\(folder)/\(entry)"
      guard (try? root.text("\(base)/type")) == "Battery",
        (try? root.text("\(base)/scope")) != "Device"
      else { return nil }
      return Battery(name: entry, status: (try? root.text("\(base)/status")) ?? "unknown")
    }
  }

  /// What makes it discharge; nil for one whose state nobody knows, such as an empty second one.
  var remedy: String? {
    ["Charging", "Full", "Not charging"].contains(status) ? "disconnect the charger" : nil
  }
}

/// A laptop's battery while it discharges: the power of the whole machine behind the charger.
///
/// Two that discharge at once feed the machine together, so their powers are added.
package struct BatterySource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .battery }
  package var summary: String { "the battery while it discharges" }
  package var argumentName: String? { nil }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let root = request.environment.root
    var discovery = MeterDiscovery()
    var names: [String] = []
    var values: [PowerFileReader.Value] = []
    var states: [(name: String, file: AttributeFile)] = []
    for battery in Battery.all(root) {
      switch Self.value(root, battery) {
      case .value(let (value, status)):
        names.append(battery.name)
        values.append(value)
        states.append((battery.name, status))
      case .unavailable(let reason): discovery.unavailable.append(reason)
      }
    }
    if !values.isEmpty {
      let isVoid: @Sendable () -> Reason? = { [states] in
        for (name, file) in states {
          let now = Battery(name: name, status: (try? file.text()) ?? "unknown")
          if now.status != Battery.discharging { return Self.reason(now) }
        }
        return nil
      }
      let member = PowerFileReader.Member(
        channel: Self.channel(names.joined(separator: "+")),
        value: values.count == 1 ? values[0] : .sum(values), isVoid: isVoid)
      switch PowerFileReader.read(member) {
      case .unavailable(let reason): discovery.unavailable.append(reason)
      case .value(let raw):
        if let reason = member.channel.refusal(of: raw) {
          discovery.unavailable.append(reason)
        } else {
          discovery.readers.append(PowerFileReader([member], period: Seconds(1)))
        }
      }
    }
    if discovery.readers.isEmpty, discovery.unavailable.isEmpty {
      discovery.unavailable = [Reason(.absent, "this machine has no battery")]
    }
    return discovery
  }

  private static func reason(_ battery: Battery) -> Reason {
    Reason(
      .notMeasured,
      "\(battery.name) is not discharging (\(battery.status)), so its power is not the machine's",
      remedy: battery.remedy)
  }

  private static func value(
    _ root: SystemRoot, _ battery: Battery
  ) -> Reading<(PowerFileReader.Value, AttributeFile)> {
    guard battery.status == Battery.discharging else { return .unavailable(reason(battery)) }
    let base = "\(Battery.folder)/\(battery.name)"
    do throws(SystemError) {
      let status = try AttributeFile(root, "\(base)/status")
      if root.exists("\(base)/power_now") {
        return .value((.direct(try AttributeFile(root, "\(base)/power_now")), status))
      }
      let volts = try AttributeFile(root, "\(base)/voltage_now")
      return .value((.microProduct(volts, try AttributeFile(root, "\(base)/current_now")), status))
    } catch {
      return .unavailable(Reason(.absent, "\(error.path ?? base): \(error.errno)"))
    }
  }

  private static func channel(_ entry: String) -> MeterChannel {
    MeterChannel(
      descriptor: MeterDescriptor(
        id: MeterID(rawValue: "battery:\(entry)"), source: .battery, label: "battery \(entry)",
        scope: .dcSystem, covers: .machine, part: entry, kind: .measuredSampled,
        quantity: .instantaneousPower,
        rawUnit: RawUnit.microwatt.symbol, resolution: nil, updatePeriod: nil,
        accuracy: MeterAccuracy(
          gainBound: nil, source: "not published by the battery", isAssumed: false),
        privilege: "none"),
      rules: ChannelRules(unit: .microwatt, maximumPower: Watts(1000), gapLimit: Seconds(3.5)))
  }
}
