import Foundation
import TestSupport
import Testing

/// The index beside many results, as the program makes and uses it.
struct IndexTests {
  private let folder: TemporaryFolder
  private var results: String { folder.path + "/many" }
  private var files: [String] { (0..<40).map { "\(results)/r\($0).json" } }

  /// One true result, forty times with other white space behind it, so that each has a digest of its own.
  init() throws {
    folder = try TemporaryFolder()
    let run = try Tool.run(
      [
        "run", "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup", "0",
        "--window", "0.2", "--repeats", "2", "--idle", "0", "--results", "one", "--profiles", "own",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/one")
    let name = try #require(names.first { $0.hasSuffix(".json") })
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/one/\(name)"))
    try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
    for (number, file) in files.enumerated() {
      let padding = Data(repeating: UInt8(ascii: "\n"), count: (32 << 10) + number)
      try (bytes + padding).write(to: URL(fileURLWithPath: file))
    }
    // Younger files are not remembered, for they could change without a trace (FileIdentity).
    usleep(2_300_000)
  }

  @Test(
    "what is remembered is told without a file being read, by another user in a folder that it cannot write"
  )
  func unread() throws {
    let table = ["table", results, "--format", "csv"]
    let verify = ["verify"] + files
    let first = try Tool.run(table)
    #expect(first.status == 0, "\(first.errors)")
    let proven = try Tool.run(verify)
    #expect(proven.status == 0, "\(proven.errors)")
    #expect(proven.output.components(separatedBy: "true\n").count == 41)
    #expect(chmod(folder.path, 0o755) == 0)
    defer { chmod(results, 0o755) }
    for file in files { #expect(chmod(file, 0) == 0) }
    // Who may read a file changed its time of change: it is to be read again, and cannot be.
    let changed = try Unprivileged.run(Tool.path, table)
    if let changed { #expect(changed.status == 4 && changed.output.isEmpty, "\(changed.text)") }
    for file in files { #expect(chmod(file, 0o644) == 0) }
    usleep(2_300_000)
    #expect(try Tool.run(table).output == first.output)
    #expect(try Tool.run(verify).output == proven.output)
    guard let strace = ChildProcess.find("strace") else {
      return NotRun.report("that remembered files are not read: strace is not installed")
    }
    chmod(results, 0o555)
    for words in [table, verify] {
      let traced = try Unprivileged.run(
        strace, ["-f", "-qq", "-e", "trace=open,openat", Tool.path] + words)
      guard let traced else { return }
      #expect(traced.status == 0, "\(traced.errors.suffix(300))")
      let opened = traced.errors.split(separator: "\n").filter { $0.contains("/many/r") }
      #expect(opened.isEmpty, "\(opened.prefix(3))")
      #expect(traced.errors.contains(".hashwatt-index.sqlite"))
      let expected = words == table ? first.output : proven.output
      #expect(traced.output == expected)
    }
  }

  @Test("a disk without room and a file that is none cost a line, and change no answer")
  func trouble() throws {
    let plain = try Tool.run(["table", results, "--format", "csv", "--no-index"])
    #expect(plain.status == 0 && plain.errors.isEmpty)
    let full = try ChildProcess.run(
      "/bin/bash",
      [
        "-c", "trap '' XFSZ; ulimit -f 32; exec \"$@\"", "-", Tool.path, "table", results,
        "--format", "csv",
      ])
    #expect(full.status == 0, "\(full.text)")
    #expect(full.output == plain.output)
    #expect(full.errors.split(separator: "\n").count <= 1, "\(full.errors)")
    let index = results + "/.hashwatt-index.sqlite"
    try Data("none".utf8).write(to: URL(fileURLWithPath: index))
    let again = try Tool.run(["table", results, "--format", "csv"])
    #expect(again.output == plain.output && again.status == 0)
    #expect(again.errors.contains("thrown away and made again"), "\(again.errors)")
    #expect(try Tool.run(["table", results, "--format", "csv"]).errors.isEmpty)
  }

  @Test("two at once give the same answer, and leave a sound index")
  func together() throws {
    let table = ["table", results, "--format", "csv"]
    let running = try (0..<4).map { _ in try Tool.start(table) }
    let outcomes = running.map { $0.finish() }
    let plain = try Tool.run(table + ["--no-index"])
    for outcome in outcomes {
      #expect(outcome.status == 0 && outcome.output == plain.output, "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
    }
    #expect(try Tool.run(table).output == plain.output)
  }
}
