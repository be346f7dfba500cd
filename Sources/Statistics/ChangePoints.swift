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
  /// Random orders that a series is held against.
  private static let permutations = 999

  /// Looks for changes by ranks, so that outliers weigh no more than other values, whatever the values' distribution.
  ///
  /// The statistic is the greatest standardized Mann-Whitney statistic over all places (Pettitt 1979, "A non-parametric
  /// approach to the change-point problem"; standardized as by Hawkins and Deng 2010, "A nonparametric change-point control
  /// chart"), its probability that of 999 random orders of the same values (Phipson and Smyth 2010), which is exact for any
  /// distribution and with ties. A part with a change is cut there and both sides are looked at again (binary segmentation,
  /// Scott and Knott 1974): a series without changes is cut in at most `falseAlarmRate` of all cases, for then the first test
  /// decides alone. Values are taken as independent of one another.
  package init(_ values: [Double]) {
    var changes: [Change] = []
    var drifts: [Range<Int>] = []
    var parts = [values.indices]
    while let part = parts.popLast() {
      guard part.count >= Self.leastCount,
        let change = Self.change(in: Array(values[part]), seed: UInt64(part.lowerBound))
      else { continue }
      if Self.isDrift(Array(values[part]), cutAt: change.index) {
        drifts.append(part)
        continue
      }
      let place = part.lowerBound + change.index
      changes.append(Change(index: place, probability: change.probability))
      parts += [part.lowerBound..<place, place..<part.upperBound]
    }
    self.changes = changes.sorted { $0.index < $1.index }
    self.drifts = drifts.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// The parts between the changes, in order.
  package func segments(of count: Int) -> [Range<Int>] {
    let ends = [0] + changes.map(\.index) + [count]
    return zip(ends, ends.dropFirst()).map { $0..<$1 }
  }

  private static func change(in values: [Double], seed: UInt64) -> Change? {
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
    return Change(
      index: found.index, probability: Double(asClear + 1) / Double(permutations + 1))
  }

  /// The place at which the values before and after differ most by their ranks.
  private static func strongest(_ ranks: [Double]) -> (index: Int, statistic: Double) {
    let count = Double(ranks.count)
    var sum = 0.0
    var best = (index: leastSide, statistic: 0.0)
    for index in 1...(ranks.count - leastSide) {
      sum += ranks[index - 1]
      guard index >= leastSide else { continue }
      let before = Double(index)
      let expected = before * (count + 1) / 2
      let variance = before * (count - before) * (count + 1) / 12
      let statistic = abs(sum - expected) / variance.squareRoot()
      if statistic > best.statistic + 1e-9 { best = (index, statistic) }
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

  /// Whether a line leaves less than two levels do, both fitted so that outliers do not draw them.
  private static func isDrift(_ values: [Double], cutAt index: Int) -> Bool {
    let levels = [Array(values[..<index]), Array(values[index...])]
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
