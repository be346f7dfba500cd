internal import Glibc

/// What else the same money buys over the same months, future by future (economics reference, section 6).
package struct ComparisonSheet: Hashable, Sendable {
  /// What the money is spent on.
  package enum Way: String, Hashable, Sendable, CaseIterable {
    case own
    case hosted
    case contract
    case rented
    case coin
    case nothing
  }

  /// What one way comes to in one future.
  package struct Entry: Hashable, Sendable {
    package let way: Way
    /// At today's value, the money spent taken off.
    package let value: Double
    /// Of the first chain at the end, costs taken off at each day's price; nil for nothing.
    package let coins: Double?
  }

  package struct Row: Hashable, Sendable {
    package let future: String
    package let entries: [Entry]
  }

  /// In the order of the entries of each row.
  package let ways: [Way]
  package let rows: [Row]

  /// The money is the outlay for the machines: nil where there is none, or no machine with a price in it.
  ///
  /// - Throws: `Refusal` for terms of a contract, an order or a host that none can have.
  package init?(
    _ evaluation: Evaluation, by evaluator: Evaluator, futures: [GrowthCase]
  ) throws(Refusal) {
    var scenario = evaluation.scenario
    scenario.analyses = Analyses()
    scenario.growth = futures
    guard let first = scenario.chains.first, evaluation.device?.sensitivity != nil else {
      return nil
    }
    let money = Money(scenario, price: try evaluator.state(first).snapshot.pricePerCoin ?? 0, first)
    guard money.outlay > 0, money.price > 0 else { return nil }
    let own = try evaluator.evaluate(scenario).device?.outcomes ?? []
    var hosted: [Outcome] = []
    var hostedOutlay = money.outlay
    if let hosting = scenario.hosting {
      let moved = hosting.moved(scenario)
      hosted = try evaluator.evaluate(moved).device?.outcomes ?? []
      hostedOutlay = Money(moved, price: money.price, first).outlay
    }
    var found: [Row] = []
    for (index, future) in futures.enumerated() where own.indices.contains(index) {
      var entries = [
        Entry(
          way: .own, value: own[index].measures.netPresentValue,
          coins: own[index].course.terminalCoins)
      ]
      if hosted.indices.contains(index) {
        // What a host asks less at the start buys coins.
        entries.append(
          Entry(
            way: .hosted, value: hosted[index].measures.netPresentValue,
            coins: hosted[index].course.terminalCoins
              + (money.outlay - hostedOutlay) / money.price))
      }
      if let terms = scenario.contract, terms.pricePerUnit > 0 {
        let state = try evaluator.state(terms.chain)
        entries.append(try money.spent(on: terms, state, future))
      }
      if let order = evaluation.rental {
        entries.append(money.spent(on: order))
      }
      entries += [money.spentOnCoins(future), Entry(way: .nothing, value: 0, coins: nil)]
      found.append(Row(future: future.name, entries: entries))
    }
    guard let ways = found.first?.entries.map(\.way) else { return nil }
    self.ways = ways
    rows = found
  }

  /// The money to spend, and how it is valued.
  private struct Money {
    let outlay: Double
    /// Of the first coin, today.
    let price: Double
    let chain: ChainID
    let months: Int
    let rate: Double

    init(_ scenario: Scenario, price: Double, _ chain: ChainID) {
      let count = Double(scenario.device?.count ?? 1)
      outlay = scenario.purchase.machinePrice * count + scenario.purchase.extrasPrice
      self.price = price
      self.chain = chain
      months = scenario.horizonMonths
      rate = scenario.discountRate
    }

    /// Logarithmic drift of the first coin's price per day.
    private func drift(_ future: GrowthCase) -> Double {
      Rate.perDay(future.priceDrift.value(chain) ?? 0)
    }

    /// As many units as it pays for; payouts inside the horizon, each worth coins at its day's price.
    func spent(
      on terms: ContractTerms, _ state: ChainState, _ future: GrowthCase
    ) throws(Refusal) -> Entry {
      var moved = terms
      moved.difficultyGrowth = future.difficultyGrowth.value(terms.chain) ?? terms.difficultyGrowth
      moved.priceDrift = future.priceDrift.value(terms.chain) ?? terms.priceDrift
      let payouts = try ContractOutcome.payouts(
        moved, state: state, days: Calendar.days(months: Double(months)))
      let units = outlay / terms.pricePerUnit
      let drift = drift(future)
      var value = -outlay
      var coins = 0.0
      for (day, payout) in payouts.enumerated() {
        let time = Double(day) + 0.5
        let month = (time / Calendar.month).rounded(.down) + 1
        value += units * payout * PresentValue.factor(rate, months: month)
        coins += units * payout / (price * exp(drift * time))
      }
      return Entry(way: .contract, value: value, coins: coins)
    }

    /// All of it for orders at today's price and difficulty, used up at once.
    func spent(on order: RentalOutcome) -> Entry {
      Entry(
        way: .rented, value: outlay * order.expectedReturn,
        coins: outlay / price * (1 + order.expectedReturn))
    }

    /// Bought on the first day, sold on the last.
    func spentOnCoins(_ future: GrowthCase) -> Entry {
      let end = exp(drift(future) * Double(months) * Calendar.month)
      let factor = PresentValue.factor(rate, months: Double(months))
      return Entry(way: .coin, value: outlay * (end * factor - 1), coins: outlay / price)
    }
  }
}
