internal import JSON
internal import Model

/// Plugs with the Tasmota firmware.
package struct TasmotaSource: MeterSource {
  package init() {}

  package var name: String { "tasmota" }
  package var summary: String { "plug with Tasmota firmware on the network (HOST or HOST/CHANNEL)" }
  package var argumentName: String? { "HOST" }

  private static let path = "/cm?cmnd=Status%208"

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let target = NetworkTarget(request.argument)
    guard let client = HTTPClient(base: target.base, variables: request.environment.variables)
    else { return .none(HTTPClient.missing) }
    let channel = target.channel.map { Int($0) ?? -1 }
    let first: (answer: PlugAnswer, counter: PlugReader.Counter)
    switch client.json(Self.path).flatMap({ Self.energy($0, channel, target.base) }) {
    case .unavailable(let reason): return .none(reason)
    case .value(let value): first = value
    }
    return MeterDiscovery(readers: [
      PlugReader(
        source: name, name: request.argument, label: "Tasmota", first: first.answer,
        counter: first.counter, accuracy: NetworkTarget.unknownAccuracy
      ) {
        client.json(Self.path).flatMap { Self.energy($0, channel, target.base) }.map(\.answer)
      }
    ])
  }

  /// The ENERGY object, in an answer to `Status 8` or as a sensor message; lists are the channels of one device.
  static func energy(
    _ answer: JSONValue, _ channel: Int?, _ base: String
  ) -> Reading<(answer: PlugAnswer, counter: PlugReader.Counter)> {
    guard let energy = (answer["StatusSNS"] ?? answer)["ENERGY"] else {
      return .unavailable(
        Reason(.unsupported, "\(base) answers like no Tasmota with a meter: ENERGY is missing"))
    }
    func pick(_ key: String) -> Reading<Double?> {
      guard let value = energy[key] else { return .value(nil) }
      let list = value.elements.compactMap(\.double)
      guard !list.isEmpty else { return .value(value.double) }
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
          PlugAnswer(power: power, energy: total.map { $0 * 1000 }),
          PlugReader.Counter(unit: .microwattHour, resolution: 1_000_000)
        )
      }
    }
  }
}
