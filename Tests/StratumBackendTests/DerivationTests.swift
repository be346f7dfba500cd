import Model
import StratumBackend
import Testing

/// Against values made by an independent script.
struct DerivationTests {
  static let challenge = Array(UInt8(0)..<32)

  static func derivation() throws -> ProofDerivation {
    ProofDerivation(
      challenge: try #require(Challenge(bytes: challenge)), algorithm: .sha256d,
      device: DeviceID(rawValue: "miner:bench"))
  }

  @Test("a header is rebuilt from the challenge and a share's few numbers")
  func header() throws {
    let job = try Self.derivation().job(epoch: 3, index: 7, time: 1_700_000_000)
    let header = job.header(
      connection: 5, extranonce: 0x0102_0304, timeOffset: 9, versionBits: 0x6000,
      nonce: 0xdead_beef, coinbaseHash: .sha256d)
    #expect(
      Hexadecimal.encode(header.bytes)
        == "0060002057f7d18c71f4f8d45086d8b624ddf2501c89ac4ace9752e6d621f4f1540aa0383801a8bb47a1b3"
        + "9084bb56b7501be4bc5166c8b5bd66c22238dcc9299fced67709f15365ffff0017efbeadde")
  }

  @Test("the coinbase of keccak is hashed once")
  func hashedOnce() throws {
    let job = try Self.derivation().job(epoch: 0, index: 0, time: 1_700_000_000)
    let header = job.header(
      connection: 1, extranonce: 0, timeOffset: 0, versionBits: 0, nonce: 0, coinbaseHash: .sha256)
    #expect(
      Hexadecimal.encode(header.bytes)
        == "000000202fe2ba353a4a15aaa93661444fca4d01133840a5af20d5ee5f0e326b2d37177a3d7de0a72d1bf9"
        + "3fdcce41edfc707cc5fb6530592e2249b0cc046ed8a2c2ae9100f15365ffff001700000000")
  }

  @Test("a job's line says in the field's order what the header is made of")
  func notification() throws {
    let job = try Self.derivation().job(epoch: 3, index: 7, time: 1_700_000_000)
    let line = String(decoding: job.notification(discardsOthers: true), as: UTF8.self)
    #expect(
      line == #"{"id":null,"method":"mining.notify","params":["3-7","#
        + #""8cd1f757d4f8f471b6d8865050f2dd244aac891ce65297cef1f421d638a00a54","#
        + #""01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff27"#
        + #"0343420f08686173687761747410623b48c77f2c5e2229d9ac7eb5db8a6c08","#
        + #""ffffffff010000000000000000176a1568617368776174743a2070617973206e6f626f647900000000","#
        + #"["06518202cbeacb4fdf7032b62505fb9d34b5c9f313f1679c3a5369ce1f871827","#
        + #""44ec9cb399ca871de8e2907fc57948c2fba6485d392119e59ea260e876ca973c"],"#
        + #""20000000","1700ffff","6553f100",true]}"# + "\n")
  }

  @Test(
    "the height stands where cgminer reads it, and the script is of a length that bfgminer takes")
  func coinbase() throws {
    let job = try Self.derivation().job(epoch: 3, index: 0, time: 0)
    let coinbase = job.coinbaseStart + [UInt8](repeating: 0, count: 8) + job.coinbaseEnd
    let length = Int(coinbase[41])
    #expect((2...100).contains(length))
    #expect(Array(coinbase[42..<46]) == [3, 0x43, 0x42, 0x0f])
    // Input, sequence, one output of value 0, its script, lock time.
    let afterInput = 42 + length + 4
    #expect(coinbase[afterInput] == 1)
    #expect(coinbase[(afterInput + 1)..<(afterInput + 9)].allSatisfy { $0 == 0 })
    #expect(coinbase.count == afterInput + 10 + Int(coinbase[afterInput + 9]) + 4)
  }

  @Test("the parts of one window share the previous hash, those of the next do not")
  func epochs() throws {
    let derivation = try Self.derivation()
    let first = derivation.job(epoch: 1, index: 0, time: 0)
    let second = derivation.job(epoch: 1, index: 1, time: 30)
    let next = derivation.job(epoch: 2, index: 0, time: 60)
    #expect(first.previousHash == second.previousHash)
    #expect(first.previousHash != next.previousHash)
    #expect(first.tag != second.tag)
    #expect(first.branches != second.branches)
  }
}
