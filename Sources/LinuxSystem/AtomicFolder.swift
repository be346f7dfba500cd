internal import Glibc

/// Replaces whole folders so that a crash or a full disk leaves what was there before.
package enum AtomicFolder {
  /// Writes every file into a new folder beside `path`, syncs all of it, and puts it in the place of `path`.
  ///
  /// - Throws: `SystemError`; the new folder is removed and the old one, if any, is untouched.
  package static func replace(
    _ path: String, with files: [(path: String, bytes: [UInt8])]
  ) throws(SystemError) {
    var target = path
    while target.count > 1, target.hasSuffix("/") { target.removeLast() }
    let fresh = "\(target).\(getpid()).new"
    let stale = "\(target).\(getpid()).old"
    do throws(SystemError) {
      try AtomicFile.createFolder(fresh)
      for file in files { try write(file.bytes, to: "\(fresh)/\(file.path)", below: fresh) }
      // Once for all files: a sync of each takes milliseconds, and a site has thousands.
      try FileDescriptor.open(fresh, flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC).syncFileSystem()
      guard SystemRoot.live.exists(target) else { return try move(fresh, to: target) }
      // Linux can swap two folders in one step, but not every file system can: two renames, the second undone on
      // failure.
      try move(target, to: stale)
      do throws(SystemError) {
        try move(fresh, to: target)
      } catch {
        try move(stale, to: target)
        throw error
      }
      // The names too must be on the medium before the old folder goes.
      do throws(SystemError) {
        try syncNames(of: target)
      } catch {
        try move(target, to: fresh)
        try move(stale, to: target)
        throw error
      }
    } catch {
      remove(fresh)
      throw error
    }
    remove(stale)
  }

  private static func write(_ bytes: [UInt8], to path: String, below folder: String)
    throws(SystemError)
  {
    if let slash = path.lastIndex(of: "/") {
      try AtomicFile.createFolder(String(path[..<slash]))
    }
    let file = try FileDescriptor.open(path, flags: O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
    try file.writeAll(bytes)
  }

  /// Syncs the folder that a path is in.
  private static func syncNames(of path: String) throws(SystemError) {
    let folder = path.lastIndex(of: "/").map { path[..<$0].isEmpty ? "/" : path[..<$0] } ?? "."
    try FileDescriptor.open(String(folder), flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync()
  }

  private static func move(_ from: String, to: String) throws(SystemError) {
    guard unsafe rename(from, to) == 0 else {
      throw SystemError(errno: .current, operation: "rename", path: from)
    }
  }

  /// Removes a folder of ours with everything in it; links are removed, not followed.
  private static func remove(_ path: String) {
    guard unsafe unlink(path) != 0 else { return }
    for name in (try? SystemRoot.live.names(path)) ?? [] { remove("\(path)/\(name)") }
    _ = unsafe rmdir(path)
  }
}
