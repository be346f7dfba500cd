/// The outcome of a two-sided test.
package struct TestOutcome: Hashable, Sendable {
  package let statistic: Double
  /// Two-sided probability of something at least as extreme when there is no difference.
  package let probability: Double
  /// Nil where the test has none.
  package let degreesOfFreedom: Double?

  package init(statistic: Double, probability: Double, degreesOfFreedom: Double? = nil) {
    self.statistic = statistic
    self.probability = probability
    self.degreesOfFreedom = degreesOfFreedom
  }
}

/// How a rank test gets its probability.
package enum RankMethod: Sendable {
  /// Exact where there are no ties and few values, else asymptotic.
  case automatic
  case exact
  case asymptotic
}

/// Tests for paired values: two measurements of each pair.
package enum PairedTests {
  /// Student's paired t test; nil below two pairs, for unequal counts or when all differences are equal.
  package static func t(_ first: [Double], _ second: [Double]) -> TestOutcome? {
    guard first.count == second.count else { return nil }
    let differences = zip(first, second).map { $0 - $1 }
    guard let mean = Descriptive.mean(differences),
      let deviation = Descriptive.standardDeviation(differences), deviation > 0
    else { return nil }
    let count = Double(differences.count)
    let statistic = mean / (deviation / count.squareRoot())
    let tail = StudentT.cumulative(-abs(statistic), degreesOfFreedom: count - 1)
    return TestOutcome(
      statistic: statistic, probability: 2 * tail, degreesOfFreedom: count - 1)
  }

  /// Wilcoxon's signed-rank test (Wilcoxon 1945); zero differences are dropped.
  ///
  /// The statistic is the smaller of the two rank sums. Nil when no difference is left.
  package static func signedRank(
    _ first: [Double], _ second: [Double], method: RankMethod = .automatic
  ) -> TestOutcome? {
    guard first.count == second.count else { return nil }
    let differences = zip(first, second).map { $0 - $1 }.filter { $0 != 0 }
    guard !differences.isEmpty else { return nil }
    let ranking = Ranking(differences.map { abs($0) })
    let positive = zip(differences, ranking.ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    let n = Double(differences.count)
    let total = n * (n + 1) / 2
    let statistic = min(positive, total - positive)
    if method == .exact || (method == .automatic && !ranking.hasTies && differences.count <= 50) {
      let counts = subsetSums(upTo: differences.count)
      let below = counts.prefix(Int(statistic.rounded(.down)) + 1).reduce(0, +)
      return TestOutcome(
        statistic: statistic, probability: min(1, 2 * below / counts.reduce(0, +)))
    }
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ranking.tieSum / 48
    let z = (statistic - total / 2) / variance.squareRoot()
    return TestOutcome(statistic: statistic, probability: min(1, 2 * Normal.cumulative(z)))
  }

  /// In how many ways each sum is made from the numbers 1...n, each used at most once.
  private static func subsetSums(upTo n: Int) -> [Double] {
    var counts = [Double](repeating: 0, count: n * (n + 1) / 2 + 1)
    counts[0] = 1
    for number in 1...n {
      for sum in stride(from: counts.count - 1, through: number, by: -1) {
        counts[sum] += counts[sum - number]
      }
    }
    return counts
  }
}

/// Tests for two independent groups.
package enum GroupTests {
  /// Welch's t test for unequal variances (Welch 1947); nil when a group has fewer than two values or no spread.
  package static func welch(_ first: [Double], _ second: [Double]) -> TestOutcome? {
    guard let firstMean = Descriptive.mean(first), let secondMean = Descriptive.mean(second),
      let firstVariance = Descriptive.variance(first),
      let secondVariance = Descriptive.variance(second), firstVariance + secondVariance > 0
    else { return nil }
    let firstError = firstVariance / Double(first.count)
    let secondError = secondVariance / Double(second.count)
    let combined = CombinedUncertainty([
      (firstError.squareRoot(), Double(first.count - 1)),
      (secondError.squareRoot(), Double(second.count - 1)),
    ])
    let statistic = (firstMean - secondMean) / combined.standard
    let tail = StudentT.cumulative(
      -abs(statistic), degreesOfFreedom: combined.degreesOfFreedom)
    return TestOutcome(
      statistic: statistic, probability: 2 * tail, degreesOfFreedom: combined.degreesOfFreedom)
  }

  /// The Mann-Whitney U test (Mann and Whitney 1947), with tie and continuity correction where asymptotic.
  ///
  /// The statistic is the U of the first group. Nil when a group is empty.
  package static func mannWhitney(
    _ first: [Double], _ second: [Double], method: RankMethod = .automatic
  ) -> TestOutcome? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let ranking = Ranking(first + second)
    let n = Double(first.count)
    let m = Double(second.count)
    let statistic = ranking.ranks.prefix(first.count).reduce(0, +) - n * (n + 1) / 2
    let larger = max(statistic, n * m - statistic)
    if method == .exact
      || (method == .automatic && !ranking.hasTies && first.count * second.count <= 400)
    {
      let counts = rankSums(first.count, second.count)
      let above = counts.suffix(counts.count - Int(larger.rounded(.up))).reduce(0, +)
      return TestOutcome(
        statistic: statistic, probability: min(1, 2 * above / counts.reduce(0, +)))
    }
    let all = n + m
    let variance = n * m / 12 * (all + 1 - ranking.tieSum / (all * (all - 1)))
    guard variance > 0 else { return TestOutcome(statistic: statistic, probability: 1) }
    let z = (larger - n * m / 2 - 0.5) / variance.squareRoot()
    return TestOutcome(statistic: statistic, probability: min(1, 2 * Normal.cumulative(-z)))
  }

  /// In how many orders of two groups each U occurs.
  private static func rankSums(_ first: Int, _ second: Int) -> [Double] {
    // ways[j][u]: arrangements of the groups so far with j of the second group and U = u.
    var ways = [[Double]](repeating: [], count: second + 1)
    for j in 0...second {
      ways[j] = [Double](repeating: 0, count: first * second + 1)
      ways[j][0] = 1
    }
    for _ in 1...first {
      // A further value of the first group that stands above j values of the second adds j.
      for j in 0...second {
        var next = [Double](repeating: 0, count: first * second + 1)
        for u in 0...(first * second) {
          var sum = u >= j ? ways[j][u - j] : 0
          if j > 0 { sum += ways[j - 1][u] }
          next[u] = sum
        }
        ways[j] = next
      }
    }
    return ways[second]
  }
}

/// Mid-ranks from 1, and how many ties there are.
struct Ranking {
  let ranks: [Double]
  /// Sum of `t^3 - t` over the groups of equal values.
  let tieSum: Double
  var hasTies: Bool { tieSum > 0 }

  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var ties = 0.0
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let size = Double(end - start)
      ties += size * size * size - size
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    self.ranks = ranks
    tieSum = ties
  }
}
