package import Model
internal import Text

/// Text of figures of work: the only place where a unit of work meets a number.
package enum RateText {
  /// `60.34 ± 0.12 MH/s`.
  package static func text(_ rate: Rate, halfWidth: Double? = nil) -> String {
    QuantityText.text(rate.perSecond, unit: rate.unit.perSecond, halfWidth: halfWidth)
  }

  /// `1.256 MH/J`.
  package static func text(_ efficiency: Efficiency, halfWidth: Double? = nil) -> String {
    QuantityText.text(efficiency.perJoule, unit: efficiency.unit.perJoule, halfWidth: halfWidth)
  }

  /// `796.2 J/GH`, `2.140 J/kSol`.
  package static func text(_ energy: EnergyPerWork, halfWidth: Double? = nil) -> String {
    QuantityText.text(energy.joules, unit: "J", per: energy.unit.symbol, halfWidth: halfWidth)
  }
}

extension WorkUnit {
  /// The symbol of a rate, for axes and columns: `Sol/s`.
  package var perSecond: String { symbol + "/s" }
  /// The symbol of an efficiency: `Sol/J`.
  package var perJoule: String { symbol + "/J" }
}

extension Set<WorkUnit> {
  /// The one unit of many figures, or nil when they do not share one.
  package var shared: WorkUnit? { count == 1 ? first : nil }
}
