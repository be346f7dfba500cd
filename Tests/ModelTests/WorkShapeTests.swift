import Model
import Testing

/// Everything that follows from the shape of some work.
struct WorkShapeTests {
  private let keyed = WorkShape(
    size: 44, nonceOffset: 12, payloadSize: 3,
    preparation: .keyed(keySize: 40, stateSize: ByteCount(1 << 20), sharing: .allWorkers))

  private func challenge() throws -> Challenge {
    try #require(Challenge(bytes: [UInt8](repeating: 7, count: 32)))
  }

  private let series = SeriesID(
    algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "k"), threads: 1)

  @Test("a block header is derived as before: 76 bytes of SHA-256 in counter mode, then the nonce")
  func header() throws {
    let input = WorkDerivation.input(
      .blockHeader, challenge: try challenge(), series: series, worker: 3, sequence: 9)
    func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
    var message: [UInt8] = []
    for text in ["hashwatt-work-1", "sha256d", "cpu", "k"] {
      message += word(text.utf8.count) + Array(text.utf8)
    }
    message += word(3) + word(9) + [UInt8](repeating: 7, count: 32)
    let stream = (0..<3).flatMap { SHA256.hash(message + word($0)) }
    #expect(input.bytes == Array(stream.prefix(76)) + [0, 0, 0, 0])
    #expect(input.with(nonce: 0x0403_0201).bytes.suffix(4) == [1, 2, 3, 4])
  }

  @Test("work of another size has its nonce at its place, zeros there, and the stream around it")
  func otherSize() throws {
    let input = WorkDerivation.input(
      keyed, challenge: try challenge(), series: series, worker: 0, sequence: 0)
    let header = WorkDerivation.input(
      .blockHeader, challenge: try challenge(), series: series, worker: 0, sequence: 0)
    #expect(input.bytes.count == 44 && Array(input.bytes[12..<16]) == [0, 0, 0, 0])
    #expect(Array(input.bytes[..<12] + input.bytes[16...]) == Array(header.bytes.prefix(40)))
    let numbered = input.with(nonce: 0xffff_fffe)
    #expect(numbered.nonce == 0xffff_fffe && numbered.with(nonce: 0) == input)
    #expect(WorkInput(bytes: Array(header.bytes), keyed) == nil)
  }

  @Test("a key has its length, follows from the challenge, and is empty where nothing is prepared")
  func key() throws {
    let key = WorkDerivation.key(keyed, challenge: try challenge())
    let domain = Array("hashwatt-key-1".utf8) + [UInt8](repeating: 7, count: 32)
    #expect(key.count == 40)
    #expect(
      key
        == Array(
          (SHA256.hash(domain + [0, 0, 0, 0]) + SHA256.hash(domain + [1, 0, 0, 0])).prefix(40))
    )
    #expect(WorkDerivation.key(.blockHeader, challenge: try challenge()).isEmpty)
  }

  @Test("the unit, the record and the target's share count follow")
  func follows() {
    #expect(WorkShape.blockHeader.unit == .hash && WorkShape.blockHeader.recordSize == 4)
    #expect(keyed.recordSize == 7)
    let solver = WorkShape(size: 140, nonceOffset: 108, yield: .solutions(expected: 1.88))
    #expect(solver.unit == .solution && !solver.countsAttempts && solver.unitsPerAttempt == 1.88)
    for amount in [1e3, 2e5, 3e7, 1e13] {
      let expected = Target.yielding(32, ofUnits: amount).probability * amount
      #expect(expected > 22 && expected < 46)
    }
    #expect(Target.yielding(1000, ofUnits: 10) == Target(leadingZeroBits: 0))
  }

  @Test("proofs of one attempt are ordered and told apart by their payloads")
  func proofs() {
    let position = WorkPosition(sequence: 1, nonce: 2)
    let one = Proof(worker: 0, position: position, payload: [1, 2])
    let other = Proof(worker: 0, position: position, payload: [1, 3])
    #expect(one < other && !(other < one) && one != other)
    #expect(other < Proof(worker: 0, position: WorkPosition(sequence: 1, nonce: 3)))
  }

  @Test("a unit of work is named in the singular, the plural and by a symbol")
  func units() {
    #expect(WorkUnit.hash.counted(1) == "1 hash" && WorkUnit.solution.counted(2) == "2 solutions")
    #expect(WorkUnit.allCases.map(\.symbol) == ["H", "Sol"])
  }
}
