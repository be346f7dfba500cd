import Foundation
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// Proofs that are killed, whose disk is full, and whose disk fails at every call in turn: no finished window is lost.
///
/// A proof takes half a minute before its first window, in which it waits: many are begun at once.
struct ProveJournalTests {
  /// One attempt in 16 is a share.
  private static let difficulty = 0x1p-28

  /// The words of a proof, and a slow miner that waits for it.
  private static func words(windows: Int) throws -> [String] {
    let port = try ProveTests.free()
    Thread { try? ProveTests.mine(port: port, difficulty: difficulty, attempts: 8, every: 40_000) }
      .start()
    return [
      "prove", "--listen", "127.0.0.1:\(port)", "--difficulty", "\(difficulty)", "--warmup", "0",
      "--window", "1", "--repeats", "\(windows)", "--wait", "120", "--name", "bench",
    ]
  }

  private static func expectClosed(_ journal: String, below folder: String, _ words: [String])
    throws
  {
    let left = try JournalTests.windows(journal)
    let closed = try Tool.run(words + [journal], in: folder)
    #expect(closed.status == 0, "\(closed.errors)")
    let said = closed.output.split { $0.isWhitespace }.joined(separator: " ")
    #expect(said.contains("partial: the run ended without a word after"), "\(said)")
    #expect(said.contains("not that it happened inside its box"), "\(said)")
    #expect(try JournalTests.journal(below: folder) == nil)
    let (path, result) = try #require(try JournalTests.result(below: folder))
    #expect(result.samples == left && !result.isComplete && result.resumedAt.isEmpty)
    #expect(result.endReason?.code == .cutShort)
    #expect(result.samples.allSatisfy { $0.origin == .proven && $0.proof != nil })
    try JournalTests.expectTrue(path, partial: true)
    let table = try Tool.run(["table", path, "--format", "text"])
    #expect(table.status == 0 && table.output.contains("partial"), "\(table.errors)")
    let page = folder + "/r.html"
    #expect(try Tool.run(["report", path, "--output", page]).status == 0)
    #expect(try SystemRoot.live.text(page).contains("no, partial: the run ended without a word"))
  }

  @Test(
    "a proof that is killed at any moment keeps every finished window, and closes as a part of it")
  func kills() throws {
    var generator = SeededGenerator(seed: 20_261_127)
    let proofs = try (0..<10).map { _ in
      let folder = try TemporaryFolder()
      return (
        folder: folder,
        running: try Tool.start(try Self.words(windows: 1000), in: folder.path)
      )
    }
    for (index, proof) in proofs.enumerated() {
      let journal = try JournalTests.journal(
        of: proof.running, below: proof.folder.path, windows: 1)
      let early = try Tool.run(["resume", "--close", journal])
      expectOneLine(early, code: 3, naming: ["still going on"])
      usleep(UInt32.random(in: 0..<2_500_000, using: &generator))
      let before = try JournalTests.windows(journal)
      proof.running.send(SIGKILL)
      #expect(proof.running.finish().status == -SIGKILL)
      let left = try JournalTests.windows(journal)
      #expect(Array(left.prefix(before.count)) == before)
      // With and without being told to: it is never gone on with.
      try Self.expectClosed(
        journal, below: proof.folder.path,
        index.isMultiple(of: 2) ? ["resume"] : ["resume", "--close"])
    }
  }

  @Test("a disk that fills up ends a proof, and what was written down closes")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    let mount = try TestSupport.ChildProcess.run(
      "/usr/bin/env", ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.path])
    guard mount.status == 0 else {
      NotRun.report("a proof whose disk fills up: needs root to mount a small file system")
      return
    }
    defer { _ = try? TestSupport.ChildProcess.run("/usr/bin/env", ["umount", folder.path]) }
    let run = try Tool.start(
      try Self.words(windows: 1000) + ["--results", folder.path + "/results"])
    let journal = try JournalTests.journal(of: run, below: folder.path, windows: 2)
    let filler = folder.path + "/filler"
    let fill = try TestSupport.ChildProcess.run(
      "/usr/bin/env", ["dd", "if=/dev/zero", "of=\(filler)", "bs=1024"])
    #expect(fill.status != 0, "there is no room left")
    let outcome = run.finish()
    #expect(outcome.status == 3, "\(outcome.errors)")
    for part in ["No space left on device", "hashwatt resume"] {
      #expect(outcome.errors.contains(part), "\(outcome.errors)")
    }
    #expect(outcome.output.contains("partial: "), "the numbers are shown all the same")
    #expect(try JournalTests.result(below: folder.path) == nil)
    try FileManager.default.removeItem(atPath: filler)
    try Self.expectClosed(journal, below: folder.path, ["resume"])
  }

  @Test(
    "a disk that fails at every call in turn, or whose power is cut there, costs a proof no finished window",
    arguments: ["fail", "power"])
  func faults(kind: String) throws {
    let scratch = try TemporaryFolder()
    let layer = try JournalTests.layer(scratch)
    var number = 1
    var failed = 0
    var isClosed = false
    while true {
      let batch = try (number..<number + 12).map {
        try JournalTests.Faulty(
          try Self.words(windows: 2), kind, $0, layer: layer, base: nil)
      }
      for (one, outcome) in zip(batch, batch.map { $0.running.finish() }) {
        guard let synced = one.synced else {
          #expect(outcome.status == 0, "\(one.number): \(outcome.errors)")
          continue
        }
        failed += 1
        let place: Comment = "\(kind) at call \(one.number): \(outcome.errors)"
        if kind == "power" {
          #expect(outcome.status == -SIGKILL, place)
        } else {
          // What only tidies up may fail without a word.
          #expect(outcome.status == 3 || outcome.status == 0, place)
          if outcome.status == 3 { #expect(outcome.errors.contains("Input/output error"), place) }
        }
        let result = try JournalTests.result(below: one.folder.path)
        let journal = try JournalTests.journal(below: one.folder.path)
        let kept = max(
          result?.result.samples.count ?? 0,
          try journal.map { try JournalTests.windows($0).count } ?? 0)
        #expect(kept >= synced, place)
        if outcome.status == 0 { #expect(result?.result.isComplete == true, place) }
        if let result { try ResultFile.verifyCanonical(result.path) }
        if !isClosed, let journal, result == nil, kept > 0 {
          isClosed = true
          try Self.expectClosed(journal, below: one.folder.path, ["resume"])
        }
      }
      if batch.contains(where: { $0.synced == nil }) { break }
      number += batch.count
      try #require(number < 100, "the calls come to an end")
    }
    #expect(failed >= 12, "\(kind): only \(failed) calls could fail")
    #expect(isClosed)
  }
}
