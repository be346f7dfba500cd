import Economics
import Model
import Records
import Testing

/// Each refusal, by what causes it.
struct RefusalTests {
  private func code(
    _ scenario: Scenario = Sample.scenario, _ network: NetworkSnapshot = Sample.network(),
    now: Double = Sample.time
  ) -> Refusal.Code? {
    do {
      _ = try Sample.evaluate(scenario, network, now: now)
      return nil
    } catch let refusal as Refusal {
      // One line with the stable word in front, and something to do.
      #expect(refusal.line.hasPrefix(refusal.code.rawValue))
      #expect(refusal.remedy?.isEmpty == false)
      #expect(refusal.exitCode == .badInput || refusal.exitCode == .unavailable)
      return refusal.code
    } catch {
      Issue.record(error)
      return nil
    }
  }

  private func with(
    _ hardness: ChainSnapshot.Hardness, chain: String = "btc", height: UInt64 = 951_658,
    algorithm: AlgorithmID = .sha256d, unit: String = "hash"
  ) -> Refusal.Code? {
    let scenario = Sample.changed {
      $0.chains = [ChainID(rawValue: chain)]
      $0.device?.algorithm = algorithm
      $0.device?.workUnit = unit
    }
    return code(scenario, Sample.network(Sample.snapshot(chain, height: height, hardness)))
  }

  @Test("the sample itself is not refused")
  func sample() { #expect(code() == nil) }

  @Test("a snapshot is refused by its age on either side")
  func ages() {
    let day = 86400.0
    #expect(code(now: Sample.time + 35 * day) == nil)
    #expect(code(now: Sample.time + 35.01 * day) == .staleNetwork)
    #expect(code(now: Sample.time - 7199) == nil)
    #expect(code(now: Sample.time - 7201) == .headerInFuture)
    let patient = Sample.changed { $0.allowStaleDays = 60 }
    #expect(code(patient, now: Sample.time + 60 * day) == nil)
    #expect(code(patient, now: Sample.time + 61 * day) == .staleNetwork)
    var old = Sample.snapshot()
    old.priceTime = Sample.time - 36 * day
    #expect(code(Sample.scenario, Sample.network(old)) == .staleNetwork)
    // A price of tomorrow is no price.
    old.priceTime = Sample.time + day
    #expect(code(Sample.scenario, Sample.network(old)) == .headerInFuture)
  }

  @Test("a header or target that no block of the chain has is refused")
  func headers() throws {
    #expect(with(.compactTarget(0x1e00_ffff)) == .targetAboveLimit)
    #expect(with(.compactTarget(0x1d80_0001)) == .targetInvalid)
    #expect(with(.compactTarget(0)) == .targetInvalid)
    #expect(with(.compactTarget(0xff00_ffff)) == .targetInvalid)
    #expect(with(.difficulty("0")) == .targetInvalid)
    #expect(with(.difficulty("1e5")) == .targetInvalid)
    #expect(with(.difficulty("0.5")) == .targetAboveLimit)
    // More than any target stands for.
    #expect(with(.difficulty("1" + String(repeating: "0", count: 70))) == .targetInvalid)
    #expect(with(.header([1, 2, 3])) == .headerMalformed)
    #expect(with(.header([UInt8](repeating: 0, count: 1487))) == .headerMalformed)
    #expect(with(.compactTarget(0x1d00_ffff), height: 951_700) == .workImplausible)
    let wrong = try #require(
      Hexadecimal.decode(
        "0100000050120119172a610421a6c3011dd330d9df07b63616c2cc1f1cd00200000000006657a9252aacd5c0b2940996ecff952228c3067cc38d4885efb5a4ac4247e9f337221b4d4c86041b0f2b5711"
      ))
    #expect(with(.header(wrong), height: 100_000) == .headerPowInvalid)
    var noTime = Sample.snapshot()
    noTime.time = nil
    #expect(code(Sample.scenario, Sample.network(noTime)) == .headerMalformed)
  }

  @Test("work of another function or unit is refused; ethash serves etc with a note")
  func kinds() throws {
    let hashcat = AlgorithmID(rawValue: "sha256+hashcat-1400")
    #expect(with(.compactTarget(0x1702_068f), algorithm: hashcat) == .algorithmMismatch)
    #expect(with(.compactTarget(0x1702_068f), algorithm: .scrypt) == .algorithmMismatch)
    let equihash = AlgorithmID(rawValue: "equihash-200-9")
    #expect(
      with(.compactTarget(0x1c01_38bf), chain: "zec", height: 3_440_000, algorithm: equihash)
        == .unitMismatch)
    let etc = Sample.changed {
      $0.chains = [ChainID(rawValue: "etc")]
      $0.device?.algorithm = AlgorithmID(rawValue: "ethash")
    }
    let evaluation = try Sample.evaluate(
      etc,
      Sample.network(
        Sample.snapshot("etc", height: 24_950_000, .difficulty("3000000000000000"), price: 17)))
    #expect(evaluation.findings.contains { $0.code == .sameFunction })
  }

  @Test("chains that are unknown, dead, absent or not merged are refused")
  func chains() {
    func mining(_ names: String..., algorithm: AlgorithmID = .sha256d) -> Scenario {
      Sample.changed {
        $0.chains = names.map(ChainID.init(rawValue:))
        $0.device?.algorithm = algorithm
      }
    }
    #expect(code(mining("nonsense")) == .chainUnknown)
    #expect(code(mining("eth")) == .chainNotMinable)
    #expect(code(mining("bch")) == .noSnapshot)
    let two = Sample.network(
      Sample.snapshot(), Sample.snapshot("bch", .compactTarget(0x1801_d2a1), price: 500))
    #expect(code(mining("btc", "bch"), two) == .mergedNotPossible)
    #expect(code(mining("btc", "btc"), two) == .mergedNotPossible)
    let doge = Sample.network(
      Sample.snapshot("doge", height: 100_000, .compactTarget(0x1977_4d86), price: 0.1))
    #expect(code(mining("doge", algorithm: .scrypt), doge) == .subsidyRandom)
    #expect(code(Sample.changed { $0.currency = Currency(rawValue: "EUR") }) == .currencyMismatch)
  }

  @Test("a tariff that does not fit into a day is refused")
  func tariffs() {
    func tariff(_ hours: Double..., price: Double = 0.1) -> Refusal.Code? {
      code(
        Sample.changed {
          $0.electricity = Electricity(
            bands: hours.map { Band(name: "x", hoursPerDay: $0, pricePerKWh: price) })
        })
    }
    #expect(tariff(12, 12) == nil)
    #expect(tariff(12, 12.5) == .tariffInvalid)
    #expect(tariff() == .tariffInvalid)
    #expect(tariff(0) == .tariffInvalid)
    #expect(tariff(-1) == .tariffInvalid)
    #expect(tariff(24, price: .nan) == .tariffInvalid)
    // A negative price is one that power can have.
    #expect(tariff(24, price: -0.05) == nil)
    #expect(code(Sample.changed { $0.electricity = nil }) == .tariffInvalid)
  }

  @Test(
    "numbers that no purchase has are refused",
    arguments: [
      { $0.horizonMonths = 0 }, { $0.horizonMonths = 1200 }, { $0.discountRate = -1 },
      { $0.discountRate = .infinity }, { $0.growth[0].difficultyGrowth = .all(-1) },
      { $0.growth[0].difficultyGrowth = .all(-1.5) }, { $0.growth[0].priceDrift = .all(.nan) },
      { $0.growth = [] }, { $0.device?.ratePerSecond = 0 },
      { $0.device?.ratePerSecond = .infinity },
      { $0.device?.powerW = -1 }, { $0.device?.count = 0 }, { $0.running.uptime = 1.1 },
      { $0.running.pool.fee = .all(-0.1) }, { $0.running.powerUsageEffectiveness = 0.9 },
      { $0.running.powerSupplyEfficiency = 0 }, { $0.purchase.machinePrice = -1 },
      { $0.purchase.deliveryMonths = 37 }, { $0.purchase.resaleRelative = 2 },
      { $0.running.pool.fee = .each([ChainID(rawValue: "ltc"): 0.1]) },
      { $0.analyses.tornado = [TornadoRange(input: .uptime, low: 0.5, high: 2)] },
    ] as [@Sendable (inout Scenario) -> Void])
  func values(_ change: @Sendable (inout Scenario) -> Void) {
    #expect(code(Sample.changed(change)) == .valueInvalid)
  }

  @Test("growth that leaves every range is refused, not printed as infinity")
  func overflow() {
    let scenario = Sample.changed {
      $0.growth[0].priceDrift = .all(10)
      $0.horizonMonths = 600
    }
    #expect(code(scenario) == .valueInvalid)
    #expect(code(Sample.scenario, Sample.network(Sample.snapshot(price: 0))) == .valueInvalid)
    #expect(code(Sample.scenario, Sample.network(Sample.snapshot(price: -5))) == .valueInvalid)
  }

  @Test("a block that pays nothing, and a history of another currency, are refused")
  func emptyReward() {
    var unpaid = Sample.snapshot()
    unpaid.subsidy = 0
    #expect(code(Sample.scenario, Sample.network(unpaid)) == .valueInvalid)
    unpaid.feesPerBlock = 0.1
    #expect(code(Sample.scenario, Sample.network(unpaid)) == nil)
    func drawing(_ currency: Currency?) -> Refusal.Code? {
      let months = [1.0, 2, 3, 4].map { History.Month(difficulty: $0, price: $0) }
      return code(
        Sample.changed {
          $0.analyses.monteCarlo = MonteCarloPlan(
            paths: 2, seed: 1,
            model: .bootstrap(
              blockMonths: 1,
              history: History(
                chain: Sample.btc, currency: currency, source: nil, months: months)))
        })
    }
    #expect(drawing(Sample.usd) == nil && drawing(nil) == nil)
    #expect(drawing(Currency(rawValue: "EUR")) == .currencyMismatch)
  }

  @Test("neither device nor contract is nothing to evaluate")
  func nothing() {
    #expect(code(Sample.changed { $0.device = nil }) == .noSnapshot)
    #expect(code(Sample.changed { $0.chains = [] }) == .noSnapshot)
  }
}
