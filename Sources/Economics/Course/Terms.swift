internal import Glibc

/// A scenario made ready for counting: plain numbers, one per day where they change.
///
/// Everything that does not hang on how difficulty and price move is in here, so that thousands of futures share it.
struct Terms: Sendable {
  struct Chain: Sendable {
    let id: ChainID
    /// Coins of a full day at today's difficulty, by day: all losses and fees taken off.
    let coins: [Double]
    let price: Double
  }

  struct Band: Sendable {
    let hours: Double
    let kWh: Double
    let cost: Double
  }

  let chains: [Chain]
  let bands: [Band]
  /// At the meter while it runs.
  let kilowatts: Double
  let uptime: Double
  let months: Int
  let days: Int
  /// The first day with revenue or cost.
  let firstDay: Int
  let deliveryDays: Double
  let fixedPerDay: Double
  let outlay: Double
  /// Resale less dismantling.
  let atEnd: Double
  let resale: Double
  let dismantling: Double
  /// The month of each day, from 1.
  let monthOfDay: [Int]
  let discountRate: Double
  let count: Int
  let machinePrice: Double
  let resaleRelative: Double

  /// - Precondition: the scenario was checked: it has a device with power, a tariff and prices.
  init(
    _ scenario: Scenario, device: ScenarioDevice, powerW: Double, electricity: Electricity,
    states: [ChainState], prices: [Double]
  ) {
    let running = scenario.running
    months = scenario.horizonMonths
    days = Calendar.days(months: Double(months))
    deliveryDays = scenario.purchase.deliveryMonths * Calendar.month
    firstDay = Calendar.days(months: scenario.purchase.deliveryMonths)
    uptime = running.uptime
    let count = Double(device.count)
    let kilowatts =
      count * powerW / 1000 * running.powerUsageEffectiveness / running.powerSupplyEfficiency
    self.kilowatts = kilowatts
    bands = electricity.bands.map { band in
      let kWh = kilowatts * running.uptime * band.hoursPerDay
      return Band(hours: band.hoursPerDay, kWh: kWh, cost: kWh * electricity.price(band))
    }
    let days = days
    chains = zip(states, prices).map { state, price in
      let fee = running.pool.fee.value(state.chain.id) ?? 0
      let perReward =
        Yield.attempts(device, running) / state.workPerBlock * (1 - fee)
      return Chain(
        id: state.chain.id, coins: Self.rewards(state, days: days).map { $0 * perReward },
        price: price)
    }
    fixedPerDay = running.fixedCostPerMonth / Calendar.month
    let purchase = scenario.purchase
    outlay = purchase.machinePrice * count + purchase.extrasPrice
    resale = purchase.resalePrice ?? purchase.resaleRelative * purchase.machinePrice * count
    dismantling = purchase.dismantlingPrice
    atEnd = resale - dismantling
    monthOfDay = (0..<days).map { Int((Double($0) + 0.5) / Calendar.month) + 1 }
    discountRate = scenario.discountRate
    self.count = device.count
    machinePrice = purchase.machinePrice
    resaleRelative = purchase.resalePrice == nil ? purchase.resaleRelative : 0
  }

  /// The reward at the middle of each day.
  static func rewards(_ state: ChainState, days: Int) -> [Double] {
    guard days > 0 else { return [] }
    let last = state.height(day: Double(days))
    let changes = state.chain.changes(after: state.snapshot.height, through: last)
    var next = 0
    var reward = state.rewardNow
    // A reward that changes with every block is asked for on every day.
    let isSteady = state.snapshot.subsidy != nil || changes.count < 400
    return (0..<days).map { day in
      let height = state.height(day: Double(day) + 0.5)
      if !isSteady { return state.reward(height: height) }
      if state.snapshot.subsidy == nil {
        var moved = false
        while next < changes.count, changes[next] <= height {
          next += 1
          moved = true
        }
        if moved { reward = state.reward(height: height) }
      }
      return reward
    }
  }
}

/// What work brings before prices come into it.
package enum Yield {
  /// Attempts of a day that count: of all machines, after uptime, stale and rejected shares.
  package static func attempts(_ device: ScenarioDevice, _ running: Running) -> Double {
    nameplate(device) * running.uptime * (1 - running.stale) * (1 - running.reject)
  }

  /// Attempts of a day by the nameplate.
  package static func nameplate(_ device: ScenarioDevice) -> Double {
    Double(device.count) * device.ratePerSecond * Calendar.secondsPerDay
  }

  /// Coins of a day at a rate: `rate * 86400 / work * reward`.
  ///
  /// - Throws: `Refusal` where the rate counts something else than the chain.
  package static func coinsPerDay(
    _ rate: WorkRate, work: Double, reward: CoinAmount, of chain: Chain
  ) throws(Refusal) -> CoinAmount {
    guard rate.kind == chain.workKind else {
      throw Refusal(
        .unitMismatch, "a rate in \(rate.kind) for \(chain.workKind)", chain: chain.id,
        remedy: "give a rate in the chain's own unit of work")
    }
    return CoinAmount(
      rate.perSecond * Calendar.secondsPerDay / work * reward.coins, of: reward.chain)
  }

  /// Atoms for a kilowatt-hour at an energy per work in joules: `3.6e6 / e / W * R * atoms`.
  package static func atomsPerKWh(
    joulesPerWork: Double, work: Double, rewardCoins: Double, atomsPerCoin: UInt64
  ) -> Double {
    3.6e6 / joulesPerWork / work * rewardCoins * Double(atomsPerCoin)
  }
}

/// Rates per month as rates per day of continuous growth.
enum Rate {
  /// `ln(1 + g) / 30.4375`.
  static func perDay(_ perMonth: Double) -> Double { log1p(perMonth) / Calendar.month }
}
