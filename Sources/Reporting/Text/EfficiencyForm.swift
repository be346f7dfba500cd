package import Analysis
package import Model

/// One of the two ways to say an efficiency.
package enum EfficiencyForm: Hashable, Sendable, CaseIterable {
  /// `1.256 MH/J`: more is better.
  case workPerJoule
  /// `796.2 J/GH`: less is better.
  case joulesPerWork

  package var other: EfficiencyForm { self == .workPerJoule ? .joulesPerWork : .workPerJoule }

  /// Title of a column.
  package var title: String { self == .workPerJoule ? "work/J" : "J/work" }

  /// What those who use such a device are used to: a miner's sheet says J/TH, a processor's or a card's table H/J.
  package static func usual(for kind: DeviceKind) -> EfficiencyForm {
    kind == .asic || kind == .usbMiner ? .joulesPerWork : .workPerJoule
  }

  /// What comes first where these figures stand together: the miners' form where all are miners.
  package static func usual(for figures: some Sequence<Figure>) -> EfficiencyForm {
    let forms = Set(figures.map { usual(for: $0.deviceKind) })
    return forms == [.joulesPerWork] ? .joulesPerWork : .workPerJoule
  }

  /// `hashes per joule`, `joules per hash`.
  package func phrase(_ unit: WorkUnit) -> String {
    self == .workPerJoule ? "\(unit.plural) per joule" : "joules per \(unit.rawValue)"
  }

  /// The number and its interval in this form.
  package func value(of energy: EnergyFigure) -> Bounded {
    self == .workPerJoule ? energy.workPerJoule : energy.joulesPerWork
  }

  /// The efficiency as text, with its interval if it has one and that is wanted.
  package func text(_ efficiency: Bounded, _ unit: WorkUnit, withInterval: Bool = true) -> String {
    switch self {
    case .workPerJoule:
      RateText.text(
        Efficiency(perJoule: efficiency.value, unit: unit),
        halfWidth: withInterval ? efficiency.halfWidth : nil)
    case .joulesPerWork:
      RateText.text(
        EnergyPerWork(joules: 1 / efficiency.value, unit: unit),
        halfWidth: withInterval ? efficiency.reciprocal.halfWidth : nil)
    }
  }
}
