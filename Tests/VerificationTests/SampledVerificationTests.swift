import Analysis
import Foundation
import Model
import Records
import TestSupport
import Testing
import Verification

/// A result of a miner whose shares take long to hash again: the run hashed all of them, or a sample that the challenge draws.
struct SampledVerificationTests {
  static func run(oneIn: UInt32) throws -> RunResult {
    var run = ProvenMinerRun()
    run.convention = try #require(ShareConvention.usual(of: .randomx))
    run.hashedOneIn = oneIn
    // 128 shares in each window.
    run.attempts = 2220
    return run.make().derivedAnew
  }

  static func falsehood(
    _ result: RunResult, draw: ShareDraw = ShareDraw()
  ) throws -> Falsehood? {
    do {
      _ = try MinerVerificationTests.verify(result, draw: draw)
      return nil
    } catch let falsehood as Falsehood { return falsehood }
  }

  /// The result with one share replaced by one that proves nothing.
  static func altered(_ result: RunResult, _ share: Int) throws -> RunResult {
    var result = result
    let old = try #require(result.samples[1].proof?.shares[share])
    for nonce in UInt32(1)... {
      let other = MinerShare(
        job: old.job, connection: old.connection, extranonce: 0, timeOffset: 0, versionBits: 0,
        nonce: nonce, arrival: old.arrival)
      let proof = try #require(result.samples[1].proof)
      let sample = ShareSample(challenge: result.challenge, oneIn: proof.hashedOneIn ?? 1)
      // As a cheat would: one that is in the sample exactly if the honest one was.
      guard sample.contains(other, epoch: proof.epoch) == sample.contains(old, epoch: proof.epoch),
        !isShare(other, result)
      else { continue }
      result.samples[1].proof?.shares[share] = other
      return result
    }
    return result
  }

  static func isShare(_ share: MinerShare, _ result: RunResult) -> Bool {
    guard let proof = result.samples[1].proof, let convention = ShareConvention.named("randomx")
    else { return false }
    let job = ProofDerivation(
      challenge: result.challenge, algorithm: .randomx, device: .miner("bench")
    ).job(epoch: proof.epoch, index: share.job, time: proof.jobTimes[Int(share.job)])
    return result.workers[0].target.isMet(
      by: QuickReferences.hash(convention.input(of: share, job).bytes))
  }

  @Test(
    "an honest result is true, whether all shares are hashed again or one in eight",
    arguments: [1, 8])
  func honest(oneIn: UInt32) throws {
    let result = try Self.run(oneIn: oneIn)
    let verified = try MinerVerificationTests.verify(result)
    let series = try #require(verified.series.first)
    #expect(series.shares > 300)
    #expect(series.hashed == series.shares && series.mostFalse == 0)
    let own = try #require(result.summaries.first?.sharesHashed)
    #expect(oneIn == 1 ? own == series.shares : own < series.shares / 4)
    #expect(try ResultFile.decode(try ResultFile.encode(result), name: "m.json") == result)
  }

  @Test("one false share among 128 is found always when all are hashed")
  func falseShare() throws {
    let result = try Self.run(oneIn: 1)
    let count = try #require(result.samples[1].proof?.shares.count)
    for share in stride(from: 0, to: count, by: 7) {
      let found = try Self.falsehood(try Self.altered(result, share))
      #expect(found?.place == "samples[1].proof.shares[\(share)]")
    }
  }

  @Test(
    "where the run hashed a sample, a false share is found wherever the writer of the file put it")
  func sampled() throws {
    let result = try Self.run(oneIn: 4)
    let proof = try #require(result.samples[1].proof)
    let own = proof.hashed(proof.shares, result.challenge)
    #expect(abs(Double(own.count) / Double(proof.shares.count) - 0.25) < 0.12)
    for (number, share) in proof.shares.enumerated() {
      let falsehood = try #require(try Self.falsehood(try Self.altered(result, number)))
      #expect(falsehood.place == "samples[1].proof.shares[\(number)]")
      #expect(falsehood.message.contains("miner's word") != own.contains(share))
    }
  }

  @Test("of very many it is found as often as is stated, and the run's own sample always")
  func drawn() throws {
    let result = try Self.run(oneIn: 4)
    let most = 60
    let series = try #require(
      try MinerVerificationTests.verify(result, draw: ShareDraw(most: most, seed: 1)).series.first)
    let own = try #require(result.summaries.first?.sharesHashed)
    let others = series.shares - own
    #expect(others > 200 && series.hashed > own && series.hashed <= own + most)
    let drawn = Double(series.hashed - own)
    let expected = Double(others) / Double(series.shares) * (1 - pow(0.05, 1 / drawn))
    #expect(abs(series.mostFalse - expected) < 1e-12)
    let proof = try #require(result.samples[1].proof)
    let hashed = proof.hashed(proof.shares, result.challenge)
    let unhashed = try #require(proof.shares.firstIndex { !hashed.contains($0) })
    let lie = try Self.altered(result, unhashed)
    let found = try (0..<100).count { seed in
      try Self.falsehood(lie, draw: ShareDraw(most: most, seed: UInt64(seed))) != nil
    }
    // 60 of some 300 are drawn each time.
    #expect((8...38).contains(found), "\(found)")
    let ownShare = try #require(proof.shares.firstIndex { hashed.contains($0) })
    #expect(
      try Self.falsehood(
        try Self.altered(result, ownShare), draw: ShareDraw(most: 0, seed: 3)) != nil)
  }

  @Test("sample and counts cannot be chosen: they follow from the challenge and the number")
  func chosen() throws {
    func place(_ change: (inout RunResult) -> Void) throws -> String? {
      var result = try Self.run(oneIn: 8)
      change(&result)
      return try Self.falsehood(result)?.place
    }
    #expect(try place { $0.samples[0].proof?.hashed = 0 } == "samples[0].proof.hashed")
    #expect(try place { $0.samples[0].proof?.hashed = nil } == "samples[0].proof.hashed")
    #expect(try place { $0.samples[0].proof?.hashedOneIn = 4 } == "samples[0].proof.hashed")
    #expect(try place { $0.summaries[0].sharesHashed = 999 } == "summaries[0].shares_hashed")
    // A miner of Stratum V1 has no sample.
    var stratum = MinerVerificationTests.proven
    stratum.samples[0].proof?.hashedOneIn = 8
    stratum.samples[0].proof?.hashed = 1
    #expect(try Self.falsehood(stratum)?.place == "samples[0].proof.hashed_one_in")
    // Nor has a share of CryptoNote's dialect an extranonce.
    let extranonce = try place { result in
      guard let share = result.samples[0].proof?.shares[3] else { return }
      result.samples[0].proof?.shares[3] = MinerShare(
        job: share.job, connection: share.connection, extranonce: 1, timeOffset: 0, versionBits: 0,
        nonce: share.nonce, arrival: share.arrival)
    }
    #expect(extranonce == "samples[0].proof.shares[3]")
  }
}
