internal import Model
internal import Statistics

/// All figures of one side that measure the same thing: one from a file, several from a set of runs.
struct FigureGroup: Hashable, Sendable {
  struct Key: Hashable, Sendable {
    let hardware: HardwareID
    let work: WorkIdentity
    let kernel: KernelID?
    let placement: PlacementName?
    let provenance: Provenance

    var algorithm: AlgorithmID { work.algorithm }
  }

  let key: Key
  /// By scope; every figure of the group without energy is under nil.
  private(set) var byScope: [Scope?: [Figure]]

  /// The figure that speaks for the group in tables.
  let figure: Figure

  /// All scopes, those of the whole machine first.
  var scopes: [Scope] { byScope.keys.compactMap(\.self).sorted { $0.rawValue < $1.rawValue } }

  /// One figure for each file: throughput does not depend on the scope.
  var runs: [Figure] {
    var seen: Set<FigureSource> = []
    let all = byScope.sorted { ($0.key?.rawValue ?? "~") < ($1.key?.rawValue ?? "~") }
    return all.flatMap(\.value).filter { seen.insert($0.source).inserted }
  }

  /// The groups in the order of algorithm, kernel and threads.
  static func groups(_ figures: [Figure]) -> [FigureGroup] {
    var groups: [Key: FigureGroup] = [:]
    for figure in Figure.withoutTwins(figures) {
      let key = Key(
        hardware: figure.hardwareID, work: figure.work, kernel: figure.kernel,
        placement: figure.placement, provenance: figure.provenance)
      groups[key, default: FigureGroup(key: key, byScope: [:], figure: figure)]
        .byScope[figure.energy.value?.scope, default: []].append(figure)
    }
    return groups.values.sorted { $0.order < $1.order }
  }

  private var order: (String, String, Int, String, String) {
    (
      "\(key.work)", key.kernel?.rawValue ?? "", key.placement?.workers ?? 0,
      key.placement?.part ?? "",
      key.hardware.rawValue
    )
  }

  /// The best throughput in the group, to choose between kernels.
  var throughput: Double { runs.compactMap { $0.throughput?.value }.max() ?? 0 }
}

/// A value of one side with its relative standard uncertainty.
struct SideValue {
  let value: Double
  let uncertainty: (standard: Double, degreesOfFreedom: Double?)?
  /// What the value rests on: `5 windows`, `3 runs`.
  let basis: String

  /// Several runs: each run is one value, because windows of one run are not independent of one another
  /// (power.md 2.5).
  ///
  /// One run: its own value and uncertainty.
  ///
  /// `systematic` is what repeating never removes and what therefore counts between machines only.
  init?(
    _ figures: [Figure], systematic: Double,
    _ quantity: (Figure) -> (value: Double, spread: ExpandedUncertainty?)?
  ) {
    let values = figures.compactMap(quantity)
    guard let first = values.first else { return nil }
    let numbers = values.map(\.value)
    if numbers.count >= 2, let mean = Descriptive.mean(numbers),
      let deviation = Descriptive.standardDeviation(numbers)
    {
      let standard = deviation / Double(numbers.count).squareRoot() / mean
      value = mean
      uncertainty = Self.combined(standard, Double(numbers.count - 1), systematic)
      basis = "\(numbers.count) runs"
      return
    }
    value = first.value
    uncertainty = first.spread.map {
      Self.combined($0.standard, $0.degreesOfFreedom, systematic)
    }
    let count = figures.first?.count
    basis = count.map { "\($0) window\($0 == 1 ? "" : "s")" } ?? "one statement"
  }

  private static func combined(
    _ standard: Double, _ degrees: Double?, _ systematic: Double
  ) -> (standard: Double, degreesOfFreedom: Double?) {
    let both = CombinedUncertainty([(standard, degrees), (systematic, nil)])
    return (both.standard, both.degreesOfFreedom)
  }
}
