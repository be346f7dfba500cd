/// What a purchase comes to.
package struct Evaluation: Sendable {
  package let scenario: Scenario
  package let currency: Currency
  package let evaluatedAt: Double
  package let states: [ChainState]
  /// Nil where a contract, offer or order stands instead of a device.
  package let device: DeviceEvaluation?
  package let contract: ContractOutcome?
  package let offer: ContractOutcome?
  package let rental: RentalOutcome?
  package let findings: [Finding]

  /// The age of each chain's header in days.
  package func ageDays(_ state: ChainState) -> Double { state.ageDays(at: evaluatedAt) }

  /// Above this age every output leads with it.
  package static let noteAgeDays = 7.0
}

/// The part that is about a device.
package struct DeviceEvaluation: Sendable {
  package let today: Today
  /// Why there is no money in it.
  package let void: VoidReason?
  package let outcomes: [Outcome]
  package let tornado: [TornadoRow]?
  package let twoWay: [[Double]]?
  /// Nil where it was not asked.
  package let breakEvenGrowth: BreakEven?
  package let breakEvenPriceFactor: BreakEven?
  package let monteCarlo: MonteCarloResult?
  package let solo: [SoloOdds]
  package let poolLuck: [PoolLuck]
  package let dataSetBytes: UInt64?
  /// For more questions of the same kind; nil where there is no money.
  package let sensitivity: Sensitivity?
}

/// Where nothing is gained or lost.
package struct BreakEven: Hashable, Sendable {
  /// Nil where it is nowhere in the range that was looked at.
  package let value: Double?
}

/// Why an evaluation stops before money.
package enum VoidReason: String, Hashable, Sendable, CaseIterable {
  case noLiquidMarket = "no-liquid-market"
  case noPower = "no-power"
}

/// What holds at the snapshot; the second half is nil without power or price.
package struct Today: Hashable, Sendable {
  package struct Money: Hashable, Sendable {
    package let revenuePerDay: Double
    package let energyCostPerDay: Double
    package let marginPerDay: Double
    package let breakEvenPricePerKWh: Double
    package let runningHoursPerDay: Double
    package let marginWithSwitchOff: Double
    package let staticPaybackDays: Double?
  }

  /// By chain, in the scenario's order.
  package let coinsPerDay: [CoinAmount]
  package let nameplateCoinsPerDay: [CoinAmount]
  package let joulesPerWork: Double?
  package let atomsPerKWh: Double?
  package let kWhPerCoin: Double?
  package let money: Money?
}

/// One future.
package struct Outcome: Sendable {
  package let future: GrowthCase
  package let course: Course
  package let measures: Measures
  package let closedForm: ClosedForm?
  package let revenueCeiling: Double?
  package let carbonKg: Double?
}
