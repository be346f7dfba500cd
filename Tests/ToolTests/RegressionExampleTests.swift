import Foundation
import Model
import Records
import TestSupport
import Testing

/// The example of Documentation/RegressionTesting.md, taken from the page and run.
struct RegressionExampleTests {
  private static func script() throws -> String {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Documentation/RegressionTesting.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.range(of: "```sh\n"))
    let end = try #require(text.range(of: "\n```", range: start.upperBound..<text.endIndex))
    return String(text[start.upperBound..<end.lowerBound]) + "\n"
  }

  /// Runs the page's script in a folder.
  private func run(
    in folder: TemporaryFolder, base: String, new: String, what: String
  ) throws -> ChildProcess.Outcome {
    let path = folder.path + "/example.sh"
    try Self.script().write(toFile: path, atomically: false, encoding: .utf8)
    return try ChildProcess.run(
      "/bin/sh", [path], in: folder.path,
      environment: ["BASE": base, "NEW": new, "RUN": what, "PERF": folder.path + "/perf"])
  }

  /// A program that answers `run` with results made beforehand and hands everything else to the real one.
  private func stub(_ name: String, factor: Double, in folder: TemporaryFolder) throws -> String {
    let store = folder.path + "/" + name
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
    for index in 0..<3 {
      var sample = SampleResult()
      let run = factor * (1 + 0.001 * Double(index))
      sample.series[0].rates = [120.1e6, 120.2e6, 120.0e6].map { $0 * run }
      let bytes = try ResultFile.encode(sample.make())
      try Data(bytes).write(to: URL(fileURLWithPath: "\(store)/\(index).json"))
    }
    let path = store + ".sh"
    let text = """
      #!/bin/sh
      [ "$1" = run ] || exec '\(Tool.path)' "$@"
      while [ "$1" != --results ]; do shift; done
      count=$(ls "$2" | wc -l)
      cp '\(store)'/$((count)).json "$2/"
      """
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  @Test("a change that costs 5 % fails, one that costs nothing passes", arguments: [0.95, 1.0])
  func decided(factor: Double) throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      in: folder, base: stub("old", factor: 1, in: folder),
      new: stub("change", factor: factor, in: folder), what: "--suite quick")
    #expect(outcome.status == (factor < 1 ? 1 : 0), "\(outcome.text)")
    #expect(outcome.output.contains(factor < 1 ? "regression" : "gates held"))
    let report = try String(contentsOfFile: folder.path + "/perf/junit.xml", encoding: .utf8)
    #expect(report.contains("<failure") == (factor < 1))
  }

  @Test("the example measures with the real program")
  func real() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      in: folder, base: Tool.path, new: Tool.path,
      what:
        "--algorithm sha256d --kernel portable --threads 1 --warmup 0 --window 0.2 --repeats 2 --idle 0"
    )
    // What a busy machine makes of a program against itself is luck; that there is an answer is not.
    #expect([0, 1].contains(outcome.status), "\(outcome.text)")
    #expect(outcome.output.contains("hashwatt: "))
    #expect(FileManager.default.fileExists(atPath: folder.path + "/perf/junit.xml"))
  }

  @Test("a site that does not fit leaves the old one as it was")
  func diskFull() throws {
    let folder = try TemporaryFolder()
    let results = folder.path + "/results"
    try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
    let bytes = try ResultFile.encode(SampleResult().make())
    try Data(bytes).write(to: URL(fileURLWithPath: results + "/a.json"))
    let site = folder.path + "/site"
    let first = try ChildProcess.run(Tool.path, ["site", results, "--output", site])
    #expect(first.status == 0, "\(first.text)")
    let before = try Data(contentsOf: URL(fileURLWithPath: site + "/index.html"))
    // What did not change needs no room, so there is another result.
    try Data(bytes + Array("\n".utf8)).write(to: URL(fileURLWithPath: results + "/b.json"))
    // A limit of 1 KiB on every file fails in the same place as a full disk, and needs no disk to fill.
    let second = try ChildProcess.run(
      "/bin/sh",
      [
        "-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" site \"$1\" --output \"$2\"", Tool.path,
        results, site,
      ])
    #expect(second.status == 3, "\(second.text)")
    #expect(second.errors.contains("what was there is untouched"))
    #expect(second.errors.split(separator: "\n").count == 1)
    #expect(try Data(contentsOf: URL(fileURLWithPath: site + "/index.html")) == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "results", "site",
      ])
  }
}
