internal import Glibc

/// What becomes of a purchase in one future, day by day (economics reference, section 9).
package struct Course: Hashable, Sendable {
  /// What one month held.
  package struct Month: Hashable, Sendable {
    package var revenue = 0.0
    package var energyCost = 0.0
    package var fixedCost = 0.0
    package var coins: [Double]
    package var hours = 0.0
    /// Of the first coin, on the month's last day.
    package var price = 0.0
    package var margin: Double { revenue - energyCost - fixedCost }
  }

  /// Cash of month 0, 1, ..., the outlay first, resale and dismantling in the last.
  package var cash: [Double]
  package var months: [Month]
  package var margin = 0.0
  package var marginRunOn = 0.0
  package var revenue = 0.0
  package var energyCost = 0.0
  package var energyKWh = 0.0
  package var fixedCost = 0.0
  /// By chain, in the scenario's order.
  package var coins: [Double]
  package var runningDays = 0
  package var runningHours = 0.0
  package var firstRunningDay: Int?
  package var lastRunningDay: Int?
  package var paybackDay: Int?
  /// The first day after the last running one; nil where it runs to the end.
  package var terminalCoins = 0.0

  init(_ terms: Terms, growth: [Double], drift: [Double]) {
    let chainCount = terms.chains.count
    coins = [Double](repeating: 0, count: chainCount)
    months = [Month](repeating: Month(coins: coins), count: terms.months)
    cash = []
    var today = coins
    for day in 0..<terms.days {
      let isDelivered = day >= terms.firstDay
      let time = Double(day) + 0.5
      var full = 0.0
      if isDelivered {
        for index in 0..<chainCount {
          today[index] = terms.chains[index].coins[day] * exp(-growth[index] * time)
          full += today[index] * terms.chains[index].price * exp(drift[index] * time)
        }
      }
      let price = terms.chains[0].price * exp(drift[0] * time)
      add(day, full: full, coins: today, price: price, isDelivered: isDelivered, terms)
    }
    let endPrice =
      terms.chains[0].price * exp(drift[0] * Double(terms.months) * Calendar.month)
    terminalCoins += terms.atEnd / endPrice
    cash = [-terms.outlay] + months.map(\.margin)
    cash[cash.count - 1] += terms.atEnd
  }

  private mutating func add(
    _ day: Int, full: Double, coins today: [Double], price: Double, isDelivered: Bool,
    _ terms: Terms
  ) {
    let month = terms.monthOfDay[day] - 1
    months[month].price = price
    if isDelivered {
      var revenue = 0.0
      var cost = 0.0
      var hours = 0.0
      for band in terms.bands {
        let earned = full * band.hours / 24
        marginRunOn += earned - band.cost
        guard earned > band.cost else { continue }
        revenue += earned
        cost += band.cost
        hours += band.hours
        energyKWh += band.kWh
      }
      marginRunOn -= terms.fixedPerDay
      months[month].revenue += revenue
      months[month].energyCost += cost
      months[month].fixedCost += terms.fixedPerDay
      months[month].hours += hours
      self.revenue += revenue
      energyCost += cost
      fixedCost += terms.fixedPerDay
      for index in coins.indices {
        let mined = today[index] * hours / 24
        coins[index] += mined
        months[month].coins[index] += mined
      }
      let net = revenue - cost - terms.fixedPerDay
      margin += net
      terminalCoins += net / price
      if hours > 0 {
        runningDays += 1
        runningHours += hours
        if firstRunningDay == nil { firstRunningDay = day }
        lastRunningDay = day
      }
    }
    if paybackDay == nil, margin >= terms.outlay { paybackDay = day + 1 }
  }
}

/// What a course comes to.
package struct Measures: Hashable, Sendable {
  package let netPresentValue: Double
  package let internalRates: [Double]
  package let discountedPaybackMonth: Int?
  package let coinsBought: Double
  package let coinsOverBuying: Double?
  package let fairMachinePrice: Double
  package let profitabilityIndex: Double?
  /// One chain, and only where coins were mined.
  package let allInCostPerCoin: Double?

  init(_ course: Course, _ terms: Terms) {
    netPresentValue = PresentValue.of(course.cash, yearlyRate: terms.discountRate)
    internalRates = InternalRate.all(course.cash)
    var withoutEnd = course.cash
    withoutEnd[withoutEnd.count - 1] -= terms.atEnd
    var sum = 0.0
    var month: Int?
    for (index, cash) in withoutEnd.enumerated() {
      sum += cash * PresentValue.factor(terms.discountRate, months: Double(index))
      if month == nil, sum >= 0 { month = index }
    }
    discountedPaybackMonth = month
    coinsBought = terms.outlay / terms.chains[0].price
    coinsOverBuying = coinsBought > 0 ? course.terminalCoins / coinsBought : nil
    let kept =
      1 - terms.resaleRelative
      * PresentValue.factor(terms.discountRate, months: Double(terms.months))
    fairMachinePrice =
      terms.machinePrice + netPresentValue / (Double(terms.count) * kept)
    profitabilityIndex =
      terms.outlay > 0 ? (netPresentValue + terms.outlay) / terms.outlay : nil
    let mined = course.coins.count == 1 ? course.coins[0] : 0
    allInCostPerCoin =
      mined > 0
      ? (terms.outlay - terms.resale + terms.dismantling + course.energyCost + course.fixedCost)
        / mined : nil
  }
}

/// Money of later months at today's value.
package enum PresentValue {
  /// `(1 + r)^(-m/12)`.
  package static func factor(_ yearlyRate: Double, months: Double) -> Double {
    pow(1 + yearlyRate, -months / 12)
  }

  /// The sum of monthly cash from month 0 on.
  package static func of(_ cash: [Double], yearlyRate: Double) -> Double {
    cash.enumerated().reduce(0) { $0 + $1.element * factor(yearlyRate, months: Double($1.offset)) }
  }
}

/// The yearly rates at which monthly cash is worth nothing.
package enum InternalRate {
  /// Every rate from -0.999 to 1e6, ascending; none and several are answers.
  ///
  /// Between neighbours of a fine grid of rates the sign decides; where the value has an extremum towards zero
  /// between them, that is looked at too, so that two rates close together are not missed.
  package static func all(_ cash: [Double]) -> [Double] {
    guard cash.contains(where: { $0 > 0 }), cash.contains(where: { $0 < 0 }) else { return [] }
    guard cash.allSatisfy(\.isFinite) else { return [] }
    let low = log(0.001)
    let high = log(1e6 + 1)
    // One change of sign has one rate at most (Descartes).
    let signs = cash.filter { $0 != 0 }.map { $0 < 0 }
    if zip(signs, signs.dropFirst()).count(where: { $0 != $1 }) == 1 {
      let (first, last) = (value(cash, low), value(cash, high))
      if first == 0 { return [expm1(low)] }
      if last == 0 { return [expm1(high)] }
      return (first < 0) == (last < 0) ? [] : [expm1(bisect(cash, low, high))]
    }
    let steps = 4000
    let grid = (0...steps).map { low + (high - low) * Double($0) / Double(steps) }
    let values = grid.map { value(cash, $0) }
    var roots: [Double] = []
    for index in 0..<steps {
      let (left, right) = (grid[index], grid[index + 1])
      if values[index] == 0 {
        roots.append(left)
      } else if (values[index] < 0) != (values[index + 1] < 0), values[index + 1] != 0 {
        roots.append(bisect(cash, left, right))
      } else if index > 0, pointsToZero(values[index - 1], values[index], values[index + 1]) {
        roots += closePair(cash, grid[index - 1], right)
      }
    }
    if values[steps] == 0 { roots.append(high) }
    return roots.sorted().reduce(into: [Double]()) { kept, root in
      let rate = expm1(root)
      if let last = kept.last, abs(rate - last) <= 1e-9 * max(1, abs(rate)) { return }
      kept.append(rate)
    }
  }

  /// The present value at `ln(1 + r)`, scaled so that neither end overflows; the sign is that of the value.
  private static func value(_ cash: [Double], _ logRate: Double) -> Double {
    let step = exp(-abs(logRate) / 12)
    var sum = 0.0
    if logRate >= 0 {
      for flow in cash.reversed() { sum = sum * step + flow }
    } else {
      for flow in cash { sum = sum * step + flow }
    }
    return sum
  }

  private static func pointsToZero(_ left: Double, _ middle: Double, _ right: Double) -> Bool {
    (left < 0) == (middle < 0) && (middle < 0) == (right < 0)
      && abs(middle) <= abs(left) && abs(middle) <= abs(right)
  }

  private static func closePair(_ cash: [Double], _ low: Double, _ high: Double) -> [Double] {
    let sign = value(cash, low) < 0 ? -1.0 : 1.0
    var (left, right) = (low, high)
    for _ in 0..<200 where right - left > 1e-15 * max(1, abs(left)) {
      let first = left + (right - left) / 3
      let second = right - (right - left) / 3
      if value(cash, first) * sign < value(cash, second) * sign {
        right = second
      } else {
        left = first
      }
    }
    let extremum = left + (right - left) / 2
    guard value(cash, extremum) * sign <= 0 else { return [] }
    return [bisect(cash, low, extremum), bisect(cash, extremum, high)]
  }

  private static func bisect(_ cash: [Double], _ low: Double, _ high: Double) -> Double {
    var (left, right) = (low, high)
    let isNegative = value(cash, left) < 0
    for _ in 0..<200 {
      let middle = left + (right - left) / 2
      if middle == left || middle == right { break }
      if (value(cash, middle) < 0) == isNegative { left = middle } else { right = middle }
    }
    return left + (right - left) / 2
  }
}
