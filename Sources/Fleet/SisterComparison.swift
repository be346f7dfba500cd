package import Analysis
package import Model
internal import Statistics

/// What may be said of one node's value among its sisters'.
package enum SisterVerdict: String, Hashable, Sendable, CaseIterable {
  case equal
  case slow
  /// Better than its sisters by more than chance: another setting, or a meter that reads low.
  case tooGood = "too-good"
  /// Fewer than four sisters.
  case cannotTell = "cannot-tell"
}

/// One node's value of one quantity.
package struct SisterValue: Hashable, Sendable {
  package let node: String
  package let value: Double
  /// Relative standard uncertainty of the node's own mean; nil where it has one value only.
  package let uncertainty: Double?
  /// Value over the median of the sisters, less one.
  package let deviation: Double
  /// 95 % interval of the deviation; nil where the node's own uncertainty or the sisters' spread is not known.
  package let lower: Double?
  package let upper: Double?
  package let verdict: SisterVerdict
  /// Beside the base's; nil where there is no base, or none of this series.
  package let base: BaseRatio?
}

/// One quantity of one series over all nodes of a group.
package struct SisterComparison: Hashable, Sendable {
  package let work: WorkIdentity
  package let kernel: KernelID?
  package let placement: PlacementName?
  package let quantity: ComparedQuantity
  /// Of an efficiency; nil for throughput.
  package let scope: Scope?
  package let meterKind: MeterKind?
  /// Work per second, or work per joule.
  package let median: Double
  /// Relative: what one healthy node scatters by (`RobustScale`), at least the median of the nodes' own uncertainties.
  package let spread: Double
  /// Relative distance from the median beyond which a node is called out; nil below four nodes.
  package let limit: Double?
  /// The distance that is looked for; `limit` is greater where the sisters scatter too much to see it.
  package let wanted: Double
  /// In the order of the deviations.
  package let values: [SisterValue]
}

/// A figure of one node, pooled over its runs.
struct NodeValue: Hashable {
  let node: String
  let value: Double
  let uncertainty: Double?

  /// Several runs are judged by their scatter, one run by its own: the run is the unit, as in `compare`.
  init?(_ node: String, _ runs: [(value: Double, spread: Double?)]) {
    let numbers = runs.map(\.value)
    guard let mean = Descriptive.mean(numbers), mean > 0, mean.isFinite else { return nil }
    self.node = node
    value = mean
    if let deviation = Descriptive.standardDeviation(numbers) {
      uncertainty = deviation / Double(numbers.count).squareRoot() / mean
    } else {
      uncertainty = runs.first?.spread
    }
  }
}

/// A series and quantity that nodes are held against one another in.
struct SisterKey: Hashable {
  let work: WorkIdentity
  let kernel: KernelID?
  let placement: PlacementName?
  let quantity: ComparedQuantity
  let scope: Scope?
  let meterKind: MeterKind?

  /// Every quantity that a node's figures have, with the values of its runs.
  static func values(of figures: [Figure]) -> [SisterKey: [(value: Double, spread: Double?)]] {
    var found: [SisterKey: [(value: Double, spread: Double?)]] = [:]
    let series = Dictionary(grouping: figures) { figure in
      SeriesRun(
        file: figure.source.name, work: figure.work, kernel: figure.kernel,
        placement: figure.placement)
    }
    for own in series.values {
      // Throughput does not depend on the scope, and of the scopes the widest that covers the device counts.
      guard let first = own.first else { continue }
      func key(_ quantity: ComparedQuantity, _ energy: EnergyFigure?) -> SisterKey {
        SisterKey(
          work: first.work, kernel: first.kernel, placement: first.placement,
          quantity: quantity, scope: energy?.scope, meterKind: energy?.kind)
      }
      if let throughput = first.throughput {
        found[key(.throughput, nil), default: []].append(
          (throughput.value, first.throughputSpread?.standard))
      }
      let energies = own.compactMap(\.energy.value).sorted { $0.scope.rawValue < $1.scope.rawValue }
      if let energy = Figure.headline(among: own)?.energy.value ?? energies.first {
        found[key(.efficiency, energy), default: []].append(
          (energy.workPerJoule.value, energy.repeatability?.standard))
      }
    }
    return found
  }

  private struct SeriesRun: Hashable {
    let file: String
    let work: WorkIdentity
    let kernel: KernelID?
    let placement: PlacementName?
  }

  static func < (left: SisterKey, right: SisterKey) -> Bool {
    left.seriesOrder == right.seriesOrder
      ? left.quantityOrder < right.quantityOrder : left.seriesOrder < right.seriesOrder
  }

  private var seriesOrder: (String, String, Int, String) {
    (
      "\(work)", kernel?.rawValue ?? "", placement?.workers ?? 0, placement?.part ?? ""
    )
  }

  private var quantityOrder: (Int, String, String) {
    (quantity == .throughput ? 0 : 1, scope?.rawValue ?? "", meterKind?.rawValue ?? "")
  }
}

extension SisterComparison {
  /// What is judged, before it is known how many tests there are in all.
  struct Candidate {
    let key: SisterKey
    var values: [NodeValue] = []

    /// Nodes that have it.
    var count: Int { values.count }
  }

  /// Below this many nodes nothing is told.
  static let leastNodes = OutlierFactor.leastCount

  /// Every quantity that a node of the group has.
  static func candidates(of nodes: [NodeAnswer]) -> [Candidate] {
    var byKey: [SisterKey: Candidate] = [:]
    for node in nodes {
      for (key, runs) in SisterKey.values(of: node.figures) {
        guard let value = NodeValue(node.name, runs) else { continue }
        byKey[key, default: Candidate(key: key)].values.append(value)
      }
    }
    return byKey.values.sorted { $0.key < $1.key }
  }

  /// Judges the nodes by the median and the robust spread of all of them.
  ///
  /// `tests` is how many comparisons are made in all, so that one in a hundred reports on healthy fleets has a false alarm;
  /// `wanted` the relative change that is looked for.
  init(_ candidate: Candidate, tests: Int, wanted: Double, base: FleetBase?) {
    let key = candidate.key
    let reference = base?.value(key)
    let numbers = candidate.values.map(\.value)
    let median = Descriptive.median(numbers) ?? 0
    let own = Descriptive.median(candidate.values.compactMap(\.uncertainty)) ?? 0
    let scatter = median > 0 ? (RobustScale.deviation(numbers) ?? 0) / median : 0
    let spread = max(scatter, own)
    let distance = OutlierFactor.distance(count: numbers.count, tests: tests)
    // The error of a median of normal values is 1.2533 times that of their mean.
    let ofMedian = 1.2533 * spread / Double(max(1, numbers.count)).squareRoot()
    self.init(
      work: key.work, kernel: key.kernel, placement: key.placement,
      quantity: key.quantity, scope: key.scope, meterKind: key.meterKind, median: median,
      spread: spread, limit: distance.map { max($0 * spread, wanted) }, wanted: wanted,
      values: candidate.values.map { value in
        let deviation = value.value / median - 1
        // A node that itself measured badly must lie further out.
        let limit = distance.map { max($0 * max(spread, value.uncertainty ?? 0), wanted) }
        let verdict: SisterVerdict =
          limit.map { deviation < -$0 ? .slow : deviation > $0 ? .tooGood : .equal } ?? .cannotTell
        let half = value.uncertainty.map { 1.96 * ($0 * $0 + ofMedian * ofMedian).squareRoot() }
        let isKnown = numbers.count >= 2
        return SisterValue(
          node: value.node, value: value.value, uncertainty: value.uncertainty,
          deviation: deviation, lower: isKnown ? half.map { deviation - $0 } : nil,
          upper: isKnown ? half.map { deviation + $0 } : nil, verdict: verdict,
          base: reference.map { BaseRatio(value, $0, wanted: wanted) })
      }.sorted { ($0.deviation, $0.node) < ($1.deviation, $1.node) })
  }
}
