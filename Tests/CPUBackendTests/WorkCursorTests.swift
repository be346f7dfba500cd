import CPUBackend
import Model
import Testing

struct WorkCursorTests {
  @Test("the last part of a header is cut, and the next header begins at nonce 0")
  func stepping() throws {
    var cursor = WorkCursor(sequence: 7)
    let batch: UInt64 = 3_000_000_000
    let parts = try (0..<3).map { _ in
      let part = try #require(cursor.next(batch))
      cursor.advance(over: part)
      return part
    }
    #expect(parts.map(\.sequence) == [7, 7, 8])
    #expect(parts.map(\.firstNonce) == [0, 3_000_000_000, 0])
    #expect(parts.map(\.count) == [batch, (1 << 32) - batch, batch])
    #expect(cursor.position == WorkPosition(sequence: 8, nonce: 3_000_000_000))
  }

  @Test(
    "parts follow one another without gap or overlap", arguments: [1, 32, 4099, 1 << 31, 1 << 32])
  func seamless(batch: UInt64) throws {
    var cursor = WorkCursor(sequence: 0)
    var expected: UInt64 = 0
    for _ in 0..<5 {
      let part = try #require(cursor.next(batch))
      #expect(WorkPosition(sequence: part.sequence, nonce: part.firstNonce).value == expected)
      #expect(part.count >= 1 && UInt64(part.firstNonce) + part.count <= 1 << 32)
      expected += part.count
      cursor.advance(over: part)
    }
    #expect(cursor.position?.value == expected)
  }

  @Test("after the last sequence number there is no more work")
  func end() throws {
    var cursor = WorkCursor(sequence: .max)
    let part = try #require(cursor.next(1 << 32))
    #expect(part.count == 1 << 32)
    cursor.advance(over: part)
    #expect(cursor.position == nil && cursor.next(1) == nil)
  }
}

struct HugePageReportTests {
  private let text = """
    7f0000000000-7f0000400000 rw-p 00000000 00:00 0
    Size:               4096 kB
    AnonHugePages:      4096 kB
    VmFlags: rd wr mr mw me ac sd hg
    7f0000600000-7f0000a00000 rw-p 00000000 00:00 0
    AnonHugePages:      2048 kB
    7f0000c00000-7f0000e00000 r-xp 00000000 fe:01 1234    /usr/lib/x.so
    AnonHugePages:         0 kB
    """

  @Test("a range is on huge pages when all of its mapping is")
  func mappings() {
    let mappings = HugePageReport.mappings(in: text)
    #expect(mappings.map(\.hugeBytes) == [4 << 20, 2 << 20, 0])
    #expect(HugePageReport.isHuge(0x7f00_0000_0000..<0x7f00_0040_0000, mappings))
    #expect(HugePageReport.isHuge(0x7f00_0020_0000..<0x7f00_0040_0000, mappings))
    #expect(!HugePageReport.isHuge(0x7f00_0060_0000..<0x7f00_0080_0000, mappings))
    #expect(!HugePageReport.isHuge(0x7f00_00c0_0000..<0x7f00_00e0_0000, mappings))
    #expect(!HugePageReport.isHuge(0x1000..<0x2000, mappings))
    #expect(!HugePageReport.isHuge(0x1000..<0x2000, []))
  }
}
