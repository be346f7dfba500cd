internal import Glibc
internal import Model

/// Replaces whole folders so that a crash or a full disk leaves what was there before.
package enum AtomicFolder {
  /// Writes every file into a new folder beside `path`, syncs all of it, and puts it in the place of `path`.
  ///
  /// A file that the old folder has with the very same bytes is not written: the new folder gets it as it is, with its times.
  ///
  /// - Returns: how many files were kept so.
  /// - Throws: `SystemError`; the new folder is removed and the old one, if any, is untouched.
  @discardableResult
  package static func replace(
    _ path: String, with files: [(path: String, bytes: [UInt8])]
  ) throws(SystemError) -> Int {
    var target = path
    while target.count > 1, target.hasSuffix("/") { target.removeLast() }
    let fresh = "\(target).\(getpid()).new"
    let stale = "\(target).\(getpid()).old"
    var kept = 0
    do throws(SystemError) {
      try AtomicFile.createFolder(fresh)
      var folders: Set<Substring> = []
      for file in files {
        let place = "\(fresh)/\(file.path)"
        if let slash = place.lastIndex(of: "/"), folders.insert(place[..<slash]).inserted {
          try AtomicFile.createFolder(String(place[..<slash]))
        }
        if holds("\(target)/\(file.path)", file.bytes),
          unsafe link("\(target)/\(file.path)", place) == 0
        {
          kept += 1
        } else {
          try write(file.bytes, to: place)
        }
      }
      // Once for all files: a sync of each takes milliseconds, and a site has thousands.
      try FileDescriptor.open(fresh, flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC).syncFileSystem()
      guard SystemRoot.live.exists(target) else {
        try move(fresh, to: target)
        return 0
      }
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
    return kept
  }

  /// Whether an ordinary file has these bytes.
  private static func holds(_ path: String, _ bytes: [UInt8]) -> Bool {
    guard SystemRoot.live.identity(path)?.size == Int64(bytes.count),
      let file = try? FileDescriptor.open(path, flags: O_RDONLY | O_NOFOLLOW | O_CLOEXEC),
      let found = try? file.readToEnd(limit: bytes.count)
    else { return false }
    return found == bytes
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
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
