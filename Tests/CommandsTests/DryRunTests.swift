import Foundation
import Model
import Testing

struct DryRunTests {
  @Test(
    "every suite's plan fits 80 columns and writes nothing",
    arguments: ["quick", "standard", "metered"])
  func text(suite: String) throws {
    let folder = try RecordFolder()
    let results = folder.path + "/results"
    let outcome = folder.run([
      "run", "--suite", suite, "--meter", "manual:55", "--results", results, "--dry-run",
    ])
    #expect(outcome.code == .done, "\(outcome.notes)")
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.first == "suite: \(suite)-1")
    #expect(lines.contains("  manual:55, unknown, manual"))
    #expect(lines.contains { $0.hasPrefix("total: ") })
    #expect(!FileManager.default.fileExists(atPath: results))
  }

  @Test("as JSON the plan's times add up")
  func json() throws {
    let folder = try RecordFolder()
    let outcome = folder.run([
      "run", "--suite", "standard", "--algorithm", "sha256d", "--threads", "1", "--seed", "7",
      "--dry-run", "--format", "json",
    ])
    let plan = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.text.utf8)) as? [String: Any])
    #expect(plan["format"] as? String == "hashwatt-plan")
    #expect(plan["seed"] as? String == "7")
    let steps = try #require(plan["steps"] as? [[String: Any]])
    let sum = steps.reduce(0.0) { sum, step in
      sum + (step["count"] as? Double ?? .nan) * (step["each_s"] as? Double ?? .nan)
    }
    #expect(plan["total_s"] as? Double == sum)
    #expect(try #require(plan["longest_s"] as? Double) > sum)
  }
}
