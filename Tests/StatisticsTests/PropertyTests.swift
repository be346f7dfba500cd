import Statistics
import Testing

/// What must hold whatever the numbers.
struct PropertyTests {
  private static func normals(_ count: Int, _ generator: inout SplitMix64) -> [Double] {
    (0..<count).map { _ in Normal.quantile(min(max(generator.unit(), 1e-12), 1 - 1e-12)) }
  }

  @Test("a t interval covers the mean in 95 % of samples", arguments: [3, 5, 9])
  func coverage(count: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    let trials = 1500
    let hits = (0..<trials).count { _ in
      Intervals.studentMean(Self.normals(count, &generator))?.contains(0) == true
    }
    // Three standard errors of a share of 0.95 in 1500 trials are 0.0169.
    #expect(abs(Double(hits) / Double(trials) - 0.95) < 0.017)
  }

  @Test("shifting and scaling the data shifts and scales the interval, order does nothing")
  func invariance() throws {
    var generator = SplitMix64(seed: 3)
    let values = Self.normals(12, &generator)
    let plain = try #require(Intervals.bootstrap(values, of: Descriptive.mean))
    let moved = try #require(
      Intervals.bootstrap(values.map { 7 + 4 * $0 }, of: Descriptive.mean))
    #expect(agrees(moved.lower, 7 + 4 * plain.lower, within: 1e-9))
    #expect(agrees(moved.upper, 7 + 4 * plain.upper, within: 1e-9))
    let student = try #require(Intervals.studentMean(values))
    let shuffled = try #require(Intervals.studentMean(generator.shuffled(values)))
    #expect(agrees(shuffled.lower, student.lower, within: 1e-12))
  }

  @Test("too few values give nothing rather than a number")
  func tooFew() {
    #expect(Descriptive.mean([]) == nil)
    #expect(Descriptive.variance([1]) == nil)
    #expect(Descriptive.quantile([], 0.5) == nil)
    #expect(Intervals.studentMean([1]) == nil)
    #expect(Intervals.bootstrap([1, 2, 3], of: Descriptive.mean) == nil)
    #expect(RatioEstimate(numerators: [1], denominators: [0]) == nil)
    #expect(LinearFit(x: [1, 1], y: [2, 3]) == nil)
    #expect(PairedTests.t([1, 2], [1, 2]) == nil)
    #expect(GroupTests.mannWhitney([], [1]) == nil)
    #expect(Autocorrelation.at(lag: 1, [2, 2, 2]) == nil)
  }

  @Test("Student's factors of textbooks: 2.776 for 4 degrees of freedom, 1.960 for infinitely many")
  func factors() {
    #expect(abs(StudentT.factor(confidence: 0.95, degreesOfFreedom: 4) - 2.776) < 5e-4)
    #expect(abs(StudentT.factor(confidence: 0.95, degreesOfFreedom: nil) - 1.960) < 5e-4)
  }

  @Test("Welch and Satterthwaite: equal terms add their degrees, exact terms bring none")
  func combined() throws {
    let equal = CombinedUncertainty([(1, 4), (1, 4)])
    #expect(agrees(equal.standard, 2.0.squareRoot()))
    #expect(agrees(try #require(equal.degreesOfFreedom), 8))
    let exact = CombinedUncertainty([(1, 4), (1, nil)])
    #expect(agrees(try #require(exact.degreesOfFreedom), 16))
    #expect(CombinedUncertainty([(3, nil), (4, nil)]).degreesOfFreedom == nil)
    #expect(agrees(CombinedUncertainty([(3, nil), (4, nil)]).standard, 5))
  }

  @Test("an outlier is found by its distance, and never among four equal values")
  func outliers() {
    #expect(Descriptive.outliers([10, 10.1, 9.9, 10.05, 8]) == [4])
    #expect(Descriptive.outliers([10, 10, 10, 8]) == [])
    #expect(Descriptive.outliers([1, 2, 3, 4, 5]) == [])
  }

  @Test("the slope of blocks sees a drift through noise, and needs all blocks")
  func steadiness() throws {
    var generator = SplitMix64(seed: 8)
    let times = (1...90).map(Double.init)
    let noise = Self.normals(90, &generator)
    let drifting = zip(times, noise).map { 100 + 0.02 * $0 + 0.1 * $1 }
    let slope = try #require(
      SteadyState.slope(times: times, values: drifting, blocks: 3, length: 20))
    #expect(abs(slope - 0.02) < 0.004)
    #expect(
      SteadyState.slope(
        times: Array(times.prefix(30)), values: Array(drifting.prefix(30)), blocks: 3, length: 20)
        == nil)
  }

  @Test("a shuffle is a permutation and every index can come out")
  func shuffle() {
    var generator = SplitMix64(seed: 1)
    var seen: Set<Int> = []
    for _ in 0..<200 {
      let order = generator.shuffled([0, 1, 2, 3])
      #expect(order.sorted() == [0, 1, 2, 3])
      seen.insert(order.reduce(0) { $0 * 4 + $1 })
    }
    #expect(seen.count == 24)
  }
}
