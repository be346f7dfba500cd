internal import Glibc

/// An error number of the C library.
package struct Errno: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: Int32
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The calling thread's `errno`.
  ///
  /// Read it at once after the call that failed.
  package static var current: Errno { Errno(rawValue: errno) }

  package static let permissionDenied = Errno(rawValue: EACCES)
  package static let notPermitted = Errno(rawValue: EPERM)
  package static let noSuchFile = Errno(rawValue: ENOENT)
  package static let notDirectory = Errno(rawValue: ENOTDIR)
  package static let interrupted = Errno(rawValue: EINTR)
  package static let noSpace = Errno(rawValue: ENOSPC)
  package static let inputOutput = Errno(rawValue: EIO)
  package static let noSuchDevice = Errno(rawValue: ENODEV)
  package static let readOnlyFileSystem = Errno(rawValue: EROFS)
  package static let brokenPipe = Errno(rawValue: EPIPE)
  package static let alreadyExists = Errno(rawValue: EEXIST)
  package static let wouldBlock = Errno(rawValue: EWOULDBLOCK)
  package static let tooLarge = Errno(rawValue: EFBIG)

  /// The C library's sentence for it, such as "Permission denied".
  package var description: String {
    var buffer = [CChar](repeating: 0, count: 256)
    unsafe buffer.withUnsafeMutableBufferPointer { text in
      guard let start = text.baseAddress else { return }
      _ = unsafe strerror_r(rawValue, start, text.count)
    }
    let text = String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.isEmpty ? "error \(rawValue)" : text
  }
}
