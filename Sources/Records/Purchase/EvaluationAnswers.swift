internal import JSON
internal import Economics

/// The answers of an evaluation under the names that the reference gives them.
enum EvaluationAnswers {
  typealias Members = [String: JSONValue]

  /// The names and values; a contract, offer or order that stands alone is the answer itself.
  static func tree(_ evaluation: Evaluation) -> JSONValue {
    var members = evaluation.device.map { device($0, evaluation) } ?? [:]
    let parts: [(String, Members?)] = [
      ("contract", evaluation.contract.map(contract)), ("offer", evaluation.offer.map(contract)),
      ("rental", evaluation.rental.map(rental)),
    ]
    let given = parts.compactMap { part in part.1.map { (part.0, $0) } }
    if evaluation.device == nil, given.count == 1 { return .object(given[0].1) }
    for (key, value) in given { members[key] = .object(value) }
    return .object(members)
  }

  static func refused(_ refusal: Refusal) -> JSONValue {
    var facts: Members = [:]
    if let chain = refusal.chain { facts["chain"] = .string(chain.rawValue) }
    if let age = refusal.ageDays { facts["age_days"] = NumberText.json(age) }
    return .object(["refused": .string(refusal.code.rawValue), "refusal_facts": .object(facts)])
  }

  private static func device(_ device: DeviceEvaluation, _ evaluation: Evaluation) -> Members {
    let states = evaluation.states.filter { evaluation.scenario.chains.contains($0.chain.id) }
    let days = Double(evaluation.scenario.horizonMonths) * Calendar.month
    var members: Members = ["today": .object(today(device.today, states[0]))]
    members["verified"] = byChain(states) { .string($0.verification.rawValue) }
    members["note_age"] = byChain(states) {
      .bool(evaluation.ageDays($0) > Evaluation.noteAgeDays)
    }
    if states.allSatisfy({ $0.chain.market == .liquid }) {
      members["subsidy_events"] = byChain(states) { state in
        .array(
          state.events(days: days).map { .array([$0.height.jsonNumber, NumberText.json($0.day)]) })
      }
    }
    if let void = device.void { members["economics"] = .string(void.rawValue) }
    if device.void == nil {
      members["scenarios"] = .object(
        Dictionary(
          uniqueKeysWithValues: device.outcomes.map {
            ($0.future.name, .object(outcome($0, states)))
          }))
    }
    analyses(device, into: &members)
    return members
  }

  private static func byChain(
    _ states: [ChainState], _ value: (ChainState) -> JSONValue
  ) -> JSONValue {
    .object(Dictionary(uniqueKeysWithValues: states.map { ($0.chain.id.rawValue, value($0)) }))
  }

  private static func coins(_ amounts: [CoinAmount]) -> JSONValue {
    .object(
      Dictionary(
        uniqueKeysWithValues: amounts.map {
          ($0.chain.rawValue, NumberText.json($0.coins))
        }))
  }

  private static func today(_ today: Today, _ state: ChainState) -> Members {
    var members: Members = [
      "work_per_block": .string(state.work.floor.decimal),
      "network_rate_per_s": NumberText.json(state.networkRate),
      "reward_per_block_coin": NumberText.json(state.rewardNow),
      "coins_per_day": coins(today.coinsPerDay),
      "coins_per_day_nameplate": coins(today.nameplateCoinsPerDay),
    ]
    if let joules = today.joulesPerWork { members["joules_per_work"] = NumberText.json(joules) }
    if let atoms = today.atomsPerKWh { members["atoms_per_kwh"] = NumberText.json(atoms) }
    if let energy = today.kWhPerCoin { members["energy_kwh_per_coin"] = NumberText.json(energy) }
    guard let money = today.money else { return members }
    members["revenue_per_day"] = NumberText.json(money.revenuePerDay)
    members["energy_cost_per_day"] = NumberText.json(money.energyCostPerDay)
    members["margin_per_day"] = NumberText.json(money.marginPerDay)
    members["break_even_price_per_kwh"] = NumberText.json(money.breakEvenPricePerKWh)
    members["running_hours_per_day"] = NumberText.json(money.runningHoursPerDay)
    members["margin_per_day_with_switch_off"] = NumberText.json(money.marginWithSwitchOff)
    members["static_payback_days"] = NumberText.json(money.staticPaybackDays)
    return members
  }

  static func irrStatus(_ rates: [Double]) -> String {
    rates.isEmpty ? "none" : rates.count == 1 ? "one" : "multiple"
  }

  private static func outcome(_ outcome: Outcome, _ states: [ChainState]) -> Members {
    let course = outcome.course
    let measures = outcome.measures
    func whole(_ number: Int?) -> JSONValue { number.map(\.jsonNumber) ?? .null }
    var members: Members = [
      "margin": NumberText.json(course.margin),
      "margin_run_on": NumberText.json(course.marginRunOn),
      "net_present_value": NumberText.json(measures.netPresentValue),
      "irr_per_year_relative": .array(measures.internalRates.map { NumberText.json($0) }),
      "irr_status": .string(irrStatus(measures.internalRates)),
      "payback_day": whole(course.paybackDay),
      "discounted_payback_month": whole(measures.discountedPaybackMonth),
      "first_running_day": whole(course.firstRunningDay),
      "last_running_day": whole(course.lastRunningDay),
      "running_days": course.runningDays.jsonNumber,
      "running_hours": NumberText.json(course.runningHours),
      "energy_kwh": NumberText.json(course.energyKWh),
      "energy_cost": NumberText.json(course.energyCost),
      "revenue": NumberText.json(course.revenue),
      "coins_mined": coins(
        zip(states, course.coins).map { CoinAmount($0.1, of: $0.0.chain.id) }),
      "terminal_coins": NumberText.json(course.terminalCoins),
      "coins_bought": NumberText.json(measures.coinsBought),
      "coins_over_buying": NumberText.json(measures.coinsOverBuying),
      "fair_machine_price": NumberText.json(measures.fairMachinePrice),
      "profitability_index": NumberText.json(measures.profitabilityIndex),
      "revenue_ceiling": NumberText.json(outcome.revenueCeiling),
    ]
    if let cost = measures.allInCostPerCoin {
      members["all_in_cost_per_coin"] = NumberText.json(cost)
    }
    if let carbon = outcome.carbonKg { members["carbon_kg"] = NumberText.json(carbon) }
    if let form = outcome.closedForm { members["closed_form"] = .object(closedForm(form)) }
    return members
  }

  private static func closedForm(_ form: ClosedForm) -> Members {
    [
      "switch_on_day": NumberText.json(form.switchOnDay),
      "switch_off_day": NumberText.json(form.switchOffDay),
      "lifetime_margin": NumberText.json(form.lifetimeMargin),
      "lifetime_unbounded": .bool(form.isUnbounded),
      "hash_ceiling_coins": NumberText.json(form.hashCeilingCoins),
      "hash_ceiling_days": NumberText.json(form.hashCeilingDays),
      "price_above_ceiling": form.isPriceAboveCeiling.map { .bool($0) } ?? .null,
    ]
  }

  private static func analyses(_ device: DeviceEvaluation, into members: inout Members) {
    if let rows = device.tornado {
      members["tornado"] = .array(
        rows.map {
          .object([
            "input": .string($0.range.input.rawValue), "low": NumberText.json($0.range.low),
            "high": NumberText.json($0.range.high),
            "net_present_value_at_low": NumberText.json($0.atLow),
            "net_present_value_at_high": NumberText.json($0.atHigh),
          ])
        })
    }
    if let table = device.twoWay {
      members["two_way"] = .array(table.map { .array($0.map { NumberText.json($0) }) })
    }
    if let growth = device.breakEvenGrowth {
      members["break_even_growth_per_month_relative"] = NumberText.json(growth.value)
    }
    if let factor = device.breakEvenPriceFactor {
      members["break_even_price_factor"] = NumberText.json(factor.value)
    }
    if let random = device.monteCarlo { members["monte_carlo"] = .object(monteCarlo(random)) }
    if !device.solo.isEmpty {
      members["solo"] = .object(
        Dictionary(device.solo.map { (Plain.days($0.days), .object(solo($0))) }) { first, _ in first
        })
    }
    if !device.poolLuck.isEmpty {
      members["pool_luck"] = .object(
        Dictionary(device.poolLuck.map { (Plain.days($0.days), .object(luck($0))) }) {
          first, _ in first
        })
    }
    if let bytes = device.dataSetBytes { members["dag_bytes"] = bytes.jsonNumber }
  }

  private static func monteCarlo(_ result: MonteCarloResult) -> Members {
    [
      "probability_npv_positive": NumberText.json(result.probabilityPositive),
      "probability_beats_buying": NumberText.json(result.probabilityBeatsBuying),
      "npv_p05": NumberText.json(result.low), "npv_p50": NumberText.json(result.median),
      "npv_p95": NumberText.json(result.high), "npv_mean": NumberText.json(result.mean),
      "npv_sd": NumberText.json(result.standardDeviation),
    ]
  }

  private static func solo(_ odds: SoloOdds) -> Members {
    [
      "expected_blocks": NumberText.json(odds.expectedBlocks),
      "probability_of_a_block": NumberText.json(odds.probabilityOfABlock),
      "mean_wait_days": NumberText.json(odds.meanWaitDays),
    ]
  }

  private static func luck(_ luck: PoolLuck) -> Members {
    [
      "expected_pool_blocks": NumberText.json(luck.expectedBlocks),
      "relative_standard_deviation": NumberText.json(luck.relativeStandardDeviation),
      "probability_of_no_block": NumberText.json(luck.probabilityOfNone),
      "luck_p05": NumberText.json(luck.low), "luck_p50": NumberText.json(luck.median),
      "luck_p95": NumberText.json(luck.high),
    ]
  }

  private static func contract(_ outcome: ContractOutcome) -> Members {
    func whole(_ number: Int?) -> JSONValue { number.map(\.jsonNumber) ?? .null }
    var members: Members = [
      "fair_price": NumberText.json(outcome.fairPrice),
      "closed_form_value": NumberText.json(outcome.closedFormValue),
      "closed_form_switch_off_day": NumberText.json(outcome.closedFormSwitchOffDay),
      "first_day_below_fee": whole(outcome.firstDayBelowFee),
      "terminated_on_day": whole(outcome.terminatedOnDay),
      "payback_day": whole(outcome.paybackDay),
      "price": NumberText.json(outcome.terms.pricePerUnit),
      "verdict": .string(outcome.verdict.rawValue),
      "hash_price_per_unit_per_day": NumberText.json(outcome.hashPrice),
    ]
    if let price = outcome.feeAsPricePerKWh {
      members["fee_as_price_per_kwh"] = NumberText.json(price)
    }
    if let factor = outcome.promiseOverHashPrice {
      members["promise_over_hash_price"] = NumberText.json(factor)
    }
    return members
  }

  private static func rental(_ outcome: RentalOutcome) -> Members {
    [
      "coins_per_unit_day": NumberText.json(outcome.coinsPerUnitDay),
      "break_even_price_per_unit_day": NumberText.json(outcome.breakEvenPerUnitDay),
      "expected_return_relative": NumberText.json(outcome.expectedReturn),
    ]
  }
}
