package import Model

/// Which scope contains which, and what follows: sums of disjoint siblings only, and no child above its parent (R25, power.md 3.7).
package enum ScopeLattice {
  /// Whether energy in `inner` is also in `outer`.
  package static func contains(_ outer: Scope, _ inner: Scope) -> Bool {
    ScopeTraits.of(inner).parents.contains { $0 == outer || contains(outer, $0) }
  }

  /// The pairs whose sums over a whole run a result compares, in the order of its checks.
  ///
  /// The order is part of the result format: `verify` derives the same checks again.
  package static let compared: [(child: Scope, parent: Scope)] = ScopeTraits.all.flatMap { outer in
    ScopeTraits.all.filter { contains(outer.scope, $0.scope) }.map { ($0.scope, outer.scope) }
  }

  /// Whether two channels may be added: siblings of one scope that cover different parts, neither a mirror.
  package static func areDisjoint(_ first: MeterDescriptor, _ second: MeterDescriptor) -> Bool {
    first.scope == second.scope && first.source == second.source && first.part != second.part
      && first.mirrorOf == nil && second.mirrorOf == nil
      && ScopeTraits.of(first.scope).isAdditive
  }

  /// The mean power of one channel over one window.
  package struct Power: Hashable, Sendable {
    package let descriptor: MeterDescriptor
    package let watts: Watts

    package init(descriptor: MeterDescriptor, watts: Watts) {
      self.descriptor = descriptor
      self.watts = watts
    }
  }

  /// A child that shows more than its parent, or meters whose ratio only a wrong unit explains.
  package struct Fault: Hashable, Sendable {
    /// Channels whose energy in this window must not be used.
    package let meters: [MeterID]
    package let reason: Reason
  }

  /// What contradicts itself among the powers of one window (R31).
  ///
  /// Where a meter that the user named differs from the machine's own by a factor that only a wrong unit explains, it
  /// alone is at fault; otherwise nobody can tell which of the two is, and both are.
  package static func faults(_ powers: [Power]) -> [Fault] {
    let real = powers.filter { $0.descriptor.mirrorOf == nil && $0.descriptor.kind != .manual }
    var faults: [Fault] = []
    for parents in wholes(real) {
      for group in siblings(in: real, below: parents) {
        let inner = group.reduce(0) { $0 + $1.watts.value }
        guard inner > 1 else { continue }
        faults += judge(parents, inner, group)
      }
    }
    return faults
  }

  /// What may contain something: each channel by itself, and those that only together are a whole (two psys of one
  /// machine, each with its socket's half) as one.
  private static func wholes(_ powers: [Power]) -> [[Power]] {
    var wholes: [[Power]] = []
    for power in powers {
      let place = wholes.firstIndex { whole in
        whole.allSatisfy {
          $0.descriptor.covers == power.descriptor.covers
            && areDisjoint($0.descriptor, power.descriptor)
        }
      }
      if let place { wholes[place].append(power) } else { wholes.append([power]) }
    }
    return wholes
  }

  /// Groups of disjoint channels that lie inside a channel: per scope and source, and only its own part's if the parent has parts.
  private static func siblings(in powers: [Power], below parents: [Power]) -> [[Power]] {
    guard let parent = parents.first?.descriptor else { return [] }
    var groups: [[Power]] = []
    for power in powers where contains(parent.scope, power.descriptor.scope) {
      guard parents.contains(where: { covers($0.descriptor, power.descriptor) }) else { continue }
      let place = groups.firstIndex { group in
        group.allSatisfy { areDisjoint($0.descriptor, power.descriptor) }
      }
      if let place { groups[place].append(power) } else { groups.append([power]) }
    }
    return groups
  }

  /// A machine contains what is not another machine; a device or a package what is its own, and a die of several
  /// nothing for certain.
  private static func covers(_ outer: MeterDescriptor, _ inner: MeterDescriptor) -> Bool {
    switch (outer.covers, inner.covers) {
    case (.machine, .device(let id)): return !id.isMiner
    case (.machine, _): return true
    case (.device(let whole), .device(let part)): return whole == part
    case (.package(let whole), .package(let part)) where whole != part: return false
    case (.package, .package): break
    default: return false
    }
    let package = outer.part.prefix { $0 != "." && $0 != "/" }
    return inner.part.prefix { $0 != "." && $0 != "/" } == package && !outer.part.contains(".")
  }

  private static func judge(_ parents: [Power], _ inner: Double, _ group: [Power]) -> [Fault] {
    let outer = parents.reduce(0) { $0 + $1.watts.value }
    let whole = parents.map(\.descriptor.id.rawValue).joined(separator: " + ")
    let names = group.map(\.descriptor.id.rawValue).joined(separator: " + ")
    let ratio = outer > 0 ? inner / outer : .infinity
    if ratio > tolerance(parents, group) {
      let isUnit = ratio > 3
      let text =
        "\(names) shows \(tenths(inner)) W but \(whole), which contains it, \(tenths(outer)) W"
      let culprits = isUnit ? culprits(parents, group) : []
      return [
        Fault(
          meters: culprits.isEmpty ? (parents + group).map(\.descriptor.id) : culprits,
          reason: Reason(
            .implausible, isUnit ? text + hint(ratio) : text,
            remedy: isUnit ? "check the unit of the meter that you named" : nil))
      ]
    }
    // A machine draws less than 40 times what its loaded processors do; only a unit explains more.
    let external = culprits(parents, group)
    if outer / inner > 40, inner > 10, !external.isEmpty {
      return [
        Fault(
          meters: external,
          reason: Reason(
            .implausible,
            "\(whole) shows \(tenths(outer)) W where \(names) shows \(tenths(inner)) W"
              + hint(outer / inner), remedy: "check the unit of the meter that you named"))
      ]
    }
    return []
  }

  /// How far a child may be above its parent before it is a fault: both may be off by what they are good for.
  private static func tolerance(_ parents: [Power], _ group: [Power]) -> Double {
    let bounds = (parents + group).map { $0.descriptor.accuracy.gainBound ?? 0.02 }
    let isOnChip = parents.first?.descriptor.source == group.first?.descriptor.source
    return isOnChip ? 1.02 : 1.02 + (bounds.max() ?? 0)
  }

  /// The channels among these that somebody named, and that therefore may have the wrong unit.
  private static func culprits(_ parents: [Power], _ group: [Power]) -> [MeterID] {
    let external = (parents + group).filter { !$0.descriptor.source.isOnMachine }
    return external.count == group.count + parents.count ? [] : external.map(\.descriptor.id)
  }

  private static func hint(_ ratio: Double) -> String {
    for (factor, words) in [
      (60.0, "a factor of about 60: watt-minutes taken for watt-hours, or minutes for seconds"),
      (1000.0, "a factor of about 1000: milliwatts, watts and kilowatts mixed up"),
      (3600.0, "a factor of about 3600: watt-hours taken for joules"),
      (1_000_000.0, "a factor of about a million: microwatts taken for watts"),
    ] where ratio > factor / 2.5 && ratio < factor * 2.5 {
      return " (\(words))"
    }
    return ""
  }

  private static func tenths(_ watts: Double) -> String {
    guard abs(watts) < 1e12 else { return "\(watts)" }
    return "\((watts * 10).rounded() / 10)"
  }
}

extension Sample {
  /// The sample with the energy of channels made void that contradict one another or show what was before the window,
  /// and what was found.
  package func judgedByLattice(_ meters: [MeterDescriptor]) -> (
    sample: Sample, faults: [ScopeLattice.Fault]
  ) {
    let meters = MirroredMeters.marked(meters, in: [self])
    let window = end.hashes.since(start.hashes)
    let stale = meters.compactMap { meter in
      MeterAge.refusal(meter, window: window).map {
        ScopeLattice.Fault(meters: [meter.id], reason: $0)
      }
    }
    let powers = energy.compactMap { channel -> ScopeLattice.Power? in
      guard let watts = channel.interval.value?.meanPower,
        let descriptor = meters.first(where: { $0.id == channel.meter }),
        !stale.contains(where: { $0.meters.contains(channel.meter) })
      else { return nil }
      return ScopeLattice.Power(descriptor: descriptor, watts: watts)
    }
    let faults = stale + ScopeLattice.faults(powers)
    var judged = self
    judged.energy = energy.map { channel in
      // A channel that is void already keeps its own reason.
      guard channel.interval.value != nil,
        let fault = faults.first(where: { $0.meters.contains(channel.meter) })
      else {
        return channel
      }
      return ChannelEnergy(meter: channel.meter, interval: .unavailable(fault.reason))
    }
    return (judged, faults)
  }
}
