/// How the present value moves with its inputs, on the scenario's first future.
package struct Sensitivity: Sendable {
  let scenario: Scenario
  let device: ScenarioDevice
  let powerW: Double
  let electricity: Electricity
  let states: [ChainState]
  let prices: [Double]

  /// One row for each range, the largest swing first.
  ///
  /// - Throws: `Refusal` for an end of a range that no scenario can have.
  package func tornado(_ ranges: [TornadoRange]) throws(Refusal) -> [TornadoRow] {
    var rows: [TornadoRow] = []
    for range in ranges {
      rows.append(
        TornadoRow(
          range: range, atLow: try presentValue(range.input, range.low),
          atHigh: try presentValue(range.input, range.high)))
    }
    // Equal swings stay in the order in which they were asked for.
    return rows.enumerated().sorted {
      ($1.element.swing, $0.offset) < ($0.element.swing, $1.offset)
    }.map(\.element)
  }

  /// Present values, a row for each price of the first coin, a column for each growth.
  package func table(_ table: TwoWay) throws(Refusal) -> [[Double]] {
    var rows: [[Double]] = []
    for price in table.prices {
      var row: [Double] = []
      for growth in table.growths {
        row.append(
          try presentValue { scenario, prices in
            ScenarioInput.pricePerCoin.set(price, in: &scenario, prices: &prices)
            ScenarioInput.difficultyGrowth.set(growth, in: &scenario, prices: &prices)
          })
      }
      rows.append(row)
    }
    return rows
  }

  /// The growth of all chains from -20 % to 100 % a month at which nothing is gained or lost; nil where there is none.
  package func breakEvenGrowth() -> BreakEven {
    let terms = Terms(
      scenario, device: device, powerW: powerW, electricity: electricity, states: states,
      prices: prices)
    let drift = FutureRates(scenario.growth[0], states).drift
    let root = Self.root(from: -0.2, to: 1) { growth in
      let rates = [Double](repeating: Rate.perDay(growth), count: states.count)
      return PresentValue.of(
        Course(terms, growth: rates, drift: drift).cash, yearlyRate: scenario.discountRate)
    }
    return BreakEven(value: root)
  }

  /// The factor on all coin prices at which nothing is gained or lost; nil where none from 0 to 2^20 does it.
  package func breakEvenPriceFactor() -> BreakEven {
    let rates = FutureRates(scenario.growth[0], states)
    func value(_ factor: Double) -> Double {
      let terms = Terms(
        scenario, device: device, powerW: powerW, electricity: electricity, states: states,
        prices: prices.map { $0 * factor })
      return PresentValue.of(
        Course(terms, growth: rates.growth, drift: rates.drift).cash,
        yearlyRate: scenario.discountRate)
    }
    var high = 1.0
    while value(high) < 0, high < 0x1p20 { high *= 2 }
    return BreakEven(value: Self.root(from: 1e-9, to: high, value))
  }

  /// The input on which the answer hangs most, by the first row of a tornado.
  package func presentValue(
    _ input: ScenarioInput, _ value: Double
  ) throws(Refusal) -> Double {
    try presentValue { scenario, prices in input.set(value, in: &scenario, prices: &prices) }
  }

  private func presentValue(
    _ change: (inout Scenario, inout [Double]) -> Void
  ) throws(Refusal) -> Double {
    var changed = scenario
    var prices = prices
    change(&changed, &prices)
    try ScenarioCheck.check(changed, states: states, prices: prices)
    let device = changed.device ?? device
    let terms = Terms(
      changed, device: device, powerW: device.powerW ?? powerW,
      electricity: changed.electricity ?? electricity, states: states, prices: prices)
    let rates = FutureRates(changed.growth[0], states)
    return PresentValue.of(
      Course(terms, growth: rates.growth, drift: rates.drift).cash,
      yearlyRate: changed.discountRate)
  }

  /// Where a monotone function crosses zero; nil where its ends have one sign.
  static func root(from low: Double, to high: Double, _ value: (Double) -> Double) -> Double? {
    var (left, right) = (low, high)
    let (first, last) = (value(left), value(right))
    if first == 0 { return left }
    if last == 0 { return right }
    guard (first < 0) != (last < 0) else { return nil }
    for _ in 0..<200 {
      let middle = left + (right - left) / 2
      if middle == left || middle == right { break }
      if (value(middle) < 0) == (first < 0) { left = middle } else { right = middle }
    }
    return left + (right - left) / 2
  }
}

/// A future's rates per day, by chain.
struct FutureRates {
  let growth: [Double]
  let drift: [Double]

  init(_ future: GrowthCase, _ states: [ChainState]) {
    growth = states.map { Rate.perDay(future.difficultyGrowth.value($0.chain.id) ?? 0) }
    drift = states.map { Rate.perDay(future.priceDrift.value($0.chain.id) ?? 0) }
  }
}
