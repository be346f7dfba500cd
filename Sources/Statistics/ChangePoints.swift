internal import Glibc

/// Where a series of values changes its level.
package struct ChangePoints: Hashable, Sendable {
  /// A change that is no chance.
  package struct Change: Hashable, Sendable {
    /// Index of the first value after it.
    package let index: Int
    /// How often a series without any change would show one as clear (permutations).
    package let probability: Double
  }

  /// In the order of the series.
  package let changes: [Change]
  /// Ranges of values that creep rather than step: a line fits them better than two levels.
  package let drifts: [Range<Int>]

  /// How often a series without any change is said to have one.
  package static let falseAlarmRate = 0.01
  /// Fewer values cannot show a change so clear by their order alone: five below five others happen by chance in 2 of 252 orders,
  /// four below four in 2 of 70.
  package static let leastCount = 10
  /// Values on either side of a change; one or two that stand out are outliers.
  package static let leastSide = 3
  /// A line must leave less than this share of what two levels leave, or noise would now and then make a drift of a step.
  private static let leastGain = 0.95
  /// Parts in the midst of a longer series are not looked for at once: there either end of one is clear enough by itself.
  private static let longestForParts = 200
  /// Random orders that a series is held against.
  private static let permutations = 999

  /// Looks for changes by ranks, so that outliers weigh no more than other values, whatever the values' distribution.
  ///
  /// The statistic is the greatest standardized Mann-Whitney statistic over all places (Pettitt 1979, "A non-parametric
  /// approach to the change-point problem"; standardized as by Hawkins and Deng 2010, "A nonparametric change-point control
  /// chart") and over all parts in the midst against the rest (Olshen and others 2004, "Circular binary segmentation"), for a
  /// state that comes and goes has no place at which before and after differ clearly. Its probability is that of 999 random
  /// orders of the same values (Phipson and Smyth 2010), which is exact for any distribution and with ties. A part with a
  /// change is cut there and the sides are looked at again (binary segmentation, Scott and Knott 1974): a series without changes
  /// is cut in at most `falseAlarmRate` of all cases, for then the first test decides alone. Values are taken as independent of
  /// one another.
  package init(_ values: [Double]) {
    var changes: [Change] = []
    var drifts: [Range<Int>] = []
    var parts = [values.indices]
    while let part = parts.popLast() {
      guard part.count >= Self.leastCount,
        let change = Self.change(in: Array(values[part]), seed: UInt64(part.lowerBound))
      else { continue }
      if Self.isDrift(Array(values[part]), cutAt: change.places) {
        drifts.append(part)
        continue
      }
      let places = change.places.map { part.lowerBound + $0 }
      changes += places.map { Change(index: $0, probability: change.probability) }
      parts += zip([part.lowerBound] + places, places + [part.upperBound]).map { $0..<$1 }
    }
    self.changes = changes.sorted { $0.index < $1.index }
    self.drifts = drifts.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// The parts between the changes, in order.
  package func segments(of count: Int) -> [Range<Int>] {
    let ends = [0] + changes.map(\.index) + [count]
    return zip(ends, ends.dropFirst()).map { $0..<$1 }
  }

  /// One place, or the two ends of a part in the midst.
  private static func change(
    in values: [Double], seed: UInt64
  ) -> (places: [Int], probability: Double)? {
    var ranks = ranks(of: values)
    let found = strongest(ranks)
    guard found.statistic > 0 else { return nil }
    // The same series gives the same answer on every machine.
    var generator = SplitMix64(seed: seed)
    let most = Int(falseAlarmRate * Double(permutations + 1)) - 1
    var asClear = 0
    for _ in 0..<permutations {
      ranks = generator.shuffled(ranks)
      if strongest(ranks).statistic >= found.statistic - 1e-9 {
        asClear += 1
        if asClear > most { return nil }
      }
    }
    return (
      [found.part.lowerBound, found.part.upperBound].filter { (1..<values.count).contains($0) },
      Double(asClear + 1) / Double(permutations + 1)
    )
  }

  /// The part whose values differ most from the others by their ranks; it begins or ends with the series, or lies in its midst.
  private static func strongest(_ ranks: [Double]) -> (part: Range<Int>, statistic: Double) {
    let total = ranks.count
    var sums = [0.0]
    sums.reserveCapacity(total + 1)
    for rank in ranks { sums.append(sums[sums.count - 1] + rank) }
    var best = (part: 0..<leastSide, statistic: 0.0)
    // A part that ends with the series is the rest of one that begins with it.
    let begins = total <= longestForParts ? [0] + Array(leastSide..<(total - leastSide)) : [0]
    for begin in begins {
      let last = total - leastSide
      guard begin + leastSide <= last else { continue }
      for end in (begin + leastSide)...last {
        let inside = Double(end - begin)
        let count = Double(total)
        let expected = inside * (count + 1) / 2
        let variance = inside * (count - inside) * (count + 1) / 12
        let statistic = abs(sums[end] - sums[begin] - expected) / variance.squareRoot()
        if statistic > best.statistic + 1e-9 { best = (begin..<end, statistic) }
      }
    }
    return best
  }

  /// From 1; equal values share the mean of their ranks.
  private static func ranks(of values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }

  /// Whether a line leaves less than the levels do, both fitted so that outliers do not draw them.
  private static func isDrift(_ values: [Double], cutAt places: [Int]) -> Bool {
    let levels = zip([0] + places, places + [values.count]).map { Array(values[$0..<$1]) }
    let step = levels.reduce(0.0) { sum, side in
      let median = Descriptive.median(side) ?? 0
      return sum + side.reduce(0) { $0 + abs($1 - median) }
    }
    let slope = slope(of: values)
    let rests = values.enumerated().map { $1 - slope * Double($0) }
    let median = Descriptive.median(rests) ?? 0
    return rests.reduce(0) { $0 + abs($1 - median) } < leastGain * step
  }

  /// The median slope of pairs (Theil 1950; Sen 1968); of a long series pairs half of it apart, which are the surest ones.
  private static func slope(of values: [Double]) -> Double {
    let count = values.count
    var slopes: [Double] = []
    let distances = count <= 200 ? Array(1..<count) : [count / 2]
    for distance in distances {
      for index in 0..<(count - distance) {
        slopes.append((values[index + distance] - values[index]) / Double(distance))
      }
    }
    return Descriptive.median(slopes) ?? 0
  }
}
