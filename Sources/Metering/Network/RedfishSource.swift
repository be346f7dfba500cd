internal import Model

/// The management controller of a server, over Redfish.
package struct RedfishSource: MeterSource {
  package init() {}

  package var name: String { "redfish" }
  package var summary: String { "server's management controller over Redfish (https, HOST)" }
  package var argumentName: String? { "HOST" }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let target = NetworkTarget(request.argument, scheme: "https")
    guard
      let client = HTTPClient(
        base: target.base, variables: request.environment.variables, timeout: Seconds(5))
    else { return .none(HTTPClient.missing) }
    if let path = target.channel {
      return reader(client, "/\(path)", request.argument).map { MeterDiscovery(readers: [$0]) }
        .orNone
    }
    let chassis: [String]
    switch client.json("/redfish/v1/Chassis") {
    case .unavailable(let reason): return .none(reason)
    case .value(let tree):
      chassis = (tree["Members"]?.elements ?? []).compactMap { $0["@odata.id"]?.text }
    }
    // Paths are used on the named host only: an absolute address elsewhere is refused.
    var discovery = MeterDiscovery()
    for path in chassis where path.hasPrefix("/") && !path.hasPrefix("//") {
      var refusal: Reason?
      for resource in ["EnvironmentMetrics", "Power"] {
        switch reader(client, "\(path)/\(resource)", "\(target.name)\(path)") {
        case .value(let reader):
          discovery.readers.append(reader)
          refusal = nil
        case .unavailable(let reason): refusal = refusal ?? reason
        }
        if discovery.readers.last != nil, refusal == nil { break }
      }
      if let refusal { discovery.unavailable.append(refusal) }
    }
    if discovery.readers.isEmpty, discovery.unavailable.isEmpty {
      return .none(Reason(.unsupported, "\(target.base) lists no chassis"))
    }
    return discovery
  }

  private func reader(
    _ client: HTTPClient, _ path: String, _ label: String
  ) -> Reading<any MeterReader> {
    client.json(path).flatMap { Self.power($0, client.base + path) }.map { first in
      PlugReader(
        source: name, name: label, label: "Redfish \(path)", first: first, counter: nil,
        accuracy: NetworkTarget.unknownAccuracy
      ) {
        client.json(path).flatMap { Self.power($0, client.base + path) }
      }
    }
  }

  /// `PowerWatts.Reading` of EnvironmentMetrics, or `PowerConsumedWatts` of Power, summed over its controls.
  static func power(_ tree: JSONTree, _ address: String) -> Reading<PlugAnswer> {
    if let watts = tree["PowerWatts"]?["Reading"]?.number {
      return .value(PlugAnswer(power: watts))
    }
    let controls = (tree["PowerControl"]?.elements ?? []).compactMap {
      $0["PowerConsumedWatts"]?.number
    }
    guard let first = controls.first else {
      return .unavailable(Reason(.unsupported, "\(address) holds no power reading"))
    }
    // The first control is the whole chassis; further ones are parts of it.
    return .value(PlugAnswer(power: first))
  }
}

extension Reading where Value == MeterDiscovery {
  /// The discovery, or one that found nothing for the reason.
  var orNone: MeterDiscovery {
    switch self {
    case .value(let discovery): discovery
    case .unavailable(let reason): .none(reason)
    }
  }
}
