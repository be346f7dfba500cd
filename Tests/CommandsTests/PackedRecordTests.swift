import Foundation
import Model
import Records
import TestSupport
import Testing

/// Results and profiles that gzip packed are read wherever others are.
struct PackedRecordTests {
  private static func result(_ change: (inout SampleResult) -> Void = { _ in }) throws -> [UInt8] {
    var sample = SampleResult()
    change(&sample)
    return try ResultFile.encode(sample.make())
  }

  @Test("a table of packed files is that of the files, and a file beside its packed self is one")
  func table() throws {
    let folder = try RecordFolder()
    let bytes = try Self.result()
    try folder.add("plain/a.json", bytes: bytes)
    try folder.add("packed/a.json.gz", bytes: StoredGzip.pack(bytes))
    // Packed, whatever the name says, and a name that says so of what is not.
    try folder.add("named/a.json", bytes: StoredGzip.pack(bytes))
    try folder.add("unpacked/a.json.gz", bytes: bytes)
    try folder.add("both/a.json", bytes: bytes)
    try folder.add("both/a.json.gz", bytes: StoredGzip.pack(bytes))
    func rows(_ name: String) -> String {
      let outcome = folder.run(["table", "\(folder.path)/\(name)", "--format", "csv"])
      #expect(outcome.code == .done, "\(outcome.notes)")
      return outcome.text.replacingOccurrences(of: "\(name)/a.json.gz", with: "FILE")
        .replacingOccurrences(of: "\(name)/a.json", with: "FILE")
    }
    let plain = rows("plain")
    #expect(plain.contains("FILE"))
    for name in ["packed", "named", "unpacked", "both"] { #expect(rows(name) == plain) }
  }

  @Test("a packed file that is cut off, damaged, no record or too long is one line and exit code 4")
  func refused() throws {
    let folder = try RecordFolder()
    let packed = StoredGzip.pack(try Self.result())
    func refusal(_ bytes: [UInt8]) throws -> String {
      let path = try folder.add("a.json.gz", bytes: bytes)
      for words in [["table", folder.path], ["verify", path], ["compare", path, path]] {
        let outcome = folder.run(words)
        #expect(outcome.code == .badInput, "\(words): \(outcome.notes)")
        #expect(outcome.notes.split(separator: "\n").count == 1)
        if words[0] == "table" { continue }
        #expect(outcome.notes.contains("a.json.gz"))
      }
      return folder.run(["table", folder.path]).notes
    }
    #expect(try refusal(Array(packed.dropLast(9))).contains("ends too early: use a copy"))
    var damaged = packed
    damaged[200] ^= 1
    #expect(try refusal(damaged).contains("gzip data is damaged"))
    #expect(try refusal(packed + Array("more".utf8)).contains("something else follows"))
    #expect(try refusal(StoredGzip.pack(Array("[1]".utf8))).contains("a.json.gz"))
    #expect(try refusal(StoredGzip.pack(packed)).contains("a.json.gz: "))
  }

  @Test("what unpacks to more than a file may have is refused before it is all there")
  func bomb() throws {
    guard let gzip = ChildProcess.find("gzip") else {
      return NotRun.report("a packed file that unpacks to 300 MB: gzip is not installed")
    }
    let folder = try RecordFolder()
    let path = try folder.add("zeros", bytes: [])
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 300 << 20)
    try file.close()
    #expect(try ChildProcess.run(gzip, ["-1", "--suffix", ".json.gz", path]).status == 0)
    let table = folder.run(["table", path + ".json.gz"])
    #expect(table.code == .badInput)
    #expect(table.notes.hasPrefix("zeros.json.gz: unpacked it has more than 256 MiB: "))
    let apart = try RecordFolder()
    try apart.add("taken/a.json")
    let handedIn = apart.run([
      "site", "--check", "--among", apart.path + "/taken", path + ".json.gz",
    ])
    #expect(handedIn.code == .no)
    #expect(handedIn.text.contains("unpacked it has more than 16 MiB"), "\(handedIn.text)")
  }

  @Test("a profile cites a packed result as the result that it is, and it is found packed again")
  func profiles() throws {
    let folder = try RecordFolder()
    let bytes = try Self.result()
    let plain = try folder.add("plain/a.json", bytes: bytes)
    let packed = try folder.add("packed/a.json.gz", bytes: StoredGzip.pack(bytes))
    for (result, profiles) in [(plain, "p1"), (packed, "p2")] {
      let outcome = folder.run(["profile", result, "--profiles", "\(folder.path)/\(profiles)"])
      #expect(outcome.code == .done, "\(outcome.notes)")
    }
    let name = try #require(
      FileManager.default.subpaths(atPath: folder.path + "/p1")?.first { $0.hasSuffix(".json") })
    func profile(_ folder: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    #expect(try profile(folder.path + "/p1") == profile(folder.path + "/p2"))
    let site = folder.path + "/site"
    let made = folder.run([
      "site", folder.path + "/packed", folder.path + "/p2", "--output", site,
    ])
    #expect(made.code == .done, "\(made.notes)")
    // Derived again from the result that it cites; and anyone can download the result as it was written.
    let page = try #require(
      FileManager.default.contentsOfDirectory(atPath: site + "/devices").first)
    let text = try String(contentsOfFile: "\(site)/devices/\(page)", encoding: .utf8)
    #expect(text.contains("derived again from its results"))
    #expect(text.contains("hashwatt verify --rescan 20 a.json<"))
    let download = try Data(contentsOf: URL(fileURLWithPath: site + "/data/a.json"))
    #expect(download == Data(bytes))
  }

  @Test("a trend finds a packed result in a list of commits; a signature lies beside the bare name")
  func names() throws {
    let folder = try RecordFolder()
    for (name, offset) in [("1.json.gz", 0.0), ("2.json", 86400)] {
      var result = SampleResult().make()
      result.startedAt += offset
      let bytes = try ResultFile.encode(result)
      try folder.add(
        "nights/" + name, bytes: name.hasSuffix("gz") ? StoredGzip.pack(bytes) : bytes)
    }
    let list = try folder.add("commits", bytes: Array("feed 1.json\nbeef 2.json.gz\n".utf8))
    let trend = folder.run(["trend", folder.path + "/nights", "--by", "file:" + list])
    #expect(trend.code == .done && !trend.text.contains("not in the list"), "\(trend.text)")
    try folder.add("nights/1.json.sig", bytes: Array("x".utf8))
    let table = folder.run(["table", folder.path + "/nights/1.json.gz", "--format", "json"])
    #expect(table.text.contains("signed, not checked"), "\(table.text)")
  }

  @Test("nodes of a fleet are called the same, packed or not, and packed submissions are checked")
  func others() throws {
    let folder = try RecordFolder()
    let bytes = try Self.result()
    try folder.add("nodes/n1.json.gz", bytes: StoredGzip.pack(bytes))
    let other = try Self.result { $0.boardName = "another" }
    try folder.add("nodes/n2.json", bytes: other)
    let fleet = folder.run([
      "fleet", "collect", folder.path + "/nodes", "--no-verify", "--format", "json",
    ])
    #expect(fleet.text.contains("\"n1\""), "\(fleet.text) \(fleet.notes)")
    let copy = try folder.add("new/copy.json.gz", bytes: StoredGzip.pack(other))
    let check = folder.run(["site", "--check", "--among", folder.path + "/nodes", copy])
    #expect(check.text.contains("it has the very bytes of nodes/n2.json"), "\(check.text)")
  }
}
