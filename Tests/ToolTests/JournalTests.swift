import Foundation
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// Runs that are killed, whose disk is full, and whose disk fails at every call in turn: no finished window but one is lost.
@Suite(.serialized)
struct JournalTests {
  private static func words(window: String, repeats: String) -> [String] {
    [
      "run", "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup", "0",
      "--window", window, "--repeats", repeats, "--idle", "0", "--meter", "none",
    ]
  }

  /// The one journal below a folder; nil where there is none.
  static func journal(below folder: String) throws -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/results")) ?? []
    let found = names.filter { $0.hasSuffix(".journal") && !$0.hasPrefix(".") }
    #expect(found.count <= 1, "\(found)")
    return found.first.map { "\(folder)/results/\($0)" }
  }

  /// The one result below a folder; nil where there is none.
  static func result(below folder: String) throws -> (path: String, result: RunResult)? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/results")) ?? []
    let found = names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
    #expect(found.count <= 1, "\(found)")
    return try found.first.map { name in
      let path = "\(folder)/results/\(name)"
      return (path, try ResultFile.decode(try SystemRoot.live.bytes(path), name: name))
    }
  }

  static func windows(_ journal: String) throws -> [Sample] {
    try JournalFile.read(try SystemRoot.live.bytes(journal), name: journal).journal.steps
      .flatMap(\.samples)
  }

  /// Waits until a run has written down so many windows.
  static func journal(
    of running: Tool.Running, below folder: String, windows count: Int
  ) throws -> String {
    for _ in 0..<9000 {
      if let path = try journal(below: folder), try windows(path).count >= count { return path }
      usleep(20_000)
    }
    Issue.record("no window was written down: \(running.errorsSoFar)")
    throw Failure(.no, "no journal")
  }

  static func expectTrue(_ result: String, partial: Bool) throws {
    let verified = try Tool.run(["verify", result])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    #expect(verified.output.contains("partial: ") == partial, "\(verified.output)")
  }

  @Test("a run that is killed at fifty moments keeps every window, goes on, and can be closed")
  func kills() throws {
    let folder = try TemporaryFolder()
    let run = try Tool.start(Self.words(window: "0.1", repeats: "100"), in: folder.path)
    let journal = try Self.journal(of: run, below: folder.path, windows: 1)
    var generator = SeededGenerator(seed: 20_261_126)
    usleep(UInt32.random(in: 0..<300_000, using: &generator))
    run.send(SIGKILL)
    #expect(run.finish().status == -SIGKILL)
    var before = try Self.windows(journal)
    for kill in 2...50 {
      let resumed = try Tool.start(["resume", journal], in: folder.path)
      // On a slow machine none of them would get as far as a window.
      if kill.isMultiple(of: 10) {
        _ = try Self.journal(of: resumed, below: folder.path, windows: before.count + 1)
      }
      usleep(UInt32.random(in: 0..<500_000, using: &generator))
      resumed.send(SIGKILL)
      let outcome = resumed.finish()
      #expect(outcome.status == -SIGKILL, "\(outcome.errors)")
      let now = try Self.windows(journal)
      #expect(now.count >= before.count && Array(now.prefix(before.count)) == before, "\(kill)")
      before = now
    }
    #expect(try Self.result(below: folder.path) == nil, "nothing has the result's name yet")
    // A run beside it says what was left.
    let closed = try Tool.run(["resume", "--close", journal], in: folder.path)
    #expect(closed.status == 0, "\(closed.errors)")
    #expect(closed.output.contains("partial: the run ended without a word after"))
    #expect(try Self.journal(below: folder.path) == nil)
    let (path, result) = try #require(try Self.result(below: folder.path))
    #expect(result.samples == before)
    #expect(!result.isComplete && !result.resumedAt.isEmpty)
    try Self.expectTrue(path, partial: true)
    for words in [["table", path], ["report", path, "--output", folder.path + "/r.html"]] {
      let read = try Tool.run(words)
      #expect(read.status == 0, "\(read.errors)")
    }
    #expect(try Tool.run(["table", path, "--format", "text"]).output.contains("partial"))
    let page = try String(contentsOfFile: folder.path + "/r.html", encoding: .utf8)
    #expect(page.contains("no, partial: the run ended without a word"))
  }

  @Test("a run that goes on ends as a complete result that says where nobody watched")
  func resumes() throws {
    let folder = try TemporaryFolder()
    let run = try Tool.start(Self.words(window: "0.3", repeats: "4"), in: folder.path)
    let journal = try Self.journal(of: run, below: folder.path, windows: 1)
    // As long as it lives it is nobody else's.
    let early = try Tool.run(["resume", journal])
    run.send(SIGKILL)
    _ = run.finish()
    expectOneLine(early, code: 3, naming: ["still going on"])
    let left = try Self.windows(journal)
    try #require(left.count < 4)

    // Another boot, another program: it can never go on, and what there is stays.
    for (from, to, why) in [
      ("\"boot_id\":\"", "\"boot_id\":\"f", "started anew"),
      ("\"configuration\":\"", "\"configuration\":\"very-", "very program"),
    ] {
      let other = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: other.path + "/results", withIntermediateDirectories: true)
      let path = other.path + "/results/a.journal"
      let text = try String(contentsOfFile: journal, encoding: .utf8)
      let range = try #require(text.range(of: from))
      try text.replacingCharacters(in: range, with: to)
        .write(toFile: path, atomically: false, encoding: .utf8)
      let outcome = try Tool.run(["resume", path])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains(why), "\(outcome.errors)")
      let (result, closed) = try #require(try Self.result(below: other.path))
      #expect(result.hasSuffix("/results/a.json") && closed.samples == left)
      #expect(try Self.journal(below: other.path) == nil)
      try Self.expectTrue(result, partial: true)
    }
    // A setting that can be made again: one line, and the journal is as it was.
    let bytes = try SystemRoot.live.bytes(journal)
    let text = String(decoding: bytes, as: UTF8.self)
    if let range = text.range(of: "\"transparent_hugepage\":\"") {
      try text.replacingCharacters(in: range, with: "\"transparent_hugepage\":\"once-")
        .write(toFile: journal, atomically: false, encoding: .utf8)
      let refused = try Tool.run(["resume", journal])
      expectOneLine(refused, code: 3, naming: ["transparent_hugepage was once-", "--close"])
      try text.write(toFile: journal, atomically: false, encoding: .utf8)
    }
    #expect(try SystemRoot.live.bytes(journal) == bytes)
    // A torn line is cut off; a damaged one is refused.
    try (bytes + Array("{\"line\":".utf8)).withUnsafeBytes {
      try Data($0).write(to: URL(fileURLWithPath: journal))
    }
    let resumed = try Tool.run(["resume", journal], in: folder.path)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let (path, result) = try #require(try Self.result(below: folder.path))
    #expect(result.isComplete && result.resumedAt == [left.count])
    #expect(result.samples.count == 4 && Array(result.samples.prefix(left.count)) == left)
    #expect(result.checks.contains { $0.name == .resumed && $0.verdict == .fail })
    #expect(try Self.journal(below: folder.path) == nil)
    try Self.expectTrue(path, partial: false)
    let absent = try Tool.run(["resume", journal])
    expectOneLine(absent, code: 4, naming: ["No such file"])
  }

  @Test("what is no journal, or a damaged one, is one line and stays as it is")
  func refused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/x.journal"
    for text in ["", "{}", "{}\n", "not json\n", String(repeating: "[", count: 100_000) + "\n"] {
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      expectOneLine(try Tool.run(["resume", path]), code: 4, naming: [path])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
    expectOneLine(try Tool.run(["resume"]), code: 2, naming: ["JOURNAL"])
  }

  @Test("a disk that fills up ends the run, and costs one window at most")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    let mount = try ChildProcess.run(
      "/usr/bin/env", ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.path])
    guard mount.status == 0 else {
      NotRun.report("a disk that fills up: needs root to mount a small file system")
      return
    }
    defer { _ = try? ChildProcess.run("/usr/bin/env", ["umount", folder.path]) }
    let run = try Tool.start(
      Self.words(window: "0.3", repeats: "100") + ["--results", folder.path + "/results"])
    let journal = try Self.journal(of: run, below: folder.path, windows: 2)
    let filler = folder.path + "/filler"
    let fill = try ChildProcess.run(
      "/usr/bin/env", ["dd", "if=/dev/zero", "of=\(filler)", "bs=1024"])
    #expect(fill.status != 0, "there is no room left")
    let before = try Self.windows(journal)
    let outcome = run.finish()
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    for part in ["No space left on device", "hashwatt resume"] {
      #expect(outcome.errors.contains(part), "\(outcome.errors)")
    }
    #expect(outcome.output.contains("partial: "), "the numbers are shown all the same")
    #expect(try Self.result(below: folder.path) == nil)
    let left = try Self.windows(journal)
    #expect(left.count >= before.count && Array(left.prefix(before.count)) == before)
    try FileManager.default.removeItem(atPath: filler)
    let closed = try Tool.run(["resume", "--close", journal])
    #expect(closed.status == 0, "\(closed.errors)")
    let (path, result) = try #require(try Self.result(below: folder.path))
    #expect(result.samples == left)
    try Self.expectTrue(path, partial: true)
  }

  // MARK: A disk that fails at every call in turn

  /// One run or resumption under the layer, at whose `number`th call something happens.
  struct Faulty {
    let folder: TemporaryFolder
    let running: Tool.Running
    let number: Int

    private var mark: String { folder.path + "/mark" }

    init(_ words: [String], _ kind: String, _ number: Int, layer: String, base: String?) throws {
      folder = try TemporaryFolder()
      self.number = number
      var words = words
      if let base {
        let results = folder.path + "/results"
        try FileManager.default.createDirectory(
          atPath: results, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: base, toPath: results + "/a.journal")
        words.append(results + "/a.journal")
      }
      running = try Tool.start(
        words, in: folder.path,
        environment: [
          "LD_PRELOAD": layer, "FAULT_FOLDER": folder.path + "/results", "FAULT_KIND": kind,
          "FAULT_AT": "\(number)", "FAULT_MARK": folder.path + "/mark",
        ])
    }

    /// How many lines had been synced when it happened; nil where the process ended before its call's turn.
    var synced: Int? {
      (try? String(contentsOfFile: mark, encoding: .utf8)).flatMap { Int($0) }
    }
  }

  static func layer(_ folder: TemporaryFolder) throws -> String {
    let compiler = try #require(ChildProcess.find("cc"), "a C compiler is on the search path")
    let object = folder.path + "/faults.so"
    let built = try ChildProcess.run(
      compiler,
      [
        "-std=c17", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o",
        object, "\(Tool.projectFolder)/Tests/ToolTests/Faults/faults.c", "-ldl",
      ])
    try #require(built.status == 0, "\(built.errors)")
    return object
  }

  @Test(
    "a disk that fails at every call in turn, or whose power is cut there, costs one window at most",
    arguments: [("full", false), ("fail", true), ("power", true)])
  func faults(kind: String, resumes: Bool) throws {
    let scratch = try TemporaryFolder()
    let layer = try Self.layer(scratch)
    guard resumes else {
      let words = Self.words(window: "0.1", repeats: "2")
      return try self.faults(words, kind, layer: layer, base: nil, had: 0)
    }
    let run = try Tool.start(Self.words(window: "0.2", repeats: "3"), in: scratch.path)
    let base = try Self.journal(of: run, below: scratch.path, windows: 1)
    run.send(SIGKILL)
    _ = run.finish()
    let had = try Self.windows(base).count
    try self.faults(["resume"], kind, layer: layer, base: base, had: had)
  }

  private func faults(
    _ words: [String], _ kind: String, layer: String, base: String?, had: Int
  ) throws {
    var number = 1
    var failed = 0
    var isClosed = false
    while true {
      // Several at once: each waits most of its time.
      let batch = try (number..<number + 6).map {
        try Faulty(words, kind, $0, layer: layer, base: base)
      }
      let outcomes = batch.map { $0.running.finish() }
      for (one, outcome) in zip(batch, outcomes) {
        guard let synced = one.synced else {
          #expect(outcome.status == 0, "\(one.number): \(outcome.errors)")
          continue
        }
        failed += 1
        try judge(one, outcome, kind, atLeast: had + max(0, base == nil ? synced : synced - 1))
        if !isClosed, let journal = try Self.journal(below: one.folder.path),
          try Self.windows(journal).count > 0, try Self.result(below: one.folder.path) == nil
        {
          isClosed = true
          let closed = try Tool.run(["resume", "--close", journal])
          #expect(closed.status == 0, "\(closed.errors)")
          try Self.expectTrue(
            try #require(try Self.result(below: one.folder.path)).path, partial: true)
        }
      }
      if batch.contains(where: { $0.synced == nil }) { break }
      number += batch.count
      try #require(number < 200, "the calls come to an end")
    }
    #expect(failed >= 12, "\(kind): only \(failed) calls could fail")
    #expect(isClosed)
  }

  private func judge(
    _ one: Faulty, _ outcome: Tool.Outcome, _ kind: String, atLeast windows: Int
  ) throws {
    let place: Comment = "\(kind) at call \(one.number): \(outcome.errors)"
    if kind == "power" {
      #expect(outcome.status == -SIGKILL, place)
    } else {
      // What only tidies up may fail without a word.
      #expect(outcome.status == 3 || outcome.status == 0, place)
      #expect(
        outcome.errors.split(separator: "\n").count == (outcome.status == 3 ? 1 : 0), place)
      if outcome.status == 3 {
        let error = kind == "full" ? "No space left on device" : "Input/output error"
        #expect(outcome.errors.contains(error), place)
      }
    }
    // Whatever has a final name is whole, and together they have every window that was synced.
    let result = try Self.result(below: one.folder.path)
    let journal = try Self.journal(below: one.folder.path)
    let kept = max(
      result?.result.samples.count ?? 0, try journal.map { try Self.windows($0).count } ?? 0)
    #expect(kept >= windows, place)
    if outcome.status == 0 { #expect(result?.result.isComplete == true, place) }
    if let result { try ResultFile.verifyCanonical(result.path) }
  }
}

extension ResultFile {
  /// A file that was written whole is its own canonical form.
  static func verifyCanonical(_ path: String) throws {
    let bytes = try SystemRoot.live.bytes(path)
    #expect(try encode(try decode(bytes, name: path)) == bytes, "\(path)")
  }
}
