internal import Glibc

/// Another program that reads one text and writes one.
package enum ChildProgram {
  /// Runs a program of the search path with `input` as its standard input and returns its standard output.
  ///
  /// Nil when there is no such program. Both texts go through unnamed files, so that neither side can block the
  /// other; standard error is dropped. The corresponding C function is `posix_spawnp`.
  ///
  /// - Throws: `SystemError` when it cannot be run or does not end with exit code 0.
  package static func run(
    _ name: String, _ arguments: [String], input: String, limit: Int = 1 << 24
  ) throws(SystemError) -> String? {
    let source = try unnamedFile()
    try source.writeAll(Array(input.utf8))
    guard lseek(source.number, 0, SEEK_SET) == 0 else {
      throw SystemError(errno: .current, operation: "rewind a temporary file")
    }
    let sink = try unnamedFile()
    let null = try FileDescriptor.open("/dev/null", flags: O_WRONLY | O_CLOEXEC)
    var actions = unsafe posix_spawn_file_actions_t()
    _ = unsafe posix_spawn_file_actions_init(&actions)
    defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
    _ = unsafe posix_spawn_file_actions_adddup2(&actions, source.number, 0)
    _ = unsafe posix_spawn_file_actions_adddup2(&actions, sink.number, 1)
    _ = unsafe posix_spawn_file_actions_adddup2(&actions, null.number, 2)
    var words = unsafe ([name] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var child: pid_t = 0
    let error = unsafe posix_spawnp(&child, name, &actions, nil, &words, environ)
    if error == ENOENT { return nil }
    guard error == 0 else {
      throw SystemError(errno: Errno(rawValue: error), operation: "run", path: name)
    }
    var status: CInt = 0
    while unsafe waitpid(child, &status, 0) < 0 {
      let error = Errno.current
      if error != .interrupted {
        throw SystemError(errno: error, operation: "wait for", path: name)
      }
    }
    // WIFEXITED and WEXITSTATUS are macros: the low seven bits are the signal, the next byte is the exit code.
    guard status == 0 else {
      throw SystemError(
        errno: .inputOutput, operation: "use (exit status \(status >> 8), signal \(status & 0x7f))",
        path: name)
    }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = try sink.read(into: &bytes, at: 0)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// A file without a name in the folder for temporary files.
  private static func unnamedFile() throws(SystemError) -> FileDescriptor {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    // O_TMPFILE contains the bit of O_DIRECTORY; the macro itself does not reach Swift.
    let unnamed = O_DIRECTORY | 0o20000000
    return try FileDescriptor.open(folder, flags: O_RDWR | unnamed | O_CLOEXEC, mode: 0o600)
  }
}
