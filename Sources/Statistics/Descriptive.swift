/// Location and spread of values.
///
/// Functions that need a least number of values say so and return nil below it.
package enum Descriptive {
  /// The arithmetic mean, corrected for rounding; nil for no values.
  package static func mean(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    let first = values.reduce(0, +) / count
    return first + values.reduce(0) { $0 + ($1 - first) } / count
  }

  /// The sample variance with `n - 1`; nil below two values.
  package static func variance(_ values: [Double]) -> Double? {
    guard values.count >= 2, let mean = mean(values) else { return nil }
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  /// The sample standard deviation; nil below two values.
  package static func standardDeviation(_ values: [Double]) -> Double? {
    variance(values).map { $0.squareRoot() }
  }

  /// Standard deviation over mean; nil below two values or for a mean of zero.
  package static func coefficientOfVariation(_ values: [Double]) -> Double? {
    guard let deviation = standardDeviation(values), let mean = mean(values), mean != 0 else {
      return nil
    }
    return deviation / abs(mean)
  }

  /// The quantile by linear interpolation (Hyndman and Fan 1996, type 7); nil for no values.
  package static func quantile(_ values: [Double], _ p: Double) -> Double? {
    precondition((0...1).contains(p), "a quantile needs a probability")
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let place = Double(sorted.count - 1) * p
    let below = Int(place.rounded(.down))
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The middle value; nil for no values.
  package static func median(_ values: [Double]) -> Double? { quantile(values, 0.5) }

  /// The median absolute deviation from the median, unscaled (Hampel 1974); nil for no values.
  package static func medianAbsoluteDeviation(_ values: [Double]) -> Double? {
    guard let median = median(values) else { return nil }
    return self.median(values.map { abs($0 - median) })
  }

  /// Indices of values further than `limit` scaled deviations from the median.
  ///
  /// The modified z-score of Iglewicz and Hoaglin 1993 (0.6745 times the distance over the median absolute
  /// deviation, limit 3.5). Empty below four values or when more than half of them are equal.
  package static func outliers(_ values: [Double], limit: Double = 3.5) -> [Int] {
    guard values.count >= 4, let median = median(values),
      let deviation = medianAbsoluteDeviation(values), deviation > 0
    else { return [] }
    return values.indices.filter { 0.6745 * abs(values[$0] - median) / deviation > limit }
  }
}
