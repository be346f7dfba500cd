import Foundation
import TestSupport
import Testing

/// `--plugin FILE.so`: a good one is used, a bad one is named, nothing else is harmed.
struct PluginTests {
  private static let root = Tool.projectFolder

  private func compile(
    _ source: String, _ folder: TemporaryFolder, _ options: [String] = []
  ) throws -> String {
    try PluginSource.compile(source, folder, options)
  }

  private let example = "Documentation/PluginExample/plugin.c"
  private let bad = "Tests/ToolTests/Plugins/bad.c"

  @Test("the documentation's example compiles with plain cc, passes its self-test and runs")
  func compiles() throws {
    let folder = try TemporaryFolder()
    let object = try compile(example, folder, ["-Wpedantic", "-Werror"])
    let listing = try Tool.run(["kernels", "--self-test", "--plugin", object])
    #expect(listing.status == 0, "\(listing.errors)")
    let line = listing.output.split(separator: "\n").first { $0.contains("plugin:example") }
    #expect(line?.contains("self-test passed") == true)
    let scan = try Tool.run([
      "scan", "--algorithm", "sha256d", "--work", ScanTests.header, "--plugin", object,
      "--kernel", "plugin:example", "--first", "274148000", "--count", "1000",
    ])
    #expect(scan.output == "274148111\n", "\(scan.errors)")
  }

  @Test("the example's documented command line is the one that works")
  func documented() throws {
    let text = try String(contentsOfFile: "\(Self.root)/\(example)", encoding: .utf8)
    #expect(text.contains("-shared -fPIC -I Sources/CKernels/include"))
  }

  @Test(
    "a faulty kernel is named with its fault; the good one beside it is still proven",
    arguments: [
      (["-DBAD_CRASH"], "it crashed (SIG"),
      (["-DBAD_HANG"], "it did not return within 3 s"),
      (["-DBAD_ABORT"], "it crashed (SIGABRT)"),
      (["-DBAD_EXIT"], "it ended the process with code 0"),
      (["-DBAD_OVERRUN_FAR", "-DBAD_SCRATCH=8192"], "it touched memory outside its scratch"),
      (["-DBAD_OVERRUN_NEAR", "-DBAD_SCRATCH=4000"], "it wrote past its scratch"),
      (["-DBAD_INPUT"], "it wrote into its input"),
      (["-DBAD_MISS"], "it missed nonce"),
      (["-DBAD_FALSE_SHARE"], "which does not meet the target"),
      (["-DBAD_ROOM"], "it wrote past the room for nonces"),
      (["-DBAD_UNITS"], "hashes in"),
      (["-DBAD_ATTEMPTS"], "attempts where"),
      (["-DBAD_STATUS"], "it returned the unknown status 7"),
      (["-DBAD_ALGORITHM=\"keccak256\""], "it missed nonce"),
    ])
  func faulty(options: [String], problem: String) throws {
    let folder = try TemporaryFolder()
    let object = try compile(bad, folder, options)
    let outcome = try Tool.run(
      ["kernels", "--plugin", object], environment: ["HASHWATT_PLUGIN_LIMIT_S": "3"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.contains { $0.contains("plugin:bad") && $0.contains("self-test FAILED") })
    let faults = lines.filter { $0.contains("'plugin:bad'") }
    #expect(faults.count == 1 && faults[0].contains(problem), "\(outcome.output)")
    #expect(lines.contains { $0.contains("plugin:good") && $0.hasSuffix("self-test passed") })
  }

  @Test(
    "a file that is no plug-in is one line and exit 4",
    arguments: [
      (["-DBAD_NO_ENTRY"], "no entry point 'hw_plugin_entry'"),
      (["-DBAD_NULL"], "returned no description"),
      (["-DBAD_VERSION=1"], "ABI version 1, this program reads version 2"),
      (["-DBAD_VERSION=1"], "'From version 1' in Documentation/KernelABI.md"),
      (["-DBAD_VERSION=3"], "ABI version 3, this program reads version 2"),
      (["-DBAD_SIZE=8"], "has 8 bytes"),
      (["-DBAD_ALGORITHM=\"blake3\""], "unknown algorithm 'blake3'"),
      (["-DBAD_NAME=\"Bad Name\""], "kernel name 'Bad Name'"),
      (["-DBAD_TWICE"], "'plugin:bad' is taken twice"),
      (["-DBAD_ALIGNMENT=3"], "aligned to 3 bytes"),
    ])
  func notAPlugin(options: [String], problem: String) throws {
    let folder = try TemporaryFolder()
    try expectRefusal(compile(bad, folder, options), problem, status: 4)
  }

  @Test("a plug-in that crashes while it is loaded is one line and exit 1")
  func loading() throws {
    let folder = try TemporaryFolder()
    try expectRefusal(compile(bad, folder, ["-DBAD_LOADING"]), "crashed (SIG", status: 1)
  }

  @Test("a file that is missing, empty or a text is one line and exit 4")
  func notAnObject() throws {
    let folder = try TemporaryFolder()
    try "".write(toFile: "\(folder.path)/empty", atomically: true, encoding: .utf8)
    try "not a plug-in, but long enough for one".write(
      toFile: "\(folder.path)/text", atomically: true, encoding: .utf8)
    try expectRefusal("\(folder.path)/missing", "no such file", status: 4)
    try expectRefusal("\(folder.path)/empty", "not an ELF object", status: 4)
    try expectRefusal("\(folder.path)/text", "not an ELF object", status: 4)
    try expectRefusal(folder.path, "not an ELF object", status: 4)
    try expectRefusal(Tool.path, "cannot be loaded", status: 4)
  }

  @Test("the same plug-in twice: the name is taken")
  func twice() throws {
    let folder = try TemporaryFolder()
    let object = try compile(example, folder)
    let outcome = try Tool.run(["kernels", "--plugin", object, "--plugin", object])
    #expect(outcome.status == 4)
    #expect(outcome.errors.contains("'plugin:example' of sha256d is taken"))
  }

  @Test("a faulty kernel is never timed: run says so with exit code 1")
  func neverTimed() throws {
    let folder = try TemporaryFolder()
    let object = try compile(bad, folder, ["-DBAD_MISS"])
    let outcome = try Tool.run([
      "run", "--plugin", object, "--algorithm", "sha256d", "--kernel", "plugin:bad", "--warmup",
      "0", "--window", "0.1", "--repeats", "1", "--idle", "0", "--results", folder.path,
      "--profiles", folder.path,
    ])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("plugin:bad"))
    #expect(outcome.errors.contains("is faulty: it"))
  }

  private func expectRefusal(_ file: String, _ problem: String, status: Int32) throws {
    let outcome = try Tool.run(["kernels", "--plugin", file])
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(problem), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }
}
