import Foundation
import Model
import Records
import TestSupport
import Testing

/// The nights of Documentation/RegressionTesting.md, by a script, by systemd and by Slurm, taken from where they are written and run.
struct NightlyExampleTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Tool.projectFolder)/\(path)", encoding: .utf8)
  }

  private static let page = "Documentation/RegressionTesting.md"
  private static let brief =
    "--algorithm sha256d --kernel portable --threads 1 --warmup 0 --window 0.2 --repeats 2 --idle 0"

  private static func script() throws -> String {
    let text = try text(page)
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
    func run() throws -> ChildProcess.Outcome {
      try ChildProcess.run(
        "/bin/sh", [path], in: folder.path,
        environment: [
          "PROGRAM": Tool.path, "RUN": Self.brief, "NIGHTS": folder.path + "/nights",
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

  /// The first of a folder's results.
  private func result(in folder: String) throws -> RunResult {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let name = try #require(files.first { $0.hasSuffix(".json") })
    return try ResultFile.decode(
      Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))), name: name)
  }

  @Test("the commands of the service measure and judge, and fail by a night that is worse")
  func service() throws {
    let unit = try Self.text("Packaging/examples/hashwatt-regression.service")
    let commands = unit.split(separator: "\n").compactMap { line in
      line.hasPrefix("ExecStart=") ? line.dropFirst("ExecStart=".count) : nil
    }
    #expect(commands.count == 2)
    let folder = try TemporaryFolder()
    // As systemd does: words are parted by blanks, two percent signs are one, and the first command that fails is the last.
    func night() throws -> Tool.Outcome {
      var outcome: Tool.Outcome?
      for command in commands {
        let line = command.replacing("%%", with: "%").replacing(
          "--suite standard", with: Self.brief
        )
        .replacing("throughput=-1.75%", with: "throughput=-60%")
        let words = line.split(separator: " ").map(String.init)
        try #require(words.first == "/usr/bin/hashwatt", "\(command)")
        outcome = try Tool.run(Array(words.dropFirst()), in: folder.path)
        if outcome?.status != 0 { break }
      }
      return try #require(outcome)
    }
    #expect(try night().status == 0)
    let nights = folder.path + "/nights"
    try self.nights(5, as: try result(in: nights), factor: 1000, in: nights)
    let worse = try night()
    #expect(worse.status == 1, "\(worse.output)\(worse.errors)")
  }

  @Test("systemd takes the units as they are")
  func units() throws {
    guard let analyze = ChildProcess.find("systemd-analyze") else {
      return NotRun.report("the units of the nightly test: systemd-analyze is not installed")
    }
    let folder = try TemporaryFolder()
    // It wants the program to be there; nothing is started.
    try FileManager.default.createDirectory(
      atPath: folder.path + "/usr/bin", withIntermediateDirectories: true)
    for name in ["service", "timer"] {
      let unit = try Self.text("Packaging/examples/hashwatt-regression.\(name)")
        .replacing("/usr/bin/hashwatt", with: "/bin/true")
      try unit.write(
        toFile: "\(folder.path)/hashwatt-regression.\(name)", atomically: false, encoding: .utf8)
    }
    let outcome = try ChildProcess.run(
      analyze,
      ["verify", "--man=no", "--recursive-errors=no"]
        + ["service", "timer"].map { "\(folder.path)/hashwatt-regression.\($0)" })
    let own = outcome.text.split(separator: "\n").filter { $0.contains("hashwatt-regression") }
    #expect(own.isEmpty && outcome.status == 0, "\(outcome.text)")
  }

  @Test("the lines for Slurm measure each night, and judge all of them in the morning")
  func slurm() throws {
    let lines = try Self.text(Self.page).split(separator: "\n")
    let submit = try #require(lines.first { $0.hasPrefix("hashwatt fleet submit nights/") })
    let morning = try #require(lines.first { $0.hasPrefix("hashwatt trend nights") })
    let folder = try TemporaryFolder()
    let bin = folder.path + "/bin"
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    // In place of Slurm: what is submitted runs here and now.
    for (name, script) in [
      "hashwatt": "exec '\(Tool.path)' \"$@\"", "sbatch": "sh >&2 && echo $$", "squeue": "true",
    ] {
      try ScriptFile.write("#!/bin/sh\n\(script)\n", to: "\(bin)/\(name)")
    }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    func run(_ line: Substring) throws -> ChildProcess.Outcome {
      try ChildProcess.run(
        "/bin/sh", ["-c", String(line).replacing("--suite standard", with: Self.brief)],
        in: folder.path,
        environment: ["PATH": "\(bin):\(path)"])
    }
    let first = try run(submit)
    #expect(first.status == 0 && first.text.contains("3 of 3 nodes submitted"), "\(first.text)")
    let judged = try run(morning)
    #expect(judged.status == 0, "\(judged.text)")
    let report = try String(contentsOfFile: folder.path + "/nights.xml", encoding: .utf8)
    #expect(report.contains("<testsuite"))
  }
}
