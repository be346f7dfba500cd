// What is tested is internal to its target, which only debug builds open to tests.
#if DEBUG

  import Model
  import Testing

  @testable import Detection

  /// The firmware's table of processors, which also knows of CPUs that are offline.
  struct ProcessorTableTests {
    /// A structure of type 4 with its texts' end.
    private func processor(cores: Int, isInUse: Bool = true, kind: UInt8 = 3) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: 0x30)
      bytes[0] = 4
      bytes[1] = 0x30
      bytes[5] = kind
      bytes[0x18] = isInUse ? 0x41 : 0x00
      bytes[0x24] = UInt8(min(cores, 0xff))
      bytes[0x2c] = UInt8(cores & 0xff)
      bytes[0x2d] = UInt8(cores >> 8)
      return bytes + [0, 0]
    }

    @Test("cores of each package in use")
    func packages() {
      #expect(ProcessorTable.parse(processor(cores: 16) + processor(cores: 16)) == [16, 16])
      #expect(
        ProcessorTable.parse(processor(cores: 16) + processor(cores: 0, isInUse: false)) == [16])
      #expect(ProcessorTable.parse(processor(cores: 384)) == [384])
    }

    @Test("a table that tells no count, or of no central processor, tells nothing")
    func nothing() {
      #expect(ProcessorTable.parse(processor(cores: 0)) == nil)
      #expect(ProcessorTable.parse(processor(cores: 8, kind: 5)) == nil)
      #expect(ProcessorTable.parse([]) == nil)
      #expect(ProcessorTable.parse(Array(processor(cores: 8).prefix(20))) == nil)
    }
  }

#endif
