internal import CLinuxShims
internal import Glibc

/// An open file that is closed when the value goes away.
package struct FileDescriptor: ~Copyable, Sendable {
  /// The number that the C library knows it by; valid while this value lives.
  package let number: CInt
  private let path: String

  init(number: CInt, path: String) {
    self.number = number
    self.path = path
  }

  deinit { _ = close(number) }

  /// The corresponding C function is `open`.
  package static func open(_ path: String, flags: CInt, mode: UInt32 = 0o644)
    throws(SystemError) -> FileDescriptor
  {
    while true {
      let number = unsafe Glibc.open(path, flags, mode)
      if number >= 0 { return FileDescriptor(number: number, path: path) }
      let error = Errno.current
      if error != .interrupted { throw SystemError(errno: error, operation: "open", path: path) }
    }
  }

  /// Opens an existing file for reading.
  package static func openForReading(_ path: String) throws(SystemError) -> FileDescriptor {
    try open(path, flags: O_RDONLY | O_CLOEXEC)
  }

  /// Opens an existing file so that every write goes to its end.
  package static func openForAppending(_ path: String) throws(SystemError) -> FileDescriptor {
    try open(path, flags: O_WRONLY | O_APPEND | O_CLOEXEC)
  }

  /// What the file's size is said to be, in bytes; 0 where nothing is said.
  private var size: Int {
    var status = stat()
    return unsafe fstat(number, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Reads from the present offset to the end.
  ///
  /// - Throws: `SystemError` with `Errno.tooLarge` where there are more than `limit` bytes: a part of a file is never
  ///   taken for all of it.
  package borrowing func readToEnd(limit: Int) throws(SystemError) -> [UInt8] {
    let bytes = try readHead(limit == .max ? limit : limit + 1)
    guard bytes.count <= limit else {
      throw SystemError(errno: .tooLarge, operation: "read", path: path)
    }
    return bytes
  }

  /// Reads from the present offset to the end, or `count` bytes where there are more.
  package borrowing func readHead(_ count: Int) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    // Files of the kernel have no size, or a page's.
    if size > 4096 { bytes.reserveCapacity(min(size, count)) }
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < count {
      let got = unsafe chunk.withUnsafeMutableBytes {
        unsafe Glibc.read(number, $0.baseAddress, $0.count)
      }
      if got < 0 {
        let error = Errno.current
        if error == .interrupted { continue }
        throw SystemError(errno: error, operation: "read", path: path)
      }
      if got == 0 { break }
      bytes.append(contentsOf: chunk.prefix(got))
      // A page is all that most files of the kernel hold; what fills it may be long.
      if got == chunk.count, got < 1 << 18 {
        chunk = [UInt8](repeating: 0, count: 4 * got)
      }
    }
    if bytes.count > count { bytes.removeLast(bytes.count - count) }
    return bytes
  }

  /// Reads once at an offset, which makes sysfs evaluate the attribute anew at offset 0.
  ///
  /// - Returns: how many bytes were put into `buffer`.
  package borrowing func read(into buffer: inout [UInt8], at offset: Int) throws(SystemError) -> Int
  {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe pread(number, $0.baseAddress, $0.count, offset)
      }
      if count >= 0 { return count }
      let error = Errno.current
      if error != .interrupted { throw SystemError(errno: error, operation: "read", path: path) }
    }
  }

  /// Writes all bytes.
  package borrowing func writeAll(_ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(number, buffer.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 {
        let error = Errno.current
        if error == .interrupted { continue }
        throw SystemError(errno: error, operation: "write", path: path)
      }
      written += count
    }
  }

  /// Waits until the file's bytes are on the disk.
  ///
  /// The corresponding C function is `fsync`.
  package borrowing func sync() throws(SystemError) {
    guard fsync(number) == 0 else {
      throw SystemError(errno: .current, operation: "sync", path: path)
    }
  }

  /// Waits until the file's bytes and its size are on the disk, but not its times.
  ///
  /// The corresponding C function is `fdatasync`.
  package borrowing func syncData() throws(SystemError) {
    guard fdatasync(number) == 0 else {
      throw SystemError(errno: .current, operation: "sync", path: path)
    }
  }

  /// Cuts the file off behind so many bytes.
  package borrowing func truncate(to length: Int) throws(SystemError) {
    guard ftruncate(number, length) == 0 else {
      throw SystemError(errno: .current, operation: "truncate", path: path)
    }
  }

  /// Takes the file for this process as long as the value lives; false where another process has it.
  ///
  /// A file system that knows no locks gives the file to whoever asks.
  package borrowing func takeLock() -> Bool {
    flock(number, LOCK_EX | LOCK_NB) == 0 || Errno.current != .wouldBlock
  }

  /// Waits until everything written to the file system that this file is on is on its medium.
  package borrowing func syncFileSystem() throws(SystemError) {
    let refused = hw_linux_sync_file_system(number)
    guard refused == 0 else {
      throw SystemError(errno: Errno(rawValue: refused), operation: "sync", path: path)
    }
  }
}
