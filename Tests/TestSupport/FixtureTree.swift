import Glibc

/// A tree of files that a test builds: a folder of its own, removed with everything in it when the value goes away.
package final class FixtureTree: Sendable {
  package let path: String
  private let isOurs: Bool

  /// A folder that is there already and stays.
  package init(existing path: String) {
    self.path = path
    isOurs = false
  }

  package init() throws {
    var template = Array("/tmp/hashwatt-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw TestSupportError("mkdtemp: errno \(errno)") }
    path = String(cString: made)
    isOurs = true
    ExitCleanup.add(path)
  }

  deinit { if isOurs { Self.remove(path) } }

  /// Writes a file and the folders above it.
  package func write(_ text: String, to name: String, mode: UInt32 = 0o644) throws {
    let file = "\(path)/\(name)"
    try makeFolder(above: file)
    unlink(file)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, mode)
    guard descriptor >= 0 else { throw TestSupportError("open \(file): errno \(errno)") }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw TestSupportError("write \(file): errno \(errno)")
    }
    chmod(file, mode)
  }

  /// Replaces a file's text in place, as a driver changes an attribute under an open descriptor.
  package func rewrite(_ text: String, in name: String) throws {
    guard truncate("\(path)/\(name)", 0) == 0 else {
      throw TestSupportError("truncate \(name): errno \(errno)")
    }
    try append(text, to: name)
  }

  /// Adds text to the end of a file.
  package func append(_ text: String, to name: String) throws {
    let descriptor = open("\(path)/\(name)", O_WRONLY | O_APPEND)
    guard descriptor >= 0 else { throw TestSupportError("open \(name): errno \(errno)") }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw TestSupportError("write \(name): errno \(errno)")
    }
  }

  /// Makes a symbolic link and the folders above it.
  package func link(_ name: String, to target: String) throws {
    let file = "\(path)/\(name)"
    try makeFolder(above: file)
    guard symlink(target, file) == 0 else {
      throw TestSupportError("symlink \(file): errno \(errno)")
    }
  }

  /// Lets other users look into the folder.
  package func makeReadable() { chmod(path, 0o755) }

  /// Makes a folder and those above it.
  package func folder(_ name: String) throws { try makeFolder(above: "\(path)/\(name)/x") }

  private func makeFolder(above file: String) throws {
    var partial = ""
    for part in file.split(separator: "/").dropLast() {
      partial += "/\(part)"
      if mkdir(partial, 0o755) != 0, errno != EEXIST {
        throw TestSupportError("mkdir \(partial): errno \(errno)")
      }
    }
  }

  private static func remove(_ path: String) {
    if let stream = opendir(path) {
      var names: [String] = []
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
      }
      closedir(stream)
      for name in names {
        let child = "\(path)/\(name)"
        if unlink(child) != 0 { remove(child) }
      }
    }
    rmdir(path)
  }
}

/// What went wrong inside a test's own machinery.
package struct TestSupportError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
