import Analysis
import Foundation
import Model
import Reporting
import TestSupport
import Testing
import Text

@Suite("Formats of comparisons")
struct ComparisonFormatTests {
  struct Sample: CustomTestStringConvertible {
    let name: String
    let report: ComparisonReport
    var testDescription: String { name }
  }

  private static func report(
    strict: Bool = false, gates: [ComparisonGate?] = [],
    base: (inout SampleResult) -> Void = { _ in }, new: (inout SampleResult) -> Void
  ) throws -> ComparisonReport {
    var old = SampleResult()
    old.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16", rates: [120.1e6, 120.2e6, 120.0e6, 120.15e6, 120.05e6],
        watts: [.cpuPackage: [98.2, 98.25, 98.15, 98.2, 98.22]]),
      SampleResult.Series(
        .scrypt, "avx2-4", rates: [52_300, 52_320, 52_290, 52_310, 52_305],
        watts: [.cpuPackage: [88.2, 88.25, 88.15, 88.2, 88.22]]),
    ]
    var young = old
    base(&old)
    new(&young)
    let kept = gates.compactMap(\.self)
    return ComparisonReport(
      try Comparison.make(
        base: Figure.all(of: old.make(), name: "base.json"),
        new: Figure.all(of: young.make(), name: "new.json"), ComparisonOptions(gates: kept)),
      baseName: "base.json", newName: "new.json", gates: kept, isStrict: strict,
      madeAt: 1_790_000_000)
  }

  static func samples() throws -> [Sample] {
    let gates = [ComparisonGate(.throughput, limit: -0.0175), ComparisonGate(.energy, limit: 0.05)]
    return [
      Sample(name: "same", report: try report { _ in }),
      Sample(
        name: "regression",
        report: try report(gates: gates) { sample in
          sample.series[0].rates = sample.series[0].rates.map { $0 * 0.97 }
          sample.series[1].rates = sample.series[1].rates.map { $0 * 1.10 }
        }),
      Sample(
        name: "cannot-tell",
        report: try report(strict: true, gates: gates) { sample in
          sample.series[0].rates = [100e6, 120e6, 140e6, 110e6, 130e6]
          sample.series[1].watts = [:]
        }),
      Sample(
        name: "hostile",
        report: try report(gates: gates) { sample in
          sample.deviceName = SampleReports.hostileName
          sample.boardName = "]]><x>&\"\u{1}"
        }),
    ]
  }

  @Test("every format of every sample is as its golden file")
  func golden() throws {
    for sample in try Self.samples() {
      for format in ComparisonFormatCatalog.all {
        assertSnapshot(
          format.render(sample.report, .plain(width: 110)),
          named: "compare-\(sample.name).\(format.name).\(format.fileExtension)")
      }
    }
  }

  @Test("the answers")
  func answers() throws {
    let passes = try Dictionary(
      uniqueKeysWithValues: Self.samples().map { ($0.name, $0.report.passes) })
    #expect(
      passes == ["same": true, "regression": false, "cannot-tell": false, "hostile": true])
  }

  @Test("JUnit holds to its schema")
  func schema() throws {
    guard let xmllint = ChildProcess.find("xmllint") else {
      return NotRun.report("JUnit by its schema: xmllint is not installed (libxml2-utils)")
    }
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    let schema = folder + "/Schemas/junit.xsd"
    for sample in try Self.samples() {
      let text = JUnitComparison().render(sample.report, .plain())
      let outcome = try ChildProcess.run(
        xmllint, ["--noout", "--nonet", "--schema", schema, "-"], input: text)
      #expect(outcome.status == 0, "\(sample.name): \(outcome.text)")
    }
    // The schema itself must be able to say no.
    let wrong = "<testsuites><testsuite id=\"0\"/></testsuites>"
    #expect(
      try ChildProcess.run(
        xmllint, ["--noout", "--nonet", "--schema", schema, "-"], input: wrong
      ).status != 0)
  }

  @Test("text fits every width", arguments: [24, 40, 60, 80, 100, 160])
  func fits(width: Int) throws {
    for sample in try Self.samples() {
      let text = TextComparison().render(
        sample.report, TextStyle(width: width, usesColour: false))
      for line in text.split(separator: "\n") {
        #expect(DisplayText.width(String(line)) <= width, "\(line)")
      }
    }
  }
}
