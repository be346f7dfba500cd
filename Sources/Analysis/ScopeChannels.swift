internal import MeterCore
package import Model

/// Channels whose energy may be added: disjoint siblings of one scope and one source (power.md 3.7, R5, R25).
package struct ScopeChannels: Hashable, Sendable {
  package let scope: Scope
  package let meters: [MeterDescriptor]

  package init(scope: Scope, meters: [MeterDescriptor]) {
    self.scope = scope
    self.meters = meters
  }

  /// The columns that a set of meters gives, mirrors left out.
  package static func groups(_ meters: [MeterDescriptor]) -> [ScopeChannels] {
    var groups: [ScopeChannels] = []
    for meter in meters where meter.mirrorOf == nil {
      let place = groups.firstIndex { group in
        // A sum has one label for how it was come by.
        group.meters.allSatisfy {
          ScopeLattice.areDisjoint($0, meter) && $0.kind == meter.kind
        }
      }
      if let place {
        groups[place] = ScopeChannels(
          scope: meter.scope, meters: groups[place].meters + [meter])
      } else {
        groups.append(ScopeChannels(scope: meter.scope, meters: [meter]))
      }
    }
    return groups.enumerated().sorted { left, right in
      (ScopeTraits.rank(left.element.scope), left.offset)
        < (ScopeTraits.rank(right.element.scope), right.offset)
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
    interval(of: meter, in: sample)?.meanPower.value
  }

  /// Energy of one channel in one window.
  package func interval(of meter: MeterID, in sample: Sample) -> EnergyInterval? {
    sample.energy.first { $0.meter == meter }?.interval.value
  }

  /// Whether all of the channels have energy for one of the windows.
  package func hasEnergy(in samples: [Sample]) -> Bool {
    samples.contains { joules(in: $0) != nil }
  }

  /// Whether the window is too short for the steps of one of the channels.
  package func isCoarse(in sample: Sample) -> Bool {
    sample.energy.contains { energy in
      energy.interval.reason?.code == .coarse && meters.contains { $0.id == energy.meter }
    }
  }
}
