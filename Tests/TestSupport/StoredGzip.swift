/// Bytes as gzip packs what it cannot make shorter (RFC 1951, 3.2.4; RFC 1952): tests need no compressor.
package enum StoredGzip {
  /// One member.
  package static func pack(_ content: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    let longest = 0xffff
    var start = 0
    repeat {
      let length = min(longest, content.count - start)
      let isLast = start + length == content.count
      packed.append(isLast ? 1 : 0)
      packed += bytes(UInt16(length)) + bytes(~UInt16(length))
      packed += content[start..<(start + length)]
      start += length
    } while start < content.count
    return packed + bytes(checksum(content)) + bytes(UInt32(truncatingIfNeeded: content.count))
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// CRC-32 of RFC 1952, section 8.
  private static func checksum(_ content: [UInt8]) -> UInt32 {
    var table: [UInt32] = []
    for index: UInt32 in 0..<256 {
      var value = index
      for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
      table.append(value)
    }
    var sum = ~UInt32(0)
    for byte in content { sum = table[Int((sum ^ UInt32(byte)) & 0xff)] ^ (sum >> 8) }
    return ~sum
  }
}
