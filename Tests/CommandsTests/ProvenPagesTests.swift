import Analysis
import Foundation
import Model
import Records
import TestSupport
import Testing

/// What a miner says of itself never stands alone: beside it is what it proved, and their ratio.
struct ProvenPagesTests {
  private static func folder() throws -> RecordFolder {
    var run = ProvenMinerRun()
    run.claim = 1.25
    var result = run.make()
    result.checks = SampleChecks.checks(of: result)
    result.summaries = Summarizing.summaries(of: result)
    result.grading = Grader.grade(result)
    let folder = try RecordFolder()
    try folder.add("results/miner.json", bytes: try ResultFile.encode(result))
    return folder
  }

  @Test("claim, proof and their ratio stand on the device's page, in the report and in the table")
  func claims() throws {
    let folder = try Self.folder()
    let file = folder.path + "/results/miner.json"
    #expect(folder.run(["site", file, "--output", folder.path + "/site"]).code == .done)
    let page = try String(
      contentsOfFile: folder.path + "/site/devices/asic-test-miner.html", encoding: .utf8)
    for text in [
      "What the device claims", "cgminer GHS av", "0.8000", "hashwatt verify miner.json",
      "not that it happened inside its box",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(!page.contains("--rescan"))
    let report = folder.path + "/report.html"
    #expect(folder.run(["report", file, "--output", report]).code == .done)
    #expect(try String(contentsOfFile: report, encoding: .utf8).contains("0.8000"))
    let table = folder.run(["table", file])
    #expect(table.code == .done)
    let words = table.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("proven over claimed is 0.8000"), "\(table.text)")
  }

  @Test("a model's profile carries the claim with its ratio")
  func profile() throws {
    let folder = try Self.folder()
    let outcome = folder.run([
      "profile", folder.path + "/results/miner.json", "--profiles", folder.path + "/profiles",
    ])
    #expect(outcome.code == .done, "\(outcome.notes)")
    let profile = try String(
      contentsOfFile: folder.path + "/profiles/asic/test-miner.json", encoding: .utf8)
    #expect(profile.contains("\"proven_over_claimed\": 0.8"))
  }
}
