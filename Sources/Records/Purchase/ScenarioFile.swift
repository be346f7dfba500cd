package import Economics
internal import JSON
package import Model

/// Files of the format "hashwatt-scenario".
package enum ScenarioFile {
  package static let format = "hashwatt-scenario"

  /// A scenario as a file holds it, with what stands beside the numbers.
  package struct Contents: Sendable {
    package var scenario: Scenario
    /// What the file says of where its numbers come from, by the part that they belong to.
    package var sources: [Source]
    /// A file with the history that a Monte Carlo analysis draws from.
    package var historyFile: String?
    package var bootstrap: Bootstrap?
  }

  /// A note on where numbers come from.
  package struct Source: Hashable, Sendable {
    package let part: String
    package let text: String
  }

  /// A block bootstrap that waits for its history.
  package struct Bootstrap: Hashable, Sendable {
    package let paths: Int
    package let seed: UInt64
    package let blockMonths: Int
  }

  static let shape = PurchaseFormat(
    name: format, version: 1, title: "hashwatt scenario, version 1"
  ) { reader throws(JSONProblem) in
    var sources: [Source] = []
    func part<Value>(_ key: String, _ read: Sourced<Value>?) -> Value? {
      if let text = read?.source { sources.append(Source(part: key, text: text)) }
      return read?.value
    }
    let currency = try reader.optional("currency", .currency, "Of all prices in the file.")
    let evaluatedAt = try reader.optional(
      "evaluated_at_unix_s", .time,
      "The time of the question; the time of the call where it is missing.")
    let stale = try reader.optional(
      "allow_stale_days", .number(0, 36525), "The age up to which a header or price is accepted.")
    let chains = try reader.value(
      "chains", .list(.chain, 1...8), or: [], "The chain to mine, and those merge-mined with it.")
    let device = part("device", try reader.optional("device", .object(Self.device), "What works."))
    let purchase = part(
      "purchase", try reader.optional("purchase", .object(Self.purchase), "What is paid."))
    let running = part(
      "running",
      try reader.optional("running", .object(Self.running), "What is lost while it works."))
    let electricity = part(
      "electricity",
      try reader.optional("electricity", .object(Self.electricity), "What power costs."))
    let horizon = try reader.value(
      "horizon_months", .int(1...ScenarioCheck.longestHorizon),
      or: Scenario.defaultHorizonMonths, "Months that are looked at.")
    let discount = try reader.value(
      "discount_rate_per_year_relative", .number(), or: 0, "What money is worth a year.")
    let growth = try reader.value(
      "growth", .list(.object(Self.growth), 1...100), or: GrowthCase.standard, "The futures.")
    let asked = try reader.optional(
      "analyses", .object(Self.analyses), "What else is to be computed.")
    let contract = try reader.optional(
      "contract", .object(ContractFile.terms), "A cloud contract, beside or instead of a device.")
    let offer = try reader.optional(
      "offer", .object(ContractFile.terms), "An offer that promises a payout.")
    let rental = try reader.optional(
      "rental", .object(ContractFile.rental), "An order for somebody else's hash rate.")
    let hosting = try reader.optional(
      "hosting", .object(ContractFile.hosting), "A host for the same machines, to compare with.")
    return Contents(
      scenario: Scenario(
        currency: currency, evaluatedAt: evaluatedAt, allowStaleDays: stale, chains: chains,
        device: device, purchase: purchase ?? Purchase(), running: running ?? Running(),
        electricity: electricity, horizonMonths: horizon, discountRate: discount, growth: growth,
        analyses: asked?.analyses ?? Analyses(), contract: contract, offer: offer, rental: rental,
        hosting: hosting),
      sources: sources, historyFile: asked?.historyFile, bootstrap: asked?.bootstrap)
  }

  /// The scenario in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> Contents {
    try shape.decode(bytes, name: name)
  }

  struct Sourced<Value> {
    let value: Value
    let source: String?

    init(_ value: Value, _ reader: FieldReader) throws(JSONProblem) {
      self.value = value
      source = try reader.optional("source", .source, "Where these numbers come from.")
    }
  }

  private static func device(
    _ reader: FieldReader
  ) throws(JSONProblem) -> Sourced<ScenarioDevice> {
    try Sourced(
      ScenarioDevice(
        hardwareID: try reader.optional("hardware_id", .text(200), "The profile's identifier.")
          .map(HardwareID.init(rawValue:)),
        algorithm: try reader.required("algorithm", .algorithm, "What it computes."),
        workUnit: try reader.required("work_unit", .text(20), "What is counted: hash or solution."),
        ratePerSecond: try reader.required("rate_per_s", .number(), "Of one machine."),
        powerW: try reader.optional("power_w", .number(), "Of one machine."),
        count: try reader.value("count", .int(1...10_000_000), or: 1, "Machines."),
        memoryBytes: try reader.optional(
          "memory_bytes", .whole(1...UInt64(Int64.max)), "For data sets that it must hold."),
        origin: try reader.value(
          "origin", .word(ScenarioDevice.Origin.self), or: .assumed, "Where the figures come from.")
      ),
      reader)
  }

  private static func purchase(_ reader: FieldReader) throws(JSONProblem) -> Sourced<Purchase> {
    try Sourced(
      Purchase(
        machinePrice: try reader.value("machine_price", .number(), or: 0, "For one machine."),
        extrasPrice: try reader.value(
          "extras_price", .number(), or: 0, "For all: power supply, freight, duty, installation."),
        deliveryMonths: try reader.value("delivery_months", .number(), or: 0, "Until it runs."),
        resaleRelative: try reader.value(
          "resale_relative", .number(), or: 0, "Of the machines' price, at the end."),
        resalePrice: try reader.optional(
          "resale_price", .number(), "For all, in place of the fraction."),
        dismantlingPrice: try reader.value(
          "dismantling_price", .number(), or: 0, "For all, at the end.")), reader)
  }

  private static func running(_ reader: FieldReader) throws(JSONProblem) -> Sourced<Running> {
    try Sourced(
      Running(
        uptime: try reader.value("uptime_relative", .number(), or: 1, "Part of the hours."),
        stale: try reader.value("stale_relative", .number(), or: 0, "Shares that come late."),
        reject: try reader.value("reject_relative", .number(), or: 0, "Shares that are refused."),
        powerUsageEffectiveness: try reader.value(
          "power_usage_effectiveness", .number(), or: 1, "Energy at the meter over the machine's."),
        powerSupplyEfficiency: try reader.value(
          "power_supply_efficiency_relative", .number(), or: 1,
          "Below 1 only where the power was stated behind the power supply."),
        fixedCostPerMonth: try reader.value(
          "fixed_cost_per_month", .number(), or: 0, "Rent, hosting, demand charges; for all."),
        pool: try reader.value("pool", .object(pool), or: Pool(), "Who pays.")), reader)
  }

  private static func pool(_ reader: FieldReader) throws(JSONProblem) -> Pool {
    Pool(
      scheme: try reader.optional("scheme", .word(Pool.Scheme.self), "How it pays."),
      fee: try reader.value("fee_relative", .byChain, or: .all(0), "One for all, or by chain."),
      networkShare: try reader.optional(
        "network_share_relative", .number(), "The pool's part of the network."),
      daysAtRisk: try reader.optional(
        "days_at_risk", .number(), "Days of income that the pool holds."))
  }

  static func electricity(_ reader: FieldReader) throws(JSONProblem) -> Sourced<Electricity> {
    try Sourced(
      Electricity(
        bands: try reader.required("bands", .list(.object(band), 0...1000), "Hours at one price."),
        carbonGramsPerKWh: try reader.optional("carbon_g_per_kwh", .number(), "Of this power."),
        heatCreditPerKWh: try reader.value(
          "heat_credit_per_kwh", .number(), or: 0, "What the heat would cost otherwise."),
        heatUsed: try reader.value(
          "heat_used_relative", .number(), or: 0, "Part of the heat, the season included.")), reader
    )
  }

  static func band(_ reader: FieldReader) throws(JSONProblem) -> Band {
    Band(
      name: try reader.value("name", .text(200), or: "", "What it is called."),
      hoursPerDay: try reader.required("hours_per_day", .number(), "Together at most 24."),
      pricePerKWh: try reader.required("price_per_kwh", .number(), "May be negative."),
      kind: try reader.optional(
        "kind", .word(Band.Kind.self), "bought, own (at what it would bring), or curtailed."))
  }

  private static func growth(_ reader: FieldReader) throws(JSONProblem) -> GrowthCase {
    GrowthCase(
      name: try reader.required("name", .text(100), "What it is called."),
      difficultyGrowth: try reader.required(
        "difficulty_growth_per_month_relative", .byChain, "0.03 is 3 %."),
      priceDrift: try reader.value(
        "price_drift_per_month_relative", .byChain, or: .all(0), "0.03 is 3 %."))
  }

  struct AskedAnalyses {
    var analyses: Analyses
    var historyFile: String?
    var bootstrap: Bootstrap?
  }

  private static func analyses(_ reader: FieldReader) throws(JSONProblem) -> AskedAnalyses {
    let random = try reader.optional(
      "monte_carlo", .object(monteCarlo), "Random futures: volatilities, or blocks of a history.")
    return AskedAnalyses(
      analyses: Analyses(
        tornado: try reader.value(
          "tornado", .list(tornado, 0...100), or: [], "Inputs, each with its low and high end."),
        twoWay: try reader.optional(
          "two_way", .object(twoWay), "Prices of the first coin by growths."),
        breakEvenGrowth: try reader.value(
          "break_even_growth", .flag, or: false, "At which growth nothing is gained or lost."),
        breakEvenPrice: try reader.value(
          "break_even_price", .flag, or: false, "At which price of the coin."),
        monteCarlo: random?.plan,
        solo: try reader.optional("solo", .object(solo), "Blocks of one's own."),
        poolLuck: try reader.optional("pool_luck", .object(luck), "Blocks of a pool."),
        dataSet: try reader.value(
          "dag", .flag, or: false, "The size of the data set that a device must hold.")),
      historyFile: random?.historyFile, bootstrap: random?.bootstrap)
  }

  private static var tornado: FieldKind<TornadoRange> {
    let names = ScenarioInput.allCases.map(\.rawValue)
    return FieldKind(
      schema: [
        "type": .string("array"), "minItems": 3.jsonNumber, "maxItems": 3.jsonNumber,
        "prefixItems": .array([
          .object(["enum": .array(names.map(JSONValue.string))]),
          .object(["type": .string("number")]), .object(["type": .string("number")]),
        ]),
      ], example: TornadoRange(input: .rate, low: 0, high: 0)
    ) { value, place throws(JSONProblem) in
      guard case .array(let parts) = value, parts.count == 3 else {
        throw JSONProblem(place: place, message: "not an input with its low and high end")
      }
      return TornadoRange(
        input: try FieldKind.word(ScenarioInput.self).read(parts[0], "\(place)[0]"),
        low: try FieldKind<Double>.number().read(parts[1], "\(place)[1]"),
        high: try FieldKind<Double>.number().read(parts[2], "\(place)[2]"))
    }
  }

  private static func twoWay(_ reader: FieldReader) throws(JSONProblem) -> TwoWay {
    TwoWay(
      prices: try reader.required("prices", .list(.number(), 1...50), "Of the first coin."),
      growths: try reader.required("growths", .list(.number(), 1...50), "Of difficulty, per month.")
    )
  }

  private static func solo(_ reader: FieldReader) throws(JSONProblem) -> SoloPlan {
    SoloPlan(
      days: try reader.required("days", .list(.number(), 1...50), "Days to look at."),
      growth: try reader.value("growth", .number(), or: 0, "Of difficulty, per month."))
  }

  private static func luck(_ reader: FieldReader) throws(JSONProblem) -> PoolLuckPlan {
    PoolLuckPlan(
      share: try reader.required("share_relative", .number(), "The pool's part of the network."),
      days: try reader.required("days", .list(.number(), 1...50), "Days to look at."))
  }

  struct AskedMonteCarlo {
    var plan: MonteCarloPlan?
    var historyFile: String?
    var bootstrap: Bootstrap?
  }

  private static func monteCarlo(_ reader: FieldReader) throws(JSONProblem) -> AskedMonteCarlo {
    let paths = try reader.value(
      "paths", .int(1...ScenarioCheck.mostPaths), or: 10_000, "Futures that are drawn.")
    let seed = try reader.value(
      "seed", .whole(0...UInt64.max), or: 1, "The same seed, the same bytes.")
    let difficulty = try reader.optional(
      "difficulty_volatility_per_month", .number(), "Standard deviation of the monthly logarithm.")
    let price = try reader.optional(
      "price_volatility_per_month", .number(), "Standard deviation of the monthly logarithm.")
    let correlation = try reader.optional("correlation", .number(), "Of the two, from -1 to 1.")
    let block = try reader.optional("block_months", .int(1...1200), "Months of a block.")
    let history = try reader.optional(
      "history", .object(HistoryReference.init),
      "A file of the format hashwatt-history, or its content.")
    if let block {
      guard difficulty == nil, price == nil, correlation == nil else {
        throw reader.problem("block_months", "volatilities and a history are two models; give one")
      }
      let bootstrap = Bootstrap(paths: paths, seed: seed, blockMonths: block)
      guard let history = history?.history else {
        return AskedMonteCarlo(plan: nil, historyFile: history?.file, bootstrap: bootstrap)
      }
      return AskedMonteCarlo(
        plan: MonteCarloPlan(
          paths: paths, seed: seed, model: .bootstrap(blockMonths: block, history: history)))
    }
    guard history == nil else {
      throw reader.problem("history", "a history needs block_months")
    }
    guard reader.isProbe || (difficulty != nil && price != nil) else {
      throw reader.problem(
        "difficulty_volatility_per_month", "neither volatilities nor block_months with a history")
    }
    return AskedMonteCarlo(
      plan: MonteCarloPlan(
        paths: paths, seed: seed,
        model: .lognormal(
          difficultyVolatility: difficulty ?? 0, priceVolatility: price ?? 0,
          correlation: correlation ?? 0)))
  }
}

/// A history by its file or with its content.
struct HistoryReference {
  let file: String?
  let history: History?

  init(_ reader: FieldReader) throws(JSONProblem) {
    file = try reader.optional("file", .text(4096), "The file, beside the scenario.")
    let months = try reader.optional(
      "months", .list(HistoryFile.month, 1...12000), "[difficulty, price] in the order of time.")
    let chain = try reader.optional("chain", .chain, "Whose.")
    let currency = try reader.optional("currency", .currency, "Of the prices.")
    let source = try reader.optional("source", .source, "Who says so.")
    _ = try reader.optional("format", .constant(HistoryFile.format), "As in the file.")
    _ = try reader.optional("version", .int(1...1), "As in the file.")
    guard let months else {
      history = nil
      return
    }
    history = History(
      chain: chain ?? ChainID(rawValue: "btc"), currency: currency, source: source, months: months)
  }
}

/// Files of the format "hashwatt-history".
package enum HistoryFile {
  package static let format = "hashwatt-history"

  static let shape = PurchaseFormat(
    name: format, version: 1, title: "hashwatt history, version 1"
  ) { reader throws(JSONProblem) in
    History(
      chain: try reader.required("chain", .chain, "Whose."),
      currency: try reader.required("currency", .currency, "Of the prices."),
      source: try reader.required("source", .source, "Who says so."),
      months: try reader.required(
        "months", .list(month, 1...12000),
        "[difficulty, price] of every month in the order of time."))
  }

  static var month: FieldKind<History.Month> {
    FieldKind(
      schema: [
        "type": .string("array"), "minItems": 2.jsonNumber, "maxItems": 2.jsonNumber,
        "items": .object(["type": .string("number"), "exclusiveMinimum": 0.jsonNumber]),
      ], example: History.Month(difficulty: 1, price: 1)
    ) { value, place throws(JSONProblem) in
      guard case .array(let parts) = value, parts.count == 2 else {
        throw JSONProblem(
          place: place,
          message: "\(value.kindName) where [difficulty, price] belongs; a history has no gaps")
      }
      let difficulty = try FieldKind<Double>.number().read(parts[0], "\(place)[0]")
      let price = try FieldKind<Double>.number().read(parts[1], "\(place)[1]")
      guard difficulty > 0, price > 0 else {
        throw JSONProblem(place: place, message: "a month without a difficulty and price above 0")
      }
      return History.Month(difficulty: difficulty, price: price)
    }
  }

  /// The history in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> History {
    try shape.decode(bytes, name: name)
  }
}

/// Files of the formats "hashwatt-contract", "hashwatt-rental", "hashwatt-hosting" and "hashwatt-tariff": parts of a
/// scenario by themselves.
package enum ContractFile {
  static let shape = PurchaseFormat(
    name: "hashwatt-contract", version: 1, title: "hashwatt contract, version 1", fields: terms)
  static let rentalShape = PurchaseFormat(
    name: "hashwatt-rental", version: 1, title: "hashwatt rental, version 1", fields: rental)
  static let hostingShape = PurchaseFormat(
    name: "hashwatt-hosting", version: 1, title: "hashwatt hosting, version 1", fields: hosting)
  static let tariffShape = PurchaseFormat(
    name: "hashwatt-tariff", version: 1, title: "hashwatt tariff, version 1",
    fields: ScenarioFile.electricity)

  /// The terms in a file's bytes; `name` is what errors call the file.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> ContractTerms {
    try shape.decode(bytes, name: name)
  }

  /// The order in a file's bytes.
  package static func decodeRental(
    _ bytes: [UInt8], name: String
  ) throws(Failure) -> RentalTerms {
    try rentalShape.decode(bytes, name: name)
  }

  /// What a host asks, in a file's bytes.
  package static func decodeHosting(
    _ bytes: [UInt8], name: String
  ) throws(Failure) -> HostingTerms {
    try hostingShape.decode(bytes, name: name)
  }

  /// The tariff in a file's bytes, with its source.
  package static func decodeTariff(
    _ bytes: [UInt8], name: String
  ) throws(Failure) -> (electricity: Electricity, source: String?) {
    let read = try tariffShape.decode(bytes, name: name)
    return (read.value, read.source)
  }

  static func terms(_ reader: FieldReader) throws(JSONProblem) -> ContractTerms {
    ContractTerms(
      name: try reader.optional("name", .text(200), "What it is called."),
      chain: try reader.required("chain", .chain, "What is mined."),
      unit: try reader.required("unit", .rateUnit, "The unit of rate that prices are for."),
      pricePerUnit: try reader.required("price_per_unit", .number(), "Paid at the start."),
      feePerUnitPerDay: try reader.value("fee_per_unit_per_day", .number(), or: 0, "Taken daily."),
      termDays: try reader.optional(
        "term_days", .int(1...ContractOutcome.longestDays), "Open-ended where it is missing."),
      stopAfterDays: try reader.optional(
        "stop_after_days", .int(1...ContractOutcome.longestDays),
        "It ends after so many days in a row below the fee."),
      difficultyGrowth: try reader.value(
        "difficulty_growth_per_month_relative", .number(), or: 0, "The future that is assumed."),
      priceDrift: try reader.value(
        "price_drift_per_month_relative", .number(), or: 0, "The future that is assumed."),
      referenceJoulesPerTH: try reader.optional(
        "reference_joules_per_th", .number(), "Of a machine, to read the fee as a price of power."),
      promisedPerUnitPerDay: try reader.optional(
        "promised_per_unit_per_day", .number(), "What the seller promises."),
      principalReturned: try reader.value(
        "principal_returned", .flag, or: false, "Whether the price is paid back on top."),
      source: try reader.optional("source", .source, "Where the terms were read."))
  }

  static func hosting(_ reader: FieldReader) throws(JSONProblem) -> HostingTerms {
    HostingTerms(
      name: try reader.optional("name", .text(200), "What it is called."),
      bands: try reader.required(
        "bands", .list(.object(ScenarioFile.band), 1...100), "Hours at one price."),
      fixedCostPerMonth: try reader.value(
        "fixed_cost_per_month", .number(), or: 0, "Rent and service, for all machines."),
      powerUsageEffectiveness: try reader.value(
        "power_usage_effectiveness", .number(), or: 1, "Energy billed over the machine's."),
      uptime: try reader.optional("uptime_relative", .number(), "Part of the hours."),
      extrasPrice: try reader.optional(
        "extras_price", .number(), "For all: freight and set-up, in place of the scenario's."),
      source: try reader.optional("source", .source, "Who asks so."))
  }

  static func rental(_ reader: FieldReader) throws(JSONProblem) -> RentalTerms {
    RentalTerms(
      chain: try reader.required("chain", .chain, "What is mined."),
      unit: try reader.required("unit", .rateUnit, "The unit of rate that the price is for."),
      orderPricePerUnitDay: try reader.required(
        "order_price_per_unit_day", .number(), "In the coins that it is paid in."),
      payCoinPrice: try reader.optional(
        "pay_coin_price", .number(), "Of the coin that it is paid in, where it is another."),
      poolFee: try reader.value("pool_fee_relative", .number(), or: 0, "Of the buyer's pool."),
      stale: try reader.value("stale_relative", .number(), or: 0, "Shares that come late."),
      buyerFee: try reader.value("buyer_fee_relative", .number(), or: 0, "Of the market."))
  }
}
