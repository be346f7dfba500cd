import Foundation
import LinuxSystem
import Model
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

  @Test("a file with the very same bytes is kept as it is, with its place and times, and no other")
  func unchanged() throws {
    let folder = try TemporaryFolder()
    let target = folder.path + "/site"
    func replace(_ files: [(String, String)]) throws -> Int {
      try AtomicFolder.replace(target, with: files.map { (path: $0.0, bytes: Array($0.1.utf8)) })
    }
    func inode(_ name: String) throws -> UInt64 {
      try #require(SystemRoot.live.identity("\(target)/\(name)")).inode
    }
    #expect(try replace([("index.html", "1"), ("a/b.html", "2"), ("a/c.html", "3")]) == 0)
    let before = try inode("a/b.html")
    // What a link leads to has the bytes, but is not of the site.
    let precious = folder.path + "/precious"
    try "link".write(toFile: precious, atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: target + "/link.html", withDestinationPath: precious)
    let files = [
      ("index.html", "9"), ("a/b.html", "2"), ("new.html", "3"), ("link.html", "link"),
    ]
    #expect(try replace(files) == 1)
    #expect(try inode("a/b.html") == before)
    #expect(
      try contents(target) == [
        "index.html": "9", "a/b.html": "2", "new.html": "3", "link.html": "link",
      ])
    #expect(try inode("link.html") != SystemRoot.live.identity(precious)?.inode)
    #expect(try replace(files) == 4)
  }
}
