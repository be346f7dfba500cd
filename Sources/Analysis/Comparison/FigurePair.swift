internal import Model
internal import Statistics

/// Two groups that stand against one another.
struct FigurePair {
  let base: FigureGroup
  let new: FigureGroup

  /// Every quantity that both sides have.
  func intervals(_ relation: MachineRelation) -> [ComparisonCandidate] {
    [throughput].compactMap(\.self)
      + base.scopes.filter(new.scopes.contains).flatMap { scope in
        [energy(.power, scope, relation), energy(.efficiency, scope, relation)].compactMap(\.self)
      }
  }

  private var throughput: ComparisonCandidate? {
    let value = { (figure: Figure) in
      figure.throughput.map { (value: $0.value, spread: figure.throughputSpread) }
    }
    guard let old = SideValue(base.runs, systematic: 0, value),
      let young = SideValue(new.runs, systematic: 0, value)
    else { return nil }
    return candidate(.throughput, nil, old, young, rounds(base.runs, new.runs) { $0.throughput })
  }

  private func energy(
    _ quantity: ComparedQuantity, _ scope: Scope, _ relation: MachineRelation
  ) -> ComparisonCandidate? {
    let olds = base.byScope[scope] ?? []
    let youngs = new.byScope[scope] ?? []
    let value = { (figure: Figure) -> (value: Double, spread: ExpandedUncertainty?)? in
      guard let energy = figure.energy.value else { return nil }
      switch quantity {
      case .efficiency:
        return (value: energy.workPerJoule.value, spread: energy.repeatability)
      default:
        return energy.power.map { (value: $0.value, spread: energy.powerSpread) }
      }
    }
    // On one sensor gain and offset are the same on both sides and cancel; between machines they do not.
    func systematic(_ figures: [Figure]) -> Double? {
      relation == .same ? 0 : figures.first?.energy.value?.systematic
    }
    guard let old = SideValue(olds, systematic: systematic(olds) ?? 0, value),
      let young = SideValue(youngs, systematic: systematic(youngs) ?? 0, value)
    else { return nil }
    let isKnown = systematic(olds) != nil && systematic(youngs) != nil
    return candidate(
      quantity, scope, old, young,
      relation == .same
        ? rounds(olds, youngs) { quantity == .power ? $0.power : $0.workPerJoule } : nil,
      isKnown: isKnown)
  }

  private func candidate(
    _ quantity: ComparedQuantity, _ scope: Scope?, _ old: SideValue, _ young: SideValue,
    _ rounds: (base: [Double], new: [Double])?, isKnown: Bool = true
  ) -> ComparisonCandidate? {
    guard old.value > 0, young.value > 0 else { return nil }
    let interval =
      rounds.flatMap { RatioInterval.paired(base: $0.base, new: $0.new) }
      ?? RatioInterval.independent(
        base: old.value, new: young.value,
        uncertainties: isKnown ? [old.uncertainty, young.uncertainty] : [nil],
        method: "two groups, \(old.basis) and \(young.basis)")
    return ComparisonCandidate(
      pair: self, quantity: quantity, scope: scope, baseValue: old.value, newValue: young.value,
      interval: interval)
  }

  /// The values of both sides round by round, when one run measured both in turn; nil otherwise.
  ///
  /// A round is a repeat in which each side has one window; the rounds must follow one another in time, else the
  /// two of a pair have nothing more in common than any two windows.
  private func rounds(
    _ olds: [Figure], _ youngs: [Figure], _ value: (FigureWindow) -> Double?
  ) -> (base: [Double], new: [Double])? {
    guard let old = olds.first, let young = youngs.first, olds.count == 1, youngs.count == 1,
      old.source.isSameFile(as: young.source),
      old.kernel != young.kernel || old.threads != young.threads
    else { return nil }
    let pairs = old.windows.compactMap { window -> (FigureWindow, FigureWindow)? in
      young.windows.first { $0.repeatIndex == window.repeatIndex }.map { (window, $0) }
    }.sorted { $0.0.repeatIndex < $1.0.repeatIndex }
    let isInterleaved = zip(pairs, pairs.dropFirst()).allSatisfy { first, second in
      max(first.0.order, first.1.order) < min(second.0.order, second.1.order)
    }
    let values = pairs.compactMap { pair -> (Double, Double)? in
      guard let base = value(pair.0), let new = value(pair.1), base > 0, new > 0 else {
        return nil
      }
      return (base, new)
    }
    guard isInterleaved, values.count >= 2 else { return nil }
    return (values.map(\.0), values.map(\.1))
  }
}

extension EnergyFigure {
  /// What the total has beyond the repeatability: gain and offset; nil when the meter's accuracy is not known.
  fileprivate var systematic: Double? {
    guard let total else { return nil }
    let random = repeatability?.standard ?? 0
    return Swift.max(0, total.standard * total.standard - random * random).squareRoot()
  }
}
