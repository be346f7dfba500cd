import LinuxSystem
import TestSupport
import Testing

struct GzipTests {
  private static let text = Array(String(repeating: "hashwatt ", count: 40).utf8)
  /// That text by `gzip -9 -n`.
  private static let packed: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0x2c, 0xce, 0x28,
    0x4f, 0x2c, 0x29, 0x51, 0xc8, 0x18, 0x65, 0xd0, 0x92, 0x01, 0x00, 0x19, 0xba, 0xa4, 0xb1,
    0x68, 0x01, 0x00, 0x00,
  ]

  @Test("what gzip packed comes out whole, from one member or several")
  func whole() throws {
    #expect(Gzip.isPacked(Self.packed) && !Gzip.isPacked(Array("{}".utf8)))
    #expect(!Gzip.isPacked([]) && !Gzip.isPacked([0x1f]))
    #expect(try Gzip.unpacked(Self.packed, limit: 1000) == Self.text)
    // Longer than one step of unpacking.
    let long = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    #expect(try Gzip.unpacked(StoredGzip.pack(long), limit: 1 << 20) == long)
    let members = Self.packed + StoredGzip.pack([]) + StoredGzip.pack(long) + Self.packed
    #expect(try Gzip.unpacked(members, limit: 1 << 20) == Self.text + long + Self.text)
    #expect(try Gzip.unpacked(StoredGzip.pack([]), limit: 0).isEmpty)
  }

  @Test("the limit is of what comes out, over all members, and is met to the byte")
  func limit() throws {
    let count = Self.text.count
    #expect(try Gzip.unpacked(Self.packed, limit: count) == Self.text)
    #expect(throws: Gzip.Problem.tooLong) { try Gzip.unpacked(Self.packed, limit: count - 1) }
    let two = Self.packed + Self.packed
    #expect(throws: Gzip.Problem.tooLong) { try Gzip.unpacked(two, limit: 2 * count - 1) }
    #expect(try Gzip.unpacked(two, limit: 2 * count).count == 2 * count)
  }

  @Test("a file that is cut off anywhere is known as cut off")
  func cutOff() {
    for packed in [Self.packed, StoredGzip.pack(Self.text)] {
      for length in 0..<packed.count {
        #expect(throws: Gzip.Problem.cutOff) {
          try Gzip.unpacked(Array(packed[..<length]), limit: 1000)
        }
      }
    }
    #expect(throws: Gzip.Problem.cutOff) {
      try Gzip.unpacked(Self.packed + Self.packed.dropLast(), limit: 1000)
    }
  }

  @Test("no changed bit gives another content: it is refused, or was of no meaning")
  func damaged() {
    for packed in [Self.packed, StoredGzip.pack(Self.text)] {
      var refused = 0
      for bit in 0..<(8 * packed.count) {
        var changed = packed
        changed[bit / 8] ^= 1 << (bit % 8)
        if let content = try? Gzip.unpacked(changed, limit: 1 << 16) {
          #expect(content == Self.text, "bit \(bit)")
        } else {
          refused += 1
        }
      }
      // Of the ten bytes of a header six say nothing of the content.
      #expect(refused >= 8 * (packed.count - 7))
    }
    #expect(throws: Gzip.Problem.damaged) {
      try Gzip.unpacked(Self.packed + Array("and more".utf8), limit: 1000)
    }
    #expect(throws: Gzip.Problem.damaged) { try Gzip.unpacked(Self.text, limit: 1000) }
  }
}
