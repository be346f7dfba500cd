import Economics
import Model
import Records
import Testing

/// Each finding, by what causes it, and what does not.
struct FindingTests {
  private func codes(
    _ network: NetworkSnapshot = Sample.network(), now: Double = Sample.time,
    _ change: (inout Scenario) -> Void = { _ in }
  ) throws -> Set<Finding.Code> {
    Set(try Sample.evaluate(Sample.changed(change), network, now: now).findings.map(\.code))
  }

  @Test("the sample has a halving inside its horizon, and nothing else is to be said of it")
  func sample() throws {
    #expect(try codes() == [.eventInside])
    #expect(try codes { $0.horizonMonths = 12 } == [])
  }

  @Test("an old snapshot, a height that does not fit its time and a subsidy of its own are told")
  func snapshots() throws {
    #expect(try codes(now: Sample.time + 7 * 86400).contains(.age) == false)
    #expect(try codes(now: Sample.time + 7.1 * 86400).contains(.age))
    #expect(
      try codes(Sample.network(Sample.snapshot(height: 951_658 + 200))).contains(.heightAndTime))
    #expect(
      try codes(Sample.network(Sample.snapshot(height: 951_658 + 100))) == [.eventInside])
    var own = Sample.snapshot()
    own.subsidy = 3
    #expect(try codes(Sample.network(own)) == [.subsidyOverridden])
  }

  @Test("a coin without a market has physical figures only, whatever price is named")
  func noMarket() throws {
    // SmartCash at height 200,000: 5000 coins times 143,500 over the next height, in whole coins, a twentieth of it the
    // miner's.
    let smart = ChainID(rawValue: "smart")
    let scenario = Sample.changed {
      $0.chains = [smart]
      $0.device = ScenarioDevice(
        hardwareID: nil, algorithm: .keccak256, workUnit: "hash", ratePerSecond: 1e9, powerW: 250)
    }
    let network = Sample.network(
      Sample.snapshot("smart", height: 200_000, .compactTarget(0x1d00_ffff), price: 1000))
    let device = try #require(try Sample.evaluate(scenario, network).device)
    #expect(device.void == .noLiquidMarket)
    #expect(device.outcomes.isEmpty && device.monteCarlo == nil && device.today.money == nil)
    // A target of 0xffff * 256^26 takes 2^256 / (target + 1) hashes.
    let work = 4_295_032_833.0
    let coins = 1e9 * 86400 / work * 179.35
    let today = try #require(device.today.coinsPerDay.first)
    #expect(today.chain == smart)
    // Uptime of 98 %, a fee of 1 %.
    #expect(abs(today.coins / (coins * 0.98 * 0.99) - 1) < 1e-9)
    #expect(abs((device.today.nameplateCoinsPerDay.first?.coins ?? 0) / coins - 1) < 1e-9)
  }

  @Test("power that costs more than it brings, or nothing, and a price above the ceiling are told")
  func prices() throws {
    #expect(try codes { $0.electricity?.bands[0].pricePerKWh = 0.5 }.contains(.losesToday))
    #expect(try codes { $0.electricity?.bands[0].pricePerKWh = 0 }.contains(.freePower))
    #expect(
      try codes {
        $0.electricity?.bands[0] = Band(
          name: "surplus", hoursPerDay: 24, pricePerKWh: 0, kind: .curtailed)
      } == [.eventInside])
    // 0.2 coins, where growth of 2 % a month leaves 0.139 in all.
    #expect(try codes { $0.purchase.machinePrice = 20_000 }.contains(.priceAboveCeiling))
    #expect(
      try codes {
        $0.purchase.machinePrice = 20_000
        $0.growth[0].difficultyGrowth = .all(0)
      } == [.eventInside])
  }

  @Test("a data set that the device cannot hold is told")
  func memory() throws {
    let network = Sample.network(
      Sample.snapshot("etc", height: 24_950_000, .difficulty("3000000000000000"), price: 17))
    func etc(_ bytes: UInt64) throws -> Set<Finding.Code> {
      try codes(network) {
        $0.chains = [ChainID(rawValue: "etc")]
        $0.device?.algorithm = AlgorithmID(rawValue: "etchash")
        $0.device?.ratePerSecond = 3e9
        $0.device?.memoryBytes = bytes
      }
    }
    #expect(try etc(4 << 30).contains(.dataSetTooLarge))
    #expect(try !etc(8 << 30).contains(.dataSetTooLarge))
  }

  @Test("what a contract or an offer promises is held against what so much work brings")
  func contracts() throws {
    let unit = try #require(RateUnit("TH/s"))
    func said(_ change: (inout ContractTerms) -> Void) throws -> Set<Finding.Code> {
      var terms = ContractTerms(
        chain: Sample.btc, unit: unit, pricePerUnit: 10, feePerUnitPerDay: 0.01,
        promisedPerUnitPerDay: 0.04)
      change(&terms)
      return try codes {
        $0.device = nil
        $0.chains = []
        $0.offer = terms
      }
    }
    #expect(try said { _ in } == [])
    #expect(try said { $0.promisedPerUnitPerDay = 0.05 } == [.promiseAboveHashPrice])
    #expect(try said { $0.difficultyGrowth = 0.01 } == [.constantPromise])
    #expect(try said { $0.principalReturned = true } == [.principalReturned])
    #expect(try said { $0.stopAfterDays = 21 } == [.stopRule])
    #expect(try said { $0.feePerUnitPerDay = 0.05 } == [.feeAboveHashPrice])
  }

  private static let claim = PublishedClaim(
    algorithm: .sha256d, workUnit: .hash, rate: 100e12, power: Watts(3000), joulesPerWork: 30e-12,
    joulesPerWorkIsStated: true,
    stated: StatedFigures(rate: "100", unit: "TH/s", power: "3000", efficiency: "30"),
    measuredAt: .wall, year: 2020,
    source: ClaimSource(title: "A sheet", address: "https://example.org"), confidence: .medium,
    note: nil)

  @Test("each rule of plausibility finds the claim that breaks it, and no other")
  func claims() {
    func expect(_ code: Finding.Code?, _ change: (inout [PublishedClaim]) -> Void) {
      var claims = [Self.claim]
      change(&claims)
      let profile = Profile(
        hardwareID: HardwareID(rawValue: "asic/x"), kind: DeviceKind(rawValue: "asic"), name: "X",
        published: claims)
      let found = Set(ClaimLinter.findings(of: profile).map(\.code))
      #expect(found == Set([code].compactMap { $0 }))
    }
    expect(nil) { _ in }
    expect(.efficiencyContradiction) { $0[0].joulesPerWork = 29e-12 }
    expect(nil) { $0[0].joulesPerWork = 29.6e-12 }
    // 29.5 J/TH was the best of 2020.
    expect(.beyondFrontier) {
      $0[0].power = Watts(2300)
      $0[0].joulesPerWork = 23e-12
    }
    expect(nil) {
      $0[0].power = Watts(2400)
      $0[0].joulesPerWork = 24e-12
    }
    expect(.prefix) {
      $0[0].rate = 100e15
      $0[0].power = Watts(3_000_000)
    }
    expect(.announcedOnly) { $0[0].note = "announced for spring" }
    expect(.nameplate) { $0[0].measuredAt = .unknown }
    expect(.nameplate) { $0[0].measuredAt = .dc }
    expect(.claimsDiffer) {
      $0.append($0[0])
      $0[1].rate = 110e12
      $0[1].power = Watts(3300)
    }
    expect(nil) {
      $0[0].rateTolerance = 0.03
      $0[0].powerTolerance = 0.03
      $0.append($0[0])
      $0[1].rate = 105e12
      $0[1].power = Watts(3150)
    }
  }
}
