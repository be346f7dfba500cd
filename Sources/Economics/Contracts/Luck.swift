internal import Glibc
internal import Statistics

/// The luck of a pool over some days (economics reference, section 4).
package struct PoolLuck: Hashable, Sendable {
  package let days: Double
  package let expectedBlocks: Double
  package let relativeStandardDeviation: Double
  package let probabilityOfNone: Double
  /// Quantiles of blocks found over blocks expected.
  package let low: Double
  package let median: Double
  package let high: Double

  /// The share is that of the network's rate, above 0.
  package init(share: Double, days: Double, spacing: Double) {
    self.days = days
    let expected = share * days * Calendar.secondsPerDay / spacing
    expectedBlocks = expected
    relativeStandardDeviation = 1 / expected.squareRoot()
    probabilityOfNone = exp(-expected)
    func quantile(_ level: Double) -> Double {
      Double(Self.quantile(level, mean: expected)) / expected
    }
    low = quantile(0.05)
    median = quantile(0.5)
    high = quantile(0.95)
  }

  /// The smallest count that is not exceeded with at least this probability.
  static func quantile(_ level: Double, mean: Double) -> Int {
    var low = -1
    var high = Int((mean + 12 * mean.squareRoot() + 12).rounded(.up))
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if Poisson.cumulative(middle, mean: mean) >= level { high = middle } else { low = middle }
    }
    return high
  }
}

/// Blocks of one's own: a lottery.
package struct SoloOdds: Hashable, Sendable {
  package let days: Double
  package let expectedBlocks: Double
  package let probabilityOfABlock: Double
  /// At the nameplate's rate and today's difficulty.
  package let meanWaitDays: Double

  init(
    days: Double, growthPerMonth: Double, device: ScenarioDevice, running: Running, work: Double
  ) {
    self.days = days
    let perDay = Yield.attempts(device, running) / work
    expectedBlocks = perDay * Annuity.sum(Rate.perDay(growthPerMonth), days)
    probabilityOfABlock = -expm1(-expectedBlocks)
    meanWaitDays = work / Yield.nameplate(device)
  }
}
