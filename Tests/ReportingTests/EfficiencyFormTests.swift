import Analysis
import Model
import Reporting
import TestSupport
import Testing
import Text

@Suite("Efficiency, both ways")
struct EfficiencyFormTests {
  @Test(
    "joules per work with the prefix that suits",
    arguments: [
      (17.5e-12, "17.50 J/TH"), (0.9e-12, "0.9000 J/TH"), (999.96e-12, "1.000 J/GH"),
      (796.2e-9, "796.2 J/GH"), (2.5e-6, "2.500 J/MH"), (0.002, "2.000 J/kH"), (3, "3.000 J/H"),
      (1234, "1234 J/H"),
    ])
  func prefix(joules: Double, expected: String) {
    #expect(RateText.text(EnergyPerWork(joules: joules, unit: .hash)) == expected)
  }

  @Test("the interval is that of the reciprocal, in digits that it leaves")
  func interval() {
    let efficiency = Bounded(1.742e6, lower: 1.643e6, upper: 1.841e6)
    #expect(EfficiencyForm.workPerJoule.text(efficiency, .hash) == "1.742 ± 0.099 MH/J")
    #expect(EfficiencyForm.joulesPerWork.text(efficiency, .hash) == "574 ± 35 J/GH")
    #expect(
      EfficiencyForm.joulesPerWork.text(Bounded(300), .solution, withInterval: false)
        == "3.333 J/kSol")
    // An interval that reaches zero has no upper end for the joules.
    #expect(Bounded(2, lower: 0, upper: 4).reciprocal.upper == nil)
  }

  @Test(
    "a limit in either form is the same limit",
    arguments: ["50GH/J", "20J/TH", " 20 J / TH ", "0.05 TH/J", "0.02J/GH"])
  func limit(text: String) throws {
    let limit = try #require(EfficiencyLimit(text))
    #expect(abs(limit.least / 50e9 - 1) < 1e-12 && limit.unit == .hash)
  }

  @Test(
    "a limit without a unit, or with one of something else, is none",
    arguments: [
      "", "20", "J/TH", "-1J/TH", "0J/TH", "20W/TH", "20J/s", "20J/XH", "1MH/s", "1MH/J/J",
    ])
  func noLimit(text: String) {
    #expect(EfficiencyLimit(text) == nil)
  }

  private static func figures(_ kind: DeviceKind) -> [Figure] {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "a", rates: [100e12, 101e12, 99e12], watts: [.wall: [3000, 3001, 2999]]),
      SampleResult.Series(
        .sha256d, "b", rates: [100e12, 101e12, 99e12], watts: [.wall: [1500, 1501, 1499]]),
    ]
    return Figure.all(of: sample.make(), name: "a.json").map { figure in
      var copy = figure
      copy.deviceKind = kind
      return copy
    }
  }

  @Test("miners are told first what they are used to, and both keys sort the same way")
  func lead() throws {
    func text(_ kind: DeviceKind, _ sort: SortKey) -> String {
      TextFormat().render(
        Ranking(Self.figures(kind), RankingQuery(sort: sort)), .plain(width: 200))
    }
    let miners = text(.asic, .efficiency)
    #expect(miners.contains("by joules per hash, lowest first"))
    let columns = try #require(miners.split(separator: "\n").first { $0.contains("work/J") })
    let joules = try #require(columns.firstRange(of: "J/work"))
    let work = try #require(columns.firstRange(of: "work/J"))
    #expect(joules.lowerBound < work.lowerBound)
    #expect(text(.cpu, .efficiency).contains("by hashes per joule, highest first"))
    let asked = text(.cpu, .joulesPerWork)
    #expect(asked.contains("by joules per hash, lowest first"))
    for text in [miners, asked] {
      let rows = text.split(separator: "\n").filter { $0.contains("J/TH") }
      #expect(rows.count == 2 && rows[0].contains("15.0") && rows[1].contains("30.0"))
    }
  }

  @Test("the filter by efficiency takes what is better and counts the same")
  func filter() throws {
    let limit = try #require(EfficiencyLimit("20J/TH"))
    let kept = Ranking(Self.figures(.asic), RankingQuery(efficiency: limit)).figures
    #expect(kept.map { $0.kernel?.rawValue } == ["b"])
    let solutions = try #require(EfficiencyLimit("20J/TSol"))
    #expect(
      Ranking(Self.figures(.asic), RankingQuery(efficiency: solutions)).figures.isEmpty)
  }
}
