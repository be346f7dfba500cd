internal import Glibc

/// The standard normal distribution.
package enum Normal {
  /// Probability of a value not greater than `z`.
  package static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// The value that is not exceeded with probability `p`, `0 < p < 1`.
  ///
  /// Found on the distribution function itself, without tables of constants.
  package static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs a probability between 0 and 1")
    let scale = 1 / (2 * Double.pi).squareRoot()
    return invert(p, from: -40, to: 40, density: { scale * exp(-$0 * $0 / 2) }, cumulative)
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
    let scale =
      SpecialFunctions.logGamma((degrees + 1) / 2) - SpecialFunctions.logGamma(degrees / 2)
      - 0.5 * log(degrees * Double.pi)
    return invert(
      p, from: 0, to: high,
      density: { exp(scale - (degrees + 1) / 2 * log1p($0 * $0 / degrees)) },
      { cumulative($0, degreesOfFreedom: degrees) })
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

extension Poisson {
  /// The exact two-sided interval of the mean when so many events were counted (Garwood 1936).
  package static func interval(_ count: Int, confidence: Double = 0.95) -> Interval {
    let tail = (1 - confidence) / 2
    // Far above any upper end for tails down to 1e-9.
    let high = Double(count) + 20 * Double(count + 1).squareRoot() + 50
    func mean(where isBelow: (Double) -> Bool) -> Double {
      var (low, high) = (0.0, high)
      for _ in 0..<200 where low < high {
        let middle = low + (high - low) / 2
        if isBelow(middle) { low = middle } else { high = middle }
      }
      return low
    }
    let lower = count <= 0 ? 0 : mean { 1 - cumulative(count - 1, mean: $0) < tail }
    return Interval(lower: lower, upper: mean { cumulative(count, mean: $0) > tail })
  }
}

/// The argument at which a distribution function reaches `p`, to the last bits.
///
/// Newton's steps where they stay between the bounds known so far, else bisection.
private func invert(
  _ p: Double, from low: Double, to high: Double, density: (Double) -> Double,
  _ function: (Double) -> Double
) -> Double {
  var low = low
  var high = high
  var guess = low + (high - low) / 2
  for _ in 0..<200 {
    let error = function(guess) - p
    if error < 0 { low = guess } else { high = guess }
    let slope = density(guess)
    let step = guess - error / slope
    let next = slope > 0 && step > low && step < high ? step : low + (high - low) / 2
    if abs(next - guess) <= 1e-15 * max(1, abs(guess)) || next == low || next == high {
      return next
    }
    guess = next
  }
  return guess
}
