internal import Glibc

/// What a cloud contract, or an offer, is worth per unit of rate (economics reference, section 6).
package struct ContractOutcome: Hashable, Sendable {
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case notPossibleByMining = "not-possible-by-mining"
    case cannotPayBack = "cannot-pay-back"
    case paysBack = "pays-back"
  }

  package let terms: ContractTerms
  /// Money for a unit and a day at the snapshot.
  package let hashPrice: Double
  /// The sum of all payouts.
  package let fairPrice: Double
  package let closedFormValue: Double?
  package let closedFormSwitchOffDay: Double?
  package let firstDayBelowFee: Int?
  package let terminatedOnDay: Int?
  package let paybackDay: Int?
  package let feeAsPricePerKWh: Double?
  package let promiseOverHashPrice: Double?
  package let verdict: Verdict
  package let findings: [Finding]

  /// Days after which a contract without a term is no longer followed: a hundred years.
  package static let longestDays = 36525

  /// - Throws: `Refusal` for another unit than the chain's, and for numbers that no contract has.
  init(_ terms: ContractTerms, state: ChainState, price: Double) throws(Refusal) {
    try Self.check(terms, state.chain)
    self.terms = terms
    let perDay = terms.unit.perSecond * Calendar.secondsPerDay / state.workPerBlock
    hashPrice = perDay * state.rewardNow * price
    let growth = Rate.perDay(terms.difficultyGrowth)
    let drift = Rate.perDay(terms.priceDrift)
    let decay = growth - drift
    let fee = terms.feePerUnitPerDay
    let payouts = Self.payouts(
      terms, state: state, perReward: perDay * price, decay: decay,
      days: min(terms.termDays ?? Self.longestDays, Self.longestDays))
    fairPrice = payouts.sum
    firstDayBelowFee = payouts.firstBelow
    terminatedOnDay = payouts.terminated
    paybackDay = payouts.payback
    let hashPrice = hashPrice
    let switchOff: Double? =
      hashPrice <= fee ? 0 : decay > 0 && fee > 0 ? log(hashPrice / fee) / decay : nil
    closedFormSwitchOffDay = switchOff
    let term = terms.termDays.map(Double.init)
    let end = [switchOff, term].compactMap { $0 }.min()
    closedFormValue =
      end.map { hashPrice * Annuity.sum(decay, $0) - fee * $0 }
      ?? (decay > 0 && fee == 0 ? hashPrice / decay : nil)
    feeAsPricePerKWh = terms.referenceJoulesPerTH.map {
      fee / (0.024 * $0 * terms.unit.perSecond / 1e12)
    }
    promiseOverHashPrice = terms.promisedPerUnitPerDay.map { $0 / hashPrice }
    verdict =
      (terms.promisedPerUnitPerDay ?? 0) > hashPrice
      ? .notPossibleByMining : payouts.sum < terms.pricePerUnit ? .cannotPayBack : .paysBack
    findings = Self.findings(terms, hashPrice: hashPrice)
  }

  /// What a unit pays on each day inside the term, and so many days at most, in the terms' own future.
  ///
  /// - Throws: `Refusal` as the outcome does, and without a price of the coin.
  static func payouts(
    _ terms: ContractTerms, state: ChainState, days: Int
  ) throws(Refusal) -> [Double] {
    try check(terms, state.chain)
    let price = try Self.price(state)
    let perDay = terms.unit.perSecond * Calendar.secondsPerDay / state.workPerBlock
    return payouts(
      terms, state: state, perReward: perDay * price,
      decay: Rate.perDay(terms.difficultyGrowth) - Rate.perDay(terms.priceDrift),
      days: min(days, terms.termDays ?? days)
    ).byDay
  }

  /// - Throws: `no-snapshot` where there is none.
  static func price(_ state: ChainState) throws(Refusal) -> Double {
    guard let price = state.snapshot.pricePerCoin else {
      throw Refusal(
        .noSnapshot, "no price of \(state.chain.id), so that a contract has no value",
        chain: state.chain.id, remedy: "give price_per_coin in the network file")
    }
    try ScenarioCheck.range(price, 1e-18...1e18, "price_per_coin")
    return price
  }

  private struct Payouts {
    var byDay: [Double] = []
    var sum = 0.0
    var firstBelow: Int?
    var terminated: Int?
    var payback: Int?
  }

  private static func payouts(
    _ terms: ContractTerms, state: ChainState, perReward: Double, decay: Double, days: Int
  ) -> Payouts {
    let rewards = Terms.rewards(state, days: days)
    var found = Payouts()
    var inARow = 0
    for day in 0..<days {
      let earned = perReward * rewards[day] * exp(-decay * (Double(day) + 0.5))
      if earned < terms.feePerUnitPerDay {
        if found.firstBelow == nil { found.firstBelow = day }
        inARow += 1
      } else {
        inARow = 0
      }
      found.byDay.append(max(0, earned - terms.feePerUnitPerDay))
      found.sum += max(0, earned - terms.feePerUnitPerDay)
      if found.payback == nil, found.sum >= terms.pricePerUnit { found.payback = day + 1 }
      if let stop = terms.stopAfterDays, inARow >= stop {
        found.terminated = day + 1
        break
      }
    }
    return found
  }

  private static func check(_ terms: ContractTerms, _ chain: Chain) throws(Refusal) {
    guard terms.unit.workUnit == chain.workUnit else {
      throw Refusal(
        .unitMismatch, "\(terms.unit.name) for \(chain.id), whose unit is the \(chain.workUnit)",
        chain: chain.id, remedy: "give the unit of the chain's own work")
    }
    let numbers = [
      terms.pricePerUnit, terms.feePerUnitPerDay, terms.promisedPerUnitPerDay ?? 0,
      terms.referenceJoulesPerTH ?? 1,
    ]
    guard numbers.allSatisfy({ $0.isFinite && $0 >= 0 && $0 <= 1e15 }),
      terms.referenceJoulesPerTH != 0, (terms.termDays ?? 1) >= 1, (terms.stopAfterDays ?? 1) >= 1,
      terms.termDays ?? 1 <= longestDays
    else {
      throw Refusal(
        .valueInvalid, "a contract with a price, fee, term or promise that none can have",
        chain: chain.id, remedy: "give amounts from 0 on and a term of 1 to \(longestDays) days")
    }
    try ScenarioCheck.growth(terms.difficultyGrowth, "difficulty_growth_per_month_relative")
    try ScenarioCheck.growth(terms.priceDrift, "price_drift_per_month_relative")
  }

  private static func findings(_ terms: ContractTerms, hashPrice: Double) -> [Finding] {
    var found: [Finding] = []
    let unit = terms.unit.name
    if let promised = terms.promisedPerUnitPerDay {
      if promised > hashPrice {
        found.append(
          Finding(
            .promiseAboveHashPrice,
            "promised are \(Plain.number(promised)) per \(unit) and day, \(Plain.number(promised / hashPrice)) times what that much work brings"
          ))
      }
      if terms.difficultyGrowth > 0 {
        found.append(
          Finding(
            .constantPromise,
            "the promise stays the same while difficulty grows by \(Plain.percent(terms.difficultyGrowth)) a month"
          ))
      }
    }
    if terms.principalReturned {
      found.append(
        Finding(.principalReturned, "the price is paid back on top: that is a loan, not mining"))
    }
    if let stop = terms.stopAfterDays {
      found.append(
        Finding(
          .stopRule,
          "the contract ends after \(stop) days below the fee, and with it the right to wait for better days"
        ))
    }
    if terms.feePerUnitPerDay > hashPrice {
      found.append(
        Finding(
          .feeAboveHashPrice,
          "the fee of \(Plain.number(terms.feePerUnitPerDay)) per \(unit) and day is above the \(Plain.number(hashPrice)) that it brings"
        ))
    }
    return found
  }
}
