package import Model

/// Which meter is the wall's, and which are the sensors.
package struct CalibrationMeters: Hashable, Sendable {
  package let wall: MeterDescriptor
  /// Of the widest scope that the machine itself has: siblings, to be added.
  package let sensors: [MeterDescriptor]

  /// - Throws: `Failure` where there is no wall meter or more than one, or no sensor.
  package init(
    _ meters: [MeterDescriptor], _ unavailable: [UnavailableMeter]
  ) throws(Failure) {
    let walls = meters.filter { $0.scope == .wall && $0.kind.isMeasured }
    guard walls.count <= 1 else {
      throw Failure(
        .usage,
        "\(walls.map(\.id.rawValue).joined(separator: " and ")) both measure at the wall",
        remedy: "name one wall meter, and a sensor of the machine itself")
    }
    guard let wall = walls.first else {
      let why = unavailable.first.map { " (\($0.source): \($0.reason.message))" } ?? ""
      throw Failure(
        .unavailable, "none of the meters measures at the wall\(why)",
        remedy: "name one with --meter; see 'hashwatt doctor'")
    }
    guard let group = ScopeChannels.groups(meters.filter { $0.scope != .wall }).first else {
      let why = unavailable.first.map { " (\($0.source): \($0.reason.message))" } ?? ""
      throw Failure(
        .unavailable, "none of the meters is a sensor of the machine itself\(why)",
        remedy: "name one with --meter; see 'hashwatt doctor'")
    }
    self.wall = wall
    sensors = group.meters
  }
}
