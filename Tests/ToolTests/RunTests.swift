import Foundation
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// `hashwatt run` and `verify`, as the built program: short custom runs on one thread.
@Suite(.serialized)
struct RunTests {
  /// The shortest run that has windows.
  static let short = [
    "run", "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup", "0.2",
    "--window", "0.5", "--repeats", "2", "--idle", "0",
  ]

  /// The one result below a folder.
  private func result(in folder: TemporaryFolder) throws -> (path: String, text: String) {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results")
    let name = try #require(names.first)
    #expect(names.count == 1, "\(names)")
    #expect(name.hasSuffix(".json"), "\(name)")
    let path = folder.path + "/results/" + name
    return (path, try String(contentsOfFile: path, encoding: .utf8))
  }

  private func expectValid(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    guard let validator = ChildProcess.find("check-jsonschema") else {
      NotRun.report("result against its schema: no check-jsonschema on this machine")
      return
    }
    let schema = Tool.projectFolder + "/profiles/schema/result-v1.schema.json"
    let outcome = try ChildProcess.run(validator, ["--schemafile", schema, path])
    #expect(outcome.status == 0, "\(outcome.text)", sourceLocation: sourceLocation)
  }

  @Test("a short run writes one valid result that verifies")
  func shortRun() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(Self.short, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("sha256d"))
    let (path, text) = try result(in: folder)
    try expectValid(path)
    let verified = try Tool.run(["verify", path])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    guard !Tool.isDebugBuild else { return }
    let digest = try ChildProcess.run("/usr/bin/sha256sum", [Tool.path]).output.prefix(64)
    #expect(digest.count == 64 && text.contains("\"executable_sha256\": \"\(digest)\""))
  }

  @Test("--roofline keeps what one core can do at most beside the result")
  func roofline() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(Self.short + ["--roofline"], in: folder.path)
    guard !Tool.isDebugBuild else {
      expectOneLine(outcome, code: 3, naming: ["debug build"])
      return
    }
    #if arch(x86_64)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("against what its core can do at most"))
      let (path, text) = try result(in: folder)
      try expectValid(path)
      let roofline = try #require(
        try ResultFile.decode(Array(text.utf8), name: path).roofline)
      #expect(roofline.kernels.map(\.kernel.rawValue) == ["portable"])
      #expect(roofline.throughputs.allSatisfy { $0.vectorBits == 128 && $0.perCycle > 0 })
      #expect(roofline.kernels.allSatisfy { $0.measured > 0 && $0.clock > 0 && $0.spread >= 0 })
    #else
      NotRun.report("run --roofline: the operations of this processor's kernels are not known")
    #endif
  }

  @Test("--format json prints the result and nothing else")
  func json() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(Self.short + ["--format", "json"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output == (try result(in: folder).text))
  }

  @Test("the first Ctrl-C keeps the finished windows and exits 130")
  func interrupt() throws {
    let words = [
      "run", "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup", "0",
      "--window", "1", "--repeats", "100", "--idle", "0",
    ]
    // How long the self-test takes differs much between machines: wait longer until a window was finished.
    var patience = 4.0
    var folder = try TemporaryFolder()
    while true {
      let running = try Tool.start(words, in: folder.path)
      try Tool.waitUntilBusy(running, seconds: patience)
      running.send(2)
      let outcome = running.finish()
      #expect(outcome.status == 130, "\(outcome.errors)")
      if try folder.files().contains(where: { $0.hasPrefix("results/") }) { break }
      expectOneLine(outcome, code: 130, naming: ["nothing was written"])
      try #require(patience < 60)
      patience *= 2
      folder = try TemporaryFolder()
    }
    let (path, text) = try result(in: folder)
    #expect(text.contains("\"interrupted\""))
    try expectValid(path)
    let verified = try Tool.run(["verify", path])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  @Test(
    "wrong values are one line and exit 2, before anything is written",
    arguments: [
      (["--algorithm", "sha256"], "sha256d"),
      (["--kernel", "portabel"], "portable"),
      (["--threads", "0"], "--threads"),
      (["--threads", "100000"], "100000"),
      (["--cpus", "99999"], "99999"),
      (["--cpus", "0-"], "--cpus"),
      (["--challenge", "xyz"], "--challenge"),
      (["--window", "soon"], "--window"),
      (["--window", "0"], "--window"),
      (["--repeats", "0"], "--repeats"),
      (["--suite", "quik"], "quick"),
      (["--device", "gpu"], "gpu"),
      (["--seed", "-1"], "--seed"),
      (["--widnow", "1"], "--window"),
    ])
  func wrongValues(words: [String], part: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(["run"] + words, in: folder.path)
    expectOneLine(outcome, code: 2, naming: [part])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a results folder that cannot be made is found before anything is measured")
  func unwritableResults() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/occupied"
    try "kept".write(toFile: file, atomically: false, encoding: .utf8)
    let outcome = try Tool.run(Self.short + ["--results", file + "/results"], in: folder.path)
    expectOneLine(outcome, code: 3, naming: ["--results"])
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "kept")
  }

  @Test("a full disk is found before anything is measured")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    // A file system of 64 KiB; only root may mount one.
    let mount = try ChildProcess.run(
      "/usr/bin/env", ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path])
    guard mount.status == 0 else {
      NotRun.report("results on a full disk: needs root to mount a small file system")
      return
    }
    defer { _ = try? ChildProcess.run("/usr/bin/env", ["umount", folder.path]) }
    let outcome = try Tool.run(Self.short + ["--results", folder.path + "/results"])
    expectOneLine(outcome, code: 3, naming: ["No space left on device"])
    let left = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    #expect(left.filter { $0 != "results" }.isEmpty, "\(left)")
  }

  @Test("a reader that goes away costs no result")
  func closedPipe() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(Self.short, in: folder.path, to: .closedPipe)
    #expect(outcome.status == -13)
    let (path, _) = try result(in: folder)
    #expect(try Tool.run(["verify", path]).status == 0)
  }
}
