import Model
import Testing

struct ConventionTests {
  static let targets: [(name: String, difficulty: Double, sent: String?, target: String?)] = [
    // 2^64 / 1024 = 2^54; a hash meets it when its uppermost 64 bits are a smaller number.
    ("randomx", 1024, "0000000000004000", "003f" + String(repeating: "f", count: 60)),
    ("randomx", 1, "ffffffffffffffff", "fffffffffffffffe" + String(repeating: "f", count: 48)),
    ("randomx", 0.25, "ffffffffffffffff", "fffffffffffffffe" + String(repeating: "f", count: 48)),
    // In floating point: 53 bits of the quotient.
    ("randomx", 3, "0054555555555555", nil),
    ("randomx", 0x1p64, "0100000000000000", "0000000000000000" + String(repeating: "f", count: 48)),
    ("randomx", 0x1p65, nil, nil),
    ("randomx-32", 1024, "00004000", "003f" + String(repeating: "f", count: 60)),
    ("randomx-32", 1000, "37894100", "00418936" + String(repeating: "f", count: 56)),
    ("randomx-32", 0x1p33, nil, nil),
    ("sha256d", 1, nil, "00000000ffff" + String(repeating: "0", count: 52)),
  ]

  @Test("a difficulty is sent and judged as the convention has it", arguments: targets)
  func target(name: String, difficulty: Double, sent: String?, target: String?) throws {
    let convention = try #require(ShareConvention.named(name))
    let difficulty = try #require(ShareDifficulty(difficulty))
    #expect(convention.targetBytes(of: difficulty).map { Hexadecimal.encode($0) } == sent)
    if let target { #expect(convention.target(of: difficulty)?.displayText == target) }
    if convention.dialect == .cryptoNote, sent == nil {
      #expect(convention.target(of: difficulty) == nil)
    }
  }

  @Test("a difficulty of CryptoNote's dialect is the number of hashes of a share")
  func hashes() throws {
    let convention = try #require(ShareConvention.usual(of: .randomx))
    for power in 0..<40 {
      let difficulty = Double(1 << power)
      let target = try #require(ShareDifficulty(difficulty).flatMap(convention.target))
      #expect(abs(1 / target.probability / difficulty - 1) < 1e-9)
    }
  }

  static func job() throws -> ProofJob {
    ProofDerivation(
      challenge: try #require(Challenge(bytes: Array(0..<32))), algorithm: .randomx,
      device: DeviceID(rawValue: "miner:bench")
    ).job(epoch: 3, index: 7, time: 1_700_000_000)
  }

  /// Against a value made by an independent script.
  @Test("a blob is rebuilt from the challenge and a share's few numbers")
  func blob() throws {
    let job = try Self.job()
    let expected =
      "101080e2cfaa0655ef685ad39589c3c3719122439b0cf479847d95bd4a0f150a596c629e9eee18"
      + "00000000d43f25d4d8cc5357b812e0f280d70c5fcaf918d87325d8d2c572521e991c502301"
    #expect(Hexadecimal.encode(job.blob(connection: 5).bytes) == expected)
    let share = MinerShare(
      job: 7, connection: 5, extranonce: 0, timeOffset: 0, versionBits: 0, nonce: 0x0403_0201,
      arrival: 0)
    let convention = try #require(ShareConvention.usual(of: .randomx))
    let input = convention.input(of: share, job)
    #expect(Array(input.bytes[39..<43]) == [1, 2, 3, 4])
    #expect(input.with(nonce: 0) == job.blob(connection: 5))
    #expect(job.blob(connection: 5) != job.blob(connection: 6))
  }

  @Test("only what a job permits is permitted")
  func permitted() throws {
    func share(_ extranonce: UInt32, _ offset: UInt32, _ bits: UInt32) -> MinerShare {
      MinerShare(
        job: 0, connection: 1, extranonce: extranonce, timeOffset: offset, versionBits: bits,
        nonce: 1, arrival: 0)
    }
    let stratum = try #require(ShareConvention.usual(of: .sha256d))
    let cryptoNote = try #require(ShareConvention.usual(of: .randomx))
    #expect(stratum.permits(share(1, 7200, 0x2000)))
    #expect(!stratum.permits(share(1, 7201, 0)) && !stratum.permits(share(1, 0, 1)))
    #expect(cryptoNote.permits(share(0, 0, 0)))
    #expect(!cryptoNote.permits(share(1, 0, 0)) && !cryptoNote.permits(share(0, 1, 0)))
    #expect(!cryptoNote.permits(share(0, 0, 0x2000)))
  }

  /// Against values made by an independent script.
  @Test("which shares are hashed again follows from the challenge, one in so many")
  func sample() throws {
    let challenge = try #require(Challenge(bytes: Array(0..<32)))
    func chosen(_ oneIn: UInt32, _ nonces: Range<UInt32>) -> [UInt32] {
      let sample = ShareSample(challenge: challenge, oneIn: oneIn)
      return nonces.filter { nonce in
        sample.contains(
          MinerShare(
            job: 7, connection: 5, extranonce: 0, timeOffset: 0, versionBits: 0, nonce: nonce,
            arrival: 9), epoch: 3)
      }
    }
    #expect(chosen(8, 0..<40) == [22, 28])
    #expect(chosen(1, 0..<40).count == 40)
    #expect((1150...1350).contains(chosen(8, 0..<10_000).count))
    // A denser sample has the sparser one in it.
    #expect(Set(chosen(4, 0..<1000)).isSuperset(of: chosen(8, 0..<1000)))
  }
}
