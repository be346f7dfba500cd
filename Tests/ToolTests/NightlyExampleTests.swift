import Foundation
import Model
import Records
import TestSupport
import Testing

/// The night's script of Documentation/RegressionTesting.md, taken from the page and run.
struct NightlyExampleTests {
  private static func script() throws -> String {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Documentation/RegressionTesting.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.range(of: "```bash\n"))
    let end = try #require(text.range(of: "\n```", range: start.upperBound..<text.endIndex))
    return String(text[start.upperBound..<end.lowerBound]) + "\n"
  }

  /// Nights before this one, made beforehand, of the rate that `run` is about to give times a factor.
  private func nights(_ count: Int, as result: RunResult, factor: Double, in folder: String) throws
  {
    for number in 0..<count {
      var night = result
      night.startedAt -= Double(count - number) * 86400
      night.summaries = night.summaries.map { summary in
        var summary = summary
        summary.throughput.mean *= factor * (1 + 0.001 * Double(number % 3))
        return summary
      }
      try Data(try ResultFile.encode(night)).write(
        to: URL(fileURLWithPath: "\(folder)/before-\(number).json"))
    }
  }

  @Test(
    "the night's script measures, and fails when the night is slower than those before",
    arguments: [0.001, 1000.0])
  func night(factor: Double) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/night.sh"
    try Self.script().write(toFile: path, atomically: false, encoding: .utf8)
    let brief =
      "--algorithm sha256d --kernel portable --threads 1 --warmup 0 --window 0.2 --repeats 2 --idle 0"
    func run() throws -> ChildProcess.Outcome {
      try ChildProcess.run(
        "/bin/sh", [path], in: folder.path,
        environment: [
          "PROGRAM": Tool.path, "RUN": brief, "NIGHTS": folder.path + "/nights",
          // What a busy machine does to so short a run is luck; a thousandth of the rate is none.
          "GATES": "--gate throughput=-60%",
        ])
    }
    let first = try run()
    #expect(first.status == 0, "\(first.text)")
    #expect(first.output.contains("1 run: a change can be told from 10 on"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/nights")
    let name = try #require(files.first { $0.hasSuffix(".json") })
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/nights/\(name)"))
    try nights(
      5, as: try ResultFile.decode(Array(bytes), name: name), factor: factor,
      in: folder.path + "/nights")
    let last = try run()
    #expect(last.status == (factor > 1 ? 1 : 0), "\(last.text)")
  }
}
