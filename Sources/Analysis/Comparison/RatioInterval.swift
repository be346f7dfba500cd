internal import Glibc
internal import Statistics

/// A ratio and what is known of its spread, on the logarithmic scale, where a ratio and its reciprocal weigh the same.
struct RatioInterval: Hashable, Sendable {
  let ratio: Double
  /// Standard uncertainty of the logarithm; nil when no spread is known.
  let standard: Double?
  let degreesOfFreedom: Double?
  let method: String

  /// The interval of the ratio at a confidence.
  func bounds(confidence: Double) -> (lower: Double, upper: Double)? {
    guard let standard else { return nil }
    let factor = StudentT.factor(confidence: confidence, degreesOfFreedom: degreesOfFreedom)
    return (ratio * exp(-factor * standard), ratio * exp(factor * standard))
  }

  /// From rounds in which both sides were measured: the mean of the logarithms of the rounds' ratios (paired t).
  ///
  /// Nil below two rounds.
  static func paired(base: [Double], new: [Double]) -> RatioInterval? {
    guard base.count == new.count, base.count >= 2 else { return nil }
    let logs = zip(base, new).map { log($1 / $0) }
    guard let mean = Descriptive.mean(logs), let deviation = Descriptive.standardDeviation(logs)
    else { return nil }
    return RatioInterval(
      ratio: exp(mean), standard: deviation / Double(logs.count).squareRoot(),
      degreesOfFreedom: Double(logs.count - 1), method: "paired, \(logs.count) rounds")
  }

  /// From two means with independent relative standard uncertainties (Welch 1947; Satterthwaite 1946).
  ///
  /// `uncertainties` are relative, of each side; nil for a side without any known spread. `method` is what the
  /// output calls it.
  static func independent(
    base: Double, new: Double, uncertainties: [(standard: Double, degreesOfFreedom: Double?)?],
    method: String
  ) -> RatioInterval {
    let known = uncertainties.compactMap(\.self)
    guard known.count == uncertainties.count else {
      return RatioInterval(
        ratio: new / base, standard: nil, degreesOfFreedom: nil, method: method)
    }
    let combined = CombinedUncertainty(known)
    return RatioInterval(
      ratio: new / base, standard: combined.standard,
      degreesOfFreedom: combined.degreesOfFreedom, method: method)
  }
}
