internal import Analysis
package import Model
internal import Statistics

/// What equal nodes reach at each value of a setting, such as a power limit, and where they do most work per joule.
package struct SettingCurve: Hashable, Sendable {
  package let fact: NodeFact
  package let deviceName: String
  package let work: WorkIdentity
  package let kernel: KernelID?
  package let placement: PlacementName?
  /// What the energy covers; nil where none was measured at two values.
  package let scope: Scope?
  /// How that was measured.
  package let meterKind: MeterKind?
  /// Two or more, in the order of the setting.
  package let points: [SettingPoint]
  /// Index of the point with the greatest rate.
  package let fastest: Int
  /// Index of the point with most work per joule; nil where none was measured.
  package let best: Int?
  /// For each node that was measured at two values or more, where it does most, in the order of the names.
  package let nodes: [NodeBest]
}

/// All nodes of a group at one value of the setting.
package struct SettingPoint: Hashable, Sendable {
  package let setting: NodeSetting
  /// Number of the group of these sisters.
  package let group: Int
  package let nodes: Int
  /// Median over the nodes, work per second.
  package let rate: Double
  /// Median over the nodes, work per joule.
  package let efficiency: Double?
  /// The same nodes here and at the fastest point.
  package let rateChange: PairedChange?
  /// The same nodes here and at the most efficient point.
  package let efficiencyChange: PairedChange?

  /// Whether it cannot be told from the most efficient point.
  package var isAsEfficient: Bool {
    efficiencyChange.map { change in (change.upper ?? change.deviation) >= 0 } ?? false
  }
}

/// One node's own most efficient point, or its fastest where no energy was measured.
package struct NodeBest: Hashable, Sendable {
  package let node: String
  package let setting: NodeSetting
  package let rate: Double
  package let efficiency: Double?
}

/// What nodes reach at one value beside what the very same reach at another: what differs from node to node cancels, the gain of its
/// meter too.
package struct PairedChange: Hashable, Sendable {
  /// Mean over the nodes of value over reference, less one.
  package let deviation: Double
  /// 95 % interval of that by Student's t over the nodes, or of one node by its own uncertainties; nil where neither is known.
  package let lower: Double?
  package let upper: Double?
  /// How many nodes were measured at both.
  package let nodes: Int

  /// Nil where no node has both.
  init?(_ values: [SisterValue], to reference: [SisterValue]) {
    let others = Dictionary(
      reference.map { ($0.node, $0) }, uniquingKeysWith: { first, _ in first })
    let pairs = values.compactMap { value in others[value.node].map { (value, $0) } }
    let ratios = pairs.map { $0.0.value / $0.1.value }
    guard let mean = Descriptive.mean(ratios), mean.isFinite else { return nil }
    let count = Double(ratios.count)
    var half: Double?
    if let spread = Descriptive.standardDeviation(ratios) {
      half =
        StudentT.factor(confidence: 0.95, degreesOfFreedom: count - 1) * spread / count.squareRoot()
    } else if let own = pairs.first?.0.uncertainty, let other = pairs.first?.1.uncertainty {
      half = 1.96 * mean * (own * own + other * other).squareRoot()
    }
    deviation = mean - 1
    lower = half.map { mean - 1 - $0 }
    upper = half.map { mean - 1 + $0 }
    nodes = ratios.count
  }
}

extension SettingCurve {
  /// The comparisons of one series at one value.
  private struct Place {
    let setting: NodeSetting
    let group: SisterGroup
    let rate: SisterComparison
    let efficiency: SisterComparison?
  }

  private struct EnergyKey: Hashable {
    let scope: Scope?
    let kind: MeterKind?

    var order: (String, String) { (scope?.rawValue ?? "", kind?.rawValue ?? "") }
  }

  /// Every series that nodes equal in all but their setting have at two values or more; `kin` are the groups of such nodes.
  static func all(_ kin: [SisterGroup]) -> [SettingCurve] {
    let groups = kin.filter { $0.setting != nil }
    let rates = groups.flatMap(\.comparisons).filter { $0.quantity == .throughput }
    var seen: Set<SeriesName> = []
    return rates.map(SeriesName.init).filter { seen.insert($0).inserted }
      .flatMap { curves(of: $0, groups) }
  }

  private static func curves(of series: SeriesName, _ groups: [SisterGroup]) -> [SettingCurve] {
    func own(_ group: SisterGroup, _ quantity: ComparedQuantity) -> [SisterComparison] {
      group.comparisons.filter { $0.quantity == quantity && SeriesName($0) == series }
    }
    let energies = groups.flatMap { group in
      Set(own(group, .efficiency).map { EnergyKey(scope: $0.scope, kind: $0.meterKind) })
    }
    let counts = energies.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let keys: [EnergyKey?] = counts.filter { $0.value > 1 }.keys.sorted { $0.order < $1.order }
    return (keys.isEmpty ? [nil] : keys).compactMap { key in
      let places = groups.compactMap { group -> Place? in
        guard let setting = group.setting, let rate = own(group, .throughput).first else {
          return nil
        }
        let efficiency = own(group, .efficiency).first {
          EnergyKey(scope: $0.scope, kind: $0.meterKind) == key
        }
        return Place(setting: setting, group: group, rate: rate, efficiency: efficiency)
      }.sorted { NodeSetting.precedes($0.setting, $1.setting) }
      return SettingCurve(series, key, places)
    }
  }

  private struct SeriesName: Hashable {
    let work: WorkIdentity
    let kernel: KernelID?
    let placement: PlacementName?

    init(_ comparison: SisterComparison) {
      work = comparison.work
      kernel = comparison.kernel
      placement = comparison.placement
    }
  }

  private init?(_ series: SeriesName, _ energy: EnergyKey?, _ places: [Place]) {
    guard places.count > 1,
      let fastest = places.indices.max(by: { places[$0].rate.median < places[$1].rate.median })
    else { return nil }
    let metered = places.indices.filter { places[$0].efficiency != nil }
    let best = metered.max {
      (places[$0].efficiency?.median ?? 0) < (places[$1].efficiency?.median ?? 0)
    }
    let reference = best.flatMap { places[$0].efficiency?.values }
    self.init(
      fact: places[0].setting.fact, deviceName: places[0].group.deviceName,
      work: series.work, kernel: series.kernel, placement: series.placement,
      scope: energy?.scope, meterKind: energy?.kind,
      points: places.map { place in
        SettingPoint(
          setting: place.setting, group: place.group.number, nodes: place.rate.values.count,
          rate: place.rate.median, efficiency: place.efficiency?.median,
          rateChange: PairedChange(place.rate.values, to: places[fastest].rate.values),
          efficiencyChange: place.efficiency.flatMap { efficiency in
            reference.flatMap { PairedChange(efficiency.values, to: $0) }
          })
      }, fastest: fastest, best: best, nodes: Self.nodes(places))
  }

  private static func nodes(_ places: [Place]) -> [NodeBest] {
    var found: [String: [NodeBest]] = [:]
    for place in places {
      let efficiencies = Dictionary(
        (place.efficiency?.values ?? []).map { ($0.node, $0.value) },
        uniquingKeysWith: { first, _ in first })
      for value in place.rate.values {
        found[value.node, default: []].append(
          NodeBest(
            node: value.node, setting: place.setting, rate: value.value,
            efficiency: efficiencies[value.node]))
      }
    }
    return found.keys.sorted().compactMap { name in
      let own = found[name] ?? []
      guard own.count > 1 else { return nil }
      return own.max {
        ($0.efficiency ?? 0, $0.rate) < ($1.efficiency ?? 0, $1.rate)
      }
    }
  }
}
