/// An input that can be moved by itself, by its name in the scenario file.
package enum ScenarioInput: String, Hashable, Sendable, CaseIterable {
  case pricePerCoin = "price_per_coin"
  case difficultyGrowth = "difficulty_growth_per_month_relative"
  case priceDrift = "price_drift_per_month_relative"
  case electricityPrice = "electricity_price_per_kwh"
  case rate = "rate_per_s"
  case power = "power_w"
  case uptime = "uptime_relative"
  case deliveryMonths = "delivery_months"
  case resale = "resale_relative"
  case machinePrice = "machine_price"
  case extrasPrice = "extras_price"
  case discountRate = "discount_rate_per_year_relative"
  case poolFee = "fee_relative"
  case fixedCost = "fixed_cost_per_month"
  case powerUsageEffectiveness = "power_usage_effectiveness"
  case stale = "stale_relative"
  case reject = "reject_relative"
  case horizon = "horizon_months"

  /// Sets the input.
  ///
  /// A growth or drift is that of all chains, a price of power that of every band, a coin's price that of the first chain.
  func set(_ value: Double, in scenario: inout Scenario, prices: inout [Double]) {
    switch self {
    case .pricePerCoin: prices[0] = value
    case .difficultyGrowth: scenario.growth[0].difficultyGrowth = .all(value)
    case .priceDrift: scenario.growth[0].priceDrift = .all(value)
    case .electricityPrice:
      let bands = scenario.electricity?.bands ?? []
      scenario.electricity?.bands = bands.map {
        Band(name: $0.name, hoursPerDay: $0.hoursPerDay, pricePerKWh: value, kind: $0.kind)
      }
    case .rate: scenario.device?.ratePerSecond = value
    case .power: scenario.device?.powerW = value
    case .uptime: scenario.running.uptime = value
    case .deliveryMonths: scenario.purchase.deliveryMonths = value
    case .resale: scenario.purchase.resaleRelative = value
    case .machinePrice: scenario.purchase.machinePrice = value
    case .extrasPrice: scenario.purchase.extrasPrice = value
    case .discountRate: scenario.discountRate = value
    case .poolFee: scenario.running.pool.fee = .all(value)
    case .fixedCost: scenario.running.fixedCostPerMonth = value
    case .powerUsageEffectiveness: scenario.running.powerUsageEffectiveness = value
    case .stale: scenario.running.stale = value
    case .reject: scenario.running.reject = value
    case .horizon:
      scenario.horizonMonths = Int(exactly: value.rounded()) ?? scenario.horizonMonths
    }
  }
}

/// The present value with one input at the ends of its range.
package struct TornadoRow: Hashable, Sendable {
  package let range: TornadoRange
  package let atLow: Double
  package let atHigh: Double
  package var swing: Double { abs(atHigh - atLow) }
}
