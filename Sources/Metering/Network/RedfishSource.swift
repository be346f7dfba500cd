internal import JSON
internal import Model

/// The management controller of a server, over Redfish.
package struct RedfishSource: MeterSource {
  package init() {}

  package var name: String { "redfish" }
  package var summary: String { "server's management controller over Redfish (https)" }
  package var argumentName: String? { "HOST" }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let target = NetworkTarget(request.argument, scheme: "https")
    guard
      let client = HTTPClient(
        base: target.base, variables: request.environment.variables, timeout: Seconds(5))
    else { return .none(HTTPClient.missing) }
    let found = Self.resources(client, target, request.argument)
    var discovery = MeterDiscovery(unavailable: found.unavailable)
    for resource in found.resources { add(resource, client, request.environment, &discovery) }
    return discovery
  }

  /// A resource that gives power.
  private struct Resource {
    let path: String
    let name: String
    let first: PlugAnswer
  }

  private static func resources(
    _ client: HTTPClient, _ target: NetworkTarget, _ argument: String
  ) -> (resources: [Resource], unavailable: [Reason]) {
    if let path = target.channel {
      return switch ask(client, "/\(path)") {
      case .value(let first): ([Resource(path: "/\(path)", name: argument, first: first)], [])
      case .unavailable(let reason): ([], [reason])
      }
    }
    let chassis: [String]
    switch client.json("/redfish/v1/Chassis") {
    case .unavailable(let reason): return ([], [reason])
    case .value(let tree):
      chassis = (tree["Members"]?.elements ?? []).compactMap { $0["@odata.id"]?.text }
    }
    var resources: [Resource] = []
    var unavailable: [Reason] = []
    // Paths are used on the named host only: an absolute address elsewhere is refused.
    for path in chassis where path.hasPrefix("/") && !path.hasPrefix("//") {
      var refusal: Reason?
      var found: Resource?
      for resource in ["EnvironmentMetrics", "Power"] where found == nil {
        let place = "\(path)/\(resource)"
        switch ask(client, place) {
        case .value(let first):
          found = Resource(path: place, name: "\(target.name)\(path)", first: first)
        case .unavailable(let reason): refusal = refusal ?? reason
        }
      }
      if let found { resources.append(found) } else if let refusal { unavailable.append(refusal) }
    }
    if resources.isEmpty, unavailable.isEmpty {
      unavailable = [Reason(.unsupported, "\(target.base) lists no chassis")]
    }
    return (resources, unavailable)
  }

  private static func ask(_ client: HTTPClient, _ path: String) -> Reading<PlugAnswer> {
    client.json(path).flatMap { power($0, client.base + path) }
  }

  /// Opens one resource, and finds out how often its controller measures, which no controller tells.
  private func add(
    _ resource: Resource, _ client: HTTPClient, _ environment: MeterEnvironment,
    _ discovery: inout MeterDiscovery
  ) {
    let period =
      environment.probing == .full
      ? UpdateWatch.watch(environment.clock) { Self.ask(client, resource.path) } : nil
    let reader = PlugReader(
      source: name, name: resource.name, label: "Redfish \(resource.path)", first: resource.first,
      counter: nil, accuracy: NetworkTarget.unknownAccuracy,
      updates: period.map { .every($0) } ?? .unknown
    ) {
      Self.ask(client, resource.path)
    }
    discovery.readers.append(reader)
    guard environment.probing == .full, let channel = reader.channels.first else { return }
    discovery.checks.append(
      Check(
        name: "meter-tick:\(channel.descriptor.id)", verdict: period == nil ? .unknown : .pass,
        message: period.map {
          "the controller takes a new reading about every \(($0.value * 10).rounded() / 10) s"
        }
          ?? "the reading changed less than three times in 20 s, so how often it is taken is not known",
        remedy: period == nil ? "use windows of some minutes" : nil))
  }

  /// `PowerWatts.Reading` of EnvironmentMetrics, or `PowerConsumedWatts` of Power.
  static func power(_ tree: JSONValue, _ address: String) -> Reading<PlugAnswer> {
    if let reading = tree["PowerWatts"], let watts = reading["Reading"]?.double {
      return .value(PlugAnswer(power: watts, takenAt: reading["ReadingTime"]?.text))
    }
    let controls = (tree["PowerControl"]?.elements ?? []).compactMap {
      $0["PowerConsumedWatts"]?.double
    }
    guard let first = controls.first else {
      return .unavailable(Reason(.unsupported, "\(address) holds no power reading"))
    }
    // The first control is the whole chassis; further ones are parts of it.
    return .value(PlugAnswer(power: first))
  }
}
