internal import JSON
internal import MeterCore
package import Model

extension MeterSourceID {
  static let redfish = MeterSourceID("redfish", isOnMachine: false)
}

/// The management controller of a server, over Redfish.
package struct RedfishSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .redfish }
  package var summary: String { "server's management controller over Redfish (https)" }
  package var argumentName: String? { "HOST" }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let target = NetworkTarget(request.argument, scheme: "https")
    guard
      let client = HTTPClient(
        target, variables: request.environment.variables, timeout: Seconds(5),
        authentication: .atOnce)
    else { return .none(HTTPClient.missing) }
    let found = Self.resources(client, target)
    var discovery = MeterDiscovery(unavailable: found.unavailable)
    let clock = request.environment.clock
    let isFull = request.environment.probing == .full
    // All at once: a controller is watched for up to 20 s.
    let periods = Concurrently.map(isFull ? found.resources : []) { resource in
      UpdateWatch.watch(clock) { resource.ask(client) }
    }
    for (index, resource) in found.resources.enumerated() {
      add(resource, client, isFull ? .some(periods[index]) : nil, &discovery)
    }
    return discovery
  }

  /// A resource that gives power.
  struct Resource: Sendable {
    let path: String
    let name: String
    let scope: Scope
    let place: RedfishPower.Place
    let first: RedfishPower

    func ask(_ client: HTTPClient) -> Reading<DeviceAnswer> {
      client.json(path).flatMap {
        RedfishPower.read($0, place, Redaction.address(client.base + path))
      }.map {
        DeviceAnswer(power: $0.watts, takenAt: $0.takenAt)
      }
    }
  }

  /// One chassis that the controller lists.
  private struct Chassis {
    let path: String
    let type: String?
    /// The chassis that it is in, among those listed.
    let container: String?
  }

  private static func resources(
    _ client: HTTPClient, _ target: NetworkTarget
  ) -> (resources: [Resource], unavailable: [Reason]) {
    if let path = target.channel {
      return switch open(client, ["/\(path)"], target.shown, .wall) {
      case .value(let resource): ([resource], [])
      case .unavailable(let reason): ([], [reason])
      }
    }
    let paths: [String]
    switch client.json("/redfish/v1/Chassis") {
    case .unavailable(let reason): return ([], [reason])
    case .value(let tree):
      // Paths are used on the named host only: an absolute address elsewhere is refused.
      paths = (tree["Members"]?.elements ?? []).compactMap { $0["@odata.id"]?.text }
        .filter { $0.hasPrefix("/") && !$0.hasPrefix("//") }.map(plain)
    }
    var resources: [Resource] = []
    var unavailable: [Reason] = []
    for chassis in ordered(paths.map { Self.chassis(client, $0, among: paths) }) {
      let name = "\(target.shown)\(chassis.path)"
      let places = ["EnvironmentMetrics", "Power"].map { "\(chassis.path)/\($0)" }
      switch open(client, places, name, scope(chassis)) {
      case .value(let resource): resources.append(resource)
      case .unavailable(let reason): unavailable.append(reason)
      }
    }
    if paths.isEmpty {
      unavailable = [Reason(.unsupported, "\(target.base) lists no chassis")]
    }
    return (resources, unavailable)
  }

  /// A path without the slash that some controllers end it with.
  private static func plain(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// What a chassis says about itself; one that says nothing stands by itself.
  private static func chassis(
    _ client: HTTPClient, _ path: String, among paths: [String]
  ) -> Chassis {
    guard paths.count > 1, let tree = client.json(path).value else {
      return Chassis(path: path, type: nil, container: nil)
    }
    let container = tree["Links"]?["ContainedBy"]?["@odata.id"]?.text.map(plain)
    return Chassis(
      path: path, type: tree["ChassisType"]?.text,
      container: container.flatMap { $0 != path && paths.contains($0) ? $0 : nil })
  }

  /// What contains others first: it is the headline.
  private static func ordered(_ chassis: [Chassis]) -> [Chassis] {
    chassis.filter { $0.container == nil } + chassis.filter { $0.container != nil }
  }

  /// Chassis that are parts inside of a server, by the names of the Redfish schema Chassis.
  private static let parts: Set<String> = [
    "Component", "Module", "Card", "Zone", "Cartridge", "StorageEnclosure", "HeatExchanger",
    "ImmersionTank", "Other",
  ]

  /// A chassis that is in another one that is listed is a part of what that one draws.
  private static func scope(_ chassis: Chassis) -> Scope {
    guard chassis.container != nil else {
      return chassis.type.map(parts.contains) == true ? .unknown : .wall
    }
    return chassis.type.map(parts.contains) == true ? .unknown : .dcSystem
  }

  /// The first of the paths that gives power; else what the one says that answers at all.
  private static func open(
    _ client: HTTPClient, _ paths: [String], _ name: String, _ scope: Scope
  ) -> Reading<Resource> {
    var refusal: Reason?
    var answered: Reason?
    for path in paths {
      let tree: JSONValue
      switch client.json(path) {
      case .unavailable(let reason):
        refusal = refusal ?? reason
        continue
      case .value(let found): tree = found
      }
      switch RedfishPower.choose(tree, Redaction.address(client.base + path)) {
      case .value(let (place, first)):
        return .value(Resource(path: path, name: name, scope: scope, place: place, first: first))
      case .unavailable(let reason): answered = reason
      }
    }
    return .unavailable(
      answered ?? refusal ?? Reason(.unsupported, "\(client.base) holds no power reading"))
  }

  /// Opens one resource, with how often its controller measures where that was found out.
  private func add(
    _ resource: Resource, _ client: HTTPClient, _ watched: Seconds??,
    _ discovery: inout MeterDiscovery
  ) {
    let period = watched ?? nil
    let reader = AnswerReader(
      source: id, name: resource.name,
      label: "Redfish \(Redaction.address(resource.path))\(resource.place.label)",
      first: DeviceAnswer(power: resource.first.watts, takenAt: resource.first.takenAt),
      counter: nil, accuracy: NetworkTarget.unknownAccuracy, scope: resource.scope,
      updates: period.map { .every($0) } ?? .unknown, averaging: resource.first.averaging,
      limit: resource.first.capacity
    ) {
      resource.ask(client)
    }
    discovery.readers.append(reader)
    guard watched != nil, let channel = reader.channels.first else { return }
    discovery.checks.append(
      Check(
        name: CheckName.meterTick(channel.descriptor.id), verdict: period == nil ? .unknown : .pass,
        message: period.map {
          "the controller takes a new reading about every \(($0.value * 10).rounded() / 10) s"
        }
          ?? "the reading changed less than three times in 20 s, so how often it is taken is not known",
        remedy: period == nil ? "use windows of some minutes" : nil))
  }
}

/// What one Redfish resource says of its power.
struct RedfishPower: Hashable, Sendable {
  let watts: Double
  /// When the controller took it, in its own words.
  let takenAt: String?
  /// The time that it is the mean of; nil where nobody says.
  let averaging: Seconds?
  /// What the supplies can give; nil where nobody says.
  let capacity: Watts?

  /// Where in its resource a power stands: chosen once, so that a value that is missing later is a gap and not the
  /// value of a part.
  enum Place: Hashable, Sendable {
    /// `PowerWatts.Reading` of EnvironmentMetrics.
    case environment
    /// The member of `PowerControl` with this identity, or the one at this place where members have none.
    case control(identity: String?, index: Int)
    /// `PowerConsumedWatts` beside the list, in older controllers.
    case resource
    /// Fujitsu's own object.
    case fujitsu

    var label: String {
      if case .control(let identity?, _) = self { " \(identity)" } else { "" }
    }
  }

  static func choose(_ tree: JSONValue, _ address: String) -> Reading<(Place, RedfishPower)> {
    let place: Place
    let controls = tree["PowerControl"]?.elements ?? []
    if tree["PowerWatts"]?.members.isEmpty == false {
      place = .environment
    } else if let index = whole(among: controls) {
      place = .control(identity: identity(controls[index]), index: index)
    } else if tree["PowerConsumedWatts"]?.double != nil {
      place = .resource
    } else if fujitsu(tree) != nil {
      place = .fujitsu
    } else {
      let what =
        tree["PowerControl"] == nil
        ? "answers without PowerControl" : "lists no PowerControl of the whole"
      return .unavailable(
        Reason(.unsupported, "\(address) \(what): it holds no power reading"))
    }
    return read(tree, place, address).map { (place, $0) }
  }

  /// The first control that is not by its name a part (further ones often are).
  private static func whole(among controls: [JSONValue]) -> Int? {
    let parts = [
      "cpu", "memory", "dimm", "sub-system", "subsystem", "fan", "gpu", "storage", "psu",
    ]
    return controls.indices.first { index in
      let name = controls[index]["Name"]?.text?.lowercased() ?? ""
      return !parts.contains { name.contains($0) }
    }
  }

  private static func identity(_ control: JSONValue) -> String? {
    control["MemberId"]?.text ?? control["Name"]?.text
  }

  private static func fujitsu(_ tree: JSONValue) -> Double? {
    tree["Oem"]?["ts_fujitsu"]?["ChassisPowerConsumption"]?["CurrentPowerConsumptionW"]?.double
  }

  /// The power at a place; a value that is not there is a gap.
  static func read(_ tree: JSONValue, _ place: Place, _ address: String) -> Reading<RedfishPower> {
    func missing(_ what: String) -> Reading<RedfishPower> {
      .unavailable(Reason(.lost, "\(address) shows no value of \(what) now"))
    }
    switch place {
    case .environment:
      guard let reading = tree["PowerWatts"], let watts = reading["Reading"]?.double else {
        return missing("PowerWatts")
      }
      return .value(
        RedfishPower(
          watts: watts, takenAt: reading["ReadingTime"]?.text, averaging: nil, capacity: nil))
    case .control(let identity, let index):
      let controls = tree["PowerControl"]?.elements ?? []
      let control =
        identity.flatMap { name in controls.first { Self.identity($0) == name } }
        ?? (identity == nil && controls.indices.contains(index) ? controls[index] : nil)
      guard let control, let watts = control["PowerConsumedWatts"]?.double else {
        return missing("PowerControl \(identity ?? "\(index)")")
      }
      return .value(
        RedfishPower(
          watts: watts, takenAt: nil, averaging: averaging(control), capacity: capacity(control)))
    case .resource:
      guard let watts = tree["PowerConsumedWatts"]?.double else {
        return missing("PowerConsumedWatts")
      }
      return .value(
        RedfishPower(
          watts: watts, takenAt: nil, averaging: averaging(tree), capacity: capacity(tree)))
    case .fujitsu:
      guard let watts = fujitsu(tree) else { return missing("ChassisPowerConsumption") }
      return .value(RedfishPower(watts: watts, takenAt: nil, averaging: nil, capacity: nil))
    }
  }

  /// Controllers show with the power the minutes that its statistics are made over; makers fill the power itself from
  /// the same mean.
  private static func averaging(_ tree: JSONValue) -> Seconds? {
    tree["PowerMetrics"]?["IntervalInMin"]?.double.flatMap {
      $0 > 0 && $0 <= 1440 ? Seconds($0 * 60) : nil
    }
  }

  private static func capacity(_ tree: JSONValue) -> Watts? {
    tree["PowerCapacityWatts"]?.double.flatMap { $0 > 0 ? Watts($0) : nil }
  }
}
