internal import Glibc

/// The functions behind the distributions, accurate to about 1e-13.
enum SpecialFunctions {
  private static let lanczos: [Double] = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ]

  /// The logarithm of the gamma function for `x > 0` (Lanczos 1964, coefficients of Godfrey for g = 7, n = 9).
  static func logGamma(_ x: Double) -> Double {
    if x < 0.5 { return log(Double.pi / sin(Double.pi * x)) - logGamma(1 - x) }
    let shifted = x - 1
    var sum = lanczos[0]
    for index in 1..<lanczos.count { sum += lanczos[index] / (shifted + Double(index)) }
    let base = shifted + 7.5
    return 0.5 * log(2 * Double.pi) + (shifted + 0.5) * log(base) - base + log(sum)
  }

  /// The regularized incomplete beta function `I_x(a, b)`.
  ///
  /// Continued fraction by the modified Lentz method (Press et al. 2007, Numerical Recipes, section 6.4).
  static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let front = exp(
      logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2) { return front * betaFraction(x, a, b) / a }
    return 1 - front * betaFraction(1 - x, b, a) / b
  }

  private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / away(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...500 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / away(1 + even * d)
      c = away(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / away(1 + odd * d)
      c = away(1 + odd / c)
      let change = d * c
      fraction *= change
      if abs(change - 1) < 1e-15 { break }
    }
    return fraction
  }

  /// The regularized lower incomplete gamma function `P(a, x)` for `a > 0`, `x >= 0`.
  ///
  /// Series below `a + 1`, continued fraction above (Press et al. 2007, section 6.2). The number of steps grows
  /// with the square root of `a`, so counts of many millions still converge.
  static func regularizedLowerGamma(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 0 }
    let front = exp(a * log(x) - x - logGamma(a))
    let limit = 1000 + Int(20 * max(a, x).squareRoot())
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      for step in 1...limit {
        term *= x / (a + Double(step))
        sum += term
        if term < sum * 1e-16 { break }
      }
      return min(1, front * sum)
    }
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    for step in 1...limit {
      let n = Double(step)
      let factor = -n * (n - a)
      b += 2
      d = factor * d + b
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = b + factor / c
      if abs(c) < tiny { c = tiny }
      let change = d * c
      fraction *= change
      if abs(change - 1) < 1e-15 { break }
    }
    return max(0, 1 - front * fraction)
  }
}
