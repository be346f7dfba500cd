package import Model

/// A currency by its code, such as `USD`.
package struct Currency: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
}

/// A chain by its short name, such as `btc`.
package struct ChainID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
}

/// What is counted when something works: the function and its unit.
package struct WorkKind: Hashable, Sendable, CustomStringConvertible {
  package let algorithm: AlgorithmID
  /// `hash` or `solution`.
  package let unit: String

  package init(algorithm: AlgorithmID, unit: String) {
    self.algorithm = algorithm
    self.unit = unit
  }

  package var description: String { "\(unit) of \(algorithm)" }
}

/// A rate of work in units per second.
package struct WorkRate: Hashable, Sendable {
  package let perSecond: Double
  package let kind: WorkKind

  package init(_ perSecond: Double, _ kind: WorkKind) {
    self.perSecond = perSecond
    self.kind = kind
  }
}

/// Coins of one chain.
package struct CoinAmount: Hashable, Sendable {
  package let coins: Double
  package let chain: ChainID

  package init(_ coins: Double, of chain: ChainID) {
    self.coins = coins
    self.chain = chain
  }

  /// What the coins are worth.
  ///
  /// - Throws: `Refusal` where the price is of another chain.
  package func worth(at price: CoinPrice) throws(Refusal) -> Money {
    guard price.chain == chain else {
      throw Refusal(
        .chainUnknown, "a price of \(price.chain) for coins of \(chain)", chain: chain,
        remedy: "give the price of \(chain)")
    }
    return Money(coins * price.perCoin, price.currency)
  }
}

/// Money per coin of one chain.
package struct CoinPrice: Hashable, Sendable {
  package let perCoin: Double
  package let chain: ChainID
  package let currency: Currency

  package init(_ perCoin: Double, of chain: ChainID, in currency: Currency) {
    self.perCoin = perCoin
    self.chain = chain
    self.currency = currency
  }
}

/// Money of one currency.
package struct Money: Hashable, Sendable {
  package let amount: Double
  package let currency: Currency

  package init(_ amount: Double, _ currency: Currency) {
    self.amount = amount
    self.currency = currency
  }

  /// The sum.
  ///
  /// - Throws: `Refusal` where the currencies differ: there is no conversion.
  package func adding(_ other: Money) throws(Refusal) -> Money {
    guard currency == other.currency else {
      throw Refusal.currencyMismatch(currency, other.currency, "two amounts")
    }
    return Money(amount + other.amount, currency)
  }
}

/// The units in which rates are traded.
package struct RateUnit: Hashable, Sendable {
  /// As written: `TH/s`.
  package let name: String
  /// Units of work per second.
  package let perSecond: Double
  /// `hash` or `solution`.
  package let workUnit: String

  /// Nil unless it is a decimal prefix with `H/s`, `h/s`, `Sol/s` or `sol/s`.
  package init?(_ name: String) {
    let suffixes = [
      ("H/s", "hash"), ("h/s", "hash"), ("Sol/s", "solution"), ("sol/s", "solution"),
    ]
    let prefixes = [
      "": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    ]
    for (suffix, unit) in suffixes where name.hasSuffix(suffix) {
      guard let factor = prefixes[String(name.dropLast(suffix.count))] else { continue }
      self.name = name
      perSecond = factor
      workUnit = unit
      return
    }
    return nil
  }
}
