/// What an order for somebody else's hash rate brings (economics reference, section 5).
package struct RentalOutcome: Hashable, Sendable {
  package let terms: RentalTerms
  /// Coins of the chain for a unit and a day, nothing taken off.
  package let coinsPerUnitDay: Double
  /// In the coins that the order is paid in.
  package let breakEvenPerUnitDay: Double
  package let expectedReturn: Double

  /// - Throws: `Refusal` for another unit than the chain's, for numbers that no order has, and where a price is missing.
  init(_ terms: RentalTerms, state: ChainState) throws(Refusal) {
    guard terms.unit.workUnit == state.chain.workUnit else {
      throw Refusal(
        .unitMismatch, "\(terms.unit.name) for \(state.chain.id)", chain: state.chain.id,
        remedy: "give the unit that the market names for its price")
    }
    let parts = [terms.poolFee, terms.stale]
    guard terms.orderPricePerUnitDay > 0, terms.orderPricePerUnitDay < 1e15,
      parts.allSatisfy({ (0...1).contains($0) }), (0...10).contains(terms.buyerFee),
      (terms.payCoinPrice ?? 1) > 0
    else {
      throw Refusal(
        .valueInvalid, "an order with a price or fee that none can have", chain: state.chain.id,
        remedy: "give a price above 0 and fees from 0 to 1")
    }
    var conversion = 1.0
    if let payPrice = terms.payCoinPrice {
      guard let price = state.snapshot.pricePerCoin else {
        throw Refusal(
          .noSnapshot, "no price of \(state.chain.id), in which the order is not paid",
          chain: state.chain.id, remedy: "give price_per_coin in the network file")
      }
      conversion = price / payPrice
    }
    self.terms = terms
    coinsPerUnitDay =
      terms.unit.perSecond * Calendar.secondsPerDay / state.workPerBlock * state.rewardNow
    breakEvenPerUnitDay =
      coinsPerUnitDay * (1 - terms.poolFee) * (1 - terms.stale) / (1 + terms.buyerFee)
      * conversion
    expectedReturn = breakEvenPerUnitDay / terms.orderPricePerUnitDay - 1
  }
}
