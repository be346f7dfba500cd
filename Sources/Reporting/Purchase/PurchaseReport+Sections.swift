internal import Economics
internal import Model
internal import Text

extension PurchaseReport {
  /// The parts, in the reference's order; what does not apply is left out.
  package var sections: [Section] {
    let device = evaluation.device
    let parts: [Section?] = [
      answer, hangsOn, device.map { _ in figures } ?? nil, network, device.flatMap(priceFree),
      device.flatMap(money), device.flatMap(futures), events, device.flatMap { _ in baselines },
      luck, device.flatMap(uncertainty), contractSection(evaluation.contract, "The contract"),
      contractSection(evaluation.offer, "The offer"), rental, findings, again,
    ]
    return parts.compactMap { $0 }
  }

  private var currency: Currency { evaluation.currency }

  // MARK: - The answer

  private var answer: Section? {
    Section("The answer", sentences: ageLead + answerSentences)
  }

  /// Said before anything else where the snapshot is old.
  private var ageLead: [String] {
    evaluation.states.filter { evaluation.ageDays($0) > Evaluation.noteAgeDays }.map {
      "The figures of \($0.chain.id) are \(Amount.days(evaluation.ageDays($0))) days old."
    }
  }

  /// One sentence for each future, then the count of them.
  var answerSentences: [String] {
    guard let device = evaluation.device else { return contractSentences }
    switch device.void {
    case .noLiquidMarket:
      return ["No money in this: there is no price, or no market was found for the coin."]
    case .noPower:
      return ["No cost in this: nobody states the power of the device, so only its yield is known."]
    case nil: break
    }
    if device.outcomes.allSatisfy({ $0.measures.coinsBought == 0 }) { return freeSentences(device) }
    let sentences = device.outcomes.map { outcome in
      let price = outcome.measures.fairMachinePrice
      let worth =
        price > 0
        ? "the machine is worth at most \(Amount.money(price, currency))"
        : "the machine is worth nothing (\(Amount.money(price, currency)))"
      let payback = outcome.course.paybackDay.map { "pays back on day \($0)" } ?? "never pays back"
      return "\(outcome.future.name): \(worth); at the price given it \(payback)."
    }
    let paying = device.outcomes.count { $0.course.paybackDay != nil }
    let better = device.outcomes.count { ($0.measures.coinsOverBuying ?? 0) > 1 }
    let count = device.outcomes.count
    return sentences + [
      "It pays back in \(paying) of \(count) scenarios, and is better than buying the coin in \(better) of \(count)."
    ]
  }

  /// Of a machine that costs nothing, such as one that is there: what running it brings.
  private func freeSentences(_ device: DeviceEvaluation) -> [String] {
    device.outcomes.map { outcome in
      guard let last = outcome.course.lastRunningDay else {
        return
          "\(outcome.future.name): it never earns its power; \(Amount.money(0, currency)) in \(evaluation.scenario.horizonMonths) months."
      }
      return
        "\(outcome.future.name): running it brings \(Amount.money(outcome.course.margin, currency)) in \(evaluation.scenario.horizonMonths) months, the last on day \(last)."
    } + ["The price given is 0: a machine that is already there, or no price was given."]
  }

  private var contractSentences: [String] {
    [evaluation.contract, evaluation.offer].compactMap { $0 }.map { outcome in
      let verdict =
        switch outcome.verdict {
        case .notPossibleByMining:
          "what is promised is \(Plain.number(outcome.promiseOverHashPrice ?? 0)) times what that much work brings: not possible by mining"
        case .cannotPayBack:
          "it is worth \(Amount.money(outcome.fairPrice, currency)) and cannot pay back its price of \(Amount.money(outcome.terms.pricePerUnit, currency))"
        case .paysBack: "it pays back on day \(Amount.day(outcome.paybackDay))"
        }
      return
        "For each \(outcome.terms.unit.name), with difficulty growing by \(Plain.percent(outcome.terms.difficultyGrowth)) a month: \(verdict)."
    }
      + (evaluation.rental.map {
        [
          "The order is expected to return \(Plain.percent($0.expectedReturn)); it breaks even at \(Plain.number($0.breakEvenPerUnitDay)) coins for a \($0.terms.unit.name) and day."
        ]
      } ?? [])
  }

  private var hangsOn: Section? {
    guard let prospect, let first = prospect.hangsOn.first, first.swing > 0 else { return nil }
    let name = evaluation.device?.outcomes.first?.future.name ?? ""
    let growth =
      prospect.breakEvenGrowth.map {
        "Nothing is gained or lost where difficulty grows by \(Plain.percent($0)) a month"
      } ?? "No growth of difficulty from -20 % to 100 % a month turns the answer"
    let factor =
      prospect.breakEvenPriceFactor.map {
        "or where the coin's price is \(Plain.number($0)) times that of today"
      } ?? "and no price of the coin does"
    return Section(
      "What it hangs on",
      sentences: [
        "Most of all on \(inputName(first.range.input)): from \(Plain.number(first.range.low)) to \(Plain.number(first.range.high)) the present value goes from \(Amount.money(first.atLow, currency)) to \(Amount.money(first.atHigh, currency)) (\(name)).",
        "\(growth), \(factor).",
      ])
  }

  func inputName(_ input: ScenarioInput) -> String {
    input.rawValue.replacing("_relative", with: "").replacing("_per_month", with: " per month")
      .replacing("_per_", with: " per ").replacing("_", with: " ")
  }

  // MARK: - Device and network

  private var figures: Section? {
    guard let candidate else { return nil }
    let device = candidate.device
    func span(_ range: ClosedRange<Double>, _ text: (Double) -> String) -> String {
      range.lowerBound == range.upperBound
        ? "" : "\(text(range.lowerBound)) to \(text(range.upperBound))"
    }
    var rows: [[Grid.Cell]] = [
      row(
        "rate", Amount.rate(device.ratePerSecond, device.workUnit),
        span(candidate.rate) { Amount.rate($0, device.workUnit) })
    ]
    if let power = device.powerW {
      rows.append(
        row(
          "power", "\(Plain.number(power)) W",
          candidate.power.map { span($0) { "\(Plain.number($0)) W" } } ?? ""))
      rows.append(
        row("energy", Amount.energy(power / device.ratePerSecond, device.workUnit), ""))
    }
    let count = evaluation.scenario.device?.count ?? 1
    if count != 1 { rows.append(row("machines", "\(count)", "")) }
    let trust = candidate.isLowConfidence ? "LOW CONFIDENCE" : candidate.trust
    return Section(
      "The device",
      sentences: [
        device.origin.rawValue == candidate.trust
          ? "\(candidate.name): \(candidate.trust)."
          : "\(candidate.name): \(device.origin.rawValue), \(trust)."
      ],
      grids: [grid(["figure", "value", "range"], rows)],
      notes: [
        "source: \(candidate.source)\(candidate.year.map { ", \($0)" } ?? "")",
        "power measured at: \(candidate.measuredAt); range: \(candidate.rangeNote)",
      ] + candidate.others.map { "another claim: \($0)" })
  }

  private var network: Section? {
    let rows = evaluation.states.map { state -> [Grid.Cell] in
      let verified =
        state.verification == .proofOfWork ? "header's own work checked" : "not verified"
      let price =
        state.snapshot.pricePerCoin.map { "\(Amount.number($0)) \(currency)" } ?? "none"
      return row(
        state.chain.id.rawValue, "\(state.snapshot.height)",
        Plain.fixed(evaluation.ageDays(state), places: 1), verified,
        Plain.number(state.difficulty), Plain.number(state.rewardNow), price)
    }
    let notes = evaluation.states.flatMap { state -> [String] in
      var notes = [
        "\(state.chain.id): \(state.work.floor.decimal) \(WorkUnit(rawValue: state.chain.workUnit)?.plural ?? state.chain.workUnit) of work for a block, network \(Amount.rate(state.networkRate, state.chain.workUnit)) by its spacing of \(Plain.number(state.spacing)) s; \(state.snapshot.feesPerBlock.map { "fees \(Plain.number($0)) a block" } ?? "fees not told, counted as none"); rules: \(state.chain.source.title), \(state.chain.source.date)"
      ]
      if let note = state.chain.note { notes.append("\(state.chain.id): \(note)") }
      if let source = state.snapshot.source { notes.append("\(state.chain.id) state: \(source)") }
      if let source = state.snapshot.priceSource {
        notes.append(
          "\(state.chain.id) price: \(source)\(state.snapshot.priceTime.map { ", \(UTCText.date($0))" } ?? "")"
        )
      }
      return notes
    }
    return Section(
      "The network",
      grids: [
        grid(["chain", "height", "age, days", "header", "difficulty", "reward", "price"], rows)
      ], notes: notes)
  }

  // MARK: - Today

  private func priceFree(_ device: DeviceEvaluation) -> Section? {
    let today = device.today
    guard let state = evaluation.states.first else { return nil }
    var rows = zip(today.coinsPerDay, today.nameplateCoinsPerDay).map { coins, nameplate in
      row(
        "coins a day", Amount.coins(coins.coins, coins.chain),
        "by the nameplate \(Plain.number(nameplate.coins))")
    }
    if let atoms = today.atomsPerKWh {
      rows.append(row("atoms for a kWh", Plain.number(atoms), "machine alone, no losses"))
    }
    if let energy = today.kWhPerCoin {
      rows.append(row("energy of a coin", "\(Plain.number(energy)) kWh", state.chain.id.rawValue))
    }
    if let money = today.money {
      rows.append(
        row(
          "break-even power", "\(Plain.number(money.breakEvenPricePerKWh)) \(currency)/kWh",
          "at the meter"))
    }
    for outcome in device.outcomes {
      guard let form = outcome.closedForm, let coins = form.hashCeilingCoins,
        let days = form.hashCeilingDays
      else { continue }
      rows.append(
        row(
          "hash ceiling, \(outcome.future.name)", Amount.coins(coins, state.chain.id),
          "\(Amount.days(days)) days of today's yield"))
    }
    return Section("Today, without prices", grids: [grid(["figure", "value", ""], rows)])
  }

  private func money(_ device: DeviceEvaluation) -> Section? {
    guard let money = device.today.money else { return nil }
    let scenario = evaluation.scenario
    let running = scenario.running
    let fee = evaluation.states.compactMap { running.pool.fee.value($0.chain.id) }
      .map { Plain.percent($0) }.joined(separator: ", ")
    let rows = [
      row("revenue a day", Amount.money(money.revenuePerDay, currency)),
      row("energy a day", Amount.money(money.energyCostPerDay, currency)),
      row("margin a day, all hours", Amount.money(money.marginPerDay, currency)),
      row("margin a day, with switch-off", Amount.money(money.marginWithSwitchOff, currency)),
      row("hours that run", Plain.number(money.runningHoursPerDay)),
      row("fixed cost a month", Amount.money(running.fixedCostPerMonth, currency)),
      row(
        "static payback (today for ever)",
        money.staticPaybackDays.map { "\(Amount.days($0)) days" } ?? "never"),
    ]
    let bands = (scenario.electricity?.bands ?? []).map { band in
      "power \(band.name.isEmpty ? "band" : band.name): \(Plain.number(band.hoursPerDay)) h a day at \(Plain.number(band.pricePerKWh)) \(currency)/kWh\(band.kind.map { ", \($0.rawValue)" } ?? "")"
    }
    return Section(
      "Today, in money", grids: [grid(["figure", "value"], rows, right: [1])],
      notes: [
        "losses: uptime \(Plain.percent(running.uptime)), stale \(Plain.percent(running.stale)), rejected \(Plain.percent(running.reject)), pool fee \(fee)"
      ] + bands)
  }

  // MARK: - Futures

  private func futures(_ device: DeviceEvaluation) -> Section? {
    guard !device.outcomes.isEmpty else { return nil }
    let rows = device.outcomes.map { outcome -> [Grid.Cell] in
      let measures = outcome.measures
      return row(
        outcome.future.name, Amount.number(measures.fairMachinePrice),
        Amount.number(measures.netPresentValue), Amount.day(outcome.course.paybackDay),
        Amount.days(device.today.money?.staticPaybackDays),
        Amount.day(outcome.course.lastRunningDay), Amount.number(outcome.course.margin))
    }
    let more = device.outcomes.map { outcome -> [Grid.Cell] in
      let measures = outcome.measures
      return row(
        outcome.future.name, rates(measures.internalRates),
        outcome.closedForm.map { form in
          form.switchOffDay.map { Plain.fixed($0, places: 0) } ?? "never"
        } ?? "",
        Amount.number(outcome.course.marginRunOn),
        measures.allInCostPerCoin.map { Amount.number($0) } ?? "-",
        Amount.number(outcome.course.energyKWh),
        measures.discountedPaybackMonth.map { "\($0)" } ?? "never",
        outcome.carbonKg.map { Amount.number($0) } ?? "-")
    }
    let scenario = evaluation.scenario
    return Section(
      "The futures, over \(scenario.horizonMonths) months",
      grids: [
        grid(
          ["scenario", "worth", "value", "pays back", "static", "last on", "margin"],
          rows, right: [1, 2, 3, 4, 5, 6]),
        grid(
          ["scenario", "return a year", "off", "run on", "coin costs", "kWh", "month", "kg CO2e"],
          more, right: [2, 3, 4, 5, 6, 7]
        ).withoutEmptyColumns,
      ],
      notes: [
        "in \(currency); discounted by \(Plain.percent(scenario.discountRate)) a year; the machine costs \(Amount.money(scenario.purchase.machinePrice, currency))",
        "worth: the most to pay for one machine; value: present value at the price given; pays back and last on: days, of which 'static' takes today's margin for ever and is no forecast",
        "off: the day at which revenue falls to the cost of power while the reward stays as it is; run on: the margin if it never switched off; coin costs: all costs over the coins mined; month: the first in which the discounted cash is paid back",
      ] + futureNotes(device))
  }

  private func rates(_ rates: [Double]) -> String {
    switch rates.count {
    case 0: "none"
    case 1: Plain.percent(rates[0])
    default: "several: \(rates.map { Plain.percent($0) }.joined(separator: ", "))"
    }
  }

  /// Where there is not exactly one rate of return, the present value at a few rates stands in its place.
  private func futureNotes(_ device: DeviceEvaluation) -> [String] {
    device.outcomes.filter { $0.measures.internalRates.count != 1 }.map { outcome in
      let values = [0, 0.1, 0.3].map {
        "\(Plain.percent($0)): \(Amount.number(PresentValue.of(outcome.course.cash, yearlyRate: $0)))"
      }
      return "\(outcome.future.name): present value at \(values.joined(separator: ", "))"
    }
  }

  private var events: Section? {
    let days = Double(evaluation.scenario.horizonMonths) * Calendar.month
    let mined = evaluation.states.filter { evaluation.scenario.chains.contains($0.chain.id) }
    // A reward that changes with every block would fill pages.
    let most = 12
    let all = mined.map { $0.events(days: days) }
    var rows = zip(mined, all).flatMap { state, events in
      events.prefix(most).map { event -> [Grid.Cell] in
        row(
          Plain.fixed(event.day, places: 0), UTCText.date(state.time + event.day * 86400),
          "\(state.chain.id), height \(event.height): reward \(Plain.number(state.reward(height: event.height - 1))) to \(Plain.number(state.reward(height: event.height)))"
        )
      }
    }
    let delivery = evaluation.scenario.purchase.deliveryMonths
    if delivery > 0, let state = mined.first {
      let day = delivery * Calendar.month
      rows.insert(
        row(
          Plain.fixed(day, places: 0), UTCText.date(state.time + day * 86400),
          "delivery: runs from here"),
        at: 0)
    }
    guard !rows.isEmpty, evaluation.device != nil else { return nil }
    return Section(
      "Events inside the horizon", grids: [grid(["day", "date", "what"], rows, right: [0])],
      notes: all.filter { $0.count > most }.map { "and \($0.count - most) more" } + [
        "blocks come early while difficulty rises, so that an event comes somewhat before its day"
      ])
  }

  /// One sheet for the same money: the machine of one's own, and whatever else it could be spent on.
  private var baselines: Section? {
    guard let sheet = prospect?.sheet, let chain = evaluation.states.first?.chain.id else {
      return nil
    }
    func table(_ title: String, _ value: (ComparisonSheet.Entry) -> String) -> Grid {
      grid(
        ["future"] + sheet.ways.map(\.rawValue),
        sheet.rows.map { row([$0.future] + $0.entries.map(value)) },
        right: Set(1...sheet.ways.count), title: title)
    }
    let months = evaluation.scenario.horizonMonths
    var notes = [
      "the same money over the same \(months) months: own: these machines; coin: bought on the first day, sold on the last; value: present value in \(currency), the money taken off",
      "\(chain) at the end: what is left of each day, costs taken off, at that day's price; the machine is the better buy where own is above coin",
    ]
    if sheet.ways.contains(.hosted) {
      notes.append(
        "hosted: the same machines at \(evaluation.scenario.hosting?.name ?? "the host"), by its tariff and rent\(evaluation.scenario.hosting?.source.map { " (\($0))" } ?? "")"
      )
    }
    if sheet.ways.contains(.contract) {
      notes.append(
        "contract: as many units as the money pays for, payouts inside the horizon, in each future by its growth"
      )
    }
    if sheet.ways.contains(.rented) {
      notes.append(
        "rented: all of it for orders at today's price and difficulty, used up at once, so that no future matters"
      )
    }
    notes.append(
      "price: the first coin's a month, difficulty as in the first scenario; the other rows are the scenarios"
    )
    return Section(
      "The same money, spent otherwise",
      grids: [
        table("Present value, \(currency)") { Amount.number($0.value) },
        table("Coins at the end, \(chain)") { $0.coins.map { Plain.number($0) } ?? "" },
      ], notes: notes)
  }

  private var luck: Section? {
    guard let device = evaluation.device else { return nil }
    let pool = evaluation.scenario.running.pool
    let poolLuck = prospect?.poolLuck ?? device.poolLuck
    let solo = prospect?.solo ?? device.solo
    var grids: [Grid] = []
    if !poolLuck.isEmpty {
      grids.append(
        grid(
          ["days", "pool's blocks", "5 %", "50 %", "95 %", "no block"],
          poolLuck.map {
            row(
              Plain.days($0.days), Plain.number($0.expectedBlocks), Plain.number($0.low),
              Plain.number($0.median), Plain.number($0.high), Plain.number($0.probabilityOfNone))
          }, right: [0, 1, 2, 3, 4, 5]))
    }
    if !solo.isEmpty {
      grids.append(
        grid(
          ["days alone", "blocks expected", "at least one", "mean wait, days"],
          solo.map {
            row(
              Plain.days($0.days), Plain.number($0.expectedBlocks),
              Plain.percent($0.probabilityOfABlock), Plain.number($0.meanWaitDays))
          }, right: [0, 1, 2, 3]))
    }
    var notes: [String] = []
    if let scheme = pool.scheme {
      notes.append("the pool pays by \(scheme.rawValue): \(carries(scheme))")
    }
    if let days = pool.daysAtRisk, let money = device.today.money {
      notes.append(
        "\(Plain.number(days)) days of income, \(Amount.money(days * money.revenuePerDay, currency)), lie at the pool as an unsecured credit"
      )
    }
    if !solo.isEmpty {
      notes.append(
        "mining alone is a lottery: its expectation is full, its outcome is all or nothing")
    }
    guard !grids.isEmpty || !notes.isEmpty else { return nil }
    return Section("Luck", grids: grids, notes: notes)
  }

  private func carries(_ scheme: Pool.Scheme) -> String {
    switch scheme {
    case .pps: "the pool carries the luck, and keeps the fees of transactions"
    case .fpps: "the pool carries the luck"
    case .ppsPlus: "the pool carries the luck of the subsidy, the miner that of the fees"
    case .pplns: "the miner carries the luck"
    case .solo: "own blocks only"
    }
  }

  // MARK: - Uncertainty

  private func uncertainty(_ device: DeviceEvaluation) -> Section? {
    guard let rows = device.tornado ?? prospect?.hangsOn else { return nil }
    var grids = [
      grid(
        ["input", "low", "high", "value at low", "value at high"],
        rows.map {
          row(
            inputName($0.range.input), Plain.number($0.range.low), Plain.number($0.range.high),
            Amount.number($0.atLow), Amount.number($0.atHigh))
        }, right: [1, 2, 3, 4])
    ]
    var notes: [String] = []
    if device.tornado == nil {
      notes.append("ranges without a source are assumed: \(Prospect.assumptions)")
    }
    if let prospect {
      grids.append(heat(prospect))
    }
    if let random = device.monteCarlo {
      grids.append(
        grid(
          ["random futures", "value"],
          [
            row("value above 0", Plain.percent(random.probabilityPositive)),
            row(
              "more coins than buying",
              random.probabilityBeatsBuying.map { Plain.percent($0) } ?? "-"),
            row("5 %", Amount.number(random.low)), row("50 %", Amount.number(random.median)),
            row("95 %", Amount.number(random.high)), row("mean", Amount.number(random.mean)),
          ], right: [1]))
      notes.append("\(random.paths) paths, seed \(random.seed)")
      notes.append(
        "independent draws are too kind: a rise of the price brings machines months later")
    }
    return Section("How uncertain it is", grids: grids, notes: notes)
  }

  func heat(_ prospect: Prospect) -> Grid {
    grid(
      ["price"] + prospect.heat.growths.map { Plain.percent($0) },
      zip(prospect.heat.prices, prospect.values).map { price, values in
        row([Amount.number(price)] + values.map { Amount.number($0) })
      }, right: Set(0...prospect.heat.growths.count),
      title: "Present value by price of the coin and growth of difficulty a month")
  }

  // MARK: - Contracts, findings, again

  private func contractSection(_ outcome: ContractOutcome?, _ title: String) -> Section? {
    guard let outcome else { return nil }
    let terms = outcome.terms
    let rows = [
      row("hash price today", Amount.number(outcome.hashPrice)),
      row("fee", Amount.number(terms.feePerUnitPerDay)),
      row("price", Amount.number(terms.pricePerUnit)),
      row("worth, the sum of all payouts", Amount.number(outcome.fairPrice)),
      row(
        "worth by the closed form", outcome.closedFormValue.map { Amount.number($0) } ?? "unbounded"
      ),
      row("first day below the fee", Amount.day(outcome.firstDayBelowFee)),
      row("ended by the stop rule on day", Amount.day(outcome.terminatedOnDay)),
      row("pays back on day", Amount.day(outcome.paybackDay)),
      row(
        "fee as a price of power",
        outcome.feeAsPricePerKWh.map { "\(Plain.number($0)) \(currency)/kWh" } ?? "-"),
      row("verdict", outcome.verdict.rawValue),
    ]
    return Section(
      title,
      grids: [grid(["for a \(terms.unit.name), \(currency)", "value"], rows, right: [1])],
      notes: terms.source.map { ["terms: \($0)"] } ?? [])
  }

  private var rental: Section? {
    evaluation.rental.map {
      Section(
        "The order",
        grids: [
          grid(
            ["coins for a \($0.terms.unit.name) and day", "value"],
            [
              row("what the work brings", Plain.number($0.coinsPerUnitDay)),
              row("break-even price", Plain.number($0.breakEvenPerUnitDay)),
              row("price of the order", Plain.number($0.terms.orderPricePerUnitDay)),
              row("expected return", Plain.percent($0.expectedReturn)),
            ], right: [1])
        ],
        notes: [
          "a seller who could earn more by mining would mine: what the buyer gets is variance, at a cost"
        ])
    }
  }

  private var findings: Section? {
    let all = evaluation.findings + (candidate?.findings ?? [])
    return Section(
      "Findings and assumptions",
      notes: all.map { "\($0.code.rawValue): \($0.text)" }
        + overrides.map { "from the command line: \($0)" }
        + sources.map { "\($0.part): \($0.text)" } + [
          "left out: tax, law, warranty, noise, wiring, repairs, what the resale hangs on, and the counterparties",
          "difficulty really moves in steps and follows the price with a delay",
        ])
  }

  private var again: Section? {
    Section(
      "How to compute it again", sentences: [command],
      notes: inputs.map { "\($0.role) \($0.name): SHA-256 \($0.digest)" } + [
        "evaluated at \(UTCText.dateAndTime(evaluation.evaluatedAt))Z"
      ])
  }

  // MARK: - Tables

  private func row(_ cells: String...) -> [Grid.Cell] { cells.map { Grid.Cell($0) } }
  private func row(_ cells: [String]) -> [Grid.Cell] { cells.map { Grid.Cell($0) } }

  private func grid(
    _ titles: [String], _ rows: [[Grid.Cell]], right: Set<Int> = [], title: String? = nil
  ) -> Grid {
    Grid(
      title: title,
      columns: titles.enumerated().map {
        Grid.Column($0.element, right.contains($0.offset) ? .right : .left)
      }, rows: rows)
  }
}
