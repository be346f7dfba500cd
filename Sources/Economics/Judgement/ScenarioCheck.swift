internal import Model

/// Numbers that no purchase can have are refused before anything is computed.
package enum ScenarioCheck {
  /// The longest horizon in months: fifty years.
  package static let longestHorizon = 600
  package static let mostPaths = 1_000_000

  static func check(
    _ scenario: Scenario, states: [ChainState], prices: [Double]
  ) throws(Refusal) {
    try range(Double(scenario.horizonMonths), 1...Double(longestHorizon), "horizon_months")
    try growth(scenario.discountRate, "discount_rate_per_year_relative")
    try check(scenario.purchase, horizon: scenario.horizonMonths)
    try check(scenario.running)
    if let electricity = scenario.electricity { try check(electricity) }
    for price in prices { try range(price, 1e-18...1e18, "price_per_coin") }
    let chains = states.map(\.chain.id)
    try all(scenario.running.pool.fee, chains, "fee_relative") { value throws(Refusal) in
      try range(value, 0...1, "fee_relative")
    }
    guard !scenario.growth.isEmpty, scenario.growth.count <= 100 else {
      throw Refusal(
        .valueInvalid, "\(scenario.growth.count) growth scenarios",
        remedy: "give from one to a hundred")
    }
    guard Set(scenario.growth.map(\.name)).count == scenario.growth.count else {
      throw Refusal(
        .valueInvalid, "two growth scenarios of one name", remedy: "give each a name of its own")
    }
    for future in scenario.growth {
      let names = ["difficulty_growth_per_month_relative", "price_drift_per_month_relative"]
      for (values, name) in zip([future.difficultyGrowth, future.priceDrift], names) {
        try all(values, chains, name) { value throws(Refusal) in try growth(value, name) }
      }
    }
  }

  static func check(_ device: ScenarioDevice) throws(Refusal) {
    try range(device.ratePerSecond, 1e-9...1e30, "rate_per_s")
    try range(Double(device.count), 1...1e7, "count")
    if let power = device.powerW { try range(power, 1e-6...1e12, "power_w") }
  }

  private static func check(_ purchase: Purchase, horizon: Int) throws(Refusal) {
    let amounts = [
      (purchase.machinePrice, "machine_price"), (purchase.extrasPrice, "extras_price"),
      (purchase.resalePrice ?? 0, "resale_price"),
      (purchase.dismantlingPrice, "dismantling_price"),
    ]
    for (amount, name) in amounts { try range(amount, 0...1e15, name) }
    try range(purchase.deliveryMonths, 0...Double(horizon), "delivery_months")
    try range(purchase.resaleRelative, 0...1, "resale_relative")
  }

  private static func check(_ running: Running) throws(Refusal) {
    try range(running.uptime, 1e-9...1, "uptime_relative")
    try range(running.stale, 0...1, "stale_relative")
    try range(running.reject, 0...1, "reject_relative")
    try range(running.powerUsageEffectiveness, 1...100, "power_usage_effectiveness")
    try range(running.powerSupplyEfficiency, 0.01...1, "power_supply_efficiency_relative")
    try range(running.fixedCostPerMonth, 0...1e15, "fixed_cost_per_month")
    if let share = running.pool.networkShare {
      try range(share, 1e-12...1, "network_share_relative")
    }
    if let days = running.pool.daysAtRisk { try range(days, 0...36525, "days_at_risk") }
  }

  /// - Throws: `tariff-invalid` for anything but bands that together fit into a day.
  package static func check(_ electricity: Electricity) throws(Refusal) {
    func refuse(_ text: String) -> Refusal {
      Refusal(
        .tariffInvalid, text,
        remedy: "give bands with hours_per_day above 0, together at most 24, and a price each")
    }
    guard (1...100).contains(electricity.bands.count) else {
      throw refuse("a tariff of \(electricity.bands.count) bands")
    }
    for band in electricity.bands {
      guard band.hoursPerDay > 0, band.hoursPerDay <= 24 else {
        throw refuse("the band \"\(band.name)\" has \(Plain.number(band.hoursPerDay)) hours")
      }
      guard band.pricePerKWh.isFinite, abs(band.pricePerKWh) <= 1e6 else {
        throw refuse("the band \"\(band.name)\" has no price that power can have")
      }
    }
    // A sum of parts of a day in binary may pass 24 in its last digits.
    guard electricity.hours <= 24 + 1e-9 else {
      throw refuse("the bands have \(Plain.number(electricity.hours)) hours a day")
    }
    try range(electricity.heatCreditPerKWh, 0...1e6, "heat_credit_per_kwh")
    try range(electricity.heatUsed, 0...1, "heat_used_relative")
    if let carbon = electricity.carbonGramsPerKWh { try range(carbon, 0...1e5, "carbon_g_per_kwh") }
  }

  static func check(
    _ plan: MonteCarloPlan, states: [ChainState], currency: Currency
  ) throws(Refusal) {
    try range(Double(plan.paths), 1...Double(mostPaths), "paths")
    guard states.count == 1 else {
      throw Refusal(
        .valueInvalid, "random futures of \(states.count) chains at once",
        remedy: "leave monte_carlo out: no correlation between two coins is known")
    }
    switch plan.model {
    case .lognormal(let difficulty, let price, let correlation):
      try range(difficulty, 0...3, "difficulty_volatility_per_month")
      try range(price, 0...3, "price_volatility_per_month")
      try range(correlation, -1...1, "correlation")
    case .bootstrap(let length, let history):
      guard history.months.count >= 3 else {
        throw Refusal(
          .valueInvalid, "a history of \(history.months.count) months",
          remedy: "give one of at least three")
      }
      guard history.months.allSatisfy({ $0.difficulty > 0 && $0.price > 0 }) else {
        throw Refusal(
          .valueInvalid, "a history with a difficulty or price that is not above 0",
          remedy: "give a history without gaps")
      }
      guard history.chain == states[0].chain.id else {
        throw Refusal(
          .chainUnknown, "a history of \(history.chain) for \(states[0].chain.id)",
          remedy: "give the history of the scenario's first chain")
      }
      if let other = history.currency, other != currency {
        throw .currencyMismatch(other, currency, "history and network")
      }
      try range(Double(length), 1...Double(history.months.count - 1), "block_months")
    }
  }

  /// A rate of growth, above -100 %.
  static func growth(_ value: Double, _ name: String) throws(Refusal) {
    guard value.isFinite, value > -1, value <= 10 else {
      throw Refusal(
        .valueInvalid, "\(name) is \(value)",
        remedy: "give a fraction above -1 and up to 10; 0.03 is 3 %")
    }
  }

  static func range(
    _ value: Double, _ range: ClosedRange<Double>, _ name: String
  ) throws(Refusal) {
    guard value.isFinite, range.contains(value) else {
      throw Refusal(
        .valueInvalid, "\(name) is \(value)",
        remedy:
          "give a number from \(Plain.number(range.lowerBound)) to \(Plain.number(range.upperBound))"
      )
    }
  }

  private static func all(
    _ values: ByChain, _ chains: [ChainID], _ name: String,
    _ check: (Double) throws(Refusal) -> Void
  ) throws(Refusal) {
    for chain in chains where values.value(chain) == nil {
      throw Refusal(
        .valueInvalid, "\(name) has no number for \(chain)", chain: chain,
        remedy: "give one number, or one for each chain of the scenario")
    }
    for value in values.values { try check(value) }
  }
}
