import Foundation
import Model
import Records
import TestSupport
import Testing

/// `fleet submit` in a shared folder that fails.
struct FleetFaultTests {
  private static let run = [
    "--nodes", "n[1-2]", "--program", "/opt/hashwatt", "--", "--suite", "quick",
  ]

  /// A Slurm that takes every job, and counts them.
  private static func scheduler(in folder: TemporaryFolder) throws -> String {
    let bin = folder.path + "/bin"
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    let jobs = folder.path + "/jobs"
    try ScriptFile.write("#!/bin/sh\necho x >>'\(jobs)'\nwc -l <'\(jobs)'\n", to: bin + "/sbatch")
    try ScriptFile.write("#!/bin/sh\n", to: bin + "/squeue")
    return "\(bin):/usr/bin:/bin"
  }

  private static func jobs(_ folder: TemporaryFolder) -> Int {
    let text = try? String(contentsOfFile: folder.path + "/jobs", encoding: .utf8)
    return text?.split(separator: "\n").count ?? 0
  }

  @Test(
    "a shared folder that fails at every call in turn gives one line, keeps every challenge that was given away, and the fleet goes on",
    arguments: [("commands", "full"), ("slurm", "full"), ("slurm", "fail")])
  func faults(engine: String, kind: String) throws {
    let scratch = try TemporaryFolder()
    let layer = try JournalTests.layer(scratch)
    var failed = 0
    for number in 1...200 {
      let folder = try TemporaryFolder()
      let path = try Self.scheduler(in: folder)
      let fleet = folder.path + "/night"
      let mark = folder.path + "/mark"
      let submit = ["fleet", "submit", fleet, "--engine", engine] + Self.run
      let outcome = try Tool.run(
        submit, in: folder.path,
        environment: [
          "PATH": path, "LD_PRELOAD": layer, "FAULT_FOLDER": fleet, "FAULT_KIND": kind,
          "FAULT_AT": "\(number)", "FAULT_MARK": mark,
        ])
      guard FileManager.default.fileExists(atPath: mark) else {
        #expect(outcome.status == 0, "\(number): \(outcome.errors)")
        break
      }
      failed += 1
      let place: Comment = "\(kind) at call \(number): \(outcome.errors)"
      // What only tidies up may fail without a word.
      #expect(outcome.status == 3 || outcome.status == 0, place)
      if outcome.status == 3 {
        #expect(outcome.errors.split(separator: "\n").count == 1, place)
        #expect(
          outcome.errors.contains(
            kind == "full" ? "No space left on device" : "Input/output error"), place)
      }
      // Nothing is submitted before its challenge is on the disk; then the folder is mended.
      let isThere = FileManager.default.fileExists(atPath: fleet + "/fleet.json")
      #expect(isThere || Self.jobs(folder) == 0, place)
      let words = isThere ? ["fleet", "submit", fleet, "--again"] : submit
      let again = try Tool.run(words, in: folder.path, environment: ["PATH": path])
      #expect(again.status == 0, "\(number): \(again.errors)")
      let plan = try FleetFile.decode(
        Array(try Data(contentsOf: URL(fileURLWithPath: fleet + "/fleet.json"))), name: "fleet.json"
      )
      #expect(plan.nodes.count == 2 && plan.nodes.allSatisfy { !$0.attempts.isEmpty }, place)
      if engine == "slurm" {
        #expect(Self.jobs(folder) >= 2, place)
      } else {
        let lines = try String(contentsOfFile: fleet + "/commands.tsv", encoding: .utf8)
        #expect(lines.split(separator: "\n").count == 2, place)
      }
    }
    #expect(failed >= 8, "only \(failed) calls could fail")
  }
}
