import Model
import Testing

struct TargetTests {
  @Test(
    "a target of n zero bits is met with probability 2^-n", arguments: [0, 1, 4, 8, 10, 22, 255])
  func probability(bits: Int) {
    let expected = (0..<bits).reduce(1.0) { value, _ in value / 2 }
    #expect(abs(Target(leadingZeroBits: bits).probability - expected) <= expected * 1e-12)
  }

  @Test("comparison reads a hash as a little-endian integer")
  func comparison() throws {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes[31] = 1
    let target = try #require(Target(littleEndian: bytes))
    #expect(target.isMet(by: bytes))
    var above = bytes
    above[0] = 1
    #expect(!target.isMet(by: above))
    var below = [UInt8](repeating: 0xff, count: 32)
    below[31] = 0
    #expect(target.isMet(by: below))
  }
}
