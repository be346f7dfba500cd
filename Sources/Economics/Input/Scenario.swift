package import Model

/// A purchase with its assumptions: hashwatt-scenario, version 1.
package struct Scenario: Hashable, Sendable {
  package var currency: Currency?
  /// Seconds since 1970; nil for now.
  package var evaluatedAt: Double?
  package var allowStaleDays: Double?
  /// The parent first, then the chains that are merge-mined with it.
  package var chains: [ChainID]
  package var device: ScenarioDevice?
  package var purchase: Purchase
  package var running: Running
  package var electricity: Electricity?
  package var horizonMonths: Int
  package var discountRate: Double
  package var growth: [GrowthCase]
  package var analyses: Analyses
  package var contract: ContractTerms?
  package var offer: ContractTerms?
  package var rental: RentalTerms?
  /// A host that would run the same machines, to compare with.
  package var hosting: HostingTerms?

  /// What stands where a file and the command line say nothing.
  package static let defaultHorizonMonths = 36

  package init(
    currency: Currency? = nil, evaluatedAt: Double? = nil, allowStaleDays: Double? = nil,
    chains: [ChainID] = [], device: ScenarioDevice? = nil, purchase: Purchase = Purchase(),
    running: Running = Running(), electricity: Electricity? = nil,
    horizonMonths: Int = Scenario.defaultHorizonMonths, discountRate: Double = 0,
    growth: [GrowthCase] = GrowthCase.standard, analyses: Analyses = Analyses(),
    contract: ContractTerms? = nil, offer: ContractTerms? = nil, rental: RentalTerms? = nil,
    hosting: HostingTerms? = nil
  ) {
    self.currency = currency
    self.evaluatedAt = evaluatedAt
    self.allowStaleDays = allowStaleDays
    self.chains = chains
    self.device = device
    self.purchase = purchase
    self.running = running
    self.electricity = electricity
    self.horizonMonths = horizonMonths
    self.discountRate = discountRate
    self.growth = growth
    self.analyses = analyses
    self.contract = contract
    self.offer = offer
    self.rental = rental
    self.hosting = hosting
  }
}

/// What works.
package struct ScenarioDevice: Hashable, Sendable {
  package enum Origin: String, Hashable, Sendable, CaseIterable {
    case measured
    case published
    case assumed
  }

  package var hardwareID: HardwareID?
  package var algorithm: AlgorithmID
  package var workUnit: String
  package var ratePerSecond: Double
  /// Nil where nobody states it.
  package var powerW: Double?
  package var count: Int
  package var memoryBytes: UInt64?
  package var origin: Origin

  package init(
    hardwareID: HardwareID?, algorithm: AlgorithmID, workUnit: String, ratePerSecond: Double,
    powerW: Double?, count: Int = 1, memoryBytes: UInt64? = nil, origin: Origin = .assumed
  ) {
    self.hardwareID = hardwareID
    self.algorithm = algorithm
    self.workUnit = workUnit
    self.ratePerSecond = ratePerSecond
    self.powerW = powerW
    self.count = count
    self.memoryBytes = memoryBytes
    self.origin = origin
  }
}

/// What is paid, and what comes back at the end.
package struct Purchase: Hashable, Sendable {
  /// For one machine.
  package var machinePrice: Double
  /// For all: power supply, freight, duty, installation.
  package var extrasPrice: Double
  package var deliveryMonths: Double
  /// Of the machines' price.
  package var resaleRelative: Double
  /// For all, in place of the fraction.
  package var resalePrice: Double?
  package var dismantlingPrice: Double

  package init(
    machinePrice: Double = 0, extrasPrice: Double = 0, deliveryMonths: Double = 0,
    resaleRelative: Double = 0, resalePrice: Double? = nil, dismantlingPrice: Double = 0
  ) {
    self.machinePrice = machinePrice
    self.extrasPrice = extrasPrice
    self.deliveryMonths = deliveryMonths
    self.resaleRelative = resaleRelative
    self.resalePrice = resalePrice
    self.dismantlingPrice = dismantlingPrice
  }
}

/// What is lost and paid while it works.
package struct Running: Hashable, Sendable {
  package var uptime: Double
  package var stale: Double
  package var reject: Double
  /// Energy at the meter over energy of the machine.
  package var powerUsageEffectiveness: Double
  /// Below 1 only where the power was stated behind the power supply.
  package var powerSupplyEfficiency: Double
  package var fixedCostPerMonth: Double
  package var pool: Pool

  package init(
    uptime: Double = 1, stale: Double = 0, reject: Double = 0,
    powerUsageEffectiveness: Double = 1, powerSupplyEfficiency: Double = 1,
    fixedCostPerMonth: Double = 0, pool: Pool = Pool()
  ) {
    self.uptime = uptime
    self.stale = stale
    self.reject = reject
    self.powerUsageEffectiveness = powerUsageEffectiveness
    self.powerSupplyEfficiency = powerSupplyEfficiency
    self.fixedCostPerMonth = fixedCostPerMonth
    self.pool = pool
  }
}

/// Who pays, and how.
package struct Pool: Hashable, Sendable {
  package enum Scheme: String, Hashable, Sendable, CaseIterable {
    case pps
    case fpps
    case ppsPlus = "pps+"
    case pplns
    case solo
  }

  package var scheme: Scheme?
  package var fee: ByChain
  package var networkShare: Double?
  package var daysAtRisk: Double?

  package init(
    scheme: Scheme? = nil, fee: ByChain = .all(0), networkShare: Double? = nil,
    daysAtRisk: Double? = nil
  ) {
    self.scheme = scheme
    self.fee = fee
    self.networkShare = networkShare
    self.daysAtRisk = daysAtRisk
  }
}

/// A number for all chains, or one for each.
package enum ByChain: Hashable, Sendable {
  case all(Double)
  case each([ChainID: Double])

  /// The number of a chain; nil where it has none.
  package func value(_ chain: ChainID) -> Double? {
    switch self {
    case .all(let value): value
    case .each(let values): values[chain]
    }
  }

  package var values: [Double] {
    switch self {
    case .all(let value): [value]
    case .each(let values): Array(values.values)
    }
  }
}

/// What power costs, hour by hour of a day.
package struct Electricity: Hashable, Sendable {
  package var bands: [Band]
  package var carbonGramsPerKWh: Double?
  /// Money for a kWh of heat that is used.
  package var heatCreditPerKWh: Double
  /// The part of the heat that is used, the season included.
  package var heatUsed: Double

  package init(
    bands: [Band], carbonGramsPerKWh: Double? = nil, heatCreditPerKWh: Double = 0,
    heatUsed: Double = 0
  ) {
    self.bands = bands
    self.carbonGramsPerKWh = carbonGramsPerKWh
    self.heatCreditPerKWh = heatCreditPerKWh
    self.heatUsed = heatUsed
  }

  /// What a kWh of a band costs after the heat that it brings.
  package func price(_ band: Band) -> Double { band.pricePerKWh - heatCreditPerKWh * heatUsed }

  package var hours: Double { bands.reduce(0) { $0 + $1.hoursPerDay } }
}

/// Hours of a day at one price.
package struct Band: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case bought
    /// At what it would bring otherwise.
    case own
    /// Would be thrown away otherwise.
    case curtailed
  }

  package var name: String
  package var hoursPerDay: Double
  /// May be negative.
  package var pricePerKWh: Double
  package var kind: Kind?

  package init(name: String, hoursPerDay: Double, pricePerKWh: Double, kind: Kind? = nil) {
    self.name = name
    self.hoursPerDay = hoursPerDay
    self.pricePerKWh = pricePerKWh
    self.kind = kind
  }
}

/// One future: how difficulty and price move.
package struct GrowthCase: Hashable, Sendable {
  package var name: String
  package var difficultyGrowth: ByChain
  package var priceDrift: ByChain

  package init(name: String, difficultyGrowth: ByChain, priceDrift: ByChain = .all(0)) {
    self.name = name
    self.difficultyGrowth = difficultyGrowth
    self.priceDrift = priceDrift
  }

  /// 0, 1, 3 and 5 % a month: the spread of what Bitcoin's difficulty did; one number is never shown alone.
  package static let standard = [0.0, 0.01, 0.03, 0.05].map {
    GrowthCase(name: "\(Int(($0 * 100).rounded())) %", difficultyGrowth: .all($0))
  }
}

/// What else is asked.
package struct Analyses: Hashable, Sendable {
  package var tornado: [TornadoRange]
  package var twoWay: TwoWay?
  package var breakEvenGrowth: Bool
  package var breakEvenPrice: Bool
  package var monteCarlo: MonteCarloPlan?
  package var solo: SoloPlan?
  package var poolLuck: PoolLuckPlan?
  package var dataSet: Bool

  package init(
    tornado: [TornadoRange] = [], twoWay: TwoWay? = nil, breakEvenGrowth: Bool = false,
    breakEvenPrice: Bool = false, monteCarlo: MonteCarloPlan? = nil, solo: SoloPlan? = nil,
    poolLuck: PoolLuckPlan? = nil, dataSet: Bool = false
  ) {
    self.tornado = tornado
    self.twoWay = twoWay
    self.breakEvenGrowth = breakEvenGrowth
    self.breakEvenPrice = breakEvenPrice
    self.monteCarlo = monteCarlo
    self.solo = solo
    self.poolLuck = poolLuck
    self.dataSet = dataSet
  }
}

/// An input with the ends of its range.
package struct TornadoRange: Hashable, Sendable {
  package var input: ScenarioInput
  package var low: Double
  package var high: Double

  package init(input: ScenarioInput, low: Double, high: Double) {
    self.input = input
    self.low = low
    self.high = high
  }
}

/// Prices of the first coin by growths of difficulty.
package struct TwoWay: Hashable, Sendable {
  package var prices: [Double]
  package var growths: [Double]

  package init(prices: [Double], growths: [Double]) {
    self.prices = prices
    self.growths = growths
  }
}

/// Random futures.
package struct MonteCarloPlan: Hashable, Sendable {
  package enum Model: Hashable, Sendable {
    /// Monthly log-returns with these standard deviations, correlated; their medians are the scenario.
    case lognormal(difficultyVolatility: Double, priceVolatility: Double, correlation: Double)
    /// Blocks of so many months out of a history.
    case bootstrap(blockMonths: Int, history: History)
  }

  package var paths: Int
  package var seed: UInt64
  package var model: Model

  package init(paths: Int, seed: UInt64, model: Model) {
    self.paths = paths
    self.seed = seed
    self.model = model
  }
}

/// What difficulty and price did: hashwatt-history, version 1.
package struct History: Hashable, Sendable {
  package struct Month: Hashable, Sendable {
    package let difficulty: Double
    package let price: Double

    package init(difficulty: Double, price: Double) {
      self.difficulty = difficulty
      self.price = price
    }
  }

  package var chain: ChainID
  /// Nil where it is that of the scenario.
  package var currency: Currency?
  package var source: String?
  package var months: [Month]

  package init(chain: ChainID, currency: Currency?, source: String?, months: [Month]) {
    self.chain = chain
    self.currency = currency
    self.source = source
    self.months = months
  }
}

/// Blocks of one's own in some days.
package struct SoloPlan: Hashable, Sendable {
  package var days: [Double]
  /// Of difficulty, per month.
  package var growth: Double

  package init(days: [Double], growth: Double) {
    self.days = days
    self.growth = growth
  }
}

/// Blocks of a pool in some days.
package struct PoolLuckPlan: Hashable, Sendable {
  package var share: Double
  package var days: [Double]

  package init(share: Double, days: [Double]) {
    self.share = share
    self.days = days
  }
}

/// The terms of a cloud contract, or of an offer that promises a payout.
package struct ContractTerms: Hashable, Sendable {
  package var name: String?
  package var chain: ChainID
  package var unit: RateUnit
  package var pricePerUnit: Double
  package var feePerUnitPerDay: Double
  package var termDays: Int?
  /// The contract ends after so many days in a row without a payout.
  package var stopAfterDays: Int?
  package var difficultyGrowth: Double
  package var priceDrift: Double
  package var referenceJoulesPerTH: Double?
  package var promisedPerUnitPerDay: Double?
  package var principalReturned: Bool
  package var source: String?

  package init(
    name: String? = nil, chain: ChainID, unit: RateUnit, pricePerUnit: Double,
    feePerUnitPerDay: Double = 0, termDays: Int? = nil, stopAfterDays: Int? = nil,
    difficultyGrowth: Double = 0, priceDrift: Double = 0, referenceJoulesPerTH: Double? = nil,
    promisedPerUnitPerDay: Double? = nil, principalReturned: Bool = false, source: String? = nil
  ) {
    self.name = name
    self.chain = chain
    self.unit = unit
    self.pricePerUnit = pricePerUnit
    self.feePerUnitPerDay = feePerUnitPerDay
    self.termDays = termDays
    self.stopAfterDays = stopAfterDays
    self.difficultyGrowth = difficultyGrowth
    self.priceDrift = priceDrift
    self.referenceJoulesPerTH = referenceJoulesPerTH
    self.promisedPerUnitPerDay = promisedPerUnitPerDay
    self.principalReturned = principalReturned
    self.source = source
  }
}

/// An order for somebody else's hash rate.
package struct RentalTerms: Hashable, Sendable {
  package var chain: ChainID
  package var unit: RateUnit
  /// In the coins that the order is paid in.
  package var orderPricePerUnitDay: Double
  /// Of the coin that the order is paid in; nil where it is the mined coin.
  package var payCoinPrice: Double?
  package var poolFee: Double
  package var stale: Double
  package var buyerFee: Double

  package init(
    chain: ChainID, unit: RateUnit, orderPricePerUnitDay: Double, payCoinPrice: Double? = nil,
    poolFee: Double = 0, stale: Double = 0, buyerFee: Double = 0
  ) {
    self.chain = chain
    self.unit = unit
    self.orderPricePerUnitDay = orderPricePerUnitDay
    self.payCoinPrice = payCoinPrice
    self.poolFee = poolFee
    self.stale = stale
    self.buyerFee = buyerFee
  }
}

/// What a host asks for running somebody else's machines.
package struct HostingTerms: Hashable, Sendable {
  package var name: String?
  package var bands: [Band]
  /// For all machines.
  package var fixedCostPerMonth: Double
  /// Of what is billed; 1 where the machine's own meter is.
  package var powerUsageEffectiveness: Double
  /// Nil where it is that of the scenario.
  package var uptime: Double?
  /// For all: freight and set-up; nil where they are those of the scenario.
  package var extrasPrice: Double?
  package var source: String?

  package init(
    name: String? = nil, bands: [Band], fixedCostPerMonth: Double = 0,
    powerUsageEffectiveness: Double = 1, uptime: Double? = nil, extrasPrice: Double? = nil,
    source: String? = nil
  ) {
    self.name = name
    self.bands = bands
    self.fixedCostPerMonth = fixedCostPerMonth
    self.powerUsageEffectiveness = powerUsageEffectiveness
    self.uptime = uptime
    self.extrasPrice = extrasPrice
    self.source = source
  }

  /// The same purchase with the machines at the host: nobody uses their heat.
  func moved(_ scenario: Scenario) -> Scenario {
    var moved = scenario
    moved.electricity = Electricity(
      bands: bands, carbonGramsPerKWh: scenario.electricity?.carbonGramsPerKWh)
    moved.running.fixedCostPerMonth = fixedCostPerMonth
    moved.running.powerUsageEffectiveness = powerUsageEffectiveness
    if let uptime { moved.running.uptime = uptime }
    if let extrasPrice { moved.purchase.extrasPrice = extrasPrice }
    return moved
  }
}
