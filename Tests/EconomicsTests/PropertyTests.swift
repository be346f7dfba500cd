import Economics
import Model
import Records
import Testing

/// What must hold whatever the numbers are.
struct PropertyTests {
  @Test("more growth of difficulty never raises the fair price")
  func growth() throws {
    let prices = try stride(from: -0.1, through: 0.3, by: 0.02).map { growth in
      try Sample.fairPrice(Sample.changed { $0.growth[0].difficultyGrowth = .all(growth) })
    }
    #expect(zip(prices, prices.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(try #require(prices.first) > #require(prices.last))
  }

  @Test("a higher tariff never raises the fair price, from negative prices on")
  func tariff() throws {
    let prices = try stride(from: -0.05, through: 0.3, by: 0.01).map { price in
      try Sample.fairPrice(Sample.changed { $0.electricity?.bands[0].pricePerKWh = price })
    }
    #expect(zip(prices, prices.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test("ten machines are ten times one, and each is worth the same", arguments: [2, 10, 1000])
  func count(_ count: Int) throws {
    let one = try #require(try Sample.evaluate().device?.outcomes.first)
    let many = try #require(
      try Sample.evaluate(Sample.changed { $0.device?.count = count }).device?.outcomes.first)
    #expect(near(many.measures.fairMachinePrice, one.measures.fairMachinePrice))
    #expect(near(many.measures.netPresentValue, Double(count) * one.measures.netPresentValue))
    #expect(many.course.paybackDay == one.course.paybackDay)
    #expect(
      near(many.measures.coinsOverBuying ?? -1, one.measures.coinsOverBuying ?? -2))
  }

  @Test("at the fair price nothing is gained or lost")
  func fairPriceIsFair() throws {
    for count in [1, 7] {
      let fair = try Sample.fairPrice(Sample.changed { $0.device?.count = count })
      let paid = try Sample.evaluate(
        Sample.changed {
          $0.device?.count = count
          $0.purchase.machinePrice = fair
        })
      let value = try #require(paid.device?.outcomes.first?.measures.netPresentValue)
      #expect(abs(value) < 1e-6)
    }
  }

  @Test("prices in another unit of money change nothing relative")
  func units() throws {
    let factor = 1000.0
    let scaled = Sample.changed {
      $0.purchase.machinePrice *= factor
      $0.electricity?.bands[0].pricePerKWh *= factor
    }
    let one = try Sample.evaluate()
    let other = try Sample.evaluate(
      scaled, Sample.network(Sample.snapshot(price: 100_000 * factor)))
    let (first, second) = (
      try #require(one.device?.outcomes.first), try #require(other.device?.outcomes.first)
    )
    #expect(near(second.measures.fairMachinePrice, factor * first.measures.fairMachinePrice))
    #expect(near(second.measures.coinsOverBuying ?? -1, first.measures.coinsOverBuying ?? -2))
    #expect(first.course.lastRunningDay == second.course.lastRunningDay)
  }

  @Test("random futures without volatility are the scenario")
  func zeroVolatility() throws {
    let plan = MonteCarloPlan(
      paths: 3, seed: 9,
      model: .lognormal(difficultyVolatility: 0, priceVolatility: 0, correlation: 0))
    for drift in [0, 0.02] {
      let evaluation = try Sample.evaluate(
        Sample.changed {
          $0.growth[0].priceDrift = .all(drift)
          $0.analyses.monteCarlo = plan
          $0.purchase.deliveryMonths = 1.5
          $0.running.fixedCostPerMonth = 4
        })
      let device = try #require(evaluation.device)
      let result = try #require(device.monteCarlo)
      let value = try #require(device.outcomes.first?.measures.netPresentValue)
      #expect(near(result.median, value))
      #expect(near(result.mean, value))
      #expect(result.standardDeviation < 1e-6)
    }
  }

  @Test("the same seed gives the same bytes, another one others")
  func seeds() throws {
    func answers(_ seed: UInt64) throws -> [UInt8] {
      let plan = MonteCarloPlan(
        paths: 50, seed: seed,
        model: .lognormal(difficultyVolatility: 0.06, priceVolatility: 0.18, correlation: 0.3))
      return try EvaluationFile.answers(
        try Sample.evaluate(Sample.changed { $0.analyses.monteCarlo = plan }))
    }
    #expect(try answers(1) == answers(1))
    #expect(try answers(1) != answers(2))
  }

  @Test("a history of one growth gives that growth by every block")
  func bootstrap() throws {
    let months = (0..<13).map { month in
      History.Month(
        difficulty: (0..<month).reduce(1e14) { value, _ in value * 1.02 }, price: 50_000)
    }
    let history = History(chain: Sample.btc, currency: Sample.usd, source: nil, months: months)
    let evaluation = try Sample.evaluate(
      Sample.changed {
        $0.analyses.monteCarlo = MonteCarloPlan(
          paths: 20, seed: 3, model: .bootstrap(blockMonths: 5, history: history))
      })
    let device = try #require(evaluation.device)
    let value = try #require(device.outcomes.first?.measures.netPresentValue)
    #expect(near(try #require(device.monteCarlo).low, value))
    #expect(near(try #require(device.monteCarlo).high, value))
  }

  @Test("every rate at which money is worth nothing is found, also two close together")
  func rates() {
    // (v - 0.95)(v - 0.951) in v = (1 + r)^(-1/12).
    let close = InternalRate.all([0.95 * 0.951, -(0.95 + 0.951), 1])
    #expect(close.count == 2)
    for (rate, root) in zip(close, [0.951, 0.95]) {
      var expected = 1.0
      for _ in 0..<12 { expected /= root }
      #expect(abs(rate - (expected - 1)) < 1e-6)
    }
    #expect(InternalRate.all([0, 0, 0]) == [])
    #expect(InternalRate.all([5, 5]) == [])
    let long = [-1000.0] + [Double](repeating: 1, count: 600)
    #expect(InternalRate.all(long).count == 1)
  }

  @Test("a halving, an era and the end of a stream fall on their heights")
  func events() throws {
    let chains = try BuiltInChains.all()
    func changes(_ id: String, _ from: UInt64, _ through: UInt64) throws -> [UInt64] {
      try #require(chains.first { $0.id.rawValue == id }).changes(after: from, through: through)
    }
    #expect(try changes("btc", 951_658, 1_300_000) == [1_050_000, 1_260_000])
    #expect(try changes("etc", 19_999_999, 25_000_001) == [20_000_001, 25_000_001])
    #expect(try changes("zec", 1_046_399, 4_406_400) == [1_046_400, 2_726_400, 4_406_400])
    #expect(try changes("zec", 600_000, 700_000) == [653_600])
    #expect(try changes("doge", 599_999, 9_000_000) == [600_000])
    #expect(try changes("xmr", 3_500_000, 9_000_000) == [])
    // 5000 * 143500 / (height + 1), rounded: the last steps are at 1.5 and at half a coin.
    let smart = try changes("smart", 3_000_000, 3_100_000)
    #expect(smart.count > 5)
    let chain = try #require(chains.first { $0.id.rawValue == "smart" })
    #expect(
      smart
        == (3_000_001...3_100_000).filter {
          chain.subsidy.atoms(height: $0) != chain.subsidy.atoms(height: $0 - 1)
        })
    #expect(
      try changes("smart", 400_000_000, 10_000_000_000) == [478_333_333, 1_435_000_000])
  }

  @Test("exact numbers come back as they were written")
  func naturals() throws {
    let text = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
    let value = try #require(Natural(decimal: text))
    #expect(value == Natural.powerOfTwo(256) - .one)
    #expect(value.decimal == text)
    let (quotient, remainder) = value.divided(by: Natural(1_000_000_007))
    #expect(quotient * Natural(1_000_000_007) + remainder == value)
    #expect(Natural(decimal: "12x") == nil)
    #expect(ExactRatio(decimal: "-1") == nil)
    #expect(ExactRatio(decimal: "1.") == nil)
    let target = try Target(compact: 0x1702_068f)
    #expect(ExactWork.compact(target) == 0x1702_068f)
    #expect(ExactWork.target(ExactWork.integer(target)) == target)
  }

  @Test("amounts of different kinds do not mix")
  func kinds() throws {
    let usd = Money(1, Sample.usd)
    let eur = Money(1, Currency(rawValue: "EUR"))
    #expect(try usd.adding(usd).amount == 2)
    #expect(throws: Refusal.self) { try usd.adding(eur) }
    let price = CoinPrice(5, of: ChainID(rawValue: "ltc"), in: Sample.usd)
    #expect(throws: Refusal.self) { try CoinAmount(1, of: Sample.btc).worth(at: price) }
    #expect(RateUnit("TH/s")?.perSecond == 1e12)
    #expect(RateUnit("kSol/s")?.workUnit == "solution")
    #expect(RateUnit("furlongs") == nil)
  }
}

/// Equal to twelve digits.
func near(_ first: Double, _ second: Double) -> Bool {
  abs(first - second) <= 1e-9 * max(1, abs(first), abs(second))
}
