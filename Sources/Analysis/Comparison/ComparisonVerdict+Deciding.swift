extension ComparisonVerdict {
  /// The verdict on a quantity.
  ///
  /// `ratio` is new over base and `bounds` its interval, nil when no spread is known. `resolution` is the change that
  /// is looked for: an interval that is wider and holds 1 tells nothing.
  init(
    ratio: Double, bounds: (lower: Double, upper: Double)?, quantity: ComparedQuantity,
    resolution: Double
  ) {
    guard let bounds else {
      self = .cannotTell
      return
    }
    let rose = bounds.lower > 1
    let fell = bounds.upper < 1
    if rose || fell {
      self = rose == quantity.isBetterWhenGreater ? .better : .worse
    } else {
      let halfWidth = Swift.max(bounds.upper - ratio, ratio - bounds.lower)
      self = halfWidth > resolution ? .cannotTell : .noDifference
    }
  }
}

extension GateOutcome {
  /// Judges one gate.
  ///
  /// An interval wholly on one side of the limit decides. Where the limit lies inside it, an interval narrower than
  /// the gate is decided by the ratio itself, and a wider one by nothing (power.md 2.5).
  package init(_ gate: ComparisonGate, ratio: Double, bounds: (lower: Double, upper: Double)?) {
    let limit = gate.ratioLimit
    let mustNotFall = gate.quantity.isBetterWhenGreater
    func holds(_ ratio: Double) -> Bool { mustNotFall ? ratio >= limit : ratio <= limit }
    guard let bounds else {
      self.init(gate: gate, verdict: .cannotTell)
      return
    }
    if holds(bounds.lower) == holds(bounds.upper) {
      self.init(gate: gate, verdict: holds(ratio) ? .pass : .fail)
      return
    }
    let halfWidth = Swift.max(bounds.upper - ratio, ratio - bounds.lower)
    let isWider = halfWidth > abs(limit - 1)
    self.init(gate: gate, verdict: isWider ? .cannotTell : holds(ratio) ? .pass : .fail)
  }
}
