import Statistics
import Testing

/// Every function against SciPy's answer for the same numbers.
struct SciPyTests {
  private let data: ReferenceData

  init() throws { data = try ReferenceData.load() }

  @Test func descriptions() throws {
    for (name, one) in data.describe {
      let mean = try #require(Descriptive.mean(one.values))
      #expect(agrees(mean, one.mean), "\(name)")
      #expect(agrees(try #require(Descriptive.variance(one.values)), one.variance), "\(name)")
      #expect(agrees(try #require(Descriptive.median(one.values)), one.median), "\(name)")
      let deviation = try #require(Descriptive.medianAbsoluteDeviation(one.values))
      #expect(agrees(deviation, one.mad), "\(name)")
      for (text, expected) in one.quantiles {
        let p = try #require(Double(text))
        #expect(agrees(try #require(Descriptive.quantile(one.values, p)), expected), "\(name) \(p)")
      }
      let interval = try #require(Intervals.studentMean(one.values))
      #expect(agrees(interval.lower, one.tInterval[0]), "\(name)")
      #expect(agrees(interval.upper, one.tInterval[1]), "\(name)")
      for lag in 1...2 {
        let found = try #require(Autocorrelation.at(lag: lag, one.values))
        #expect(agrees(found, one.autocorrelation[lag - 1], within: 1e-7), "\(name)")
      }
    }
  }

  @Test("BCa agrees with SciPy's of 99,999 resamples to a tenth of the standard error")
  func bootstrap() throws {
    for (name, one) in data.bootstrap {
      let interval = try #require(
        Intervals.bootstrap(one.values, resamples: 20_000, of: Descriptive.mean))
      #expect(abs(interval.lower - one.interval[0]) < 0.1 * one.standardError, "\(name)")
      #expect(abs(interval.upper - one.interval[1]) < 0.1 * one.standardError, "\(name)")
    }
  }

  @Test func independentGroups() throws {
    for one in data.groups {
      let welch = try #require(GroupTests.welch(one.first, one.second))
      #expect(agrees(welch.statistic, one.welch[0]))
      #expect(agrees(welch.probability, one.welch[1], within: 1e-8))
      #expect(agrees(try #require(welch.degreesOfFreedom), one.welchDf))
      let asymptotic = try #require(
        GroupTests.mannWhitney(one.first, one.second, method: .asymptotic))
      #expect(agrees(asymptotic.statistic, one.mannWhitneyAsymptotic[0]))
      #expect(agrees(asymptotic.probability, one.mannWhitneyAsymptotic[1], within: 1e-8))
      if let expected = one.mannWhitneyExact {
        let exact = try #require(GroupTests.mannWhitney(one.first, one.second, method: .exact))
        #expect(agrees(exact.statistic, expected[0]))
        #expect(agrees(exact.probability, expected[1], within: 1e-8))
      }
    }
  }

  @Test func pairedValues() throws {
    for one in data.pairs {
      let t = try #require(PairedTests.t(one.first, one.second))
      #expect(agrees(t.statistic, one.pairedT[0]))
      #expect(agrees(t.probability, one.pairedT[1], within: 1e-8))
      let asymptotic = try #require(
        PairedTests.signedRank(one.first, one.second, method: .asymptotic))
      #expect(agrees(asymptotic.statistic, one.signedRankAsymptotic[0]))
      #expect(agrees(asymptotic.probability, one.signedRankAsymptotic[1], within: 1e-8))
      if let expected = one.signedRankExact {
        let exact = try #require(PairedTests.signedRank(one.first, one.second, method: .exact))
        #expect(agrees(exact.statistic, expected[0]))
        #expect(agrees(exact.probability, expected[1], within: 1e-8))
      }
    }
  }

  @Test func lines() throws {
    for one in data.lines {
      let fit = try #require(LinearFit(x: one.x, y: one.y))
      #expect(agrees(fit.slope, one.slope))
      #expect(agrees(fit.intercept, one.intercept))
      #expect(agrees(try #require(fit.slopeError), one.slopeError))
      #expect(agrees(try #require(fit.interceptError), one.interceptError))
      let interval = try #require(fit.slopeInterval())
      #expect(agrees(interval.lower, one.slopeInterval[0], within: 1e-8))
      #expect(agrees(interval.upper, one.slopeInterval[1], within: 1e-8))
    }
  }

  @Test func ratios() throws {
    for one in data.ratios {
      let ratio = try #require(
        RatioEstimate(numerators: one.numerators, denominators: one.denominators))
      #expect(agrees(ratio.value, one.value))
      #expect(agrees(try #require(ratio.standardError), one.standardError, within: 1e-8))
    }
  }

  @Test func distributions() {
    for point in data.tCumulative {
      let found = StudentT.cumulative(point[0], degreesOfFreedom: point[1])
      #expect(agrees(found, point[2], within: 1e-10), "\(point)")
    }
    for point in data.tQuantile {
      let found = StudentT.quantile(point[0], degreesOfFreedom: point[1])
      #expect(agrees(found, point[2], within: 1e-9), "\(point)")
    }
    for point in data.normalCumulative {
      #expect(agrees(Normal.cumulative(point[0]), point[1], within: 1e-12), "\(point)")
    }
    for point in data.normalQuantile where point[1] != 0 {
      #expect(agrees(Normal.quantile(point[0]), point[1], within: 1e-10), "\(point)")
    }
    for point in data.poissonCumulative {
      let found = Poisson.cumulative(Int(point[0]), mean: point[1])
      #expect(agrees(found, point[2], within: 1e-8), "\(point)")
    }
  }
}
