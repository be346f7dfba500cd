internal import Arguments
internal import Economics
internal import LinuxSystem
internal import Model
internal import Records
internal import Reporting
internal import Text

/// What a command line asks to be evaluated: the files it names, read, and the options laid over them.
struct EvaluationRequest {
  /// A profile, and the claim of it that was asked for.
  struct Device {
    let profile: Profile
    let claim: Int?
  }

  private(set) var scenario: Scenario
  private(set) var network: NetworkSnapshot
  private(set) var devices: [Device] = []
  /// Whether several devices were asked for, so that they are compared even where one is left.
  private(set) var isComparison = false
  private(set) var prices: [ListedPrice] = []
  private(set) var inputs: [PurchaseReport.Input] = []
  private(set) var overrides: [String] = []
  private(set) var sources: [(part: String, text: String)] = []
  let now: Double
  let acceptsLowConfidence: Bool
  let command: String
  private var hasScenario = false

  init(_ arguments: ParsedArguments) throws {
    acceptsLowConfidence = arguments[EvaluateCommand.acceptLowConfidence]
    now = RawMonotonicClock.unixTime()
    command = Self.command(arguments)
    scenario = Scenario()
    network = NetworkSnapshot(capturedAt: 0, currency: Currency(rawValue: "USD"), chains: [])
    var folders: [String] = []
    var bootstrap: ScenarioFile.Bootstrap?
    var historyFile: String?
    for path in arguments.operands {
      let bytes = Self.isFolder(path) ? nil : try InputFile.read(path)
      guard let bytes, PurchaseFormatName.of(bytes) != "hashwatt-profile" else {
        folders.append(path)
        continue
      }
      guard !hasScenario else {
        throw ArgumentError("two scenarios", remedy: "give one scenario, and devices with --device")
      }
      let contents = try ScenarioFile.decode(bytes, name: path)
      scenario = contents.scenario
      bootstrap = contents.bootstrap
      historyFile = contents.historyFile.map { Self.beside(path, $0) }
      sources += contents.sources.map { ($0.part, $0.text) }
      note("scenario", path, bytes)
      hasScenario = true
    }
    let chains = arguments[EvaluateCommand.chain]
    try Self.checkMinable(chains.isEmpty ? scenario.chains.map(\.rawValue) : chains)
    try readNetwork(arguments)
    try readDevices(arguments, folders: folders)
    if let path = arguments[EvaluateCommand.priceList] {
      let bytes = try InputFile.read(path)
      prices = try PriceListFile.decode(bytes, name: path)
      note("prices", path, bytes)
      if let first = prices.first, first.currency != network.currency {
        throw Refusal(
          .currencyMismatch, "prices in \(first.currency) and a network in \(network.currency)",
          remedy: "give all prices in one currency; nothing is converted")
      }
    }
    try lay(arguments)
    try layMonteCarlo(arguments, bootstrap, historyFile)
    try laySides(arguments)
  }

  /// Refuses a chain that nobody can mine before anything else is asked for, whatever it is called.
  private static func checkMinable(_ words: [String]) throws {
    for chain in try BuiltInChains.all() {
      guard case .notMinable(let since, let note) = chain.market else { continue }
      let names = [chain.id.rawValue, chain.name, chain.algorithm.rawValue].map { $0.lowercased() }
      guard let word = words.first(where: { names.contains($0.lowercased()) }) else { continue }
      throw Refusal(
        .chainNotMinable, "\(word) cannot be mined since \(since): \(note)", chain: chain.id,
        remedy: "evaluate another chain of the same function")
    }
  }

  // MARK: - Files

  private mutating func note(_ role: String, _ path: String, _ bytes: [UInt8]) {
    inputs.append(
      PurchaseReport.Input(
        role: role, name: path, digest: Hexadecimal.encode(SHA256.hash(bytes))))
  }

  static func isFolder(_ path: String) -> Bool { (try? SystemRoot.live.names(path)) != nil }

  private static func beside(_ path: String, _ name: String) -> String {
    guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
    return path[...slash] + name
  }

  private mutating func readNetwork(_ arguments: ParsedArguments) throws {
    guard let path = arguments[EvaluateCommand.network] else {
      throw Refusal(
        .noSnapshot, "no state of a chain",
        remedy: "give --network FILE; 'hashwatt network --from' makes one from a node's answers")
    }
    let bytes = try InputFile.read(path)
    network = try NetworkFile.decode(bytes, name: path)
    note("network", path, bytes)
  }

  private mutating func readDevices(_ arguments: ParsedArguments, folders: [String]) throws {
    let named = arguments[EvaluateCommand.device]
    for text in named {
      let parts = text.split(separator: "#", maxSplits: 1).map(String.init)
      let claim = parts.count == 2 ? Int(parts[1]) : nil
      guard let path = parts.first, parts.count == 1 || (claim ?? 0) >= 1 else {
        throw ArgumentError(
          "'\(text)' names no claim", remedy: "write PROFILE, or PROFILE#2 for its second claim")
      }
      let bytes = try InputFile.read(path)
      let profile = try ProfileFile.decode(bytes, name: path)
      if let claim, claim > profile.published.count {
        throw Failure(
          .badInput, "\(path) has \(profile.published.count) claims, no number \(claim)",
          remedy: "give a number from 1 on")
      }
      note("device", path, bytes)
      devices.append(Device(profile: profile, claim: claim))
    }
    if !folders.isEmpty {
      let loaded = try RecordLoader.load(folders)
      for record in loaded {
        guard case .profile(let profile) = record.file else { continue }
        devices.append(Device(profile: profile, claim: nil))
      }
      for folder in folders where !Self.isFolder(folder) {
        note("device", folder, try InputFile.read(folder))
      }
    }
    let isFolder = folders.contains { Self.isFolder($0) }
    if hasScenario, scenario.device != nil, !devices.isEmpty {
      overrides.append(
        "device: \(named.isEmpty ? "the profiles given" : named.joined(separator: ", "))")
    }
    isComparison = devices.count > 1 || isFolder
    if isFolder {
      overrides.append("devices: \(devices.count) profiles of \(folders.joined(separator: ", "))")
    }
  }

  // MARK: - Options

  private mutating func lay(_ arguments: ParsedArguments) throws {
    func said(_ option: Option) -> String { "--\(option.name) \(arguments[option] ?? "")" }
    if let price = try arguments.number(EvaluateCommand.price, in: 1e-18...1e18) {
      let first =
        arguments[EvaluateCommand.chain].first.map(ChainID.init(rawValue:)) ?? scenario.chains.first
      for index in network.chains.indices
      where first == nil || network.chains[index].chain == first {
        network.chains[index].pricePerCoin = price
        network.chains[index].priceTime = nil
        network.chains[index].priceSource = "given on the command line"
        break
      }
      overrides.append(said(EvaluateCommand.price))
    }
    if !arguments[EvaluateCommand.chain].isEmpty {
      scenario.chains = arguments[EvaluateCommand.chain].map(ChainID.init(rawValue:))
      overrides.append("--chain \(arguments[EvaluateCommand.chain].joined(separator: " --chain "))")
    }
    if let text = arguments[EvaluateCommand.tariff] {
      try layTariff(text)
      overrides.append(said(EvaluateCommand.tariff))
    }
    if let price = try arguments.number(EvaluateCommand.machinePrice, in: 0...1e15) {
      scenario.purchase.machinePrice = price
      overrides.append(said(EvaluateCommand.machinePrice))
    }
    if let text = arguments[EvaluateCommand.growth] {
      scenario.growth = try Self.growth(text, drift: scenario.growth.first?.priceDrift ?? .all(0))
      overrides.append(said(EvaluateCommand.growth))
    }
    if let months = try arguments.integer(
      EvaluateCommand.horizon, in: 1...ScenarioCheck.longestHorizon)
    {
      scenario.horizonMonths = months
      overrides.append(said(EvaluateCommand.horizon))
    }
    if let text = arguments[EvaluateCommand.poolFee] {
      scenario.running.pool.fee = .all(try Self.fraction(text, "pool-fee"))
      overrides.append(said(EvaluateCommand.poolFee))
    }
    if let count = try arguments.integer(EvaluateCommand.count, in: 1...10_000_000) {
      scenario.device?.count = count
      self.count = count
      overrides.append(said(EvaluateCommand.count))
    }
    if let text = arguments[EvaluateCommand.at] {
      scenario.evaluatedAt = try Self.time(text)
      overrides.append(said(EvaluateCommand.at))
    }
    if let days = try arguments.number(EvaluateCommand.allowStale, in: 0...36525) {
      scenario.allowStaleDays = days
      overrides.append(said(EvaluateCommand.allowStale))
    }
  }

  /// Machines, where the command line says how many.
  private(set) var count: Int?

  private mutating func layTariff(_ text: String) throws {
    if let price = Double(text), price.isFinite {
      let old = scenario.electricity
      scenario.electricity = Electricity(
        bands: [Band(name: "flat", hoursPerDay: 24, pricePerKWh: price)],
        carbonGramsPerKWh: old?.carbonGramsPerKWh, heatCreditPerKWh: old?.heatCreditPerKWh ?? 0,
        heatUsed: old?.heatUsed ?? 0)
      return
    }
    let bytes = try InputFile.read(text)
    let tariff = try ContractFile.decodeTariff(bytes, name: text)
    scenario.electricity = tariff.electricity
    if let source = tariff.source { sources.append(("electricity", source)) }
    note("tariff", text, bytes)
  }

  private mutating func layMonteCarlo(
    _ arguments: ParsedArguments, _ bootstrap: ScenarioFile.Bootstrap?, _ historyFile: String?
  ) throws {
    if let path = arguments[EvaluateCommand.history] ?? historyFile {
      let bytes = try InputFile.read(path)
      let history = try HistoryFile.decode(bytes, name: path)
      note("history", path, bytes)
      scenario.analyses.monteCarlo = MonteCarloPlan(
        paths: bootstrap?.paths ?? scenario.analyses.monteCarlo?.paths ?? 10_000,
        seed: bootstrap?.seed ?? scenario.analyses.monteCarlo?.seed ?? 1,
        model: .bootstrap(blockMonths: bootstrap?.blockMonths ?? 6, history: history))
      if let source = history.source { sources.append(("history", source)) }
    } else if bootstrap != nil {
      throw Refusal(
        .valueInvalid, "random futures by blocks without a history",
        remedy: "give --history FILE, or analyses.monte_carlo.history.file in the scenario")
    }
    let paths = try arguments.integer(EvaluateCommand.paths, in: 1...ScenarioCheck.mostPaths)
    let seed = try arguments.integer(EvaluateCommand.seed, in: 0...UInt64.max)
    guard paths != nil || seed != nil else { return }
    guard scenario.analyses.monteCarlo != nil else {
      throw ArgumentError(
        "no random futures to set --paths or --seed of",
        remedy: "give --history FILE, or monte_carlo in the scenario")
    }
    if let paths {
      scenario.analyses.monteCarlo?.paths = paths
      overrides.append("--paths \(paths)")
    }
    if let seed {
      scenario.analyses.monteCarlo?.seed = seed
      overrides.append("--seed \(seed)")
    }
  }

  private mutating func laySides(_ arguments: ParsedArguments) throws {
    for word in arguments[EvaluateCommand.against].flatMap({
      $0.split(separator: ",").map(String.init)
    }) {
      let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
      switch (parts.first, parts.count) {
      case ("coin", 1), ("nothing", 1): break
      case ("contract", 2):
        let bytes = try InputFile.read(parts[1])
        scenario.contract = try ContractFile.decode(bytes, name: parts[1])
        note("contract", parts[1], bytes)
      case ("rental", 2):
        let bytes = try InputFile.read(parts[1])
        scenario.rental = try ContractFile.decodeRental(bytes, name: parts[1])
        note("rental", parts[1], bytes)
      case ("hosting", 2):
        let bytes = try InputFile.read(parts[1])
        scenario.hosting = try ContractFile.decodeHosting(bytes, name: parts[1])
        note("hosting", parts[1], bytes)
      default:
        throw ArgumentError(
          "'\(word)' is nothing to compare with",
          remedy: "give coin, nothing, contract:FILE, rental:FILE or hosting:FILE")
      }
    }
  }

  /// `0%,2%` or `0,0.02`.
  static func growth(_ text: String, drift: ByChain) throws -> [GrowthCase] {
    try text.split(separator: ",").map { part in
      let value = try fraction(String(part), "growth")
      return GrowthCase(
        name: Plain.percent(value), difficultyGrowth: .all(value), priceDrift: drift)
    }
  }

  /// `2%` or `0.02`.
  static func fraction(_ text: String, _ option: String) throws(ArgumentError) -> Double {
    let isPercent = text.hasSuffix("%")
    let digits = isPercent ? String(text.dropLast()) : text
    guard let number = Double(digits), number.isFinite else {
      throw ArgumentError(
        "'\(text)' is not a value of --\(option)", remedy: "write 2% or 0.02")
    }
    return isPercent ? number / 100 : number
  }

  /// Seconds since 1970, or a day in UTC.
  static func time(_ text: String) throws(ArgumentError) -> Double {
    if let seconds = Double(text), (0...1e11).contains(seconds) { return seconds }
    let parts = text.split(separator: "-").compactMap { Int($0) }
    if parts.count == 3, text.utf8.count == 10, (1970...9999).contains(parts[0]),
      (1...12).contains(parts[1]), parts[2] >= 1
    {
      let (year, month) = parts[1] == 12 ? (parts[0] + 1, 1) : (parts[0], parts[1] + 1)
      let day = days(parts[0], parts[1], parts[2])
      if day < days(year, month, 1) { return Double(day) * 86400 }
    }
    throw ArgumentError(
      "'\(text)' is not a time", remedy: "write seconds since 1970, or a day such as 2026-05-30")
  }

  /// Days since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func command(_ arguments: ParsedArguments) -> String {
    var words = ["hashwatt", "evaluate"] + arguments.operands
    for option in EvaluateCommand.description.options
    where option.name != EvaluateCommand.output.name {
      for value in arguments.given(option) ?? [] {
        words += ["--\(option.name)"] + (option.valueName == nil ? [] : [value])
      }
    }
    return ShellText.words(words)
  }
}
