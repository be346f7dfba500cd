import Model
import Testing

struct DifficultyTests {
  /// `floor(factor * 0xFFFF * 2^208 / difficulty)` by exact integers of another language.
  static let vectors: [(difficulty: Double, factor: UInt64, target: String)] = [
    (1, 1, "00000000ffff0000000000000000000000000000000000000000000000000000"),
    (1024, 1, "00000000003fffc0000000000000000000000000000000000000000000000000"),
    (3, 1, "0000000055550000000000000000000000000000000000000000000000000000"),
    (7, 1, "0000000024922492492492492492492492492492492492492492492492492492"),
    (1, 65536, "0000ffff00000000000000000000000000000000000000000000000000000000"),
    (0.0076, 65536, "008393b250d79435f818bedc8afddf63e8a25c8d61605532834a06fd40781ee3"),
    (1, 128, "0000007fff800000000000000000000000000000000000000000000000000000"),
    (0.018, 128, "00001bc700aaaaaaab41e62012f684c0d88f922e5a99e10cd4c68a97f073f086"),
    (0.00012, 1, "0000208d34c7ffffffc4938efae55555c1cff651fc038d72dbb1abab46d91da8"),
  ]

  @Test("a difficulty's target is exact", arguments: vectors)
  func exact(difficulty: Double, factor: UInt64, target: String) throws {
    let value = try #require(ShareDifficulty(difficulty))
    #expect(value.target(factor: factor)?.displayText == target)
  }

  @Test("beyond the ends there is every hash or none")
  func ends() throws {
    #expect(ShareDifficulty(0) == nil)
    #expect(ShareDifficulty(-1) == nil)
    #expect(ShareDifficulty(.nan) == nil)
    #expect(ShareDifficulty(.infinity) == nil)
    let tiny = try #require(ShareDifficulty(1e-12))
    #expect(tiny.target(factor: 1) == Target(leadingZeroBits: 0))
    let smallest = try #require(ShareDifficulty(.leastNonzeroMagnitude))
    #expect(smallest.target(factor: 1) == Target(leadingZeroBits: 0))
    let greatest = try #require(ShareDifficulty(1e300))
    #expect(greatest.target(factor: 1) == nil)
    let last = try #require(ShareDifficulty(0x1p223))
    #expect(last.target(factor: 1)?.displayText.hasSuffix("1") == true)
  }

  @Test("whole difficulties are written without a fraction")
  func text() throws {
    #expect(try #require(ShareDifficulty(2048)).description == "2048")
    #expect(try #require(ShareDifficulty(0.5)).description == "0.5")
  }

  @Test("every algorithm of a convention is found")
  func conventions() {
    for convention in ShareConvention.all {
      #expect(ShareConvention.usual(of: convention.algorithm) != nil)
    }
    #expect(ShareConvention.usual(of: .keccak256)?.form == .stratumV1(factor: 128, .sha256))
    #expect(ShareConvention.usual(of: AlgorithmID(rawValue: "x11")) == nil)
  }
}
