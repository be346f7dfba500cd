/// What a reader wants to know beside the answers: what they hang on, and how they look in other futures.
package struct Prospect: Sendable {
  /// The largest swing first, on the first future.
  package let hangsOn: [TornadoRow]
  package let breakEvenGrowth: Double?
  package let breakEvenPriceFactor: Double?
  /// Present values by price of the first coin and growth of difficulty.
  package let heat: TwoWay
  package let values: [[Double]]
  /// Other uses of the same money: the first future's difficulty with the price falling, flat and rising, then every
  /// future of the scenario; nil where no money is spent.
  package let sheet: ComparisonSheet?
  /// Blocks of the pool in a day, a month and a year, where its part of the network is stated and nothing else was
  /// asked.
  package let poolLuck: [PoolLuck]
  /// Blocks of one's own in a year, where nothing else was asked.
  package let solo: [SoloOdds]

  /// Assumed ranges of the inputs that no source gives one for.
  package static let assumptions =
    "price of the coin 30 %, power's price 25 %, growth 2 points a month, uptime down to nine tenths of it, delivery up to 3 months, half of the resale"

  /// - Throws: `Refusal` where the ends of a range are none that a scenario can have.
  package init?(
    _ evaluation: Evaluation, by evaluator: Evaluator, candidate: Candidate
  ) throws(Refusal) {
    guard let device = evaluation.device, let sensitivity = device.sensitivity else { return nil }
    let scenario = evaluation.scenario
    hangsOn = try sensitivity.tornado(
      Self.ranges(scenario, price: sensitivity.prices[0], candidate))
    breakEvenGrowth = sensitivity.breakEvenGrowth().value
    breakEvenPriceFactor = sensitivity.breakEvenPriceFactor().value
    let price = sensitivity.prices[0]
    heat =
      scenario.analyses.twoWay
      ?? TwoWay(
        prices: [0.5, 0.75, 1, 1.25, 1.5, 2].map { $0 * price },
        growths: [0, 0.01, 0.02, 0.03, 0.05])
    values = try sensitivity.table(heat)
    let state = try evaluator.state(scenario.chains[0])
    poolLuck =
      device.poolLuck.isEmpty
      ? (scenario.running.pool.networkShare.map { share in
        [1, Calendar.month, 365.25].map {
          PoolLuck(share: share, days: $0, spacing: state.spacing)
        }
      } ?? []) : device.poolLuck
    let growth = scenario.growth[0].difficultyGrowth
    solo =
      device.solo.isEmpty
      ? [
        SoloOdds(
          days: 365.25, growthPerMonth: growth.value(scenario.chains[0]) ?? 0,
          device: sensitivity.device, running: scenario.running, work: state.workPerBlock)
      ] : device.solo
    let drifting = [-0.03, 0, 0.03].map {
      GrowthCase(
        name: $0 == 0 ? "price flat" : "price \($0 > 0 ? "+" : "")\(Plain.percent($0))",
        difficultyGrowth: growth, priceDrift: .all($0))
    }
    let names = Set(drifting.map(\.name))
    sheet = try ComparisonSheet(
      evaluation, by: evaluator,
      // A hundred futures are asked at most.
      futures: Array((drifting + scenario.growth.filter { !names.contains($0.name) }).prefix(100)))
  }

  private static func ranges(
    _ scenario: Scenario, price: Double, _ candidate: Candidate
  ) -> [TornadoRange] {
    var ranges = [TornadoRange(input: .pricePerCoin, low: price * 0.7, high: price * 1.3)]
    if let growth = scenario.growth[0].difficultyGrowth.values.first,
      scenario.growth[0].difficultyGrowth.values.count == 1
    {
      ranges.append(
        TornadoRange(input: .difficultyGrowth, low: growth - 0.02, high: growth + 0.02))
    }
    let bands = scenario.electricity?.bands ?? []
    if bands.count == 1, bands[0].pricePerKWh != 0 {
      let own = bands[0].pricePerKWh
      ranges.append(
        TornadoRange(input: .electricityPrice, low: own * 0.75, high: own * 1.25))
    }
    ranges.append(
      TornadoRange(input: .rate, low: candidate.rate.lowerBound, high: candidate.rate.upperBound))
    if let power = candidate.power {
      ranges.append(TornadoRange(input: .power, low: power.lowerBound, high: power.upperBound))
    }
    let uptime = scenario.running.uptime
    ranges.append(TornadoRange(input: .uptime, low: uptime * 0.9, high: min(1, uptime * 1.02)))
    let delivery = scenario.purchase.deliveryMonths
    ranges.append(
      TornadoRange(
        input: .deliveryMonths, low: 0, high: min(Double(scenario.horizonMonths), delivery + 3)))
    if scenario.purchase.resaleRelative > 0 {
      ranges.append(
        TornadoRange(input: .resale, low: 0, high: min(1, scenario.purchase.resaleRelative * 1.5)))
    }
    return ranges
  }
}

/// The fair price of one machine over the ends of its figures.
package struct FairPriceRange: Hashable, Sendable {
  package let value: Double
  package let low: Double
  package let high: Double
  /// The ends of the price of one unit of work per second, by which machines of different size compare.
  package let perRate: ClosedRange<Double>

  /// On the first future; nil without money.
  ///
  /// - Throws: `Refusal` for ends that no device has.
  package init?(
    _ evaluation: Evaluation, by evaluator: Evaluator, candidate: Candidate
  ) throws(Refusal) {
    guard let outcome = evaluation.device?.outcomes.first else { return nil }
    value = outcome.measures.fairMachinePrice
    let nominal = evaluation.scenario.device?.ratePerSecond ?? 1
    var ends = [value]
    var rates = [value / nominal]
    for (rate, power) in [
      (candidate.rate.lowerBound, candidate.power?.upperBound),
      (candidate.rate.upperBound, candidate.power?.lowerBound),
    ] {
      var scenario = evaluation.scenario
      scenario.analyses = Analyses()
      scenario.growth = [scenario.growth[0]]
      scenario.device?.ratePerSecond = rate
      if let power { scenario.device?.powerW = power }
      let end = try evaluator.evaluate(scenario)
      if let price = end.device?.outcomes.first?.measures.fairMachinePrice {
        ends.append(price)
        rates.append(price / rate)
      }
    }
    low = ends.min() ?? value
    high = ends.max() ?? value
    perRate = (rates.min() ?? 0)...(rates.max() ?? 0)
  }

  /// Whether which of two machines of one function is the better for its size cannot be told.
  package func overlaps(_ other: FairPriceRange) -> Bool { perRate.overlaps(other.perRate) }
}
