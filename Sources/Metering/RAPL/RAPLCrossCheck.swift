internal import LinuxSystem
internal import MeterCore
package import Model

/// Compares powercap with perf where both can be read: two ways to the same registers must agree (R11).
package enum RAPLCrossCheck {
  /// Two seconds under load; empty where one of the two is missing or nothing is to be tried out.
  static func checks(_ readers: [any MeterReader], _ environment: MeterEnvironment) -> [Check] {
    guard environment.probing == .full else { return [] }
    let involved = readers.filter { reader in
      reader.pace.isInline
        && reader.channels.contains { [.powercap, .perf].contains($0.descriptor.source) }
    }
    let descriptors = involved.flatMap { $0.channels.map(\.descriptor) }
    let pairs = descriptors.indices.flatMap { one in
      descriptors.indices.filter { other in
        descriptors[one].source == .powercap && descriptors[other].source == .perf
          && descriptors[one].scope == descriptors[other].scope
          && descriptors[one].part == descriptors[other].part
          && descriptors[one].mirrorOf == nil && descriptors[one].scope != .unknown
      }.map { (one, $0) }
    }
    guard !pairs.isEmpty else { return [] }
    let load = LoadMaker(
      cpus: environment.root.isLive ? (try? Affinity.allowedCPUs()) ?? [] : [])
    let comparison = CounterComparison.run(
      involved, environment.clock, windows: 1, each: Seconds(2))
    load.stop()
    return pairs.map { one, other in
      judge(descriptors[one], comparison.excess(of: other, over: one))
    }
  }

  package static func judge(_ descriptor: MeterDescriptor, _ excess: Double?) -> Check {
    let name = CheckName.meterCrossCheck(descriptor.id)
    guard let excess else {
      return Check(name: name, verdict: .unknown, message: "perf could not be compared with it")
    }
    // Server DRAM has two units, 15.3 and 2^-16 J, which differ by 0.27 % (power.md 1.3).
    let limit = descriptor.scope == .dram ? 0.0127 : 0.01
    let percent = (excess * 1e4).rounded() / 100
    return Check(
      name: name, verdict: abs(excess) <= limit ? .pass : .fail,
      message: "perf shows \(percent) % more than it over 2 s (limit \(limit * 100) %)")
  }
}
