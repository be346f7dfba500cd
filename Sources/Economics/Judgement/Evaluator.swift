internal import Glibc
internal import Model

/// Evaluates scenarios against one snapshot, whose chains are read and checked once.
package struct Evaluator: Sendable {
  package let chains: [Chain]
  package let network: NetworkSnapshot
  package let now: Double
  private let states: [ChainID: Result<ChainState, Refusal>]

  /// Older headers and prices are refused.
  package static let stalestDays = 35.0
  private static let futureSeconds = 2 * 3600.0

  /// - Parameters:
  ///   - chains: the rules of all chains that are known.
  ///   - network: the snapshot; chains of it that are not known are passed over.
  ///   - hashes: by which headers are checked.
  ///   - now: seconds since 1970, for scenarios that name no time of their own.
  package init(
    chains: [Chain], network: NetworkSnapshot, hashes: HeaderHashes, now: Double
  ) {
    self.chains = chains
    self.network = network
    self.now = now
    var states: [ChainID: Result<ChainState, Refusal>] = [:]
    for snapshot in network.chains {
      guard let chain = chains.first(where: { $0.id == snapshot.chain }) else { continue }
      states[chain.id] = Result { () throws(Refusal) in
        try ChainState(snapshot, chain: chain, hashes: hashes)
      }
    }
    self.states = states
  }

  /// - Throws: `Refusal`, in place of anything that looks like an answer.
  package func evaluate(_ scenario: Scenario) throws(Refusal) -> Evaluation {
    let evaluatedAt = scenario.evaluatedAt ?? now
    let side = [scenario.contract?.chain, scenario.offer?.chain, scenario.rental?.chain]
    let named = (scenario.chains + side.compactMap { $0 }).uniqued
    var known: [ChainID: Chain] = [:]
    for id in named { known[id] = try minable(id) }
    if let currency = scenario.currency, currency != network.currency {
      throw .currencyMismatch(currency, network.currency, "scenario and network")
    }
    try checkMerged(scenario.chains, known)
    for id in named where network.chain(id) == nil {
      throw Refusal(
        .noSnapshot, "the network file has no \(id)", remedy: "give a snapshot of \(id)")
    }
    var found: [Finding] = []
    if let device = scenario.device {
      for id in scenario.chains {
        if let chain = known[id] { found += try match(device, chain) }
      }
    }
    let all = try named.map { id throws(Refusal) in try state(id) }
    for state in all { try checkAge(state, at: evaluatedAt, allowed: scenario.allowStaleDays) }
    found += all.flatMap { Linter.findings(of: $0, at: evaluatedAt) }
    let states = all.filter { scenario.chains.contains($0.chain.id) }
    var device: DeviceEvaluation?
    if let machine = scenario.device {
      guard !states.isEmpty else {
        throw Refusal(
          .noSnapshot, "a device without a chain to mine", remedy: "give chains, such as [\"btc\"]")
      }
      let evaluated = try evaluate(scenario, machine, states)
      found += Linter.findings(of: scenario, states: states, evaluated)
      device = evaluated
    }
    let contract = try outcome(scenario.contract)
    let offer = try outcome(scenario.offer)
    let rental: RentalOutcome? =
      if let terms = scenario.rental { try RentalOutcome(terms, state: state(terms.chain)) } else {
        nil
      }
    guard device != nil || contract != nil || offer != nil || rental != nil else {
      throw Refusal(
        .noSnapshot, "neither a device nor a contract, offer or order to evaluate",
        remedy: "give --device, or a scenario that has one")
    }
    return Evaluation(
      scenario: scenario, currency: network.currency, evaluatedAt: evaluatedAt, states: all,
      device: device, contract: contract, offer: offer, rental: rental,
      findings: found + (contract?.findings ?? []) + (offer?.findings ?? []))
  }

  /// A chain of the snapshot as it was read.
  package func state(_ id: ChainID) throws(Refusal) -> ChainState {
    guard let result = states[id] else {
      throw Refusal(
        .noSnapshot, "the network file has no \(id)", remedy: "give a snapshot of \(id)")
    }
    return try result.get()
  }

  private func minable(_ id: ChainID) throws(Refusal) -> Chain {
    guard let chain = chains.first(where: { $0.id == id }) else {
      throw Refusal(
        .chainUnknown, "\"\(id.rawValue.prefix(40))\" is no chain that is known here",
        remedy: "give one of \(chains.map(\.id.rawValue).joined(separator: ", "))")
    }
    if case .notMinable(let since, let note) = chain.market {
      throw Refusal(
        .chainNotMinable, "\(id) cannot be mined since \(since): \(note)", chain: id,
        remedy: "evaluate another chain of the same function")
    }
    return chain
  }

  private func checkMerged(
    _ ids: [ChainID], _ known: [ChainID: Chain]
  ) throws(Refusal) {
    guard let parent = ids.first else { return }
    for id in ids.dropFirst() where known[id]?.mergedWith != parent {
      throw Refusal(
        .mergedNotPossible, "\(id) is not merge-mined with \(parent)",
        remedy: "give the parent first, or evaluate one chain after the other")
    }
    guard Set(ids).count == ids.count else {
      throw Refusal(
        .mergedNotPossible, "a chain is named twice", remedy: "name every chain once")
    }
  }

  /// - Returns: a note where the device's function has another name.
  private func match(_ device: ScenarioDevice, _ chain: Chain) throws(Refusal) -> [Finding] {
    let isSame = chain.sameFunctions.contains(device.algorithm)
    guard device.algorithm == chain.algorithm || isSame else {
      throw Refusal(
        .algorithmMismatch, "\(chain.id) is mined with \(chain.algorithm), not \(device.algorithm)",
        chain: chain.id, remedy: "give figures of \(chain.algorithm), or another chain")
    }
    guard device.workUnit == chain.workUnit else {
      throw Refusal(
        .unitMismatch,
        "the unit of \(chain.id) is the \(chain.workUnit), not the \(device.workUnit)",
        chain: chain.id, remedy: "give the rate in units of one \(chain.workUnit) per second")
    }
    return isSame
      ? [
        Finding(
          .sameFunction,
          "figures of \(device.algorithm) serve \(chain.id): the same function over another data set"
        )
      ] : []
  }

  private func checkAge(
    _ state: ChainState, at now: Double, allowed: Double?
  ) throws(Refusal) {
    let id = state.chain.id
    guard state.time <= now + Self.futureSeconds else {
      throw Refusal(
        .headerInFuture,
        "the header of \(id) is \(Plain.number((state.time - now) / 3600)) hours ahead",
        chain: id, remedy: "check the clock, or give --at a time after the header")
    }
    let priceAge = state.snapshot.priceTime.map { (now - $0) / 86400 } ?? 0
    guard priceAge * 86400 >= -Self.futureSeconds else {
      throw Refusal(
        .headerInFuture, "the price of \(id) is \(Plain.number(-priceAge * 24)) hours ahead",
        chain: id, remedy: "check the clock, or give --at a time after the price")
    }
    let age = max(state.ageDays(at: now), priceAge)
    let limit = max(Self.stalestDays, allowed ?? 0)
    guard age <= limit else {
      throw Refusal(
        .staleNetwork,
        "\(priceAge > state.ageDays(at: now) ? "the price" : "the header") of \(id) is \(Plain.number(age)) days old",
        chain: id, ageDays: age,
        remedy: "take a new snapshot, or accept the age with --allow-stale \(Int(age.rounded(.up)))"
      )
    }
  }

  private func outcome(_ terms: ContractTerms?) throws(Refusal) -> ContractOutcome? {
    guard let terms else { return nil }
    let state = try state(terms.chain)
    return try ContractOutcome(terms, state: state, price: ContractOutcome.price(state))
  }

  private func evaluate(
    _ scenario: Scenario, _ device: ScenarioDevice, _ states: [ChainState]
  ) throws(Refusal) -> DeviceEvaluation {
    try ScenarioCheck.check(device)
    let hasMarket = states.allSatisfy {
      $0.chain.market == .liquid && $0.snapshot.pricePerCoin != nil
    }
    let prices = hasMarket ? states.compactMap(\.snapshot.pricePerCoin) : []
    try ScenarioCheck.check(scenario, states: states, prices: prices)
    let analyses = scenario.analyses
    let void: VoidReason? = !hasMarket ? .noLiquidMarket : device.powerW == nil ? .noPower : nil
    var terms: Terms?
    var sensitivity: Sensitivity?
    if void == nil, let power = device.powerW {
      guard let electricity = scenario.electricity else {
        throw Refusal(
          .tariffInvalid, "no price of electricity",
          remedy: "give --tariff, or electricity in the scenario")
      }
      terms = Terms(
        scenario, device: device, powerW: power, electricity: electricity, states: states,
        prices: prices)
      sensitivity = Sensitivity(
        scenario: scenario, device: device, powerW: power, electricity: electricity,
        states: states, prices: prices)
    }
    let today = Today(scenario, device, states, terms, prices: prices)
    var outcomes: [Outcome] = []
    var random: MonteCarloResult?
    if let terms {
      outcomes = try scenario.growth.map { future throws(Refusal) in
        try Outcome(future, scenario, states, terms, today)
      }
      if let plan = analyses.monteCarlo {
        try ScenarioCheck.check(plan, states: states, currency: network.currency)
        let first = scenario.growth[0]
        let id = states[0].chain.id
        random = MonteCarlo(
          terms, growth: log1p(first.difficultyGrowth.value(id) ?? 0),
          drift: log1p(first.priceDrift.value(id) ?? 0)
        ).run(plan)
      }
    }
    if let plan = analyses.solo { try Self.check(plan) }
    if let plan = analyses.poolLuck { try Self.check(plan) }
    return DeviceEvaluation(
      today: today, void: void, outcomes: outcomes,
      tornado: analyses.tornado.isEmpty ? nil : try sensitivity?.tornado(analyses.tornado),
      twoWay: try Self.ask(analyses.twoWay) { table throws(Refusal) in
        try sensitivity?.table(table)
      },
      breakEvenGrowth: analyses.breakEvenGrowth ? sensitivity?.breakEvenGrowth() : nil,
      breakEvenPriceFactor: analyses.breakEvenPrice ? sensitivity?.breakEvenPriceFactor() : nil,
      monteCarlo: random,
      solo: (analyses.solo?.days ?? []).map {
        SoloOdds(
          days: $0, growthPerMonth: analyses.solo?.growth ?? 0, device: device,
          running: scenario.running, work: states[0].workPerBlock)
      },
      poolLuck: (analyses.poolLuck?.days ?? []).map {
        PoolLuck(share: analyses.poolLuck?.share ?? 1, days: $0, spacing: states[0].spacing)
      },
      dataSetBytes: analyses.dataSet && states[0].chain.hasDataSet
        ? EtchashDataSet.bytes(height: states[0].snapshot.height) : nil,
      sensitivity: sensitivity)
  }

  private static func ask<Question, Answer>(
    _ question: Question?, _ answer: (Question) throws(Refusal) -> Answer?
  ) throws(Refusal) -> Answer? {
    guard let question else { return nil }
    return try answer(question)
  }

  private static func check(_ plan: SoloPlan) throws(Refusal) {
    for days in plan.days { try ScenarioCheck.range(days, 1e-9...36525, "days") }
    try ScenarioCheck.growth(plan.growth, "growth")
  }

  private static func check(_ plan: PoolLuckPlan) throws(Refusal) {
    for days in plan.days { try ScenarioCheck.range(days, 1e-9...36525, "days") }
    try ScenarioCheck.range(plan.share, 1e-12...1, "share_relative")
  }
}

extension Array where Element: Hashable {
  /// The first of each, in order.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension Today {
  init(
    _ scenario: Scenario, _ device: ScenarioDevice, _ states: [ChainState], _ terms: Terms?,
    prices: [Double]
  ) {
    let running = scenario.running
    let attempts = Yield.attempts(device, running)
    let nameplate = Yield.nameplate(device)
    let coins = states.map { state in
      let fee = running.pool.fee.value(state.chain.id) ?? 0
      return CoinAmount(
        attempts / state.workPerBlock * state.rewardNow * (1 - fee), of: state.chain.id)
    }
    coinsPerDay = coins
    nameplateCoinsPerDay = states.map {
      CoinAmount(nameplate / $0.workPerBlock * $0.rewardNow, of: $0.chain.id)
    }
    let first = states[0]
    joulesPerWork = device.powerW.map { $0 / device.ratePerSecond }
    atomsPerKWh = joulesPerWork.map {
      Yield.atomsPerKWh(
        joulesPerWork: $0, work: first.workPerBlock, rewardCoins: first.rewardNow,
        atomsPerCoin: first.chain.atomsPerCoin)
    }
    kWhPerCoin = joulesPerWork.map { $0 * first.workPerBlock / first.rewardNow / 3.6e6 }
    money = terms.map { terms in
      let full = zip(coins, prices).reduce(0) { $0 + $1.0.coins * $1.1 }
      let revenue = terms.bands.reduce(0) { $0 + full * $1.hours / 24 }
      let cost = terms.bands.reduce(0) { $0 + $1.cost }
      let running = terms.bands.filter { full * $0.hours / 24 > $0.cost }
      return Money(
        revenuePerDay: revenue, energyCostPerDay: cost, marginPerDay: revenue - cost,
        breakEvenPricePerKWh: full / (terms.kilowatts * 24 * terms.uptime),
        runningHoursPerDay: running.reduce(0) { $0 + $1.hours },
        marginWithSwitchOff: running.reduce(0) { $0 + full * $1.hours / 24 - $1.cost },
        staticPaybackDays: revenue > cost ? terms.outlay / (revenue - cost) : nil)
    }
  }
}

extension Outcome {
  /// - Throws: `Refusal` where a number leaves the range of what can be computed.
  init(
    _ future: GrowthCase, _ scenario: Scenario, _ states: [ChainState], _ terms: Terms,
    _ today: Today
  ) throws(Refusal) {
    let rates = FutureRates(future, states)
    self.future = future
    course = Course(terms, growth: rates.growth, drift: rates.drift)
    measures = Measures(course, terms)
    guard measures.netPresentValue.isFinite, measures.fairMachinePrice.isFinite,
      course.terminalCoins.isFinite
    else {
      throw Refusal(
        .valueInvalid, "in \"\(future.name)\" the numbers leave every range",
        remedy: "give smaller rates or a shorter horizon")
    }
    carbonKg = scenario.electricity?.carbonGramsPerKWh.map { [course] in
      course.energyKWh * $0 / 1000
    }
    let decays = zip(rates.growth, rates.drift).map { $0 - $1 }
    let revenues = zip(today.coinsPerDay, terms.chains).map { $0.coins * $1.price }
    revenueCeiling =
      decays.allSatisfy { $0 > 0 }
      ? zip(revenues, decays).reduce(0) {
        $0 + $1.0 * exp(-$1.1 * terms.deliveryDays) / $1.1
      } : nil
    closedForm =
      states.count == 1 && terms.bands.count == 1 && terms.bands[0].hours == 24
      ? ClosedForm(
        revenue: revenues[0], cost: terms.bands[0].cost, coinsPerDay: today.coinsPerDay[0].coins,
        growth: rates.growth[0], drift: rates.drift[0], delivery: terms.deliveryDays,
        outlayInCoins: terms.outlay / terms.chains[0].price) : nil
  }
}
