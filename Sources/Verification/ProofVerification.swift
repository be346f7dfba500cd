internal import Model
internal import Statistics
internal import Synchronization

/// Checks work that shares prove: what each is the hash of is rebuilt from the challenge and what the file says of the share,
/// and hashed again; where the run hashed a sample of them, that sample.
struct ProofVerification: Sendable {
  private struct Place {
    let sample: Int
    let share: Int
    let header: @Sendable () -> WorkInput
    let target: Target
    let reference: any WorkReference
  }

  private let result: RunResult
  private let work: WorkJudge

  init(_ result: RunResult, _ work: WorkJudge) {
    self.result = result
    self.work = work
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

  /// Every hash; the structure has been verified.
  func verifyHashes(_ judge: Judge) throws -> [ProvenSeries] {
    let places = self.places
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
        "does not meet the target: its hash is \(Hexadecimal.encode(hash.reversed()))")
    }
    try fit(places, quotients.withLock { $0 })
    return result.workers.filter { $0.terms != nil }.map { workers in
      let windows = result.samples.filter { $0.series == workers.series && $0.origin == .proven }
      let shares = windows.reduce(0) { $0 + ($1.proven?.shares ?? 0) }
      let hashed = windows.reduce(0) { $0 + self.hashed($1) }
      return ProvenSeries(
        series: workers.series, windows: windows.count, unit: workers.unit,
        units: UInt64(min(windows.reduce(0) { $0 + $1.work }, 1e19)), shares: shares,
        hashed: hashed,
        relativeError: shares > 0 ? 1.96 / Double(shares).squareRoot() : .infinity)
    }
  }

  /// How many of a window's counted shares were hashed again.
  private func hashed(_ sample: Sample) -> Int {
    guard let proof = sample.proof else { return 0 }
    return proof.hashed(
      proof.counted(from: sample.start.hashes, to: sample.end.hashes), result.challenge
    ).count
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
      for (number, share) in proof.shares.enumerated()
      where sampled.contains(share, epoch: proof.epoch) {
        let job = jobs[Int(share.job)]
        places.append(
          Place(
            sample: index, share: number,
            header: { convention.input(of: share, job) },
            target: workers.target, reference: reference))
      }
    }
    return places
  }

  /// The stated fit of each window against that of its hashes.
  private func fit(_ places: [Place], _ quotients: [Double]) throws(Falsehood) {
    let counted = result.samples.map { sample in
      sample.proof?.counted(from: sample.start.hashes, to: sample.end.hashes).indices ?? 0..<0
    }
    var byWindow: [Int: [Double]] = [:]
    for (place, quotient) in zip(places, quotients)
    where counted[place.sample].contains(place.share) {
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
