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

  /// The random part is at least the noise of the count of so many shares, which the spread of a few windows may hide.
  ///
  /// As in the uncertainty budget, of the two standard uncertainties the greater one counts, with its own factor: Student's
  /// for the spread, the exact interval of a Poisson number for the count (Garwood 1936), which holds for no share too.
  /// `unit` is the rate that one share stands for, above 0.
  package mutating func floor(byCountingNoiseOf shares: Int, unit: Double) {
    let counting = unit * Double(shares).squareRoot()
    if shares > 0, count > 1, let standardDeviation,
      standardDeviation / Double(count).squareRoot() >= counting
    {
      return
    }
    let noise = Poisson.interval(shares)
    lower = unit * noise.lower
    upper = unit * noise.upper
    method = "garwood"
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
