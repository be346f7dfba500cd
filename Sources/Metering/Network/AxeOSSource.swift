internal import JSON
internal import MeterCore
package import Model

extension MeterSourceID {
  static let axeOS = MeterSourceID("axeos", isOnMachine: false)
}

/// Bitaxe and other small miners with the ESP-Miner firmware (AxeOS).
///
/// Most boards report what their regulator gives and add a constant for what is not measured (ESP-Miner,
/// `main/power/power.c`), so that the figure is an estimate whatever it looks like: a board that shows 14 W was seen
/// to draw 24 W at the plug (ESP-Miner issue 908).
package struct AxeOSSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .axeOS }
  package var summary: String { "Bitaxe's own estimate of its power (AxeOS)" }
  package var argumentName: String? { "HOST" }

  private static let path = "/api/system/info"

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let target = NetworkTarget(request.argument)
    guard let client = HTTPClient(target, variables: request.environment.variables)
    else { return .none(HTTPClient.missing) }
    switch client.json(Self.path).flatMap({ info in
      Self.power(info, target.base).map { (watts: $0, offset: Self.offset(info)) }
    }) {
    case .unavailable(let reason): return .none(reason)
    case .value(let first):
      return MeterDiscovery(readers: [
        AnswerReader(
          source: id, name: target.shown, label: "AxeOS",
          first: DeviceAnswer(power: first.watts), counter: nil,
          accuracy: MeterAccuracy(
            gainBound: nil, offsetBound: Watts(first.offset),
            source: "the constant that ESP-Miner adds for what it does not measure",
            isAssumed: true),
          scope: .minerBoard, covers: .device(.miner(target.name)), kind: .estimated
        ) {
          client.json(Self.path).flatMap { Self.power($0, target.base) }
            .map { DeviceAnswer(power: $0) }
        }
      ])
    }
  }

  private static func power(_ info: JSONValue, _ base: String) -> Reading<Double> {
    guard info["ASICModel"] != nil, let watts = info["power"]?.double else {
      return .unavailable(
        Reason(
          .unsupported, "\(base) answers like no AxeOS: ASICModel or power is missing"))
    }
    return .value(watts)
  }

  /// Watts that ESP-Miner adds: 5 on boards with one chip, 10 on GammaTurbo, 12 on Hex, 25 on SupraHex; the greatest
  /// where the board is not known.
  private static func offset(_ info: JSONValue) -> Double {
    switch (info["asicCount"]?.double ?? 1, info["ASICModel"]?.text) {
    case (1, _): 5
    case (2, _): 10
    case (6, "BM1366"): 12
    default: 25
    }
  }
}
