import Foundation
import Model
import Records
import TestSupport
import Testing

/// A kernel that passes its self-test and later does not come back ends the run, and takes nothing with it.
struct StuckKernelTests {
  private func run(
    header: Int, call: Int, window: String, options: [String] = [], in folder: TemporaryFolder
  ) throws -> Tool.Outcome {
    let object = try PluginSource.compile(
      "Tests/ToolTests/Plugins/hang.c", folder,
      ["-DHANG_HEADER=\(header)", "-DHANG_CALL=\(call)"] + options)
    return try Tool.run(
      [
        "run", "--plugin", object, "--algorithm", "sha256d", "--kernel", "plugin:hang", "--threads",
        "1", "--warmup", "0", "--window", window, "--repeats", "3", "--idle", "0",
      ], in: folder.path, environment: ["HASHWATT_PLUGIN_LIMIT_S": "5"])
  }

  @Test(
    "lost in the second window: the first one is written, one line, exit 1",
    arguments: [
      (["-DHANG_ASLEEP"], "is stuck: a call did not return within 10 s"),
      (["-DHANG_BY_CRASH"], "crashed (SIGSEGV) after its self-test"),
      (["-DHANG_BY_EXIT"], "crashed (exit) after its self-test"),
    ])
  func secondWindow(options: [String], what: String) throws {
    let folder = try TemporaryFolder()
    // Headers 1 and 2 are those of the brief measurement.
    let outcome = try run(header: 4, call: 2, window: "0.5", options: options, in: folder)
    #expect(outcome.status == 1)
    let line = "kernel 'plugin:hang' of sha256d \(what)"
    #expect(outcome.errors.hasPrefix("hashwatt: \(line)"), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    #expect(outcome.output.contains("plugin:hang"))
    let names = try folder.files().filter { $0.hasPrefix("results/") }
    try #require(names.count == 1, "\(names)")
    let path = folder.path + "/" + names[0]
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let result = try ResultFile.decode(Array(bytes), name: path)
    #expect(result.samples.count { $0.kind == .load } == 1)
    #expect(!result.isComplete)
    #expect(result.endReason?.message.contains(what) == true)
    let verified = try Tool.run(["verify", path])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  @Test("stuck in a window of an hour: found long before its end")
  func longWindow() throws {
    let folder = try TemporaryFolder()
    // More calls than the self-test makes for one header.
    let outcome = try run(
      header: 3, call: 60, window: "3600", options: ["-DHANG_ASLEEP"], in: folder)
    expectOneLine(outcome, code: 1, naming: ["'plugin:hang'", "is stuck", "within 10 s"])
    #expect(try folder.files().filter { $0.hasPrefix("results/") }.isEmpty)
  }

  @Test("stuck in its first call, when nobody knows how long a call takes")
  func firstCall() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(header: 1, call: 5, window: "0.5", in: folder)
    expectOneLine(outcome, code: 1, naming: ["'plugin:hang'", "is stuck"])
    let crash = try run(
      header: 1, call: 5, window: "0.5", options: ["-DHANG_BY_CRASH"], in: folder)
    expectOneLine(crash, code: 1, naming: ["'plugin:hang'", "crashed (SIGSEGV)"])
  }

  @Test(
    "a kernel that fails while it is measured briefly: the line says so, not that it passed its self-test"
  )
  func refusal() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      header: 1, call: 5, window: "0.5", options: ["-DHANG_BY_REFUSAL"], in: folder)
    expectOneLine(outcome, code: 1, naming: ["no kernel can be measured: sha256d/plugin:hang: "])
    #expect(!outcome.errors.contains("agree with the reference"))
  }

  @Test(
    "lost in a scan: what was found is printed, one line, exit 1",
    arguments: [
      (["-DHANG_ASLEEP"], "is stuck: a call did not return within 10 s"),
      (["-DHANG_BY_CRASH"], "crashed (SIGSEGV) after its self-test"),
      (["-DHANG_BY_EXIT"], "crashed (exit) after its self-test"),
    ])
  func scan(options: [String], what: String) throws {
    let folder = try TemporaryFolder()
    let object = try PluginSource.compile(
      "Tests/ToolTests/Plugins/hang.c", folder, ["-DHANG_HEADER=1", "-DHANG_CALL=4"] + options)
    let outcome = try Tool.run([
      "scan", "--plugin", object, "--algorithm", "sha256d", "--kernel", "plugin:hang", "--work",
      ScanTests.header, "--target", String(repeating: "f", count: 64),
    ])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == "hashwatt: kernel 'plugin:hang' of sha256d \(what), so the run ends here\n")
    // How many nonces the three calls before scan depends on how long they take.
    let found = outcome.output.split(separator: "\n").count
    #expect(found > 0)
    #expect(outcome.output == (0..<found).map { "\($0)\n" }.joined())
  }

  @Test("lost while it is set against the roofline: the list is printed, one line, exit 1")
  func roofline() throws {
    guard !Tool.isDebugBuild else {
      NotRun.report("kernels --roofline of a kernel that crashes: a debug build measures none")
      return
    }
    let folder = try TemporaryFolder()
    let object = try PluginSource.compile(
      "Tests/ToolTests/Plugins/hang.c", folder,
      ["-DHANG_HEADER=1", "-DHANG_CALL=30", "-DHANG_BY_CRASH"])
    let outcome = try Tool.run(["kernels", "--roofline", "--plugin", object])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("plugin:hang"))
    #expect(
      outcome.errors
        == "hashwatt: kernel 'plugin:hang' of sha256d crashed (SIGSEGV) after its self-test, "
        + "so the run ends here\n")
  }
}
