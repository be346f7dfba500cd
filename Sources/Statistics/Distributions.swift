internal import Glibc

/// The standard normal distribution.
package enum Normal {
  /// Probability of a value not greater than `z`.
  package static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// The value that is not exceeded with probability `p`, `0 < p < 1`.
  ///
  /// Bisection on the distribution function: slow, exact, without tables of constants.
  package static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs a probability between 0 and 1")
    return invert(p, from: -40, to: 40, cumulative)
  }
}

/// Student's t distribution (Student 1908).
package enum StudentT {
  /// Probability of a value not greater than `t`; nil degrees of freedom mean infinitely many.
  package static func cumulative(_ t: Double, degreesOfFreedom: Double?) -> Double {
    guard let degrees = degreesOfFreedom, degrees < 1e7 else { return Normal.cumulative(t) }
    let tail =
      0.5 * SpecialFunctions.regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The value that is not exceeded with probability `p`, `0 < p < 1`.
  package static func quantile(_ p: Double, degreesOfFreedom: Double?) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs a probability between 0 and 1")
    guard let degrees = degreesOfFreedom, degrees < 1e7 else { return Normal.quantile(p) }
    if p == 0.5 { return 0 }
    if p < 0.5 { return -quantile(1 - p, degreesOfFreedom: degrees) }
    var high = 2.0
    while cumulative(high, degreesOfFreedom: degrees) < p, high < 1e300 { high *= 2 }
    return invert(p, from: 0, to: high) { cumulative($0, degreesOfFreedom: degrees) }
  }

  /// The factor of a two-sided interval: 2.776 for 95 % and 4 degrees of freedom.
  package static func factor(confidence: Double, degreesOfFreedom: Double?) -> Double {
    quantile(0.5 + confidence / 2, degreesOfFreedom: degreesOfFreedom)
  }
}

/// The Poisson distribution: counts of independent rare events.
package enum Poisson {
  /// Probability of at most `count` events when `mean` are expected.
  package static func cumulative(_ count: Int, mean: Double) -> Double {
    guard count >= 0 else { return 0 }
    guard mean > 0 else { return 1 }
    return 1 - SpecialFunctions.regularizedLowerGamma(Double(count) + 1, mean)
  }

  /// Probability of a count at least as far out as `count` on its side, doubled: a two-sided test.
  package static func twoSided(_ count: Int, mean: Double) -> Double {
    guard mean > 0 else { return count == 0 ? 1 : 0 }
    let lower = cumulative(count, mean: mean)
    let upper = count == 0 ? 1 : SpecialFunctions.regularizedLowerGamma(Double(count), mean)
    return min(1, 2 * min(lower, upper))
  }
}

/// The argument at which a rising function reaches `p`, to the last bit or so.
private func invert(
  _ p: Double, from low: Double, to high: Double, _ function: (Double) -> Double
) -> Double {
  var low = low
  var high = high
  for _ in 0..<200 {
    let middle = low + (high - low) / 2
    if middle == low || middle == high { break }
    if function(middle) < p { low = middle } else { high = middle }
  }
  return low + (high - low) / 2
}
