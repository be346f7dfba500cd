package import Model
internal import Statistics

extension Estimate {
  /// The values' spread with the 95 % interval of their mean; nil for no values.
  ///
  /// Student's t; from ten values on the hull of that and the BCa bootstrap (power.md 2.5, R19), for a few disturbed
  /// windows among many make the one too narrow on the side where the other is not. The bootstrap's seed is fixed,
  /// so that the same values give the same interval anywhere.
  package init?(of values: [Double]) {
    guard let mean = Descriptive.mean(values), let median = Descriptive.median(values),
      let minimum = values.min(), let maximum = values.max()
    else { return nil }
    var interval = Intervals.studentMean(values)
    var method = "student-t"
    if let bootstrapped = Intervals.bootstrap(values, of: Descriptive.mean) {
      interval = interval.map {
        Interval(
          lower: min($0.lower, bootstrapped.lower), upper: max($0.upper, bootstrapped.upper))
      }
      method = "student-t+bca-bootstrap"
    }
    self.init(
      count: values.count, mean: mean, median: median, minimum: minimum, maximum: maximum,
      standardDeviation: Descriptive.standardDeviation(values), lower: interval?.lower,
      upper: interval?.upper, method: method)
  }

  /// The interval is at least as wide as that of a Poisson number of so many shares (Garwood 1936), which the spread of
  /// a few windows may hide.
  package mutating func widen(toCountingNoiseOf shares: Int) {
    guard shares > 0 else { return }
    let noise = Poisson.interval(shares)
    lower = min(lower ?? .infinity, mean * noise.lower / Double(shares))
    upper = max(upper ?? -.infinity, mean * noise.upper / Double(shares))
    method += "+share-count"
  }

  /// Half the interval over the mean; nil without an interval.
  package var relativeHalfWidth: Double? {
    guard let lower, let upper, mean != 0 else { return nil }
    return (upper - lower) / 2 / abs(mean)
  }

  /// Standard deviation over mean; nil for one value.
  package var coefficientOfVariation: Double? {
    standardDeviation.flatMap { mean == 0 ? nil : $0 / abs(mean) }
  }
}
