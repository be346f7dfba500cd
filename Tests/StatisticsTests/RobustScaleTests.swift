import Statistics
import Testing

struct RobustScaleTests {
  @Test("Qn of few values, by hand")
  func few() throws {
    #expect(RobustScale.deviation([]) == nil && RobustScale.deviation([1]) == nil)
    // Distances 1, 2, 3, 4, 6, 7: the third, times 2.2219 times 0.512.
    let four = try #require(RobustScale.deviation([0, 1, 3, 7]))
    #expect(abs(four - 3 * 2.2219 * 0.512) < 1e-12)
    // h = 3, k = 3 of ten distances: 1, 1, 1, ...
    let five = try #require(RobustScale.deviation([1, 2, 3, 4, 100]))
    #expect(abs(five - 1 * 2.2219 * 0.844) < 1e-12)
  }

  @Test("half of the values may be anything, and equal values have no spread")
  func robust() throws {
    let good = (0..<11).map { 100 + 0.1 * Double($0) }
    let clean = try #require(RobustScale.deviation(good))
    let dirty = try #require(RobustScale.deviation(good + (0..<9).map { 1e6 * Double($0 + 1) }))
    #expect(dirty < 10 * clean)
    #expect(RobustScale.deviation([5, 5, 5, 5, 9]) == 0)
    let many = (0..<400).map { Double($0 % 7) }
    #expect(try #require(RobustScale.deviation(many)) > 0)
  }

  @Test("of normal values it is their standard deviation, on both sides of the limit")
  func normal() throws {
    var generator = SplitMix64(seed: 5)
    for count in [10, 11, 40, RobustScale.pairwiseLimit, RobustScale.pairwiseLimit + 1, 400] {
      let runs = 400
      let mean =
        try (0..<runs).reduce(0.0) { sum, _ in
          let values = (0..<count).map { _ in
            Normal.quantile(1e-12 + generator.unit() * (1 - 2e-12))
          }
          return sum + (try #require(RobustScale.deviation(values)))
        } / Double(runs)
      #expect(abs(mean - 1) < 0.04, "\(count): \(mean)")
    }
  }

  @Test(
    "the distance grows as values get fewer and tests more, and never falls below the normal one")
  func distance() throws {
    #expect(OutlierFactor.distance(count: 3, tests: 1) == nil)
    let even = try stride(from: 4, through: 60, by: 2).map {
      try #require(OutlierFactor.distance(count: $0, tests: 1))
    }
    #expect(zip(even, even.dropFirst()).allSatisfy { $0 > $1 - 0.05 })
    for count in [4, 7, 13, 21, 37, 70, 200, 5000] {
      let distances = try [1, 2, 4, 16, 100, 256].map {
        try #require(OutlierFactor.distance(count: count, tests: $0))
      }
      #expect(
        zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 }, "\(count): \(distances)")
      #expect(distances[0] >= Normal.quantile(1 - 0.01 / Double(2 * count)))
    }
    #expect(
      OutlierFactor.distance(count: 20, tests: 10_000)
        == OutlierFactor.distance(count: 20, tests: 256))
  }
}
