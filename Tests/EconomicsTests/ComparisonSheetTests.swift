import Economics
import Model
import Records
import Testing

/// The same money spent in several ways.
struct ComparisonSheetTests {
  private func sheet(
    _ change: (inout Scenario) -> Void, futures: [GrowthCase]? = nil
  ) throws -> ComparisonSheet? {
    let scenario = Sample.changed(change)
    let evaluator = Evaluator(
      chains: try BuiltInChains.all(), network: Sample.network(), hashes: GoldenRun.hashes,
      now: Sample.time)
    return try ComparisonSheet(
      try evaluator.evaluate(scenario), by: evaluator, futures: futures ?? scenario.growth)
  }

  private func entry(
    _ way: ComparisonSheet.Way, _ sheet: ComparisonSheet?
  ) throws -> ComparisonSheet.Entry {
    try #require(sheet?.rows.first?.entries.first { $0.way == way })
  }

  @Test("own machines, the coin and nothing are always there, as the evaluation has them")
  func always() throws {
    let sheet = try sheet { _ in }
    #expect(sheet?.ways == [.own, .coin, .nothing])
    let outcome = try #require(try Sample.evaluate().device?.outcomes.first)
    let own = try entry(.own, sheet)
    #expect(near(own.value, outcome.measures.netPresentValue))
    #expect(near(own.coins ?? -1, outcome.course.terminalCoins))
    let coin = try entry(.coin, sheet)
    #expect(near(coin.coins ?? -1, outcome.measures.coinsBought))
    // Without drift a coin that is kept loses what money is worth a year: 2200 / 1.1^3 - 2200.
    #expect(near(coin.value, 2200 / 1.331 - 2200))
    let nothing = try entry(.nothing, sheet)
    #expect(nothing.value == 0 && nothing.coins == nil)
    #expect(try self.sheet { $0.purchase.machinePrice = 0 } == nil)
  }

  @Test("a host with the terms of one's own place is the same, and what he asks less buys coins")
  func hosting() throws {
    let bands = [Band(name: "host", hoursPerDay: 24, pricePerKWh: 0.06)]
    let same = try sheet { $0.hosting = HostingTerms(bands: bands) }
    #expect(same?.ways == [.own, .hosted, .coin, .nothing])
    #expect(near(try entry(.own, same).value, try entry(.hosted, same).value))
    #expect(near(try entry(.own, same).coins ?? 0, try entry(.hosted, same).coins ?? 1))
    let saved = try sheet {
      $0.purchase.extrasPrice = 300
      $0.hosting = HostingTerms(bands: bands, extrasPrice: 100)
    }
    let (own, hosted) = (try entry(.own, saved), try entry(.hosted, saved))
    #expect(near(hosted.value - own.value, 200))
    #expect(near((hosted.coins ?? 0) - (own.coins ?? 0), 200 / 100_000))
    #expect(throws: Refusal.self) { try sheet { $0.hosting = HostingTerms(bands: []) } }
  }

  @Test("a contract pays what its own evaluation says, for as many units as the money buys")
  func contract() throws {
    let unit = try #require(RateUnit("TH/s"))
    let terms = ContractTerms(
      chain: Sample.btc, unit: unit, pricePerUnit: 11, feePerUnitPerDay: 0.02, termDays: 365,
      difficultyGrowth: 0.02)
    let sheet = try sheet {
      $0.discountRate = 0
      $0.contract = terms
    }
    let worth = try #require(
      try Sample.evaluate(Sample.changed { $0.contract = terms }).contract?.fairPrice)
    #expect(near(try entry(.contract, sheet).value, 2200 / 11 * worth - 2200))
    #expect(near(try entry(.contract, sheet).coins ?? 0, 2200 / 11 * worth / 100_000))
    // The sheet's future is the contract's too, whatever its file assumes.
    var other = terms
    other.difficultyGrowth = 0.3
    let moved = try self.sheet {
      $0.discountRate = 0
      $0.contract = other
    }
    #expect(near(try entry(.contract, moved).value, try entry(.contract, sheet).value))
  }

  @Test("an order returns what it is expected to, in every future")
  func rented() throws {
    let unit = try #require(RateUnit("PH/s"))
    let order = RentalTerms(
      chain: Sample.btc, unit: unit, orderPricePerUnitDay: 0.0005, poolFee: 0.01, buyerFee: 0.03)
    let futures = [0.0, 0.05].map { GrowthCase(name: "\($0)", difficultyGrowth: .all($0)) }
    let sheet = try sheet({ $0.rental = order }, futures: futures)
    let expected = try #require(
      try Sample.evaluate(Sample.changed { $0.rental = order }).rental?.expectedReturn)
    let values = sheet?.rows.map { $0.entries.first { $0.way == .rented }?.value ?? 0 } ?? []
    #expect(values.count == 2 && values.allSatisfy { near($0, 2200 * expected) })
    #expect(
      near(try entry(.rented, sheet).coins ?? 0, 2200 / 100_000 * (1 + expected)))
  }
}
