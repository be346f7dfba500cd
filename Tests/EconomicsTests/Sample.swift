import Economics
import Model
import Records

/// A purchase to vary: an S21 at assumed prices.
enum Sample {
  static let time = 1_780_112_431.0
  static let usd = Currency(rawValue: "USD")
  static let btc = ChainID(rawValue: "btc")

  static let scenario = Scenario(
    currency: usd, chains: [btc],
    device: ScenarioDevice(
      hardwareID: nil, algorithm: .sha256d, workUnit: "hash", ratePerSecond: 200e12, powerW: 3500),
    purchase: Purchase(machinePrice: 2200, resaleRelative: 0.1),
    running: Running(uptime: 0.98, pool: Pool(fee: .all(0.01))),
    electricity: Electricity(bands: [Band(name: "grid", hoursPerDay: 24, pricePerKWh: 0.06)]),
    horizonMonths: 36, discountRate: 0.1,
    growth: [GrowthCase(name: "2 %", difficultyGrowth: .all(0.02))])

  static func snapshot(
    _ chain: String = "btc", height: UInt64 = 951_658,
    _ hardness: ChainSnapshot.Hardness =
      .compactTarget(0x1702_068f), price: Double? = 100_000
  ) -> ChainSnapshot {
    ChainSnapshot(
      chain: ChainID(rawValue: chain), height: height, hardness: hardness, time: time,
      pricePerCoin: price)
  }

  static func network(_ chains: ChainSnapshot...) -> NetworkSnapshot {
    NetworkSnapshot(
      capturedAt: time, currency: usd, chains: chains.isEmpty ? [snapshot()] : chains)
  }

  static func evaluate(
    _ scenario: Scenario = scenario, _ network: NetworkSnapshot = network(), now: Double = time
  ) throws -> Evaluation {
    try Evaluator(
      chains: try BuiltInChains.all(), network: network, hashes: GoldenRun.hashes, now: now
    ).evaluate(scenario)
  }

  static func fairPrice(
    _ scenario: Scenario = scenario, _ network: NetworkSnapshot = network()
  ) throws -> Double {
    try evaluate(scenario, network).device?.outcomes.first?.measures.fairMachinePrice ?? .nan
  }

  static func changed(_ change: (inout Scenario) -> Void) -> Scenario {
    var scenario = scenario
    change(&scenario)
    return scenario
  }
}
