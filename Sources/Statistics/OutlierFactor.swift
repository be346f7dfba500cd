/// How far from the median a value of a group must lie to be no chance, in units of `RobustScale.deviation`.
///
/// Median and spread of a few values are themselves uncertain, and the farthest of many values lies far out anyway: the
/// normal quantile for as many values is multiplied by a factor that was found by simulation (`Scripts/sister-limits.sh`).
package enum OutlierFactor {
  /// How often a family of tests may call a value of equal normal ones an outlier.
  package static let falseAlarmRate = 0.01
  /// Groups below this size tell nothing: of three values one is far from the other two in most groups.
  package static let leastCount = 4
  /// The most tests that the table is made for.
  package static let mostTests = 256

  /// The distance that the farthest of `count` equal values reaches in `falseAlarmRate / tests` of all groups, so that one
  /// in a hundred families of so many tests has a false alarm; nil below `leastCount` values.
  ///
  /// Up to `mostTests`; the rate of false alarms grows in proportion beyond that.
  package static func distance(count: Int, tests: Int) -> Double? {
    guard count >= leastCount else { return nil }
    let column = columns.firstIndex { $0 >= tests } ?? columns.count - 1
    let rate = falseAlarmRate / Double(min(max(tests, 1), mostTests))
    return factor(count, column) * Normal.quantile(1 - rate / Double(2 * count))
  }

  /// Between two rows it is linear in one over the number of values, in which it is nearly straight.
  private static func factor(_ count: Int, _ column: Int) -> Double {
    guard let above = table.firstIndex(where: { $0.count >= count }) else {
      return table[table.count - 1].factors[column]
    }
    let upper = table[above]
    guard upper.count > count, above > 0 else { return upper.factors[column] }
    let lower = table[above - 1]
    let place =
      (1 / Double(count) - 1 / Double(upper.count))
      / (1 / Double(lower.count) - 1 / Double(upper.count))
    return upper.factors[column] + place * (lower.factors[column] - upper.factors[column])
  }
}
