/// Joules for one unit of work: the other way to say an `Efficiency`.
package struct EnergyPerWork: Hashable, Sendable {
  package let joules: Double
  package let unit: WorkUnit

  package init(joules: Double, unit: WorkUnit) {
    self.joules = joules
    self.unit = unit
  }
}

extension Efficiency {
  /// The reciprocal.
  package var energyPerWork: EnergyPerWork { EnergyPerWork(joules: 1 / perJoule, unit: unit) }
}
