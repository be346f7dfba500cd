internal import Glibc

/// Writes whole files so that a crash or a full disk leaves what was there before.
package enum AtomicFile {
  /// Writes to a temporary file in the same folder, syncs it, renames it over `path` and syncs the folder.
  ///
  /// The mode is that of the new file, as far as the process's mask lets it.
  ///
  /// - Throws: `SystemError`; the temporary file is removed and the old file, if any, is untouched.
  package static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644
  ) throws(SystemError) {
    try write(bytes, to: path, replacing: true, mode: mode)
  }

  /// Writes as `write` does, but never over a file that is there.
  ///
  /// - Throws: `SystemError`, with `alreadyExists` when the name is taken, even by a process that took it just now.
  package static func writeNew(_ bytes: [UInt8], to path: String) throws(SystemError) {
    try write(bytes, to: path, replacing: false, mode: 0o644)
  }

  private static func write(
    _ bytes: [UInt8], to path: String, replacing: Bool, mode: UInt32
  ) throws(SystemError) {
    let slash = path.lastIndex(of: "/")
    let folder = folder(of: path)
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let temporary = "\(folder)/.\(name).\(getpid()).tmp"
    do {
      let file = try FileDescriptor.open(
        temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode: mode)
      try file.writeAll(bytes)
      try file.sync()
    } catch {
      if error.errno != .alreadyExists { _ = unsafe unlink(temporary) }
      throw SystemError(errno: error.errno, operation: error.operation, path: path)
    }
    guard moved(temporary, to: path, replacing: replacing) else {
      let error = Errno.current
      _ = unsafe unlink(temporary)
      throw SystemError(errno: error, operation: replacing ? "replace" : "create", path: path)
    }
    let directory = try FileDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try directory.sync()
  }

  /// Writes a file of that many bytes into a folder and removes it again.
  ///
  /// - Throws: `SystemError` when the folder cannot be written or has no room.
  package static func tryOut(folder: String, bytes: Int) throws(SystemError) {
    let path = "\(folder)/.hashwatt-try.\(getpid())"
    defer { _ = unsafe unlink(path) }
    let file = try FileDescriptor.open(path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
    try file.writeAll([UInt8](repeating: 0, count: bytes))
    try file.sync()
  }

  /// Removes a file, so that no crash brings it back.
  package static func remove(_ path: String) throws(SystemError) {
    guard unsafe unlink(path) == 0 else {
      throw SystemError(errno: .current, operation: "remove", path: path)
    }
    try FileDescriptor.open(folder(of: path), flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync()
  }

  /// The folder that a file lies in.
  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Whether the file has its new name; else `errno` says why not.
  private static func moved(_ temporary: String, to path: String, replacing: Bool) -> Bool {
    if replacing { return unsafe rename(temporary, path) == 0 }
    // A hard link, unlike a rename, fails when the name is taken.
    if unsafe link(temporary, path) == 0 {
      // The file is there, whatever becomes of its other name.
      _ = unsafe unlink(temporary)
      return true
    }
    // A file system without hard links: look, then rename.
    guard Errno.current == .notPermitted, unsafe access(path, F_OK) != 0 else { return false }
    return unsafe rename(temporary, path) == 0
  }

  /// Creates a folder and those above it.
  package static func createFolder(_ path: String) throws(SystemError) {
    var partial = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + component
      if unsafe mkdir(partial, 0o755) != 0 {
        let error = Errno.current
        if error != .alreadyExists {
          throw SystemError(errno: error, operation: "create the folder", path: partial)
        }
      }
    }
  }
}
