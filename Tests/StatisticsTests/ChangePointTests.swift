import Statistics
import Testing

struct ChangePointTests {
  /// Normal numbers by the sum of twelve uniform ones, or with heavy tails: a tenth of them five times as wide.
  private static func noise(_ count: Int, heavy: Bool, _ generator: inout SplitMix64) -> [Double] {
    (0..<count).map { _ in
      let normal = (0..<12).reduce(-6.0) { sum, _ in sum + generator.unit() }
      return heavy && generator.unit() < 0.1 ? 5 * normal : normal
    }
  }

  @Test(
    "of a hundred series without a change about one is said to have one, whatever the tails",
    arguments: [10, 30, 100], [false, true])
  func falseAlarms(count: Int, heavy: Bool) {
    var generator = SplitMix64(seed: UInt64(count))
    let runs = count > 50 ? 150 : 400
    let alarms = (0..<runs).count { _ in
      !ChangePoints(Self.noise(count, heavy: heavy, &generator)).changes.isEmpty
    }
    // At 1 % more than 12 of 400 happen once in 2,000 such tests; the seed makes it always the same.
    #expect(Double(alarms) / Double(runs) <= 0.03, "\(alarms) of \(runs)")
  }

  @Test("a step of three standard deviations is found at its place, with outliers in it")
  func step() throws {
    var generator = SplitMix64(seed: 7)
    var found = 0
    var isNear = 0
    for _ in 0..<60 {
      var values = Self.noise(40, heavy: false, &generator)
      for index in 25..<40 { values[index] -= 3 }
      values[4] = 60
      values[33] = -80
      let changes = ChangePoints(values).changes
      if changes.count == 1 { found += 1 }
      if changes.contains(where: { abs($0.index - 25) <= 1 }) { isNear += 1 }
    }
    #expect(found >= 55 && isNear >= 52, "\(found) found, \(isNear) near")
  }

  @Test("two steps are both found, and the parts between them are the levels")
  func twoSteps() {
    var generator = SplitMix64(seed: 11)
    var values = Self.noise(60, heavy: false, &generator)
    for index in 20..<40 { values[index] += 6 }
    let points = ChangePoints(values)
    #expect(points.changes.map(\.index) == [20, 40])
    #expect(points.segments(of: 60) == [0..<20, 20..<40, 40..<60])
    #expect(points.drifts.isEmpty)
  }

  @Test("what creeps is a drift and no step")
  func drift() {
    var generator = SplitMix64(seed: 13)
    let values = Self.noise(40, heavy: false, &generator).enumerated().map {
      0.3 * $1 + 0.25 * Double($0)
    }
    let points = ChangePoints(values)
    #expect(points.changes.isEmpty && points.drifts == [0..<40])
  }

  @Test("a state that comes and goes is levels, and one value apart is none")
  func states() {
    var generator = SplitMix64(seed: 17)
    var values = Self.noise(45, heavy: false, &generator)
    for index in 15..<30 { values[index] -= 8 }
    #expect(ChangePoints(values).changes.map(\.index) == [15, 30])
    var single = Self.noise(30, heavy: false, &generator)
    single[20] = -50
    #expect(ChangePoints(single).changes.isEmpty)
  }

  @Test("few values, equal values and two values tell nothing or all that they can")
  func edges() {
    #expect(ChangePoints([]).changes.isEmpty && ChangePoints([]).segments(of: 0) == [0..<0])
    #expect(ChangePoints([1, 1, 1, 1, 9, 9, 9, 9]).changes.isEmpty)
    #expect(ChangePoints([Double](repeating: 5, count: 50)).changes.isEmpty)
    let clear = [1.0, 1, 1, 1, 1, 9, 9, 9, 9, 9]
    #expect(ChangePoints(clear).changes.map(\.index) == [5])
    // The same series always gives the same answer.
    #expect(ChangePoints(clear) == ChangePoints(clear))
  }

  @Test("a step among two thousand values is found")
  func large() {
    var generator = SplitMix64(seed: 19)
    var values = Self.noise(2000, heavy: false, &generator)
    for index in 1000..<2000 { values[index] += 2 }
    #expect(ChangePoints(values).changes.map(\.index).contains { abs($0 - 1000) < 10 })
  }
}
