/// A straight line fitted by least squares.
package struct LinearFit: Hashable, Sendable {
  package let count: Int
  package let slope: Double
  package let intercept: Double
  /// Standard errors; nil for two points, which leave no residual.
  package let slopeError: Double?
  package let interceptError: Double?
  /// Standard deviation of the points around the line, with `count - 2`.
  package let residualDeviation: Double?
  package let meanX: Double
  /// Sum of squared distances of x from its mean.
  package let spreadX: Double

  /// Nil below two points, for unequal counts, or when all x are equal.
  package init?(x: [Double], y: [Double]) {
    guard x.count == y.count, x.count >= 2, let meanX = Descriptive.mean(x),
      let meanY = Descriptive.mean(y)
    else { return nil }
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    guard spread > 0 else { return nil }
    let common = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let slope = common / spread
    let intercept = meanY - slope * meanX
    count = x.count
    self.slope = slope
    self.intercept = intercept
    self.meanX = meanX
    spreadX = spread
    guard x.count >= 3 else {
      slopeError = nil
      interceptError = nil
      residualDeviation = nil
      return
    }
    let squares = zip(x, y).reduce(0) { sum, point in
      let residual = point.1 - intercept - slope * point.0
      return sum + residual * residual
    }
    let deviation = (squares / Double(x.count - 2)).squareRoot()
    residualDeviation = deviation
    slopeError = deviation / spread.squareRoot()
    interceptError = deviation * (1 / Double(x.count) + meanX * meanX / spread).squareRoot()
  }

  /// The interval of the slope; nil for two points.
  package func slopeInterval(confidence: Double = 0.95) -> Interval? {
    slopeError.map { error in
      let factor = StudentT.factor(
        confidence: confidence, degreesOfFreedom: Double(count - 2))
      return Interval(lower: slope - factor * error, upper: slope + factor * error)
    }
  }

  /// The line's value at `x`.
  package func value(at x: Double) -> Double { intercept + slope * x }

  /// Standard uncertainty of one further observation at `x` (Montgomery, Peck, Vining 2012, section 2.5); nil for
  /// two points.
  package func predictionError(at x: Double) -> Double? {
    residualDeviation.map { deviation in
      let distance = x - meanX
      return deviation * (1 + 1 / Double(count) + distance * distance / spreadX).squareRoot()
    }
  }
}

/// Dependence of values on those before them.
package enum Autocorrelation {
  /// The sample autocorrelation at a lag (Box and Jenkins 1976); nil when the values do not vary or are too few.
  package static func at(lag: Int, _ values: [Double]) -> Double? {
    guard lag >= 0, values.count > lag, let mean = Descriptive.mean(values) else { return nil }
    let all = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard all > 0 else { return nil }
    let shifted = zip(values, values.dropFirst(lag))
    return shifted.reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / all
  }

  /// How many independent values the series is worth, from its lag-1 autocorrelation (Bartlett 1935).
  ///
  /// At least 1, at most the number of values.
  package static func effectiveCount(_ values: [Double]) -> Double {
    let count = Double(values.count)
    guard let first = at(lag: 1, values), first > 0 else { return count }
    return max(1, count * (1 - first) / (1 + first))
  }
}

/// Whether something has stopped changing.
package enum SteadyState {
  /// The slope of the means of `blocks` equal blocks at the end of a series, per unit of time.
  ///
  /// Blocks average the noise away and keep the drift (power.md 2.4: three blocks of 20 s). Nil when the series
  /// does not reach back `blocks * length` or a block has no point.
  package static func slope(
    times: [Double], values: [Double], blocks: Int, length: Double
  ) -> Double? {
    guard times.count == values.count, let end = times.last, let start = times.first,
      end - start >= Double(blocks) * length * 0.98, blocks >= 2
    else { return nil }
    var middles: [Double] = []
    var means: [Double] = []
    for block in 0..<blocks {
      let upper = end - Double(block) * length
      let lower = upper - length
      let inside = zip(times, values).filter { $0.0 > lower && $0.0 <= upper }.map(\.1)
      guard let mean = Descriptive.mean(inside) else { return nil }
      middles.append(upper - length / 2)
      means.append(mean)
    }
    return LinearFit(x: middles, y: means)?.slope
  }
}
