package import Model

/// Channels whose energy may be added: disjoint siblings of one scope and one source (power.md 3.7, R5, R25).
package struct ScopeChannels: Hashable, Sendable {
  package let scope: Scope
  package let meters: [MeterDescriptor]

  package init(scope: Scope, meters: [MeterDescriptor]) {
    self.scope = scope
    self.meters = meters
  }

  /// Scopes whose parts are known to be disjoint.
  ///
  /// Two wall meters may be two power supplies or one behind the other, and only the first `psys` counts on a
  /// machine with several packages: these are never added.
  private static let additive: Set<Scope> = [.cpuPackage, .dram, .cpuUncore, .gpuBoard]

  /// From the widest scope to the narrowest, the order in which columns are shown.
  private static let order: [Scope] = [
    .wall, .dcSystem, .psys, .board, .cpuPackage, .gpuBoard, .dram, .cpuCore, .cpuUncore,
  ]

  /// The columns that a set of meters gives, mirrors left out.
  package static func groups(_ meters: [MeterDescriptor]) -> [ScopeChannels] {
    var groups: [ScopeChannels] = []
    for meter in meters where meter.mirrorOf == nil {
      let place = groups.firstIndex { group in
        group.scope == meter.scope && additive.contains(meter.scope)
          && group.meters.allSatisfy {
            $0.source == meter.source && $0.part != meter.part && $0.kind == meter.kind
          }
      }
      if let place {
        groups[place] = ScopeChannels(
          scope: meter.scope, meters: groups[place].meters + [meter])
      } else {
        groups.append(ScopeChannels(scope: meter.scope, meters: [meter]))
      }
    }
    let rank = { (scope: Scope) in order.firstIndex(of: scope) ?? order.count }
    return groups.enumerated().sorted { left, right in
      (rank(left.element.scope), left.offset) < (rank(right.element.scope), right.offset)
    }.map(\.element)
  }

  /// Energy of all channels in one window, each scaled from its own instants to the window's hash instants; nil
  /// when a channel has none there.
  package func joules(in sample: Sample) -> Double? {
    var sum = 0.0
    for meter in meters {
      guard let watts = power(of: meter.id, in: sample) else { return nil }
      sum += watts * sample.duration.value
    }
    return sum
  }

  /// Mean power of one channel in one window.
  package func power(of meter: MeterID, in sample: Sample) -> Double? {
    sample.energy.first { $0.meter == meter }?.interval.value?.meanPower.value
  }
}
