import Model
import StratumBackend
import Testing

struct JudgeTests {
  /// A judge whose hashes are easy to meet: one header in 16.
  static func judge(bits: Int = 4) throws -> (ShareJudge, JobIssuer) {
    let convention = try #require(ShareConvention.usual(of: .sha256d))
    let challenge = try #require(Challenge(bytes: DerivationTests.challenge))
    let judge = ShareJudge(
      convention, target: Target(leadingZeroBits: bits),
      sample: ShareSample(challenge: challenge, oneIn: 1)
    ) { header in
      SHA256.hash(SHA256.hash(header.bytes))
    }
    var issuer = JobIssuer(try DerivationTests.derivation())
    issuer.beginEpoch()
    return (judge, issuer)
  }

  static func submission(
    _ job: ProofJob, nonce: UInt32, extranonce: UInt32 = 0, timeOffset: UInt32 = 0,
    versionBits: UInt32 = 0
  ) -> MinerDialogue.Submission {
    MinerDialogue.Submission(
      job: job.name, extranonce: extranonce, time: job.time &+ timeOffset, nonce: nonce,
      versionBits: versionBits)
  }

  /// The first nonce whose verdict is a proof, tried as a miner would.
  static func found(
    _ judge: inout ShareJudge, _ issuer: JobIssuer, _ job: ProofJob, connection: UInt32 = 1,
    from first: UInt32 = 0
  ) -> (nonce: UInt32, verdict: ShareVerdict)? {
    for nonce in first..<first + 1000 {
      let verdict = judge.judge(
        submission(job, nonce: nonce), connection: connection, versionMask: 0, jobs: issuer,
        arrival: 0)
      if case .proven = verdict { return (nonce, verdict) }
    }
    return nil
  }

  @Test("a share is proven once, and each connection has headers of its own")
  func duplicates() throws {
    var (judge, issuer) = try Self.judge()
    let job = issuer.next(at: 100)
    let first = try #require(Self.found(&judge, issuer, job))
    let again = judge.judge(
      Self.submission(job, nonce: first.nonce), connection: 1, versionMask: 0, jobs: issuer,
      arrival: 0)
    #expect(again == .duplicate)
    let other = judge.judge(
      Self.submission(job, nonce: first.nonce), connection: 2, versionMask: 0, jobs: issuer,
      arrival: 0)
    #expect(other != .duplicate)
  }

  @Test("a share rebuilds the header that it was judged by")
  func rebuilt() throws {
    var (judge, issuer) = try Self.judge()
    let job = issuer.next(at: 100)
    let found = try #require(Self.found(&judge, issuer, job))
    guard case .proven(let share, let hash) = found.verdict else {
      Issue.record("no share")
      return
    }
    #expect(SHA256.hash(SHA256.hash(job.header(of: share, .sha256d).bytes)) == hash)
    #expect(Target(leadingZeroBits: 4).isMet(by: hash))
  }

  @Test("a share of the epoch before is late, one of a job that is forgotten unknown")
  func late() throws {
    var (judge, issuer) = try Self.judge()
    let job = issuer.next(at: 100)
    let found = try #require(Self.found(&judge, issuer, job))
    let share = Self.submission(job, nonce: found.nonce)
    issuer.beginEpoch()
    judge.beginEpoch()
    #expect(judge.judge(share, connection: 1, versionMask: 0, jobs: issuer, arrival: 0) == .late)
    issuer.beginEpoch()
    #expect(
      judge.judge(share, connection: 1, versionMask: 0, jobs: issuer, arrival: 0) == .unknownJob)
  }

  static let unknown = [
    "", "0", "0-1", "1-0", "00-0", "0-00", "+0-0", "0-0-0", "0--1", "99999999999-0",
  ]

  @Test("names of no job are unknown", arguments: unknown)
  func unknownJob(name: String) throws {
    var (judge, issuer) = try Self.judge()
    _ = issuer.next(at: 100)
    let share = MinerDialogue.Submission(
      job: name, extranonce: 0, time: 100, nonce: 0, versionBits: 0)
    #expect(
      judge.judge(share, connection: 1, versionMask: 0, jobs: issuer, arrival: 0) == .unknownJob)
  }

  @Test("time is bounded on both sides, bits by the mask that was agreed on")
  func bounds() throws {
    var (judge, issuer) = try Self.judge(bits: 0)
    let job = issuer.next(at: 100)
    func verdict(_ offset: UInt32, _ bits: UInt32, mask: UInt32) -> ShareVerdict {
      judge.judge(
        Self.submission(job, nonce: 1, timeOffset: offset, versionBits: bits), connection: 1,
        versionMask: mask, jobs: issuer, arrival: 0)
    }
    #expect(verdict(UInt32.max, 0, mask: 0) == .forbidden("time out of range"))
    #expect(verdict(ProofJob.timeLimit + 1, 0, mask: 0) == .forbidden("time out of range"))
    guard case .proven = verdict(ProofJob.timeLimit, 0, mask: 0) else {
      Issue.record("the last second is permitted")
      return
    }
    #expect(verdict(0, 0x2000, mask: 0) == .forbidden("version bits outside the mask"))
    #expect(
      verdict(0, 1, mask: ProofJob.versionMask) == .forbidden("version bits outside the mask"))
    // The job's own version in the bits: a miner that sends the whole version.
    guard case .proven(let share, _) = verdict(0, 0x2000_6000, mask: ProofJob.versionMask) else {
      Issue.record("bits under the mask are permitted")
      return
    }
    #expect(share.versionBits == 0x6000)
  }

  @Test("a hash above the target is given back, so that a filter is told from noise")
  func above() throws {
    var (judge, issuer) = try Self.judge(bits: 256)
    let job = issuer.next(at: 100)
    let verdict = judge.judge(
      Self.submission(job, nonce: 1), connection: 1, versionMask: 0, jobs: issuer, arrival: 0)
    guard case .aboveTarget(let hash) = verdict else {
      Issue.record("no hash is zero")
      return
    }
    #expect(hash.count == 32)
    #expect(verdict.refusal?.code == 23)
  }
}
