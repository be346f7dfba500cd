import Analysis
import Model
import Reporting
import TestSupport
import Testing

/// A figure of work never leaves without its unit: solutions are not hashes.
struct WorkUnitTests {
  private static let equihash = AlgorithmID(rawValue: "equihash-200-9")

  private static func result(_ rate: Double = 420_000) -> RunResult {
    var sample = SampleResult()
    var series = SampleResult.Series(
      equihash, "avx2", rates: [rate, rate * 1.001, rate * 0.999],
      watts: [.wall: [1400, 1401, 1399]])
    series.unit = .solution
    sample.series = [series]
    return sample.make()
  }

  private static let claim = PublishedClaim(
    algorithm: equihash, workUnit: .solution, rate: 840_000, power: Watts(2780),
    joulesPerWork: 2780.0 / 840_000, joulesPerWorkIsStated: false,
    stated: StatedFigures(rate: "840", unit: "kSol/s", power: "2780", efficiency: nil),
    measuredAt: .wall, year: 2023,
    source: ClaimSource(title: "a maker's page", address: "https://example.org"),
    confidence: .high, note: nil)

  private static var figures: [Figure] {
    let profile = Profile(
      hardwareID: HardwareID(rawValue: "asic/z"), kind: DeviceKind(rawValue: "asic"), name: "Z",
      published: [claim])
    return Figure.all(of: profile, name: "z.json") + Figure.all(of: result(), name: "own.json")
  }

  @Test("OpenMetrics tells the unit in a label, and no family's name says hashes")
  func openMetrics() {
    let text = OpenMetricsFormat().render(Ranking(Self.figures), .plain())
    let values = text.split(separator: "\n").filter { $0.hasPrefix("hashwatt_throughput") }
    #expect(values.count == 4)
    #expect(values.allSatisfy { $0.contains("unit=\"solution\"") })
    #expect(!text.contains("hashes"))
  }

  @Test("plots of solutions have axes of solutions")
  func plots() {
    let plots = ReportPlots.ofFigures(Self.figures) + ReportPlots.ofTime(Self.result())
    let axes = plots.flatMap { $0.script.split(separator: "\n") }
      .filter { $0.hasPrefix("set xlabel \"") || $0.hasPrefix("set ylabel \"") }
    #expect(axes.contains { $0.contains("kSol/s") })
    #expect(axes.contains { $0.contains("Sol/J") })
    #expect(!axes.contains { $0.contains("H/") })
  }

  @Test("a comparison of solutions says so, in text and for programs")
  func comparison() throws {
    let comparison = try Comparison.make(
      base: Figure.all(of: Self.result(), name: "base.json"),
      new: Figure.all(of: Self.result(430_000), name: "new.json"), ComparisonOptions())
    let report = ComparisonReport(
      comparison, baseName: "base.json", newName: "new.json", gates: [], isStrict: false,
      madeAt: 0)
    let json = try JSONComparison().render(report, .plain())
    #expect(json.contains("\"unit\": \"Sol/s\"") && json.contains("\"unit\": \"Sol/J\""))
    let text = TextComparison().render(report, .plain())
    #expect(text.contains("420.0 kSol/s") && !text.contains("H/"))
  }

  @Test(
    "hashes and solutions of one algorithm stand in sections of their own, each titled by its unit")
  func ranking() {
    var hashes = Self.figures[0]
    hashes.workUnit = .hash
    let sections = Ranking(Self.figures + [hashes]).sections
    #expect(sections.map(\.unit) == [.hash, .solution])
    #expect(
      sections.map { $0.title(.efficiency) } == [
        "equihash-200-9, scope wall, by joules per hash, lowest first",
        "equihash-200-9, scope wall, by solutions per joule, highest first",
      ])
  }

  @Test("spreadsheets and JSON name the unit beside the figure")
  func fields() throws {
    let csv = try CSVFormat().render(Ranking(Self.figures), .plain()).split(separator: "\r\n")
    let names = csv[0].split(separator: ",", omittingEmptySubsequences: false)
    #expect(names.contains("rate_per_s") && names.contains("work_unit"))
    #expect(csv.dropFirst().allSatisfy { $0.contains(",solution,") })
  }
}
