import CSQLite
import Foundation
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// An index beside many results changes nothing but the time.
struct RecordIndexTests {
  private static let count = 36
  private static let index = ".hashwatt-index.sqlite"

  /// White space behind a document is none of its content, and makes a folder that an index is worth.
  private static let padding = [UInt8](repeating: UInt8(ascii: "\n"), count: 32 << 10)

  private static func result(_ number: Int, rate: Double? = nil) throws -> [UInt8] {
    let factor = (rate ?? 120e6) * (1 + 0.001 * Double((number * 7) % 5 - 2))
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16", rates: [0.999, 1, 1.001].map { $0 * factor },
        watts: number.isMultiple(of: 3)
          ? [:] : [.cpuPackage: [98, 99, 98.5], .wall: [150, 151, 150]])
    ]
    var result = sample.make()
    result.startedAt += Double(number) * 86400
    result.challenge = try #require(
      Challenge(bytes: [UInt8](repeating: UInt8(number), count: 32)))
    return try ResultFile.encode(result) + padding
  }

  /// Results, one of them twice and two packed, and a profile.
  private static func folder() throws -> RecordFolder {
    let folder = try RecordFolder()
    for number in 0..<count {
      let bytes = try result(number)
      let isPacked = number < 2
      try folder.add(
        "results/\(number % 9 == 8 ? "sub/" : "")r\(number).json" + (isPacked ? ".gz" : ""),
        bytes: isPacked ? StoredGzip.pack(bytes) : bytes)
    }
    try folder.add("results/copy.json", bytes: result(7))
    try folder.add("results/s1.json", bytes: profile())
    return folder
  }

  private static func profile() throws -> [UInt8] {
    try ProfileFile.encode(
      Profile(
        hardwareID: HardwareID(rawValue: "asic/s1"), kind: DeviceKind(rawValue: "asic"),
        name: "Example S1",
        published: [
          PublishedClaim(
            algorithm: .sha256d, workUnit: .hash, rate: 100e12, power: Watts(3000),
            joulesPerWork: 20e-12, joulesPerWorkIsStated: true,
            stated: StatedFigures(rate: "100", unit: "TH/s", power: "3000", efficiency: "20"),
            measuredAt: .wall, rateTolerance: 0.03, year: 2024,
            source: ClaimSource(title: "Sheet", address: "https://example.org/s1"),
            confidence: .high, note: nil)
        ]))
  }

  /// Waits until no file can change without its identity.
  private static func settle(_ folder: RecordFolder) throws {
    let files = try #require(FileManager.default.subpaths(atPath: folder.path + "/results"))
    for file in files where file.contains(".json") {
      while SystemRoot.live.identity("\(folder.path)/results/\(file)")
        .map({ !$0.isSettled(at: SystemRoot.wallTime()) }) ?? false
      {
        usleep(50_000)
      }
    }
  }

  private static let commands: [[String]] = [
    ["table"], ["table", "--format", "json", "--all-claims"], ["table", "--claimed"],
    ["table", "--format", "csv", "--measured"], ["trend"], ["trend", "--format", "json"],
    ["fleet", "collect", "--no-verify"],
    ["fleet", "collect", "--no-verify", "--expect", "governor=performance"],
  ]

  private static func run(
    _ words: [String], _ folder: RecordFolder, _ more: String...
  ) -> (code: ExitCode, text: String, notes: String) {
    folder.run(words + [folder.path + "/results"] + more)
  }

  /// Compares the answers of commands, or of one table alone.
  private static func expectSame(_ folder: RecordFolder, _ commands: [[String]] = [commands[3]]) {
    for words in commands {
      let with = run(words, folder)
      let without = run(words, folder, "--no-index")
      #expect(with.code == without.code, "\(words): \(with.notes)")
      #expect(with.text == without.text, "\(words)")
      #expect(with.notes == without.notes, "\(words)")
      #expect(!with.text.isEmpty)
    }
  }

  private static func site(_ folder: RecordFolder, _ name: String, _ more: String...) throws
    -> [String: Data]
  {
    let path = "\(folder.path)/\(name)"
    let outcome = folder.run(["site", folder.path + "/results", "--output", path] + more)
    #expect(outcome.code == .done, "\(outcome.notes)")
    var files: [String: Data] = [:]
    for file in try #require(FileManager.default.subpaths(atPath: path)) {
      files[file] = FileManager.default.contents(atPath: "\(path)/\(file)")
    }
    return files
  }

  @Test("every command says the same with an index and without, before files settle and after")
  func same() throws {
    let folder = try Self.folder()
    Self.expectSame(folder)
    let file = "\(folder.path)/results/\(Self.index)"
    #expect(FileManager.default.fileExists(atPath: file))
    try Self.settle(folder)
    Self.expectSame(folder)
    Self.expectSame(folder, Self.commands)
    #expect(try Self.site(folder, "a") == Self.site(folder, "b", "--no-index"))
    #expect(Self.rows(folder) == Self.count + 2)
    // A file that goes is forgotten, one that comes is seen.
    try FileManager.default.removeItem(atPath: folder.path + "/results/r3.json")
    try folder.add("results/new.json", bytes: Self.result(40))
    Self.expectSame(folder)
    #expect(Self.rows(folder, "WHERE name = 'r3.json'") == 0)
  }

  @Test(
    "a thousand files give the same table with an index and without, and after some of them changed"
  )
  func thousand() throws {
    let text = String(decoding: try Self.profile(), as: UTF8.self)
    // So that together they are worth an index.
    let padding = String(repeating: "\n", count: 600)
    func file(_ number: Int, _ rate: String? = nil) -> [UInt8] {
      Array(
        (text.replacing("asic/s1", with: "asic/s\(number)").replacing(
          "100000000000000.0", with: rate ?? "\(100_000 + number)00000000.0") + padding).utf8)
    }
    let folder = try RecordFolder()
    for number in 0..<1000 {
      try folder.add("results/p\(number).json", bytes: file(number))
    }
    try Self.settle(folder)
    let words = ["table", "--format", "csv", "--all-claims"]
    let made = Self.run(words, folder)
    let remembered = Self.run(words, folder)
    let without = Self.run(words, folder, "--no-index")
    #expect(without.code == .done && Self.rows(folder) == 1000)
    #expect(without.text.split(separator: "\r\n").count == 1001)
    #expect(made.text == without.text && remembered.text == without.text)
    #expect(made.notes == without.notes && remembered.notes == without.notes)
    try folder.add("results/p500.json", bytes: file(500, "123456789000000.0"))
    try FileManager.default.removeItem(atPath: folder.path + "/results/p77.json")
    try folder.add("results/new.json", bytes: file(5000))
    let with = Self.run(words, folder)
    #expect(with.text != without.text && with.text.contains("123456789000000"))
    #expect(with.text == Self.run(words, folder, "--no-index").text)
  }

  /// How many files an index remembers.
  private static func rows(_ folder: RecordFolder, _ which: String = "") -> Int {
    var database: OpaquePointer?
    var statement: OpaquePointer?
    defer { sqlite3_close(database) }
    let path = "\(folder.path)/results/\(index)"
    guard sqlite3_open(path, &database) == SQLITE_OK,
      sqlite3_prepare_v2(database, "SELECT count(*) FROM record \(which)", -1, &statement, nil)
        == SQLITE_OK, sqlite3_step(statement) == SQLITE_ROW
    else { return -1 }
    defer { sqlite3_finalize(statement) }
    return Int(sqlite3_column_int64(statement, 0))
  }

  @Test("a file that changed is read again, however little of it shows")
  func changes() throws {
    let folder = try Self.folder()
    try Self.settle(folder)
    Self.expectSame(folder)
    let path = folder.path + "/results/r5.json"
    let changed = try Self.result(5, rate: 990e6)
    let old = try Data(contentsOf: URL(fileURLWithPath: path))
    // The same size, so that time and place alone tell.
    let bytes = Data(changed.prefix(old.count))
    let padded = bytes + Data(repeating: UInt8(ascii: "\n"), count: old.count - bytes.count)
    #expect(padded.count == old.count && padded != old)
    var times = [timespec](repeating: timespec(), count: 2)
    var status = stat()
    #expect(stat(path, &status) == 0)
    times = [status.st_atim, status.st_mtim]
    func text() -> String { Self.run(["table", "--format", "csv"], folder).text }
    let before = text()
    // In its place, its time set back to what it was.
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.write(contentsOf: padded)
    try file.close()
    #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    let after = text()
    #expect(after != before)
    Self.expectSame(folder)
    // Another file by its name, with the same time.
    try Self.settle(folder)
    Self.expectSame(folder)
    try old.write(to: URL(fileURLWithPath: path), options: .atomic)
    #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    #expect(text() == before)
    Self.expectSame(folder)
  }

  @Test("a file of the future is never remembered, as after a clock was set back")
  func clock() throws {
    let folder = try Self.folder()
    let path = folder.path + "/results/r5.json"
    let future = Date().addingTimeInterval(3600)
    try FileManager.default.setAttributes([.modificationDate: future], ofItemAtPath: path)
    let name = folder.path + "/results/"
    for file in try #require(FileManager.default.subpaths(atPath: name))
    where file.contains(".json") && !file.hasSuffix("r5.json") {
      while SystemRoot.live.identity(name + file)
        .map({ !$0.isSettled(at: SystemRoot.wallTime()) }) ?? false
      { usleep(50_000) }
    }
    Self.expectSame(folder)
    #expect(Self.rows(folder) == Self.count + 1)
    #expect(Self.rows(folder, "WHERE name = 'r5.json'") == 0)
  }

  @Test("a verdict is said again for the same demands, and given up with the file")
  func verdicts() throws {
    let folder = try Self.folder()
    try Self.settle(folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results")
      .filter { $0.hasPrefix("r") }.sorted().map { "\(folder.path)/results/\($0)" }
    // The samples' shares are none, so that each is false.
    let collect = Self.run(["fleet", "collect", "--format", "json"], folder)
    let without = Self.run(["fleet", "collect", "--format", "json"], folder, "--no-index")
    #expect(collect.text == without.text && collect.code == .no)
    #expect(Self.run(["fleet", "collect", "--format", "json"], folder).text == without.text)
    for more in [[], ["--challenge", String(repeating: "05", count: 32)], []] {
      let verify = folder.run(["verify"] + files + more)
      #expect(verify.code == .no)
      #expect(verify.text == folder.run(["verify", "--no-index"] + files + more).text)
      #expect(verify.text.contains("challenge: not the one") != more.isEmpty)
    }
    let site = try Self.site(folder, "a", "--verify")
    #expect(try site == Self.site(folder, "b", "--verify", "--no-index"))
    #expect(try site == Self.site(folder, "c", "--verify"))
  }
}
