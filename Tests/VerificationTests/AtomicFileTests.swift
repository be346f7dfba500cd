import LinuxSystem
import TestSupport
import Testing

struct AtomicFileTests {
  @Test("a new file never takes the place of another, and leaves nothing beside it")
  func writeNew() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.json"
    try AtomicFile.writeNew([1, 2], to: path)
    let error = #expect(throws: SystemError.self) { try AtomicFile.writeNew([3], to: path) }
    #expect(error?.errno == .alreadyExists)
    #expect(try SystemRoot.live.bytes(path) == [1, 2])
    #expect(try SystemRoot.live.names(folder.path) == ["a.json"])
    try AtomicFile.write([4], to: path)
    #expect(try SystemRoot.live.bytes(path) == [4])
    #expect(try SystemRoot.live.names(folder.path) == ["a.json"])
  }

  @Test("a write that fails leaves the old file and nothing beside it")
  func failure() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.createFolder(folder.path + "/taken/below")
    #expect(throws: SystemError.self) { try AtomicFile.write([1], to: folder.path + "/taken") }
    #expect(throws: SystemError.self) { try AtomicFile.write([1], to: folder.path + "/no/a") }
    #expect(try SystemRoot.live.names(folder.path) == ["taken"])
    #expect(try SystemRoot.live.names(folder.path + "/taken") == ["below"])
  }
}
