import Foundation
import TestSupport
import Testing

/// RandomX by the built program: the machine's library, others, and none.
@Suite("RandomX by the built program", .serialized)
struct RandomXToolTests {
  private func isAvailable() throws -> Bool {
    let listing = try Tool.run(["kernels"])
    let line = listing.output.split(separator: "\n").first { $0.contains("librandomx-jit ") }
    if try #require(line).contains(" usable") { return true }
    NotRun.report("RandomX by the built program: librandomx is not here")
    return false
  }

  @Test(
    "without its library the algorithm is not available, with the remedy, and nothing else is touched"
  )
  func absent() throws {
    let none = ["HASHWATT_RANDOMX": "/nonexistent/librandomx.so"]
    let run = try Tool.run(["run", "--algorithm", "randomx"], environment: none)
    expectOneLine(run, code: 3, naming: ["randomx", "cannot be loaded", "HASHWATT_RANDOMX"])
    let named = try Tool.run(
      ["run", "--algorithm", "randomx", "--kernel", "librandomx-light-jit"], environment: none)
    expectOneLine(named, code: 3, naming: ["librandomx"])
    let listing = try Tool.run(["kernels"], environment: none)
    #expect(listing.status == 0)
    let lines = listing.output.split(separator: "\n").filter { $0.contains("librandomx-") }
    #expect(lines.count == 8 && lines.allSatisfy { $0.contains("not usable") })
    let doctor = try Tool.run(["doctor"], environment: none)
    #expect(doctor.status == 0 && doctor.output.contains("fail    librandomx:"))
  }

  @Test(
    "another library that is wrong is one line",
    arguments: [
      ([], 1, "returns wrong hashes: 0000"), (["-DBAD_SYMBOL"], 4, "'randomx_calculate_hash_last'"),
      (["-DBAD_HANG"], 1, "did not return within 3 s"), (["-DBAD_CRASH"], 1, "crashed (SIG"),
      (["-DBAD_EXIT"], 1, "ended the process"), (["-DBAD_MACHINE"], 1, "makes no machine"),
      (["-DBAD_SIZE"], 4, "its dataset has 64 bytes"),
      (["-Wl,-z,execstack"], 4, "wants an executable stack"),
      // It gets as far as hashing only where pages are never writable and executable at once.
      (["-DWANTS_SECURE"], 1, "returns wrong hashes: 0000"),
    ])
  func faulty(options: [String], code: Int32, problem: String) throws {
    let folder = try TemporaryFolder()
    let object = try PluginSource.compile(
      "Tests/ToolTests/Plugins/randomx.c", folder, options + ["-Wno-unused-parameter"])
    let outcome = try Tool.run(
      ["kernels", "--randomx-library", object],
      environment: ["HASHWATT_PLUGIN_LIMIT_S": options == ["-DBAD_HANG"] ? "3" : "60"])
    expectOneLine(outcome, code: code, naming: ["--randomx-library", problem])
  }

  @Test("an executable stack is taken where it is allowed, and the permission means nothing alone")
  func executableStack() throws {
    let folder = try TemporaryFolder()
    let object = try PluginSource.compile(
      "Tests/ToolTests/Plugins/randomx.c", folder,
      ["-Wl,-z,execstack", "-Wno-unused-parameter"])
    let allowed = try Tool.run(["kernels", "--randomx-library", object, "--allow-execstack"])
    expectOneLine(allowed, code: 1, naming: ["returns wrong hashes"])
    let alone = try Tool.run(["kernels", "--allow-execstack"])
    expectOneLine(alone, code: 2, naming: ["--randomx-library"])
  }

  @Test(
    "a file that is no library is one line",
    arguments: [("/nonexistent.so", "no such file"), ("/etc/passwd", "no 64-bit shared object")])
  func noLibrary(file: String, problem: String) throws {
    let outcome = try Tool.run(["kernels", "--randomx-library", file])
    expectOneLine(outcome, code: 4, naming: ["--randomx-library", problem])
  }

  @Test(
    "version 2 runs where the library has it, marked; else exit code 3 says which library is needed"
  )
  func versionTwo() throws {
    guard try isAvailable() else { return }
    let work = [
      "scan", "--algorithm", "randomx-v2", "--work", String(repeating: "00", count: 76), "--target",
      String(repeating: "f", count: 64), "--count", "2", "--key",
      String(repeating: "00", count: 32),
    ]
    let listing = try Tool.run(["kernels"])
    #expect(listing.output.contains("randomx-v2: not active on any chain"))
    let scanned = try Tool.run(work)
    if scanned.status == 0 {
      #expect(scanned.output == "0\n1\n")
    } else {
      expectOneLine(scanned, code: 3, naming: ["version 2", "2.0.1 or later", "--randomx-library"])
      NotRun.report(
        "randomx-v2 by the built program: HASHWATT_RANDOMX names no librandomx 2.0.1 or later")
    }
  }

  @Test("scan finds nonces in light mode, and refuses a key of another length")
  func scan() throws {
    guard try isAvailable() else { return }
    let work = [
      "scan", "--algorithm", "randomx", "--work", String(repeating: "00", count: 76), "--target",
      String(repeating: "f", count: 64), "--count", "2", "--first", "4294967295",
    ]
    let found = try Tool.run(work + ["--key", String(repeating: "00", count: 32)])
    #expect(found.status == 0 && found.output == "4294967295\n0\n", "\(found.errors)")
    let short = try Tool.run(work + ["--key", "00"])
    expectOneLine(short, code: 2, naming: ["--key", "2 digits where 64 belong"])
    expectOneLine(try Tool.run(work), code: 2, naming: ["--key is missing"])
  }

  /// A layer over the C library that gives no huge pages.
  private func ordinaryPages(_ folder: TemporaryFolder) throws -> String {
    let compiler = try #require(ChildProcess.find("cc"), "a C compiler is on the search path")
    let object = folder.path + "/ordinary-pages.so"
    let built = try ChildProcess.run(
      compiler,
      [
        "-std=c17", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o",
        object, "\(Tool.projectFolder)/Tests/ToolTests/Faults/ordinary-pages.c",
      ])
    try #require(built.status == 0, "\(built.errors)")
    return object
  }

  @Test(
    "a run prepares one dataset for compiled and interpreted programs, says that huge pages are refused, and verifies in light mode"
  )
  func run() throws {
    guard try isAvailable() else { return }
    let memory = try String(contentsOfFile: "/proc/meminfo", encoding: .utf8)
    let available =
      memory.split(separator: "\n").first { $0.hasPrefix("MemAvailable") }
      .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
    guard available > 4 << 20 else {
      NotRun.report("a run of RandomX: \(available >> 10) MiB of memory are free, 4096 are wanted")
      return
    }
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(
      [
        "run", "--algorithm", "randomx", "--kernel", "librandomx-jit", "--kernel",
        "librandomx-interpreter", "--warmup", "0.2", "--window", "2", "--repeats", "1", "--idle",
        "0", "--meter", "none",
      ], in: folder.path, environment: ["LD_PRELOAD": try ordinaryPages(folder)])
    // The self-test has compared both with light mode on the run's own key.
    #expect(outcome.status == 0, "\(outcome.errors)\(outcome.output)")
    #expect(outcome.output.contains("librandomx-interpreter"))
    let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("2079 MiB, huge pages refused"))
    let file = try #require(folder.files().first { $0.hasPrefix("results/") })
    let result = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + file))) as? [String: Any])
    let workers = try #require(result["workers"] as? [[String: Any]])
    let facts = workers.compactMap { $0["facts"] as? [String: Any] }
    #expect(facts.count == 2)
    for fact in facts {
      #expect(fact["prepared_bytes"] as? Int == 2_181_038_016)
      #expect(fact["huge_pages"] as? String == "refused")
      #expect(fact["huge_page_bytes"] as? Int ?? 0 == 0)
      #expect((fact["library_sha256"] as? String)?.count == 64)
      #expect(fact["preparation_s"] as? Double == facts[0]["preparation_s"] as? Double)
    }
    let verified = try Tool.run(["verify", "--rescan", "1", file], in: folder.path)
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    // Without a library nobody can judge.
    let alone = try Tool.run(
      ["verify", file], in: folder.path, environment: ["HASHWATT_RANDOMX": "/nonexistent"])
    expectOneLine(alone, code: 3, naming: ["randomx", "HASHWATT_RANDOMX"])
  }
}
