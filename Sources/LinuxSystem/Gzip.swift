internal import CZlib

/// Unpacks what gzip packed (RFC 1952): one member, or several behind one another, which are one content.
package enum Gzip {
  /// Why there is no content.
  package enum Problem: Error, Hashable, Sendable {
    /// The end is missing.
    case cutOff
    /// A checksum, a length or the code itself is wrong, or something else follows.
    case damaged
    /// There is more than was allowed, perhaps without end.
    case tooLong
    /// zlib got no memory.
    case noMemory
  }

  /// Whether bytes begin as gzip's do; no text does.
  package static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// How much is unpacked at a time, so that no more than this is made of a content that is too long.
  private static let chunk = 1 << 17
  /// To zlib: the largest window, and nothing but gzip.
  private static let gzipOnly = MAX_WBITS + 16

  /// The content, of at most `limit` bytes.
  ///
  /// Every member's checksum and length are held against what came out.
  package static func unpacked(_ packed: [UInt8], limit: Int) throws(Problem) -> [UInt8] {
    var stream = unsafe z_stream()
    // zlib keeps the address of the stream and refuses a call by another.
    return try unsafe withUnsafeMutablePointer(to: &stream) { stream throws(Problem) in
      guard
        unsafe inflateInit2_(stream, gzipOnly, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
          == Z_OK
      else { throw .noMemory }
      defer { _ = unsafe inflateEnd(stream) }
      return try unsafe packed.withUnsafeBufferPointer { input throws(Problem) in
        try unsafe content(stream, input, limit)
      }
    }
  }

  private static func content(
    _ stream: UnsafeMutablePointer<z_stream>, _ input: UnsafeBufferPointer<UInt8>, _ limit: Int
  ) throws(Problem) -> [UInt8] {
    guard let count = UInt32(exactly: input.count) else { throw .tooLong }
    unsafe stream.pointee.next_in = input.baseAddress
    unsafe stream.pointee.avail_in = count
    var content: [UInt8] = []
    var room = [UInt8](repeating: 0, count: chunk)
    while true {
      let status = unsafe room.withUnsafeMutableBufferPointer { room in
        unsafe stream.pointee.next_out = room.baseAddress
        unsafe stream.pointee.avail_out = UInt32(chunk)
        return unsafe inflate(stream, Z_NO_FLUSH)
      }
      let made = chunk - Int(unsafe stream.pointee.avail_out)
      guard made <= limit - content.count else { throw .tooLong }
      content += room[..<made]
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        if unsafe stream.pointee.avail_in == 0 { return content }
        guard unsafe inflateReset(stream) == Z_OK else { throw .damaged }
      case Z_BUF_ERROR: throw .cutOff
      case Z_MEM_ERROR: throw .noMemory
      default: throw .damaged
      }
    }
  }
}
