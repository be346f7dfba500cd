import Foundation
import Model
import Records
import TestSupport
import Testing

/// A kernel author's regression test with the built program: two kernels in turn, then `compare` of the one result.
struct InterleaveTests {
  private static let short = [
    "--threads", "1", "--warmup", "0", "--window", "0.3", "--repeats", "4", "--idle", "0",
  ]

  /// The one result below a folder.
  private func result(in folder: TemporaryFolder) throws -> (path: String, result: RunResult) {
    let names = try folder.files().filter { $0.hasPrefix("results/") }
    try #require(names.count == 1, "\(names)")
    let path = folder.path + "/" + names[0]
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return (path, try ResultFile.decode(Array(bytes), name: path))
  }

  /// The rows of `compare --format json`.
  private func rows(_ words: [String]) throws -> [[String: Any]] {
    let outcome = try Tool.run(["compare", "--format", "json"] + words)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require((object as? [String: Any])?["rows"] as? [[String: Any]])
  }

  @Test("the old build against the new one of a plug-in, ABBA in one run, compared pair by pair")
  func builds() throws {
    let folder = try TemporaryFolder()
    let new = try PluginSource.compile(PluginSource.example, folder, name: "new")
    let old = try PluginSource.compile("Tests/ToolTests/Plugins/slow.c", folder, name: "old")
    let outcome = try Tool.run(
      ["run", "--plugin", new, "--interleave", old] + Self.short, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    // The other algorithms have nothing to stand against.
    let notes = outcome.errors.split(separator: "\n")
    #expect(notes.count == 2, "\(outcome.errors)")
    #expect(notes.allSatisfy { $0.contains("is left out: '\(old)' has no kernel of it") })
    let (path, result) = try result(in: folder)
    #expect(outcome.output.contains("compare: hashwatt compare results/"))
    let kernels = result.samples.compactMap(\.series?.kernel.rawValue)
    #expect(Set(kernels) == ["plugin:example", "other:example"])
    let first = Array(kernels.prefix(4))
    #expect(kernels.count == 8)
    #expect(first == first.reversed(), "ABBA")
    let rows = try rows([path])
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    #expect(row["base_kernel"] as? String == "other:example")
    #expect(row["new_kernel"] as? String == "plugin:example")
    // A starved machine may have rounds without a hash.
    #expect((row["method"] as? String)?.hasPrefix("paired, ") == true)
    // The old build hashes everything 64 times: no noise turns that round.
    let ratio = try #require(row["ratio"] as? Double)
    #expect(ratio > 1, "\(ratio)")
    let verified = try Tool.run(["verify", path])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    // The name means nothing outside of this run.
    let profile = try Tool.run(["profile", path, "--profiles", "profiles"], in: folder.path)
    #expect(profile.status == 0, "\(profile.errors)")
    let files = try folder.files().filter { $0.hasPrefix("profiles/") }
    try #require(files.count == 1)
    let text = try String(contentsOfFile: folder.path + "/" + files[0], encoding: .utf8)
    #expect(text.contains("plugin:example") && !text.contains("other:example"))
  }

  @Test("without a kernel of one's own it stands against the fastest built-in one")
  func best() throws {
    let folder = try TemporaryFolder()
    let old = try PluginSource.compile("Tests/ToolTests/Plugins/slow.c", folder, name: "old")
    let plan = try Tool.run(
      ["run", "--interleave", old, "--algorithm", "sha256d", "--dry-run"], in: folder.path)
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("sha256d: other:example, the fastest of swift"))
    #expect(plan.output.contains("6 x window"))
  }

  @Test(
    "a plug-in's kernel against a built-in one: run, compare, gate, and the verdict is the exit code"
  )
  func plugin() throws {
    let folder = try TemporaryFolder()
    let slow = try PluginSource.compile("Tests/ToolTests/Plugins/slow.c", folder, name: "mine")
    let outcome = try Tool.run(
      [
        "run", "--plugin", slow, "--algorithm", "sha256d", "--kernel", "plugin:example", "--kernel",
        "openssl",
      ] + Self.short, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let (path, _) = try result(in: folder)
    let row = try #require(try rows([path]).first)
    #expect(row["base_kernel"] as? String == "plugin:example")
    #expect(row["new_kernel"] as? String == "openssl")
    #expect((row["method"] as? String)?.hasPrefix("paired, ") == true)
    // A kernel that does everything 64 times is behind any library, so the gate fails the other way round; on a machine
    // so busy that nothing can be told, --strict fails it.
    let turned = try Tool.run([
      "compare", path, "--base-kernel", "openssl", "--new-kernel", "plugin:example", "--gate",
      "throughput=-1.75%", "--strict",
    ])
    #expect(turned.status == 1, "\(turned.output)\(turned.errors)")
    #expect(turned.output.contains("openssl → plugin:example"))
    #expect(turned.output.contains("gate throughput=-1.75%"))
    // One result of one kernel has nothing to compare.
    let alone = try Tool.run(["compare", path, "--base-kernel", "portable"])
    expectOneLine(alone, code: 4, naming: ["no two kernels"])
  }

  @Test("everything that holds for --plugin holds for --interleave")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let example = try PluginSource.compile(PluginSource.example, folder)
    let bad = "Tests/ToolTests/Plugins/bad.c"
    func run(_ words: [String], environment: [String: String] = [:]) throws -> Tool.Outcome {
      try Tool.run(["run"] + words + Self.short, in: folder.path, environment: environment)
    }
    func expectNothing(_ outcome: Tool.Outcome, _ code: Int32, _ part: String) throws {
      expectOneLine(outcome, code: code, naming: [part])
      #expect(try folder.files().allSatisfy { $0.hasSuffix(".so") })
    }
    try expectNothing(run(["--interleave", "missing.so"]), 4, "no such file")
    try expectNothing(run(["--interleave", Tool.path]), 4, "cannot be loaded")
    let version = try PluginSource.compile(bad, folder, ["-DBAD_VERSION=1"], name: "version")
    try expectNothing(run(["--interleave", version]), 4, "ABI version 1")
    let loading = try PluginSource.compile(bad, folder, ["-DBAD_LOADING"], name: "loading")
    try expectNothing(run(["--interleave", loading]), 1, "while it was loaded")
    try expectNothing(
      run(["--interleave", example, "--algorithm", "keccak256"]), 2, "nothing to pair")
    try expectNothing(
      run(["--interleave", example, "--kernel", "other:example"]), 2, "unknown kernel")
    let missing = try PluginSource.compile(bad, folder, ["-DBAD_MISS"], name: "miss")
    // The faulty kernel is not timed; its neighbour is, and the exit code tells.
    let outcome = try run(["--plugin", example, "--interleave", missing])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("other:bad") && outcome.output.contains("it missed nonce"))
    let kernels = try result(in: folder).result.summaries.map(\.series.kernel.rawValue)
    #expect(Set(kernels) == ["plugin:example", "other:good"])
    // The same file on both sides is a comparison of a kernel with itself.
    let plan = try run(["--plugin", example, "--interleave", example, "--dry-run"])
    #expect(plan.output.contains("sha256d: plugin:example, other:example"), "\(plan.errors)")
  }
}
