/// The ratio of two sums over paired values, with its standard error.
///
/// `sum(numerators) / sum(denominators)`, the error by linearization (Cochran 1977, Sampling Techniques,
/// section 6.4, without finite population correction): the residuals of the numerators around the fitted ratio.
package struct RatioEstimate: Hashable, Sendable {
  package let value: Double
  /// Standard error of `value`; nil for one pair.
  package let standardError: Double?
  package let count: Int

  /// Nil without pairs, for unequal counts, or when the denominators sum to zero.
  package init?(numerators: [Double], denominators: [Double]) {
    let total = denominators.reduce(0, +)
    guard !numerators.isEmpty, numerators.count == denominators.count, total != 0 else {
      return nil
    }
    count = numerators.count
    let ratio = numerators.reduce(0, +) / total
    value = ratio
    let pairs = zip(numerators, denominators)
    let squares = pairs.reduce(0) { sum, pair in
      let residual = pair.0 - ratio * pair.1
      return sum + residual * residual
    }
    let n = Double(numerators.count)
    standardError =
      numerators.count >= 2 ? (n * squares / (n - 1)).squareRoot() / abs(total) : nil
  }

  /// The interval by Student's t with `count - 1` degrees of freedom; nil for one pair.
  package func interval(confidence: Double = 0.95) -> Interval? {
    standardError.map { error in
      let half =
        StudentT.factor(confidence: confidence, degreesOfFreedom: Double(count - 1)) * error
      return Interval(lower: value - half, upper: value + half)
    }
  }
}
