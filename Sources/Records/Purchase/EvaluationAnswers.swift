package import Economics
package import JSON

/// The answers of an evaluation under the names that the reference gives them.
enum EvaluationAnswers: WrittenValue {
  /// Of a device, with whatever was asked beside it.
  case device(Evaluation, DeviceEvaluation)
  /// A contract or an offer that stands alone.
  case contract(ContractOutcome)
  /// An order that stands alone.
  case rental(RentalOutcome)
  /// Several of them without a device.
  case sides(Evaluation)
  case refused(Refusal)
  /// By the devices' names.
  case several([String: EvaluationAnswers])

  init(_ evaluation: Evaluation) {
    let contracts = [evaluation.contract, evaluation.offer].compactMap { $0 }
    if let device = evaluation.device {
      self = .device(evaluation, device)
    } else if contracts.count == 1, evaluation.rental == nil {
      self = .contract(contracts[0])
    } else if contracts.isEmpty, let rental = evaluation.rental {
      self = .rental(rental)
    } else {
      self = .sides(evaluation)
    }
  }

  func written(_ context: RecordContext) throws(JSONProblem) -> JSONValue {
    switch self {
    case .device(let evaluation, let device):
      try DeviceAnswers(evaluation: evaluation, device: device).written(context)
    case .contract(let outcome): try outcome.written(context)
    case .rental(let outcome): try outcome.written(context)
    case .sides(let evaluation): try SideAnswers(evaluation: evaluation).written(context)
    case .refused(let refusal): try RefusedAnswer(refusal: refusal).written(context)
    case .several(let all): try all.written(context)
    }
  }

  static func shape(_ catalogue: inout RecordCatalogue) throws(JSONProblem) -> FieldShape {
    let one: [FieldShape] = [
      try DeviceAnswers.shape(&catalogue), try ContractOutcome.shape(&catalogue),
      try RentalOutcome.shape(&catalogue), try SideAnswers.shape(&catalogue),
      try RefusedAnswer.shape(&catalogue),
    ]
    return .either(one + [.map(.either(one))])
  }
}

/// What is refused in place of an answer.
private struct RefusedAnswer: PrintedRecord {
  static var recordName: String { "refused_answer" }
  static var recordMeaning: String { "What stands in place of an answer." }

  let refusal: Refusal

  static func fields(_ field: inout some PrintedList<RefusedAnswer>) throws(JSONProblem) {
    try field("refused", { PrintedWord($0.refusal.code) }, "Why.")
    try field("refusal_facts", { RefusalFacts(refusal: $0.refusal) }, "What it rests on.")
  }
}

private struct RefusalFacts: PrintedRecord {
  static var recordName: String { "refusal_facts" }
  static var recordMeaning: String { "What a refusal rests on." }

  let refusal: Refusal

  static func fields(_ field: inout some PrintedList<RefusalFacts>) throws(JSONProblem) {
    try field.optional("chain", { $0.refusal.chain?.rawValue }, "Whose state it is about.")
    try field.optional("age_days", { $0.refusal.ageDays.map(PlainNumber.init) }, "Of its state.")
  }
}

/// A contract, an offer and an order, as far as they were asked about.
private struct SideAnswers: PrintedRecord {
  static var recordName: String { "side_answers" }
  static var recordMeaning: String { "Answers about terms without a device." }

  let evaluation: Evaluation

  static func fields(_ field: inout some PrintedList<SideAnswers>) throws(JSONProblem) {
    try field.optional("contract", { $0.evaluation.contract }, "A cloud contract.")
    try field.optional("offer", { $0.evaluation.offer }, "An offer that promises a payout.")
    try field.optional("rental", { $0.evaluation.rental }, "An order for hash rate.")
  }
}

/// Everything about a device.
private struct DeviceAnswers: PrintedRecord {
  static var recordName: String { "device_answers" }
  static var recordMeaning: String { "Answers about a device, with what was asked beside it." }

  let evaluation: Evaluation
  let device: DeviceEvaluation

  private var states: [ChainState] {
    evaluation.states.filter { evaluation.scenario.chains.contains($0.chain.id) }
  }

  private func byChain<Value>(_ value: (ChainState) -> Value) -> [String: Value] {
    Dictionary(states.map { ($0.chain.id.rawValue, value($0)) }) { first, _ in first }
  }

  private var events: [String: [PrintedEvent]]? {
    guard states.allSatisfy({ $0.chain.market == .liquid }) else { return nil }
    let days = Double(evaluation.scenario.horizonMonths) * Calendar.month
    return byChain { $0.events(days: days).map { PrintedEvent(height: $0.height, day: $0.day) } }
  }

  private var outcomes: [String: OutcomeAnswers]? {
    guard device.void == nil else { return nil }
    return Dictionary(
      device.outcomes.map {
        ($0.future.name, OutcomeAnswers(outcome: $0, chains: states.map(\.chain.id)))
      }
    ) { first, _ in first }
  }

  static func fields(_ field: inout some PrintedList<DeviceAnswers>) throws(JSONProblem) {
    try field.optional(
      "today", { one in one.states.first.map { TodayAnswers(today: one.device.today, state: $0) } },
      "What holds at the snapshot.")
    try field(
      "verified", { $0.byChain { PrintedWord($0.verification) } },
      "By chain: whether the header's own work was checked.")
    try field(
      "note_age",
      { one in one.byChain { one.evaluation.ageDays($0) > Evaluation.noteAgeDays } },
      "By chain: whether the state is older than 7 days.")
    try field.optional(
      "subsidy_events", { $0.events },
      "By chain: heights inside the horizon from which a block pays its miner something else.")
    try field.optional(
      "economics", { $0.device.void.map { PrintedWord($0) } }, "Why there is no money in it.")
    try field.optional("scenarios", { $0.outcomes }, "By the name of each future.")
    try field.optional(
      "tornado", { $0.device.tornado }, "Present value over the ends of single inputs.")
    try field.optional(
      "two_way", { $0.device.twoWay?.map { $0.map(PlainNumber.init) } },
      "Present values: a row for each price, a column for each growth.")
    try field.optional(
      "break_even_growth_per_month_relative",
      { $0.device.breakEvenGrowth.map { $0.value.map(PlainNumber.init) } },
      "Growth at which nothing is gained or lost; null where there is none.")
    try field.optional(
      "break_even_price_factor",
      { $0.device.breakEvenPriceFactor.map { $0.value.map(PlainNumber.init) } },
      "Factor on all coin prices at which nothing is gained or lost; null where there is none.")
    try field.optional("monte_carlo", { $0.device.monteCarlo }, "Many random futures.")
    try field.optional(
      "solo", { $0.device.solo.byDays(\.days) }, "By days: blocks of one's own.")
    try field.optional(
      "pool_luck", { $0.device.poolLuck.byDays(\.days) }, "By days: blocks of a pool.")
    try field.optional(
      "dag_bytes", { $0.device.dataSetBytes }, "Etchash's data set at the snapshot.")
    try field.optional("contract", { $0.evaluation.contract }, "A cloud contract.")
    try field.optional("offer", { $0.evaluation.offer }, "An offer that promises a payout.")
    try field.optional("rental", { $0.evaluation.rental }, "An order for hash rate.")
  }
}

extension Array {
  /// By the text of their days; nil where there is none.
  fileprivate func byDays(_ days: (Element) -> Double) -> [String: Element]? {
    isEmpty ? nil : Dictionary(map { (Plain.days(days($0)), $0) }) { first, _ in first }
  }
}

private struct TodayAnswers: PrintedRecord {
  static var recordName: String { "today" }
  static var recordMeaning: String { "What holds at the snapshot." }

  let today: Today
  let state: ChainState

  private static func coins(_ amounts: [CoinAmount]) -> [String: PlainNumber] {
    Dictionary(amounts.map { ($0.chain.rawValue, PlainNumber($0.coins)) }) { first, _ in first }
  }

  static func fields(_ field: inout some PrintedList<TodayAnswers>) throws(JSONProblem) {
    try field(
      "work_per_block", { $0.state.work.floor.decimal },
      "Expected attempts for a block of the first chain, decimal text, rounded down.")
    try field("network_rate_per_s", { PlainNumber($0.state.networkRate) }, "By its spacing.")
    try field(
      "reward_per_block_coin", { PlainNumber($0.state.rewardNow) },
      "The miner's part of the subsidy with fees.")
    try field(
      "coins_per_day", { coins($0.today.coinsPerDay) },
      "By chain: what arrives after all losses and fees, 24 hours a day.")
    try field(
      "coins_per_day_nameplate", { coins($0.today.nameplateCoinsPerDay) },
      "By chain: without any loss.")
    try field.optional(
      "joules_per_work", { $0.today.joulesPerWork.map(PlainNumber.init) }, "Power over rate.")
    try field.optional(
      "atoms_per_kwh", { $0.today.atomsPerKWh.map(PlainNumber.init) },
      "Of the first chain, by the nameplate, the machine alone.")
    try field.optional(
      "energy_kwh_per_coin", { $0.today.kWhPerCoin.map(PlainNumber.init) },
      "Of the first chain, by the nameplate, the machine alone.")
    try field.optional(
      "revenue_per_day", { money($0, \.revenuePerDay) }, "All listed hours run.")
    try field.optional(
      "energy_cost_per_day", { money($0, \.energyCostPerDay) }, "All listed hours run.")
    try field.optional("margin_per_day", { money($0, \.marginPerDay) }, "Their difference.")
    try field.optional(
      "break_even_price_per_kwh", { money($0, \.breakEvenPricePerKWh) },
      "Of electricity, at the meter.")
    try field.optional(
      "running_hours_per_day", { money($0, \.runningHoursPerDay) }, "Hours that pay today.")
    try field.optional(
      "margin_per_day_with_switch_off", { money($0, \.marginWithSwitchOff) }, "Of those hours.")
    try field.optional(
      "static_payback_days",
      { $0.today.money.map { $0.staticPaybackDays.map(PlainNumber.init) } },
      "Outlay over today's margin, which is no forecast; null where it is not positive.")
  }

  private static func money(
    _ answers: TodayAnswers, _ value: (Today.Money) -> Double
  ) -> PlainNumber? { answers.today.money.map { PlainNumber(value($0)) } }
}

private struct OutcomeAnswers: PrintedRecord {
  static var recordName: String { "outcome" }
  static var recordMeaning: String { "One future." }

  let outcome: Outcome
  let chains: [ChainID]

  private enum RateCount: String, CaseIterable {
    case none
    case one
    case multiple
  }

  private var rateCount: RateCount {
    switch outcome.measures.internalRates.count {
    case 0: .none
    case 1: .one
    default: .multiple
    }
  }

  static func fields(_ field: inout some PrintedList<OutcomeAnswers>) throws(JSONProblem) {
    try courseFields(&field)
    try measureFields(&field)
  }

  private static func courseFields(
    _ field: inout some PrintedList<OutcomeAnswers>
  ) throws(JSONProblem) {
    try field(
      "margin", { PlainNumber($0.outcome.course.margin) },
      "All days' cash after the outlay, without resale.")
    try field(
      "margin_run_on", { PlainNumber($0.outcome.course.marginRunOn) },
      "The same if every hour always ran.")
    try field(
      "payback_day", { $0.outcome.course.paybackDay },
      "The first day by whose end the outlay came back; null where it does not.")
    try field(
      "first_running_day", { $0.outcome.course.firstRunningDay }, "From 0; null where none runs.")
    try field("last_running_day", { $0.outcome.course.lastRunningDay }, "Null where none runs.")
    try field(
      "running_days", { $0.outcome.course.runningDays }, "With at least one running band.")
    try field(
      "running_hours", { PlainNumber($0.outcome.course.runningHours) }, "Summed over bands.")
    try field("energy_kwh", { PlainNumber($0.outcome.course.energyKWh) }, "At the meter.")
    try field("energy_cost", { PlainNumber($0.outcome.course.energyCost) }, "Of it.")
    try field("revenue", { PlainNumber($0.outcome.course.revenue) }, "Of all days.")
    try field(
      "coins_mined",
      { one in
        Dictionary(
          zip(one.chains, one.outcome.course.coins).map { ($0.rawValue, PlainNumber($1)) }
        ) { first, _ in first }
      }, "By chain.")
    try field(
      "terminal_coins", { PlainNumber($0.outcome.course.terminalCoins) },
      "Of the first chain: each day's net at its price, and what is left at the end.")
  }

  private static func measureFields(
    _ field: inout some PrintedList<OutcomeAnswers>
  ) throws(JSONProblem) {
    try field(
      "net_present_value", { PlainNumber($0.outcome.measures.netPresentValue) },
      "At the rate a year that the scenario gives.")
    try field(
      "irr_per_year_relative", { $0.outcome.measures.internalRates.map(PlainNumber.init) },
      "Every rate a year at which nothing is gained or lost, ascending.")
    try field("irr_status", { PrintedWord($0.rateCount) }, "How many there are.")
    try field(
      "discounted_payback_month", { $0.outcome.measures.discountedPaybackMonth },
      "Without resale and dismantling; null where there is none.")
    try field(
      "coins_bought", { PlainNumber($0.outcome.measures.coinsBought) },
      "Of the first chain, for the outlay, on the first day.")
    try field(
      "coins_over_buying", { $0.outcome.measures.coinsOverBuying.map(PlainNumber.init) },
      "Terminal coins over coins bought; null without an outlay.")
    try field(
      "fair_machine_price", { PlainNumber($0.outcome.measures.fairMachinePrice) },
      "The most to pay for one machine.")
    try field(
      "profitability_index", { $0.outcome.measures.profitabilityIndex.map(PlainNumber.init) },
      "Present value with the outlay over the outlay; null without one.")
    try field(
      "revenue_ceiling", { $0.outcome.revenueCeiling.map(PlainNumber.init) },
      "What all future revenue comes to; null unless all of it decays.")
    try field.optional(
      "all_in_cost_per_coin", { $0.outcome.measures.allInCostPerCoin.map(PlainNumber.init) },
      "All costs over the coins mined.")
    try field.optional(
      "carbon_kg", { $0.outcome.carbonKg.map(PlainNumber.init) }, "By the factor given.")
    try field.optional(
      "closed_form", { $0.outcome.closedForm },
      "Without counting days: one chain, one band of 24 hours, constant reward.")
  }
}

extension ClosedForm: PrintedRecord {
  package static var recordName: String { "closed_form" }
  package static var recordMeaning: String {
    "What follows without counting days; days count from the snapshot."
  }

  package static func fields(
    _ field: inout some PrintedList<ClosedForm>
  ) throws(JSONProblem) {
    try field("switch_on_day", { $0.switchOnDay.map(PlainNumber.init) }, "Null: it never runs.")
    try field("switch_off_day", { $0.switchOffDay.map(PlainNumber.init) }, "Null: never.")
    try field(
      "lifetime_margin", { $0.lifetimeMargin.map(PlainNumber.init) }, "Null where unbounded.")
    try field("lifetime_unbounded", { $0.isUnbounded }, "Whether it never stops.")
    try field(
      "hash_ceiling_coins", { $0.hashCeilingCoins.map(PlainNumber.init) },
      "All coins that it can ever mine; null without growth.")
    try field(
      "hash_ceiling_days", { $0.hashCeilingDays.map(PlainNumber.init) },
      "The same in days of today's yield.")
    try field(
      "price_above_ceiling", { $0.isPriceAboveCeiling },
      "Whether the outlay is more coins than that.")
  }
}

extension TornadoRow: PrintedRecord {
  package static var recordName: String { "tornado_row" }
  package static var recordMeaning: String { "One input at the ends of its range." }

  package static func fields(
    _ field: inout some PrintedList<TornadoRow>
  ) throws(JSONProblem) {
    try field("input", { PrintedWord($0.range.input) }, "By its name in the scenario.")
    try field("low", { PlainNumber($0.range.low) }, "Its low end.")
    try field("high", { PlainNumber($0.range.high) }, "Its high end.")
    try field("net_present_value_at_low", { PlainNumber($0.atLow) }, "With it at its low end.")
    try field("net_present_value_at_high", { PlainNumber($0.atHigh) }, "With it at its high end.")
  }
}

extension MonteCarloResult: PrintedRecord {
  package static var recordName: String { "monte_carlo" }
  package static var recordMeaning: String { "What many random futures come to." }

  package static func fields(
    _ field: inout some PrintedList<MonteCarloResult>
  ) throws(JSONProblem) {
    try field(
      "probability_npv_positive", { PlainNumber($0.probabilityPositive) }, "Of a value above 0.")
    try field(
      "probability_beats_buying", { $0.probabilityBeatsBuying.map(PlainNumber.init) },
      "Of more coins than buying; null without an outlay.")
    try field("npv_p05", { PlainNumber($0.low) }, "5 % quantile of the present value.")
    try field("npv_p50", { PlainNumber($0.median) }, "Its median.")
    try field("npv_p95", { PlainNumber($0.high) }, "95 % quantile.")
    try field("npv_mean", { PlainNumber($0.mean) }, "Its mean, never alone.")
    try field("npv_sd", { PlainNumber($0.standardDeviation) }, "Of the single path.")
  }
}

extension SoloOdds: PrintedRecord {
  package static var recordName: String { "solo" }
  package static var recordMeaning: String { "Blocks of one's own: a lottery." }

  package static func fields(_ field: inout some PrintedList<SoloOdds>) throws(JSONProblem) {
    try field("expected_blocks", { PlainNumber($0.expectedBlocks) }, "In those days.")
    try field("probability_of_a_block", { PlainNumber($0.probabilityOfABlock) }, "At least one.")
    try field("mean_wait_days", { PlainNumber($0.meanWaitDays) }, "At today's difficulty.")
  }
}

extension PoolLuck: PrintedRecord {
  package static var recordName: String { "pool_luck" }
  package static var recordMeaning: String { "Blocks of a pool, over those expected." }

  package static func fields(_ field: inout some PrintedList<PoolLuck>) throws(JSONProblem) {
    try field("expected_pool_blocks", { PlainNumber($0.expectedBlocks) }, "In those days.")
    try field(
      "relative_standard_deviation", { PlainNumber($0.relativeStandardDeviation) }, "Of luck.")
    try field("probability_of_no_block", { PlainNumber($0.probabilityOfNone) }, "In those days.")
    try field("luck_p05", { PlainNumber($0.low) }, "5 % quantile of luck.")
    try field("luck_p50", { PlainNumber($0.median) }, "Its median.")
    try field("luck_p95", { PlainNumber($0.high) }, "95 % quantile.")
  }
}

extension ContractOutcome: PrintedRecord {
  package static var recordName: String { "contract" }
  package static var recordMeaning: String { "What a contract or an offer is worth, per unit." }

  package static func fields(
    _ field: inout some PrintedList<ContractOutcome>
  ) throws(JSONProblem) {
    try field("fair_price", { PlainNumber($0.fairPrice) }, "The sum of all payouts.")
    try field(
      "closed_form_value", { $0.closedFormValue.map(PlainNumber.init) },
      "Without steps of the subsidy; null where unbounded.")
    try field(
      "closed_form_switch_off_day", { $0.closedFormSwitchOffDay.map(PlainNumber.init) },
      "Null: never.")
    try field("first_day_below_fee", { $0.firstDayBelowFee }, "Null: never.")
    try field("terminated_on_day", { $0.terminatedOnDay }, "By the stop rule; null: never.")
    try field("payback_day", { $0.paybackDay }, "Null: never.")
    try field("price", { PlainNumber($0.terms.pricePerUnit) }, "What is asked.")
    try field("verdict", { PrintedWord($0.verdict) }, "In the future that the terms assume.")
    try field(
      "hash_price_per_unit_per_day", { PlainNumber($0.hashPrice) },
      "What so much work brings today.")
    try field.optional(
      "fee_as_price_per_kwh", { $0.feeAsPricePerKWh.map(PlainNumber.init) },
      "For the machine of reference.")
    try field.optional(
      "promise_over_hash_price", { $0.promiseOverHashPrice.map(PlainNumber.init) },
      "What is promised over what so much work brings.")
  }
}

extension RentalOutcome: PrintedRecord {
  package static var recordName: String { "rental" }
  package static var recordMeaning: String { "What an order for hash rate brings." }

  package static func fields(
    _ field: inout some PrintedList<RentalOutcome>
  ) throws(JSONProblem) {
    try field(
      "coins_per_unit_day", { PlainNumber($0.coinsPerUnitDay) }, "Of the chain, nothing taken off.")
    try field(
      "break_even_price_per_unit_day", { PlainNumber($0.breakEvenPerUnitDay) },
      "In the coins that the order is paid in.")
    try field(
      "expected_return_relative", { PlainNumber($0.expectedReturn) }, "Over the order's price.")
  }
}
