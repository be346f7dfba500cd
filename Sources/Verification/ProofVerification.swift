internal import Analysis
internal import Model
internal import Statistics
internal import Synchronization

/// Which shares are hashed again where that takes so long that the run hashed a sample of them.
///
/// The run's sample is drawn by the challenge, which no miner knows before it sends its shares. But whoever writes the file knows
/// it, and could put false shares where it draws none: so the run's sample proves nothing to anybody else, and all shares are
/// hashed, or of very many as many as are told here, by numbers that nobody knew when the file was written.
package struct ShareDraw: Hashable, Sendable {
  /// Shares beside the run's own sample: a minute of one core.
  package static let usual = 2048

  package let most: Int
  package let seed: UInt64

  package init(most: Int = ShareDraw.usual, seed: UInt64 = UInt64.random(in: 0...UInt64.max)) {
    self.most = most
    self.seed = seed
  }
}

/// Checks work that shares prove: what each is the hash of is rebuilt from the challenge and what the file says of the share,
/// and hashed again.
struct ProofVerification: Sendable {
  private struct Place {
    let sample: Int
    let share: Int
    /// Whether the run hashed it.
    let isOwn: Bool
    let header: @Sendable () -> WorkInput
    let target: Target
    let reference: any WorkReference
  }

  private let result: RunResult
  private let work: WorkJudge
  private let draw: ShareDraw

  init(_ result: RunResult, _ work: WorkJudge, _ draw: ShareDraw) {
    self.result = result
    self.work = work
    self.draw = draw
  }

  /// Everything but the hashes.
  ///
  /// - Throws: `Falsehood` for the first thing that is false.
  func verifyStructure() throws(Falsehood) {
    for (index, workers) in result.workers.enumerated() {
      guard let terms = workers.terms else { continue }
      let place = "workers[\(index)]"
      guard let convention = convention(workers) else {
        throw Falsehood(
          "\(place).proof_terms.convention",
          "\(workers.series.algorithm) has no convention \"\(terms.convention.prefix(40))\"")
      }
      guard ShareDifficulty(terms.difficulty).flatMap(convention.target) == workers.target else {
        throw Falsehood("\(place).target", "not the one of difficulty \(terms.difficulty)")
      }
    }
    var epochs: [SeriesID: UInt32] = [:]
    for (index, sample) in result.samples.enumerated() {
      let place = "samples[\(index)]"
      guard sample.origin == .proven else {
        guard sample.proof == nil else {
          throw Falsehood("\(place).proof", "shares of a miner where the work is counted")
        }
        continue
      }
      guard let series = sample.series, let proof = sample.proof,
        let workers = result.workers.first(where: { $0.series == series }), workers.terms != nil
      else { throw Falsehood("\(place).proven", "no shares stand behind it") }
      guard sample.spans.isEmpty, sample.shares.isEmpty else {
        throw Falsehood("\(place).spans", "work that is counted where it is proven")
      }
      if let before = epochs[series], before >= proof.epoch {
        throw Falsehood("\(place).proof.epoch", "it was used in a window before")
      }
      epochs[series] = proof.epoch
      try window(sample, proof, workers, place)
    }
  }

  private func window(
    _ sample: Sample, _ proof: ProofWindow, _ workers: SeriesWorkers, _ place: String
  ) throws(Falsehood) {
    guard proof.sentAt <= sample.start.hashes else {
      throw Falsehood("\(place).proof.sent_ns", "the work was sent after the window began")
    }
    let connections = Set(proof.connections.map(\.connection))
    guard let terms = workers.terms,
      proof.connections.allSatisfy({ terms.miners.indices.contains($0.miner) })
    else { throw Falsehood("\(place).proof.connections", "of a miner that is not described") }
    guard let convention = convention(workers),
      proof.hashedOneIn == nil || convention.isSampled,
      proof.hashedOneIn.map({ (1...ShareSample.sparsest).contains($0) }) ?? true
    else {
      throw Falsehood("\(place).proof.hashed_one_in", "no sample that a run would take")
    }
    var seen: Set<MinerShare> = []
    for (index, share) in proof.shares.enumerated() {
      let sharePlace = "\(place).proof.shares[\(index)]"
      guard share.job < UInt32(clamping: proof.jobTimes.count) else {
        throw Falsehood(sharePlace, "of a job that was not sent")
      }
      guard connections.contains(share.connection) else {
        throw Falsehood(sharePlace, "of a connection that was not open")
      }
      guard convention.permits(share) else {
        throw Falsehood(sharePlace, "a time or version bits that no job permits")
      }
      guard proof.instant(of: share) < sample.end.hashes else {
        throw Falsehood(sharePlace, "it arrived after the window")
      }
      // Without its arrival a share is its header.
      let bare = MinerShare(
        job: share.job, connection: share.connection, extranonce: share.extranonce,
        timeOffset: share.timeOffset, versionBits: share.versionBits, nonce: share.nonce,
        arrival: 0)
      guard seen.insert(bare).inserted else { throw Falsehood(sharePlace, "it is there twice") }
    }
    let counted = proof.counted(from: sample.start.hashes, to: sample.end.hashes).count
    guard sample.proven?.shares == counted else {
      throw Falsehood(
        "\(place).proven.shares",
        "claims \(sample.proven?.shares ?? 0); \(counted) arrived inside the window")
    }
    guard (proof.hashed != nil) == (proof.hashedOneIn != nil),
      proof.hashed.map({ $0 == hashed(sample) }) ?? true
    else {
      throw Falsehood(
        "\(place).proof.hashed", "the sample that the challenge draws has \(hashed(sample))")
    }
    let perShare = 1 / workers.target.probability
    guard sample.proven?.unitsPerShare == perShare else {
      throw Falsehood(
        "\(place).proven.units_per_share", "a share of this target stands for \(perShare)")
    }
    for claim in proof.claims
    where claim.instant < sample.start.hashes || claim.instant >= sample.end.hashes {
      throw Falsehood("\(place).proof.claims", "a claim from outside the window")
    }
  }

  private func convention(_ workers: SeriesWorkers) -> ShareConvention? {
    ShareConvention.all.first {
      $0.name == workers.terms?.convention && $0.algorithm == workers.series.algorithm
    }
  }

  /// Every hash, or those that are drawn; the structure has been verified.
  func verifyHashes(_ judge: Judge) throws -> [ProvenSeries] {
    let places = drawn
    let counted = self.counted
    let quotients = Mutex([Double](repeating: 0, count: places.count))
    let wrong = try judge(places.count) { index in
      let place = places[index]
      guard let hash = place.reference.value(of: place.header(), payload: []) else { return false }
      let quotient = place.target.quotient(of: hash)
      quotients.withLock { $0[index] = quotient }
      return place.target.isMet(by: hash)
    }
    if let wrong {
      let place = places[wrong]
      let hash = place.reference.value(of: place.header(), payload: []) ?? []
      throw Falsehood(
        "samples[\(place.sample)].proof.shares[\(place.share)]",
        (place.isOwn ? "" : "the run took the miner's word for it, and it ")
          + "does not meet the target: its hash is \(Hexadecimal.encode(hash.reversed()))")
    }
    try fit(places, quotients.withLock { $0 }, counted)
    return result.workers.filter { $0.terms != nil }.map { workers in
      let windows = result.samples.filter { $0.series == workers.series && $0.origin == .proven }
      let shares = windows.reduce(0) { $0 + ($1.proven?.shares ?? 0) }
      let own = windows.reduce(0) { $0 + self.hashed($1) }
      let others = places.count { place in
        !place.isOwn && result.samples[place.sample].series == workers.series
          && counted[place.sample].contains(place.share)
      }
      return ProvenSeries(
        series: workers.series, windows: windows.count, unit: workers.unit,
        units: UInt64(min(windows.reduce(0) { $0 + $1.work }, 1e19)), shares: shares,
        hashed: own + others,
        mostFalse: shares > 0
          ? Double(shares - own) / Double(shares)
            * SampledShares(shares - own, hashed: others).mostFalse : 0,
        relativeError: shares > 0 ? 1.96 / Double(shares).squareRoot() : .infinity)
    }
  }

  /// For each window which of its shares count.
  private var counted: [Range<Int>] {
    result.samples.map { sample in
      sample.proof?.counted(from: sample.start.hashes, to: sample.end.hashes).indices ?? 0..<0
    }
  }

  /// How many of a window's counted shares the run hashed.
  private func hashed(_ sample: Sample) -> Int {
    guard let proof = sample.proof else { return 0 }
    return proof.hashed(
      proof.counted(from: sample.start.hashes, to: sample.end.hashes), result.challenge
    ).count
  }

  /// All shares, or the run's sample and as many others as are drawn.
  private var drawn: [Place] {
    let all = places
    let others = all.indices.filter { !all[$0].isOwn }
    guard others.count > draw.most else { return all }
    var random = SplitMix64(seed: draw.seed)
    let kept = Set(random.shuffled(others).prefix(draw.most))
    return all.indices.filter { all[$0].isOwn || kept.contains($0) }.map { all[$0] }
  }

  private var places: [Place] {
    var places: [Place] = []
    for (index, sample) in result.samples.enumerated() {
      guard let proof = sample.proof, let series = sample.series,
        let workers = result.workers.first(where: { $0.series == series }),
        let convention = convention(workers), let reference = work.reference(of: series)
      else { continue }
      let derivation = ProofDerivation(
        challenge: result.challenge, algorithm: series.algorithm, device: series.device)
      let jobs = proof.jobTimes.enumerated().map { number, time in
        derivation.job(epoch: proof.epoch, index: UInt32(number), time: time)
      }
      let sampled = ShareSample(challenge: result.challenge, oneIn: proof.hashedOneIn ?? 1)
      for (number, share) in proof.shares.enumerated() {
        let job = jobs[Int(share.job)]
        places.append(
          Place(
            sample: index, share: number, isOwn: sampled.contains(share, epoch: proof.epoch),
            header: { convention.input(of: share, job) },
            target: workers.target, reference: reference))
      }
    }
    return places
  }

  /// The stated fit of each window against that of the hashes that the run made.
  private func fit(
    _ places: [Place], _ quotients: [Double], _ counted: [Range<Int>]
  ) throws(Falsehood) {
    var byWindow: [Int: [Double]] = [:]
    for (place, quotient) in zip(places, quotients)
    where place.isOwn && counted[place.sample].contains(place.share) {
      byWindow[place.sample, default: []].append(quotient)
    }
    for (index, sample) in result.samples.enumerated() {
      guard let stated = sample.proof?.fit else { continue }
      let derived = ShareFit(byWindow[index] ?? [])
      guard stated == derived else {
        throw Falsehood(
          "samples[\(index)].proof.fit",
          "claims \(stated.largest) and \(stated.distance); the hashes give \(derived.largest) and \(derived.distance)"
        )
      }
    }
  }
}
