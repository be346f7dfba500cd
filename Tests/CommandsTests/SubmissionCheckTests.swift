import Foundation
import Model
import Records
import TestSupport
import Testing

/// `site --check` over files that strangers hand in.
struct SubmissionCheckTests {
  private func check(_ folder: RecordFolder, _ words: String...) -> (
    code: ExitCode, text: String, notes: String
  ) { folder.run(["site", "--check", "--among", folder.path + "/taken"] + words) }

  private func folder() throws -> RecordFolder {
    let folder = try RecordFolder()
    try folder.add("taken/a.json")
    return folder
  }

  @Test("a file that is no record, or too much of one, is refused with its place")
  func schema() throws {
    let folder = try folder()
    let damaged = try folder.add(
      "new/damaged.json", bytes: Array("{\"format\": \"hashwatt-result\"".utf8))
    let other = try folder.add(
      "new/other.json", bytes: Array("{\"format\": \"x\", \"version\": 1}".utf8))
    let big = try folder.add(
      "new/big.json", bytes: [UInt8](repeating: UInt8(ascii: " "), count: (16 << 20) + 1))
    let outcome = check(folder, damaged, other, big, folder.path + "/nowhere.json")
    #expect(outcome.code == .no, "\(outcome.notes)")
    #expect(outcome.text.contains("of 4 files: 4 not to be taken"), "\(outcome.text)")
    #expect(outcome.text.contains("damaged.json: at line 1"))
  }

  @Test("a result whose shares are not there is refused")
  func untrue() throws {
    let folder = try folder()
    let file = try folder.add("new/b.json") { $0.note = "my desk" }
    let outcome = check(folder, file)
    #expect(outcome.code == .no)
    #expect(outcome.text.contains("wrong     verified"), "\(outcome.text)")
    #expect(outcome.text.contains("free text, read it before it is published: \"my desk\""))
  }

  @Test("a copy, a run with other bytes, and a second copy among the new ones are found")
  func duplicates() throws {
    let folder = try folder()
    let copy = try folder.add("new/copy.json")
    #expect(check(folder, copy).text.contains("it has the very bytes of taken/a.json"))
    let changed = try folder.add("new/changed.json") { $0.boardName = "another" }
    #expect(check(folder, changed).text.contains("it is the run of taken/a.json again"))
    // A file in its place in the collection is not held against itself.
    let own = check(folder, folder.path + "/taken/a.json")
    #expect(own.text.contains("no other file is the same"), "\(own.text)")
    let empty = try RecordFolder()
    let first = try empty.add("new/1.json")
    let second = try empty.add("new/2.json")
    let outcome = empty.run(["site", "--check", "--among", empty.path + "/new", first, second])
    #expect(outcome.text.contains("it has the very bytes of new/1.json"), "\(outcome.text)")
  }

  @Test("a profile without its results is refused, one of claims is a person's to judge")
  func profiles() throws {
    let folder = try RecordFolder()
    let result = try folder.add("taken/a.json")
    let written = folder.run([
      "profile", result, "--profiles", folder.path + "/new",
    ])
    #expect(written.code == .done, "\(written.notes)")
    let profile = try #require(
      FileManager.default.enumerator(atPath: folder.path + "/new")?.compactMap { $0 as? String }
        .first { $0.hasSuffix(".json") })
    let path = folder.path + "/new/" + profile
    // The sample has no shares that could be true, so what rests on it is false.
    let false1 = check(folder, path)
    #expect(false1.code == .no && false1.text.contains("its result a.json"), "\(false1.text)")
    try FileManager.default.removeItem(atPath: result)
    try folder.add("taken/z.json") { $0.boardName = "another" }
    let absent = check(folder, path)
    #expect(absent.code == .no)
    #expect(absent.text.contains("neither handed in nor in the collection"), "\(absent.text)")
  }

  @Test("a signature that nobody checked is told of; text of strangers is escaped in Markdown")
  func signature() throws {
    let folder = try folder()
    let file = try folder.add("new/b.json") { $0.note = "<b>*x*</b>" }
    try folder.add("new/b.json.sig", bytes: Array("x".utf8))
    #expect(check(folder, file).text.contains("doubtful  signature"))
    let markdown = check(folder, file, "--format", "markdown").text
    #expect(markdown.contains("## hashwatt: of 1 file: 1 not to be taken"), "\(markdown)")
    #expect(!markdown.contains("<b>") && !markdown.contains("*x*"))
  }

  @Test("options that do not go together are refused")
  func usage() throws {
    let folder = try folder()
    #expect(folder.run(["site", "--check"]).code == .usage)
    #expect(folder.run(["site", "--check", "--verify", "x.json"]).code == .usage)
    #expect(folder.run(["site", "--rescan", "3", "--output", folder.path + "/s"]).code == .usage)
    #expect(
      folder.run(["site", "--format", "markdown", "--output", folder.path + "/s"]).code == .usage)
  }
}
