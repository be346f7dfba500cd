internal import JSON
internal import MeterCore
package import Model

extension MeterSourceID {
  static let tasmota = MeterSourceID("tasmota", isOnMachine: false)
}

/// Plugs with the Tasmota firmware.
package struct TasmotaSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .tasmota }
  package var summary: String { "plug with Tasmota firmware on the network (HOST or HOST/CHANNEL)" }
  package var argumentName: String? { "HOST" }

  private static let path = "/cm?cmnd=Status%208"

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let target = NetworkTarget(request.argument)
    guard
      let client = HTTPClient(
        target, variables: request.environment.variables, authentication: .inQuery)
    else { return .none(HTTPClient.missing) }
    let channel = target.channel.map { Int($0) ?? -1 }
    let first: (answer: DeviceAnswer, counter: AnswerReader.Counter)
    switch client.json(Self.path).flatMap({ Self.energy($0, channel, target.base) }) {
    case .unavailable(let reason): return .none(reason)
    case .value(let value): first = value
    }
    return MeterDiscovery(readers: [
      AnswerReader(
        source: id, name: target.shown, label: "Tasmota", first: first.answer,
        counter: first.counter, accuracy: NetworkTarget.unknownAccuracy
      ) {
        client.json(Self.path).flatMap { Self.energy($0, channel, target.base) }.map(\.answer)
      }
    ])
  }

  /// The ENERGY object, in an answer to `Status 8` or as a sensor message; lists are the channels of one device.
  static func energy(
    _ answer: JSONValue, _ channel: Int?, _ base: String
  ) -> Reading<(answer: DeviceAnswer, counter: AnswerReader.Counter)> {
    guard let energy = (answer["StatusSNS"] ?? answer)["ENERGY"] else {
      return .unavailable(
        Reason(.unsupported, "\(base) answers like no Tasmota with a meter: ENERGY is missing"))
    }
    // One number for several powers is their sum's, not that of the first of them.
    let isList = energy["Power"]?.elements.isEmpty == false
    func pick(_ key: String) -> Reading<Double?> {
      guard let value = energy[key] else { return .value(nil) }
      guard !value.elements.isEmpty else {
        return .value(isList && channel != nil ? nil : value.double)
      }
      let list = value.elements.compactMap(\.double)
      guard list.count == value.elements.count else {
        return .unavailable(Reason(.lost, "\(base) shows no value for one of its channels now"))
      }
      guard let channel else { return .value(list.reduce(0, +)) }
      guard list.indices.contains(channel) else {
        return .unavailable(Reason(.absent, "\(base) has the channels 0 to \(list.count - 1)"))
      }
      return .value(list[channel])
    }
    return pick("Power").flatMap { power in
      pick("Total").map { total in
        (
          // `Total` counts kilowatt-hours; three digits of it are usual.
          DeviceAnswer(power: power, energy: total.map { $0 * 1000 }),
          AnswerReader.Counter(unit: .microwattHour, resolution: 1_000_000)
        )
      }
    }
  }
}
