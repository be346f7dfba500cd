internal import CZlib

/// CRC-32 as gzip and zlib compute it (RFC 1952, section 8): finds what chance changed, and nothing that somebody did.
package enum Checksum {
  /// Of bytes that follow others whose checksum is given.
  package static func crc32(_ bytes: [UInt8], after earlier: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      UInt32(
        truncatingIfNeeded: unsafe crc32_z(UInt(earlier), buffer.baseAddress, buffer.count))
    }
  }
}
