import Analysis
import Model
import TestSupport
import Testing

/// The budget's terms against the formulas worked by hand.
struct BudgetTests {
  private func input(
    _ descriptors: [MeterDescriptor] = [FakeMeter.counter()], joules: [Double] = [6000, 6000, 6000]
  ) -> BudgetInput {
    BudgetInput(
      work: [6e8, 6.06e8, 5.94e8], joules: joules, seconds: [60, 60, 60],
      skews: [1e-4, 1e-4, 1e-4], workers: 16, batch: 4096,
      channels: descriptors.map {
        BudgetInput.Channel(
          descriptor: $0, joules: joules.reduce(0, +) / Double(descriptors.count))
      })
  }

  private func term(_ name: UncertaintyTerm.Name, _ budget: UncertaintyBudget) throws -> Double {
    try #require(budget.terms.first { $0.name == name }).relative
  }

  @Test func termsByHand() throws {
    let budget = UncertaintyBudget(
      input([FakeMeter.counter(gainBound: 0.05, offsetBound: Watts(5), updatePeriod: 0.001)]))
    // Residuals 0, 6e6, -6e6: sqrt(3/2 * 72e12) / 18e8.
    #expect(abs(try term(.repeats, budget) / ((1.5 * 72e12).squareRoot() / 1.8e9) - 1) < 1e-9)
    #expect(abs(try term(.inFlight, budget) / (4096 * 8.0.squareRoot() / 1.8e9) - 1) < 1e-9)
    #expect(abs(try term(.skew, budget) / (1e-4 / 180) - 1) < 1e-9)
    let resolution = 61.035e-6 * 0.5.squareRoot() / 18000
    #expect(abs(try term(.resolution, budget) / resolution - 1) < 1e-9)
    #expect(abs(try term(.tick, budget) / (0.001 * 0.5.squareRoot() / 180) - 1) < 1e-9)
    #expect(abs(try term(.gain, budget) / (0.05 / 3.0.squareRoot()) - 1) < 1e-9)
    #expect(abs(try term(.offset, budget) / (5 * 180 / 18000 / 3.0.squareRoot()) - 1) < 1e-9)
  }

  @Test("an unknown accuracy, tick or step leaves no total, and repeatability stays")
  func unknownTerms() {
    for descriptor in [
      FakeMeter.counter(gainBound: nil), FakeMeter.counter(updatePeriod: nil),
    ] {
      let budget = UncertaintyBudget(input([descriptor]))
      #expect(budget.total == nil)
      #expect(budget.repeatability != nil)
    }
  }

  @Test("one window has neither")
  func oneWindow() {
    let budget = UncertaintyBudget(
      BudgetInput(
        work: [6e8], joules: [6000], seconds: [60], skews: [0], workers: 1, batch: 1,
        channels: [BudgetInput.Channel(descriptor: FakeMeter.counter(), joules: 6000)]))
    #expect(budget.repeatability == nil)
    #expect(budget.total == nil)
  }

  @Test("repeatability leaves gain and offset out; the gain of siblings adds, not in squares")
  func systematic() throws {
    let one = UncertaintyBudget(input([FakeMeter.counter(gainBound: 0.2)]))
    let none = UncertaintyBudget(input([FakeMeter.counter(gainBound: 0)]))
    #expect(one.repeatability == none.repeatability)
    let siblings = UncertaintyBudget(
      input([
        FakeMeter.counter("a:0", gainBound: 0.2),
        FakeMeter.counter("a:1", part: "1", gainBound: 0.2),
      ]))
    #expect(abs(try term(.gain, siblings) - (try term(.gain, one))) < 1e-12)
  }

  @Test("only disjoint siblings of one source are added; mirrors are left out")
  func scopes() {
    let mirror = MeterDescriptor(
      id: MeterID(rawValue: "powercap:mmio"), source: MeterSourceID("powercap", isOnMachine: true),
      label: "mmio",
      scope: .cpuPackage, covers: .package(0), part: "2", kind: .measuredCounter,
      quantity: .energyCounter, rawUnit: "uJ", resolution: 61,
      updatePeriod: Seconds(0.001),
      accuracy: MeterAccuracy(gainBound: 0.05, source: "test", isAssumed: true), privilege: "none",
      mirrorOf: MeterID(rawValue: "powercap:package-0"))
    let groups = ScopeChannels.groups([
      FakeMeter.counter("powercap:package-0"),
      FakeMeter.counter("powercap:package-1", part: "1"),
      mirror,
      FakeMeter.counter("perf:package-0"),
      FakeMeter.counter("powercap:psys", scope: .psys, part: ""),
      FakeMeter.counter("powercap:dram-0", scope: .dram),
      FakeMeter.counter("shelly:a", scope: .wall, part: "a"),
      FakeMeter.counter("shelly:b", scope: .wall, part: "b"),
    ])
    let shown = groups.map { "\($0.scope): \($0.meters.map(\.id.rawValue).joined(separator: "+"))" }
    #expect(
      shown == [
        "wall: shelly:a", "wall: shelly:b", "psys: powercap:psys",
        "cpu-package: powercap:package-0+powercap:package-1", "cpu-package: perf:package-0",
        "dram: powercap:dram-0",
      ])
  }
}
