import Analysis
import Fleet
import Model
import Statistics
import TestSupport
import Testing

/// The whole rule on simulated fleets: what `Documentation/Fleet.md` promises of it.
struct SimulatedFleetTests {
  /// How often a fleet of equal nodes has any node called out, and how often one slower by `change` is.
  private static func rates(
    nodes: Int, spread: Double, change: Double, fleets: Int, seed: UInt64
  ) -> (falseAlarms: Double, found: Double) {
    var numbers = NormalNumbers(seed: seed)
    var falseAlarms = 0
    var found = 0
    for _ in 0..<fleets {
      var values = (0..<nodes).map { _ in 100 * (1 + spread * numbers.next()) }
      falseAlarms += called(values).isEmpty ? 0 : 1
      values[0] *= 1 + change
      found += called(values).contains("n0") ? 1 : 0
    }
    return (Double(falseAlarms) / Double(fleets), Double(found) / Double(fleets))
  }

  private static func called(_ values: [Double]) -> Set<String> {
    var fleet = MadeFleet()
    for (index, value) in values.enumerated() { fleet.add(bare: "n\(index)", value) }
    let report = fleet.report()
    return report.nodes(.slow).union(report.nodes(.tooGood))
  }

  @Test(
    "a healthy fleet has a false alarm in about one report of a hundred, however few its nodes and great its spread",
    arguments: [4, 5, 8, 11, 16, 20, 50], [0.006, 0.012])
  func falseAlarms(nodes: Int, spread: Double) {
    let fleets = nodes > 20 ? 300 : 600
    let rates = Self.rates(
      nodes: nodes, spread: spread, change: 0, fleets: fleets, seed: UInt64(nodes))
    // Of 600 fleets at 1 % more than 15 have an alarm once in 1,000 such tests; the seed makes it always the same.
    #expect(rates.falseAlarms <= (fleets == 600 ? 0.025 : 0.034), "\(rates)")
  }

  @Test(
    "a node that is slower by 5 % is found among enough sisters",
    arguments: [(12, 0.6), (20, 0.9), (50, 0.97)])
  func power(nodes: Int, least: Double) {
    let rates = Self.rates(nodes: nodes, spread: 0.006, change: -0.05, fleets: 200, seed: 9)
    #expect(rates.found >= least, "\(rates)")
  }
}
