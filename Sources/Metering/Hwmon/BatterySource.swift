internal import LinuxSystem
internal import MeterCore
package import Model

extension MeterSourceID {
  static let battery = MeterSourceID("battery", isOnMachine: true)
}

/// A laptop's battery while it discharges: the power of the whole machine behind the charger.
package struct BatterySource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .battery }
  package var summary: String { "the battery while it discharges" }
  package var argumentName: String? { nil }

  static let folder = "/sys/class/power_supply"

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let root = request.environment.root
    var discovery = MeterDiscovery()
    for entry in (try? root.names(Self.folder)) ?? [] {
      let base = "\(Self.folder)/\(entry)"
      guard (try? root.text("\(base)/type")) == "Battery",
        // A mouse has a battery too; its scope says so.
        (try? root.text("\(base)/scope")) != "Device"
      else { continue }
      switch Self.member(root, base, entry) {
      case .value(let member):
        discovery.readers.append(PowerFileReader([member], period: Seconds(1)))
      case .unavailable(let reason): discovery.unavailable.append(reason)
      }
    }
    if discovery.readers.isEmpty, discovery.unavailable.isEmpty {
      discovery.unavailable = [Reason(.absent, "this machine has no battery")]
    }
    return discovery
  }

  private static func member(
    _ root: SystemRoot, _ base: String, _ entry: String
  ) -> Reading<PowerFileReader.Member> {
    do throws(SystemError) {
      let status = try AttributeFile(root, "\(base)/status")
      let isVoid: @Sendable () -> Reason? = {
        let now = (try? status.text()) ?? "unknown"
        guard now != "Discharging" else { return nil }
        return Reason(
          .notMeasured, "\(entry) is not discharging (\(now)), so its power is not the machine's",
          remedy: "disconnect the charger")
      }
      if let reason = isVoid() { return .unavailable(reason) }
      let value: PowerFileReader.Value
      if root.exists("\(base)/power_now") {
        value = .direct(try AttributeFile(root, "\(base)/power_now"))
      } else {
        value = .microProduct(
          try AttributeFile(root, "\(base)/voltage_now"),
          try AttributeFile(root, "\(base)/current_now"))
      }
      let member = PowerFileReader.Member(
        channel: channel(entry), value: value, isVoid: isVoid)
      if let reason = PowerFileReader.read(member).reason { return .unavailable(reason) }
      return .value(member)
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
