/// A closed range that an estimate's true value lies in with a stated confidence.
package struct Interval: Hashable, Sendable {
  package let lower: Double
  package let upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  package var halfWidth: Double { (upper - lower) / 2 }
  package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}

/// Intervals for location.
package enum Intervals {
  /// The interval of the mean by Student's t (Student 1908); nil below two values.
  package static func studentMean(_ values: [Double], confidence: Double = 0.95) -> Interval? {
    guard let mean = Descriptive.mean(values),
      let deviation = Descriptive.standardDeviation(values)
    else { return nil }
    let count = Double(values.count)
    let half =
      StudentT.factor(confidence: confidence, degreesOfFreedom: count - 1) * deviation
      / count.squareRoot()
    return Interval(lower: mean - half, upper: mean + half)
  }

  /// The bias-corrected and accelerated bootstrap interval (Efron 1987; DiCiccio and Efron 1996).
  ///
  /// The same seed gives the same interval. Nil below ten values, for which a bootstrap is not to be trusted, and
  /// where it is not defined (every resample on one side of the estimate).
  package static func bootstrap(
    _ values: [Double], confidence: Double = 0.95, resamples: Int = 2000, seed: UInt64 = 1,
    of statistic: ([Double]) -> Double?
  ) -> Interval? {
    guard values.count >= 10, let estimate = statistic(values) else { return nil }
    var generator = SplitMix64(seed: seed)
    var replicates: [Double] = []
    replicates.reserveCapacity(resamples)
    var draw = values
    for _ in 0..<resamples {
      for index in draw.indices { draw[index] = values[generator.index(below: values.count)] }
      if let replicate = statistic(draw) { replicates.append(replicate) }
    }
    let below = replicates.count { $0 < estimate }
    let notAbove = replicates.count { $0 <= estimate }
    let share = Double(below + notAbove) / Double(2 * replicates.count)
    guard share > 0, share < 1 else { return nil }
    let bias = Normal.quantile(share)
    let acceleration = jackknifeAcceleration(values, of: statistic)
    func adjusted(_ p: Double) -> Double {
      let z = bias + Normal.quantile(p)
      return Normal.cumulative(bias + z / (1 - acceleration * z))
    }
    let tail = (1 - confidence) / 2
    guard let lower = Descriptive.quantile(replicates, adjusted(tail)),
      let upper = Descriptive.quantile(replicates, adjusted(1 - tail))
    else { return nil }
    return Interval(lower: lower, upper: upper)
  }

  private static func jackknifeAcceleration(
    _ values: [Double], of statistic: ([Double]) -> Double?
  ) -> Double {
    let leftOut = values.indices.compactMap { index -> Double? in
      var rest = values
      rest.remove(at: index)
      return statistic(rest)
    }
    guard let center = Descriptive.mean(leftOut) else { return 0 }
    let square = leftOut.reduce(0) { $0 + (center - $1) * (center - $1) }
    let cube = leftOut.reduce(0) { $0 + (center - $1) * (center - $1) * (center - $1) }
    return square > 0 ? cube / (6 * square * square.squareRoot()) : 0
  }
}
