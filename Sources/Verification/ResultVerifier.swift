internal import JSON
package import Model
package import Records
internal import Statistics

/// What somebody asks of a result beyond that it is true.
package struct VerificationDemands: Hashable, Sendable {
  /// The challenge that it must rest on.
  package var challenge: Challenge?
  /// How many random parts of its windows are to be scanned again.
  package var rescan: Int
  /// Chooses the parts.
  package var seed: UInt64
  /// The bytes of the raw log, from which every energy is to be computed again.
  package var rawLog: [UInt8]?
  /// Which shares are hashed where all would take too long.
  package var draw: ShareDraw

  package init(
    challenge: Challenge? = nil, rescan: Int = 0, seed: UInt64 = 0, rawLog: [UInt8]? = nil,
    draw: ShareDraw = ShareDraw()
  ) {
    self.draw = draw
    self.challenge = challenge
    self.rescan = rescan
    self.seed = seed
    self.rawLog = rawLog
  }
}

/// What was proven of a result.
package struct VerifiedResult: Hashable, Sendable {
  /// Who chose the challenge.
  package enum ChallengeOrigin: Hashable, Sendable {
    /// Whoever asks now: nothing was computed before it was known.
    case asked
    /// Somebody, when it was measured.
    case given
    /// The run itself.
    case own
  }

  /// Parts that were scanned again.
  package struct Rescanned: Hashable, Sendable {
    package let parts: Int
    package let attempts: UInt64
    package let shares: Int
    package let seed: UInt64
  }

  package let series: [ProvenSeries]
  package let samples: Int
  package let grade: Grade
  /// Why it is a part of its plan only; nil for a complete run.
  package let endReason: Reason?
  /// The version of hashwatt that made it, where it is another than this one: then its checks are as it states them.
  package let otherVersion: String?
  /// Checks that rest on a file from outside the run, and are as the result states them.
  package let externalChecks: Int
  package let challenge: ChallengeOrigin
  /// Energies that the raw log gives exactly as stated; nil when no log was given.
  package let loggedEnergies: Int?
  package let rescanned: Rescanned?
  /// Whether shares of a miner prove the work, of which nothing can be scanned again.
  package let isProven: Bool
}

/// All checks of one result, in order.
package struct ResultVerifier {
  private let recorded: RecordedResult
  private let demands: VerificationDemands
  private let references: any ReferenceProvider
  private let clock: any MonotonicClock
  private let judge: Judge

  /// Time that the reference may take for one part of a rescan, in seconds.
  private static let partTime = 0.5

  /// The clock tells how many hashes a part of a rescan may have; the judge may use several threads.
  package init(
    _ recorded: RecordedResult, _ demands: VerificationDemands = VerificationDemands(),
    references: any ReferenceProvider, clock: any MonotonicClock, judge: @escaping Judge
  ) {
    self.recorded = recorded
    self.demands = demands
    self.references = references
    self.clock = clock
    self.judge = judge
  }

  /// Hashes every share again and derives every number again.
  ///
  /// - Throws: `Falsehood` for the first thing that is false; `Failure` where it cannot be judged; what the judge throws.
  package func verify() throws -> VerifiedResult {
    let result = recorded.result
    if let challenge = demands.challenge, challenge != result.challenge {
      throw Falsehood("challenge", "not the one that was asked for")
    }
    let series = try WorkVerification(result, references: references, draw: demands.draw)
      .verify(recorded.statedFigures, judge: judge)
    try ResultConsistency(result).verify()
    let isOwn = result.tool.version == ToolIdentity.currentVersion
    if let difference = try ResultFile.firstDifference(
      stated: result, derived: isOwn ? result.derivedAnew : result.numbersDerivedAnew)
    {
      throw Falsehood(difference.place, difference.message)
    }
    let logged = try demands.rawLog.map { try RawLogVerification(result).verify($0) }
    return VerifiedResult(
      series: series, samples: result.samples.count, grade: result.grading.grade,
      endReason: result.isComplete ? nil : result.endReason ?? Reason(.failed, "it ended early"),
      otherVersion: isOwn ? nil : result.tool.version,
      externalChecks: result.checks.count { $0.origin == .external },
      challenge: demands.challenge != nil ? .asked : result.challengeWasGiven ? .given : .own,
      loggedEnergies: logged, rescanned: demands.rescan > 0 ? try rescan() : nil,
      isProven: result.samples.contains { $0.origin == .proven })
  }

  private func rescan() throws -> VerifiedResult.Rescanned {
    var random = SplitMix64(seed: demands.seed)
    var sizes: [AlgorithmID: UInt64] = [:]
    for workers in recorded.result.workers where sizes[workers.series.algorithm] == nil {
      sizes[workers.series.algorithm] = try partSize(workers)
    }
    let scan = try Rescan(
      recorded.result, references: references, count: demands.rescan, size: { sizes[$0] ?? 1 },
      using: &random)
    let found = try scan.verify(judge: judge)
    return VerifiedResult.Rescanned(
      parts: scan.parts.count, attempts: scan.parts.reduce(0) { $0 + $1.count }, shares: found,
      seed: demands.seed)
  }

  /// As many attempts as the reference makes in `partTime`, by a brief look at its speed.
  private func partSize(_ workers: SeriesWorkers) throws(Failure) -> UInt64 {
    let algorithm = workers.series.algorithm
    guard let shape = references.shape(of: algorithm),
      let input = WorkInput(bytes: [UInt8](repeating: 1, count: shape.size), shape),
      let reference = try references.reference(
        of: algorithm, challenge: recorded.result.challenge, epoch: workers.epoch)
    else { return 1 }
    guard reference.finds else { return 1 }
    let start = clock.now()
    var count: UInt64 = 0
    var spent = 0.0
    while spent < Self.partTime / 20 {
      _ = reference.outcomes(of: input.with(nonce: UInt32(truncatingIfNeeded: count)))
      count += 1
      spent = clock.now().since(start).value
    }
    return max(16, UInt64(Double(count) * Self.partTime / spent))
  }
}
