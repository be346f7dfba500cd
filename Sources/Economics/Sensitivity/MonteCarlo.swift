internal import Glibc
internal import Statistics

/// What many random futures come to; never the mean alone.
package struct MonteCarloResult: Hashable, Sendable {
  package let paths: Int
  package let seed: UInt64
  package let probabilityPositive: Double
  package let probabilityBeatsBuying: Double?
  package let low: Double
  package let median: Double
  package let high: Double
  package let mean: Double
  /// Of the single path, not of the mean.
  package let standardDeviation: Double
}

/// Random futures of one chain (economics reference, section 11).
struct MonteCarlo {
  let terms: Terms
  private let growth: Double
  private let drift: Double
  /// Today's revenue of a full day, by day.
  private let revenue: [Double]
  private let discounts: [Double]

  /// Growth and drift are logarithms per month, the medians of the lognormal model.
  init(_ terms: Terms, growth: Double, drift: Double) {
    self.terms = terms
    self.growth = growth
    self.drift = drift
    let price = terms.chains[0].price
    revenue = terms.chains[0].coins.map { $0 * price }
    discounts = (0...terms.months).map {
      PresentValue.factor(terms.discountRate, months: Double($0))
    }
  }

  func run(_ plan: MonteCarloPlan) -> MonteCarloResult {
    var random = SplitMix64(seed: plan.seed)
    var values: [Double] = []
    values.reserveCapacity(plan.paths)
    var positive = 0
    var better = 0
    let bought = terms.outlay / terms.chains[0].price
    var steps = [(difficulty: Double, price: Double)](
      repeating: (0, 0), count: terms.months)
    for _ in 0..<plan.paths {
      draw(plan.model, &random, into: &steps)
      let (value, coins) = path(steps)
      values.append(value)
      if value > 0 { positive += 1 }
      if coins > bought { better += 1 }
    }
    values.sort()
    let count = Double(plan.paths)
    return MonteCarloResult(
      paths: plan.paths, seed: plan.seed, probabilityPositive: Double(positive) / count,
      probabilityBeatsBuying: bought > 0 ? Double(better) / count : nil,
      low: Descriptive.quantile(values, 0.05) ?? 0, median: Descriptive.median(values) ?? 0,
      high: Descriptive.quantile(values, 0.95) ?? 0, mean: Descriptive.mean(values) ?? 0,
      standardDeviation: Descriptive.standardDeviation(values) ?? 0)
  }

  private func draw(
    _ model: MonteCarloPlan.Model, _ random: inout SplitMix64,
    into steps: inout [(difficulty: Double, price: Double)]
  ) {
    switch model {
    case .lognormal(let difficulty, let price, let correlation):
      let rest = max(0, 1 - correlation * correlation).squareRoot()
      for month in steps.indices {
        let (first, second) = Self.normals(&random)
        steps[month] = (
          growth + difficulty * first, drift + price * (correlation * first + rest * second)
        )
      }
    case .bootstrap(let length, let history):
      let returns = Self.returns(history)
      var place = 0
      for month in steps.indices {
        if month % length == 0 { place = random.index(below: returns.count) }
        steps[month] = returns[place]
        place = (place + 1) % returns.count
      }
    }
  }

  /// Logarithms of each month over the one before; months stay pairs.
  static func returns(_ history: History) -> [(difficulty: Double, price: Double)] {
    zip(history.months, history.months.dropFirst()).map {
      (log($1.difficulty / $0.difficulty), log($1.price / $0.price))
    }
  }

  /// Two independent standard normal numbers (Box and Muller 1958).
  private static func normals(_ random: inout SplitMix64) -> (Double, Double) {
    // 1 - u is never 0.
    let radius = (-2 * log(1 - random.unit())).squareRoot()
    let angle = 2 * Double.pi * random.unit()
    return (radius * cos(angle), radius * sin(angle))
  }

  /// Present value and coins at the end of one future; inside a month both logarithms run straight.
  private func path(
    _ steps: [(difficulty: Double, price: Double)]
  ) -> (value: Double, coins: Double) {
    var value = -terms.outlay * discounts[0]
    var coins = 0.0
    var logWork = 0.0
    var logPrice = 0.0
    var day = 0
    let first = terms.chains[0].price
    let bands = terms.bands
    let (fixed, firstDay, lastDay) = (terms.fixedPerDay, terms.firstDay, terms.days)
    let months = terms.monthOfDay
    for month in 0..<terms.months {
      let step = steps[month]
      let start = (Double(day) + 0.5) / Calendar.month - Double(month)
      var price = exp(logPrice + step.price * start)
      var factor = price * exp(-logWork - step.difficulty * start)
      let priceStep = exp(step.price / Calendar.month)
      let factorStep = exp((step.price - step.difficulty) / Calendar.month)
      var cash = 0.0
      while day < lastDay, months[day] == month + 1 {
        if day >= firstDay {
          let full = revenue[day] * factor
          var net = -fixed
          var index = 0
          while index < bands.count {
            let earned = full * bands[index].hours / 24
            if earned > bands[index].cost { net += earned - bands[index].cost }
            index += 1
          }
          cash += net
          coins += net / (first * price)
        }
        price *= priceStep
        factor *= factorStep
        day += 1
      }
      logWork += step.difficulty
      logPrice += step.price
      value += cash * discounts[month + 1]
    }
    value += terms.atEnd * discounts[terms.months]
    coins += terms.atEnd / (first * exp(logPrice))
    return (value, coins)
  }
}
