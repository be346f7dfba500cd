internal import JSON
internal import MeterCore
package import Model

extension MeterSourceID {
  static let shelly = MeterSourceID("shelly", isOnMachine: false)
}

/// Shelly plugs and meters of both generations, over their local HTTP interface.
package struct ShellySource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .shelly }
  package var summary: String { "Shelly plug or meter on the network (HOST or HOST/CHANNEL)" }
  package var argumentName: String? { "HOST" }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let target = NetworkTarget(request.argument)
    guard let client = HTTPClient(target, variables: request.environment.variables)
    else { return .none(HTTPClient.missing) }
    let identity: JSONValue
    switch client.json("/shelly") {
    case .unavailable(let reason): return .none(reason)
    case .value(let tree): identity = tree
    }
    let isSecond = (identity["gen"]?.double ?? 1) >= 2
    guard isSecond ? identity["app"] != nil || identity["model"] != nil : identity["type"] != nil
    else { return .none(Reason(.unsupported, "\(target.base) is no Shelly")) }
    let model =
      (isSecond ? identity["model"] ?? identity["app"] : identity["type"])?.text ?? "unknown model"
    let path = isSecond ? "/rpc/Shelly.GetStatus" : "/status"
    let status: JSONValue
    switch client.json(path) {
    case .unavailable(let reason): return .none(reason)
    case .value(let tree): status = tree
    }
    let meters = isSecond ? Self.secondGeneration(status) : Self.firstGeneration(status)
    guard !meters.isEmpty else {
      return .none(Reason(.unsupported, "\(target.base) is a Shelly \(model) without a meter"))
    }
    let wanted = target.channel ?? (meters.count == 1 ? meters.keys.min() : nil)
    guard let wanted, let meter = meters[wanted] else {
      let names = meters.keys.sorted().joined(separator: ", ")
      return .none(
        Reason(
          .absent, "\(target.base) has the meters \(names)",
          remedy: "name one, as in --meter shelly:\(target.name)/\(meters.keys.min() ?? "0")"))
    }
    switch meter.answer {
    case .unavailable(let reason): return .none(reason)
    case .value(let first):
      return MeterDiscovery(readers: [
        AnswerReader(
          source: id, name: target.shown, label: "Shelly \(model)", first: first,
          counter: meter.counter, accuracy: NetworkTarget.unknownAccuracy
        ) {
          client.json(path).flatMap { status in
            let meters = isSecond ? Self.secondGeneration(status) : Self.firstGeneration(status)
            return meters[wanted]?.answer
              ?? .unavailable(Reason(.lost, "\(target.base) shows the meter \(wanted) no more"))
          }
        }
      ])
    }
  }

  /// One meter of a device.
  struct Meter {
    let answer: Reading<DeviceAnswer>
    let counter: AnswerReader.Counter
  }

  /// `meters[]` count watt-minutes, `emeters[]` watt-hours.
  static func firstGeneration(_ status: JSONValue) -> [String: Meter] {
    var found: [String: Meter] = [:]
    for (list, unit, step) in [
      ("meters", RawUnit.microwattMinute, UInt64(1_000_000)),
      ("emeters", RawUnit.microwattHour, 100_000),
    ] {
      for (index, meter) in (status[list]?.elements ?? []).enumerated() {
        let isValid = meter["is_valid"]?.flag ?? true
        let answer: Reading<DeviceAnswer> =
          isValid
          ? .value(DeviceAnswer(power: meter["power"]?.double, energy: meter["total"]?.double))
          : .unavailable(Reason(.failed, "the meter says that its reading is not valid"))
        found["\(index)"] = Meter(
          answer: answer, counter: AnswerReader.Counter(unit: unit, resolution: step))
      }
    }
    return found
  }

  /// Components of `Shelly.GetStatus`; their counters are watt-hours in thousandths.
  static func secondGeneration(_ status: JSONValue) -> [String: Meter] {
    var found: [String: Meter] = [:]
    for (key, component) in status.members {
      let parts = key.split(separator: ":").map(String.init)
      guard parts.count == 2 else { continue }
      let (power, energy): (Double?, Double?)
      switch parts[0] {
      case "switch", "pm1", "cover", "light", "rgb", "rgbw", "cct":
        power = component["apower"]?.double
        // Where a device counts what is fed back too, `aenergy` grows in both directions.
        energy = component["aenergy"]?["total"]?.double.map {
          $0 - (component["ret_aenergy"]?["total"]?.double ?? 0)
        }
      case "em":
        power = component["total_act_power"]?.double
        energy = status["emdata:\(parts[1])"]?["total_act"]?.double
      case "em1":
        power = component["act_power"]?.double
        energy = status["em1data:\(parts[1])"]?["total_act_energy"]?.double
      default: continue
      }
      guard power != nil || energy != nil else { continue }
      found[parts[1]] = Meter(
        answer: .value(DeviceAnswer(power: power, energy: energy)),
        counter: AnswerReader.Counter(unit: .microwattHour, resolution: 1000))
    }
    return found
  }
}
