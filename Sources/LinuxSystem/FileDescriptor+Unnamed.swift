internal import Glibc

extension FileDescriptor {
  /// A file without a name in the folder for temporary files, with a text that is read from its beginning.
  static func unnamed(holding text: String) throws(SystemError) -> FileDescriptor {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    // O_TMPFILE contains the bit of O_DIRECTORY; the macro itself does not reach Swift.
    let unnamed = O_DIRECTORY | 0o20000000
    let file = try open(folder, flags: O_RDWR | unnamed | O_CLOEXEC, mode: 0o600)
    try file.writeAll(Array(text.utf8))
    guard lseek(file.number, 0, SEEK_SET) == 0 else {
      throw SystemError(errno: .current, operation: "rewind a temporary file")
    }
    return file
  }
}
