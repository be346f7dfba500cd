internal import Glibc

/// Where `/sys` and `/proc` are read from: the live machine, or a captured tree.
///
/// Every read of sysfs and procfs goes through a value of this type, so that a captured machine can stand in for
/// the present one (`--sysroot DIR` reads `DIR/sys` and `DIR/proc`).
package struct SystemRoot: Hashable, Sendable {
  /// Empty for the live machine, else the folder that holds `sys` and `proc`, without a slash at its end.
  package let prefix: String

  /// The present machine.
  package static let live = SystemRoot(prefix: "")

  package init(prefix: String) {
    var trimmed = prefix
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.prefix = trimmed == "/" ? "" : trimmed
  }

  /// Whether this is the present machine.
  package var isLive: Bool { prefix.isEmpty }

  /// The path to open for an absolute path such as `/sys/class/powercap`.
  package func resolve(_ path: String) -> String { prefix + path }

  /// The longest file that is read where nothing else is said: a `/proc/cpuinfo` of a thousand CPUs has some hundred KiB.
  package static let longestFile = 64 << 20

  /// All bytes of a file; one with more than `limit` is refused with `Errno.tooLarge`, never cut.
  ///
  /// sysfs gives its text on one read from offset 0 and reports a size that is not its length, so the file is
  /// read until the end and never sized beforehand.
  package func bytes(_ path: String, limit: Int = SystemRoot.longestFile) throws(SystemError)
    -> [UInt8]
  {
    let full = resolve(path)
    let descriptor = try FileDescriptor.open(full, flags: O_RDONLY | O_CLOEXEC)
    return try descriptor.readToEnd(limit: limit)
  }

  /// The text of a file without white space at its ends; bytes that are not UTF-8 become U+FFFD.
  package func text(_ path: String, limit: Int = SystemRoot.longestFile) throws(SystemError)
    -> String
  {
    let raw = String(decoding: try bytes(path, limit: limit), as: UTF8.self)
    let isBlank = { (character: Character) in character.isWhitespace || character == "\0" }
    guard let first = raw.firstIndex(where: { !isBlank($0) }),
      let last = raw.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(raw[first...last])
  }

  /// The decimal integer that a file holds, or nil when its text is not one.
  package func integer(_ path: String) throws(SystemError) -> Int64? { Int64(try text(path)) }

  /// The names in a folder, sorted, without `.` and `..`.
  package func names(_ path: String) throws(SystemError) -> [String] {
    try entries(path).map(\.name)
  }

  /// What is in a folder, sorted by name, without `.` and `..`.
  ///
  /// The folder itself says of most that they are plain files, so that nothing else has to be looked at.
  package func entries(
    _ path: String
  ) throws(SystemError) -> [(name: String, isPlainFile: Bool)] {
    let full = resolve(path)
    guard let stream = unsafe opendir(full) else {
      throw SystemError(errno: .current, operation: "list", path: full)
    }
    defer { unsafe closedir(stream) }
    var found: [(name: String, isPlainFile: Bool)] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
          unsafe String(cString: text)
        }
      }
      guard name != ".", name != ".." else { continue }
      // A file system that does not tell gives another number.
      found.append((name, unsafe entry.pointee.d_type == UInt8(DT_REG)))
    }
    return found.sorted { $0.name < $1.name }
  }

  /// Whether a file or folder can be seen at this path.
  package func exists(_ path: String) -> Bool { unsafe access(resolve(path), F_OK) == 0 }

  /// The permission bits of a file, links followed; nil when it cannot be seen.
  package func mode(_ path: String) -> UInt32? {
    var status = stat()
    guard unsafe stat(resolve(path), &status) == 0 else { return nil }
    return status.st_mode & 0o7777
  }

  /// Whether a path is a pipe, a socket or a device, links followed: to read one may take for ever.
  package func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(resolve(path), &status) == 0 else { return false }
    let kind = status.st_mode & S_IFMT
    return kind != S_IFREG && kind != S_IFDIR
  }

  /// The path with every link followed, still absolute below this root (its prefix removed).
  package func realPath(_ path: String) throws(SystemError) -> String {
    let full = resolve(path)
    guard let resolved = unsafe realpath(full, nil) else {
      throw SystemError(errno: .current, operation: "follow", path: full)
    }
    defer { unsafe free(resolved) }
    let text = unsafe String(cString: resolved)
    // The prefix itself may contain links: compare with its own real path.
    guard !isLive, let root = unsafe realpath(prefix, nil) else { return text }
    defer { unsafe free(root) }
    let realPrefix = unsafe String(cString: root)
    return text.hasPrefix(realPrefix + "/") ? String(text.dropFirst(realPrefix.count)) : text
  }

  /// The target of a symbolic link as written in it.
  package func linkTarget(_ path: String) throws(SystemError) -> String {
    let full = resolve(path)
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = unsafe buffer.withUnsafeMutableBufferPointer { text in
      unsafe text.baseAddress.map { unsafe readlink(full, $0, text.count) } ?? -1
    }
    guard length >= 0 else {
      throw SystemError(errno: .current, operation: "read the link", path: full)
    }
    return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
