import Analysis
import JSON
import Model
import Records
import TestSupport
import Testing
import Verification

/// A miner's result is proven by rebuilding every header from challenge and file alone.
struct MinerVerificationTests {
  static let proven = ProvenMinerRun().make().derivedAnew

  static func verify(
    _ result: RunResult, rescan: Int = 0, draw: ShareDraw = ShareDraw()
  ) throws -> VerifiedResult {
    let recorded = try ResultFile.read(try ResultFile.encode(result), name: "m.json")
    return try ResultVerifier(
      recorded, VerificationDemands(rescan: rescan, draw: draw), references: QuickReferences(),
      clock: FakeClock(), judge: { count, isTrue in (0..<count).first { !isTrue($0) } }
    ).verify()
  }

  static func falsehood(_ change: (inout RunResult) throws -> Void) rethrows -> Falsehood? {
    var result = proven
    try change(&result)
    do {
      _ = try verify(result)
    } catch let falsehood as Falsehood {
      return falsehood
    } catch {
      Issue.record("\(error)")
    }
    return nil
  }

  @Test("an honest result is true, from its bytes, and says what its shares prove")
  func honest() throws {
    let verified = try Self.verify(Self.proven)
    let series = try #require(verified.series.first)
    #expect(verified.series.count == 1 && verified.isProven)
    #expect(series.windows == 3 && series.shares > 150)
    #expect(
      try ResultFile.decode(try ResultFile.encode(Self.proven), name: "m.json") == Self.proven)
  }

  @Test("of a miner's work nothing can be scanned again")
  func rescan() throws {
    #expect(try Self.verify(Self.proven, rescan: 3).rescanned?.attempts == 0)
  }

  /// Every number of a share, each altered by itself.
  static let changes: [(String, @Sendable (MinerShare) -> MinerShare)] = [
    ("job", { s in with(s, job: 1 - s.job) }),
    ("connection", { s in with(s, connection: 3 - s.connection) }),
    ("extranonce", { s in with(s, extranonce: s.extranonce + 1) }),
    ("time offset", { s in with(s, timeOffset: s.timeOffset + 1) }),
    ("version bits", { s in with(s, versionBits: s.versionBits ^ 0x4000) }),
    ("nonce", { s in with(s, nonce: s.nonce ^ 1) }),
  ]

  private static func with(
    _ share: MinerShare, job: UInt32? = nil, connection: UInt32? = nil, extranonce: UInt32? = nil,
    timeOffset: UInt32? = nil, versionBits: UInt32? = nil, nonce: UInt32? = nil,
    arrival: UInt32? = nil
  ) -> MinerShare {
    MinerShare(
      job: job ?? share.job, connection: connection ?? share.connection,
      extranonce: extranonce ?? share.extranonce, timeOffset: timeOffset ?? share.timeOffset,
      versionBits: versionBits ?? share.versionBits, nonce: nonce ?? share.nonce,
      arrival: arrival ?? share.arrival)
  }

  @Test("each number of a share is proven", arguments: changes.indices)
  func altered(index: Int) throws {
    let change = Self.changes[index].1
    var places: [String] = []
    // One altered share in sixteen happens to meet the target too: of four, one is found.
    for place in [10, 11, 12, 13] {
      let falsehood = Self.falsehood { result in
        let share = result.samples[1].proof?.shares[place]
        if let share { result.samples[1].proof?.shares[place] = change(share) }
      }
      if let falsehood { places.append(falsehood.place) }
    }
    #expect(
      places.contains { $0.hasPrefix("samples[1].proof.shares[1") },
      "\(Self.changes[index].0): \(places)")
  }

  @Test("time, jobs and target are proven too")
  func context() throws {
    let job = Self.falsehood { $0.samples[0].proof?.jobTimes[0] += 1 }
    #expect(job?.place.hasPrefix("samples[0].proof.shares[") == true)
    let epoch = Self.falsehood { $0.samples[2].proof?.epoch += 1 }
    #expect(epoch?.place.hasPrefix("samples[2].proof.shares[") == true)
    let again = Self.falsehood { $0.samples[2].proof?.epoch = 5 }
    #expect(again?.place == "samples[2].proof.epoch")
    let challenge = Self.falsehood {
      $0.challenge = Challenge(bytes: Array(2...33)) ?? $0.challenge
    }
    #expect(challenge?.place.hasPrefix("samples[0].proof.shares[") == true)
    let target = Self.falsehood { $0.workers[0].target = Target(leadingZeroBits: 3) }
    #expect(target?.place == "workers[0].target")
    let difficulty = Self.falsehood { $0.workers[0].terms?.difficulty *= 2 }
    #expect(difficulty?.place == "workers[0].target")
    let convention = Self.falsehood { $0.workers[0].terms?.convention = "keccak" }
    #expect(convention?.place == "workers[0].proof_terms.convention")
  }

  @Test("the count, what a share stands for and the fit follow from the shares")
  func numbers() throws {
    let count = Self.falsehood {
      $0.samples[1].proven = ProvenWork(
        shares: ($0.samples[1].proven?.shares ?? 0) + 1,
        unitsPerShare: $0.samples[1].proven?.unitsPerShare ?? 1)
    }
    #expect(count?.place == "samples[1].proven.shares")
    let unit = Self.falsehood {
      $0.samples[1].proven = ProvenWork(
        shares: $0.samples[1].proven?.shares ?? 0,
        unitsPerShare: 1.01 * ($0.samples[1].proven?.unitsPerShare ?? 1))
    }
    #expect(unit?.place == "samples[1].proven.units_per_share")
    let fit = Self.falsehood { $0.samples[1].proof?.fit.largest *= 0.99 }
    #expect(fit?.place == "samples[1].proof.fit")
    let removed = Self.falsehood { result in
      result.samples[0].proof = nil
    }
    #expect(removed?.place == "samples[0].proven")
  }

  @Test("a share that is there twice, or of nobody's connection, is found")
  func twice() throws {
    let twice = Self.falsehood { result in
      guard let share = result.samples[0].proof?.shares[20] else { return }
      result.samples[0].proof?.shares.insert(share, at: 20)
    }
    #expect(twice?.place == "samples[0].proof.shares[21]")
    let connection = Self.falsehood { $0.samples[0].proof?.connections.removeLast() }
    #expect(connection?.message == "of a connection that was not open")
  }

  @Test("a file whose proof is broken is refused or false, and never accepted or a crash")
  func mutated() throws {
    let bytes = try ResultFile.encode(Self.proven)
    var random = SeededGenerator(seed: 5)
    let proof = try Self.firstProof(bytes)
    var judged = 0
    for _ in 0..<400 {
      var mutated = bytes
      let place = Int.random(in: proof, using: &random)
      let byte = Array("0123456789-.,[]{}\"e ".utf8).randomElement(using: &random) ?? 0
      guard mutated[place] != byte else { continue }
      mutated[place] = byte
      do {
        let read = try ResultFile.read(mutated, name: "m.json")
        guard read.result != Self.proven else { continue }
        judged += 1
        _ = try ResultVerifier(
          read, references: QuickReferences(), clock: FakeClock(),
          judge: { count, isTrue in (0..<count).first { !isTrue($0) } }
        ).verify()
        // Arrivals and instants are as the machine's clock said; no file can prove them.
        #expect(
          try Self.differsInTimeOnly(read.result) || Self.isProofOfItsOwn(read.result),
          "accepted: \(String(decoding: mutated[(place - 60)..<(place + 30)], as: UTF8.self))")
      } catch is Falsehood {
      } catch is Failure {
      }
    }
    #expect(judged > 50)
  }

  /// Where the first proof's object lies, without its braces.
  private static func firstProof(_ bytes: [UInt8]) throws -> Range<Int> {
    let key = try #require(bytes.firstRange(of: Array("\"proof\": {".utf8)))
    var depth = 1
    var end = key.upperBound
    while depth > 0 {
      if bytes[end] == UInt8(ascii: "{") { depth += 1 }
      if bytes[end] == UInt8(ascii: "}") { depth -= 1 }
      end += 1
    }
    return key.upperBound..<(end - 1)
  }

  private static func timeless(_ result: RunResult) -> RunResult {
    var result = result
    for index in result.samples.indices {
      guard var proof = result.samples[index].proof else { continue }
      proof.sentAt = Instant(nanoseconds: 0)
      proof.shares = proof.shares.map { with($0, arrival: 0) }
      proof.refused = RefusedShares()
      result.samples[index].proof = proof
    }
    result.checks = []
    return result
  }

  private static func differsInTimeOnly(_ result: RunResult) -> Bool {
    timeless(result) == timeless(proven)
  }

  /// Whether only shares differ and each of them meets the target with its own header: with one attempt in sixteen a share, a
  /// changed one now and then is another proof.
  private static func isProofOfItsOwn(_ result: RunResult) throws -> Bool {
    var expected = timeless(proven)
    let changed = timeless(result)
    for (index, sample) in changed.samples.enumerated() {
      guard let proof = sample.proof, let before = expected.samples[index].proof,
        proof.shares.count == before.shares.count
      else { return false }
      let derivation = ProofDerivation(
        challenge: result.challenge, algorithm: .sha256d, device: ProvenMinerRun.series.device)
      for (share, old) in zip(proof.shares, before.shares) where share != old {
        let job = derivation.job(
          epoch: proof.epoch, index: share.job, time: proof.jobTimes[Int(share.job)])
        let hash = QuickReferences.hash(job.header(of: share, .sha256d).bytes)
        guard result.workers[0].target.isMet(by: hash) else { return false }
      }
      expected.samples[index].proof?.shares = proof.shares
    }
    return changed == expected
  }
}
