import Foundation
import LinuxSystem
import TestSupport
import Testing

struct AtomicFolderTests {
  private func contents(_ path: String) throws -> [String: String] {
    let names = try #require(FileManager.default.subpaths(atPath: path))
    var found: [String: String] = [:]
    for name in names {
      if let data = FileManager.default.contents(atPath: "\(path)/\(name)") {
        found[name] = String(decoding: data, as: UTF8.self)
      }
    }
    return found
  }

  private func write(_ files: [(String, String)], to path: String) throws(SystemError) {
    try AtomicFolder.replace(path, with: files.map { (path: $0.0, bytes: Array($0.1.utf8)) })
  }

  @Test("a new folder has the files, and the next one takes its place with nothing left of it")
  func replaces() throws {
    let folder = try TemporaryFolder()
    let target = folder.path + "/site"
    try write([("index.html", "1"), ("a/b/c.json", "2")], to: target)
    #expect(try contents(target) == ["index.html": "1", "a/b/c.json": "2"])
    try write([("index.html", "3")], to: target + "/")
    #expect(try contents(target) == ["index.html": "3"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test("what cannot be written leaves the old folder as it was, and nothing beside it")
  func keeps() throws {
    let folder = try TemporaryFolder()
    let target = folder.path + "/site"
    try write([("index.html", "old")], to: target)
    // A file cannot be where a folder has to be.
    #expect(throws: SystemError.self) {
      try write([("index.html", "new"), ("index.html/x", "2")], to: target)
    }
    #expect(throws: SystemError.self) {
      try write([("twice", "1"), ("twice", "2")], to: target)
    }
    #expect(try contents(target) == ["index.html": "old"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test("a link in the old folder is removed; what it points to stays")
  func links() throws {
    let folder = try TemporaryFolder()
    let target = folder.path + "/site"
    let precious = folder.path + "/precious"
    try write([("index.html", "1")], to: target)
    try write([("kept", "yes")], to: precious)
    try FileManager.default.createSymbolicLink(
      atPath: target + "/link", withDestinationPath: precious)
    try write([("index.html", "2")], to: target)
    #expect(try contents(target) == ["index.html": "2"])
    #expect(try contents(precious) == ["kept": "yes"])
  }
}
