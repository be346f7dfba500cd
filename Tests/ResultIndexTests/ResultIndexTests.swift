import CSQLite
import Foundation
import LinuxSystem
import Model
import ResultIndex
import TestSupport
import Testing

struct ResultIndexTests {
  private let folder: TemporaryFolder
  private var file: String { folder.path + "/" + SQLiteIndex.fileName }

  init() throws { folder = try TemporaryFolder() }

  private func open(_ program: String = "this") throws -> SQLiteIndex {
    try #require(SQLiteIndex.open(folder.path, program: program, makes: true).index)
  }

  private static func record(_ number: Int64) -> IndexedRecord {
    IndexedRecord(
      identity: FileIdentity(
        size: number, modified: number << 40, changed: -number, inode: UInt64.max - UInt64(number)),
      digest: number == 2 ? nil : [UInt8(number), 0, 255],
      reading: [UInt8](repeating: UInt8(number), count: 3000), facts: [1, 2, UInt8(number)])
  }

  /// Runs SQL in the file as another program would.
  private func sql(_ text: String) {
    var handle: OpaquePointer?
    #expect(sqlite3_open(file, &handle) == SQLITE_OK)
    #expect(sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK)
    sqlite3_close(handle)
  }

  @Test("what is remembered comes back, to the program that remembered it alone")
  func remembers() throws {
    let records = ["a.json": Self.record(1), "b/ü.json": Self.record(2)]
    do {
      let index = try open()
      index.remember(records, forgetting: [])
      index.remember([9], of: [1, 2], "")
      #expect(index.complaint() == nil)
    }
    let index = try open()
    #expect(index.records(withFacts: true) == records)
    #expect(index.record("b/ü.json") == records["b/ü.json"])
    #expect(index.record("c.json") == nil)
    #expect(index.records(withFacts: false)["a.json"]?.facts == [])
    #expect(index.verdict(of: [1, 2], "") == [9])
    #expect(index.verdict(of: [1, 2], "challenge 00") == nil)
    #expect(index.verdict(of: [1, 3], "") == nil)
    let other = try open("other")
    #expect(other.records(withFacts: true).isEmpty)
    #expect(other.verdict(of: [1, 2], "") == nil)
    index.remember(["a.json": Self.record(3)], forgetting: ["b/ü.json"])
    #expect(index.records(withFacts: true) == ["a.json": Self.record(3)])
  }

  @Test("none is made where none is wanted, and a link is not followed")
  func absent() throws {
    #expect(SQLiteIndex.open(folder.path, program: "this", makes: false).index == nil)
    #expect(!FileManager.default.fileExists(atPath: file))
    #expect(SQLiteIndex.open(folder.path + "/no", program: "this", makes: true).index == nil)
    let elsewhere = try TemporaryFolder()
    let target = elsewhere.path + "/precious"
    try "precious".write(toFile: target, atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: target)
    let opened = SQLiteIndex.open(folder.path, program: "this", makes: true)
    #expect(opened.index == nil && opened.note?.contains("not used") == true)
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "precious")
  }

  private enum Damage: String, CaseIterable {
    case text, empty, head, cut, middle, newer, foreign, trigger
  }

  @Test(
    "a damaged, newer or foreign file is thrown away with one line, and made again",
    arguments: Damage.allCases)
  private func damaged(_ damage: Damage) throws {
    do {
      let index = try open()
      var many: [String: IndexedRecord] = [:]
      for number in 1...60 { many["\(number).json"] = Self.record(Int64(number)) }
      index.remember(many, forgetting: [])
    }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    switch damage {
    case .text: bytes = Data("no database at all, whatever its name says. ".utf8) + bytes
    case .empty: bytes = Data(repeating: 0, count: bytes.count)
    case .head: for place in 16..<100 { bytes[place] ^= 0x55 }
    case .cut: bytes = bytes.prefix(bytes.count / 2)
    case .middle: for place in 4096..<(bytes.count - 4096) { bytes[place] ^= 0x55 }
    case .newer: sql("PRAGMA user_version = 99")
    case .foreign: sql("PRAGMA application_id = 7")
    case .trigger:
      sql("CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM verdict; END")
    }
    if ![.newer, .foreign, .trigger].contains(damage) {
      try bytes.write(to: URL(fileURLWithPath: file))
    }
    let opened = SQLiteIndex.open(folder.path, program: "this", makes: true)
    let index = try #require(opened.index)
    // Damage below the first pages is found where it is met.
    let found = index.records(withFacts: true)
    let note = try #require(index.complaint(), "\(damage)")
    #expect(note.hasSuffix("it is thrown away and made again"), "\(note)")
    #expect(!note.contains("\n") && index.complaint() == nil)
    for (name, record) in found { #expect(record == Self.record(Int64(name.dropLast(5)) ?? 0)) }
    index.remember(["a.json": Self.record(1)], forgetting: [])
    #expect(index.complaint() == nil)
    #expect(try open().records(withFacts: true) == ["a.json": Self.record(1)])
  }

  @Test("a row that something else changed is as if it were not there")
  func changedRows() throws {
    do {
      let index = try open()
      index.remember(["a.json": Self.record(1), "b.json": Self.record(2)], forgetting: [])
      index.remember([9], of: [1, 2], "")
    }
    sql(
      "UPDATE record SET reading = x'00' WHERE name = 'a.json'; UPDATE verdict SET verdict = x'01'")
    let index = try open()
    #expect(
      index.records(withFacts: false) == ["b.json": index.records(withFacts: false)["b.json"]])
    #expect(index.record("a.json") == nil)
    #expect(index.verdict(of: [1, 2], "") == nil)
    sql("UPDATE record SET size = 77 WHERE name = 'b.json'")
    #expect(try open().records(withFacts: true).isEmpty)
  }

  @Test("several at once keep everything; who holds the file too long costs what was to be kept")
  func several() throws {
    let indexes = try (0..<4).map { _ in try open() }
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      for number in 0..<25 {
        indexes[worker].remember(["\(worker)-\(number).json": Self.record(1)], forgetting: [])
        _ = indexes[worker].records(withFacts: false)
      }
    }
    #expect(indexes.allSatisfy { $0.complaint() == nil })
    #expect(indexes[0].records(withFacts: false).count == 100)
    var handle: OpaquePointer?
    #expect(sqlite3_open(file, &handle) == SQLITE_OK)
    #expect(sqlite3_exec(handle, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK)
    indexes[0].remember(["late.json": Self.record(1)], forgetting: [])
    #expect(indexes[0].complaint() == nil)
    #expect(indexes[0].records(withFacts: false).count == 100)
    #expect(try open().records(withFacts: false).count == 100)
    sqlite3_close(handle)
    indexes[0].remember(["late.json": Self.record(1)], forgetting: [])
    #expect(indexes[1].record("late.json") != nil)
  }

  @Test("an index that others may write is not used, and none of strangers")
  func strangers() throws {
    do { try open().remember(["a.json": Self.record(1)], forgetting: []) }
    #expect(chmod(file, 0o666) == 0)
    let opened = SQLiteIndex.open(folder.path, program: "this", makes: true)
    #expect(opened.index == nil && opened.note?.contains("not used") == true)
    guard getuid() == 0 else {
      return NotRun.report("an index of another user: only root can make one")
    }
    #expect(chmod(file, 0o644) == 0 && chown(file, 4711, 4711) == 0)
    #expect(SQLiteIndex.open(folder.path, program: "this", makes: true).index == nil)
    // Whoever owns the folder could as well change the files; but nobody is believed that they are true.
    #expect(chown(folder.path, 4711, 4711) == 0)
    let theirs = try #require(SQLiteIndex.open(folder.path, program: "this", makes: true).index)
    #expect(theirs.record("a.json") != nil)
    theirs.remember([9], of: [1], "")
    #expect(theirs.verdict(of: [1], "") == nil)
  }
}
