package import Model

/// A result of a miner whose shares are real: every one was found by hashing derived headers.
///
/// Its checks, summaries and grade are empty; `derivedAnew` of Verification fills them.
package struct ProvenMinerRun {
  package var windows = 3
  /// Attempts of each window.
  package var attempts: UInt32 = 1200
  package var miners = 2
  package var challenge: [UInt8] = Array(1...32)
  package var link = MinerLinkKind.direct
  package var claim: Double?
  package var hardwareID = "asic/test-miner"
  package var convention = ShareConvention.all[0]
  /// One share in so many was hashed again, where the convention has samples.
  package var hashedOneIn: UInt32 = 1
  /// One attempt in 16 is a share.
  package static let difficulty = 0x1p-28

  package init() {}

  /// The series of the usual convention.
  package static let series = ProvenMinerRun().series

  package var series: SeriesID {
    SeriesID(
      algorithm: convention.algorithm, device: .miner("bench"),
      kernel: KernelID(rawValue: "stratum"), placement: PlacementName(.connection, workers: 2))
  }

  /// One attempt in 16 is a share.
  private var difficulty: Double {
    convention.dialect == .cryptoNote ? 16 : Self.difficulty
  }

  package func make() -> RunResult {
    guard let challenge = Challenge(bytes: challenge),
      let target = ShareDifficulty(difficulty).flatMap(convention.target)
    else { preconditionFailure("32 bytes make a challenge, and the difficulty has a target") }
    var result = SampleResult().make()
    result.plan.suite = nil
    result.plan.ramp = Seconds(5)
    result.plan.window = Seconds(60)
    result.plan.minimumRepeats = windows
    result.plan.maximumRepeats = windows
    result.plan.idle = Seconds(0)
    result.challenge = challenge
    result.devices = [
      Device(
        id: series.device, kind: DeviceKind(rawValue: "asic"),
        hardwareID: HardwareID(rawValue: hardwareID), name: "Test Miner",
        capabilities: [convention.algorithm], verdict: "works for Stratum V1")
    ]
    result.workers = [
      SeriesWorkers(
        series: series, unit: .hash, target: target,
        placement: Placement(series.placement), batch: 0,
        terms: ProofTerms(
          convention: convention.name, difficulty: difficulty, link: link,
          miners: (0..<miners).map {
            MinerIdentity(
              agent: "scripted/\($0)", suggestedDifficulty: nil, versionMask: ProofJob.versionMask)
          }))
    ]
    let meter = result.meters[0]
    result.meters = [
      MeterDescriptor(
        id: meter.id, source: meter.source, label: meter.label, scope: .wall,
        covers: .device(series.device), part: "0", kind: .measuredCounter,
        quantity: .energyCounter, rawUnit: "uJ", resolution: 1, updatePeriod: Seconds(0.1),
        accuracy: MeterAccuracy(gainBound: 0.01, source: "datasheet", isAssumed: false),
        privilege: "none")
    ]
    result.samples = (0..<windows).map { sample($0, challenge, target, meter.id) }
    result.checks = []
    result.summaries = []
    return result
  }

  private func sample(
    _ index: Int, _ challenge: Challenge, _ target: Target, _ meter: MeterID
  ) -> Sample {
    let sent = UInt64(1_000_000_000_000 + 70_000_000_000 * index)
    let start = sent + 5_000_000_000
    let end = start + 60_000_000_000
    let derivation = ProofDerivation(
      challenge: challenge, algorithm: convention.algorithm, device: series.device)
    let isBlob = convention.dialect == .cryptoNote
    let sample = ShareSample(challenge: challenge, oneIn: hashedOneIn)
    let epoch = UInt32(index + 4)
    let times: [UInt32] = [1_790_000_000 + UInt32(index) * 70, 1_790_000_030 + UInt32(index) * 70]
    let jobs = times.enumerated().map {
      derivation.job(epoch: epoch, index: UInt32($0.offset), time: $0.element)
    }
    var shares: [MinerShare] = []
    var quotients: [Double] = []
    for attempt in 0..<attempts {
      // Evenly over the 65 s; the second job after 30.
      let arrival = UInt32(UInt64(attempt) * 64_900 / UInt64(attempts))
      let share = MinerShare(
        job: arrival < 30_000 ? 0 : 1, connection: 1 + attempt % UInt32(miners),
        extranonce: isBlob ? 0 : attempt / 100, timeOffset: isBlob ? 0 : attempt % 3,
        versionBits: isBlob ? 0 : (attempt & 1) << 13,
        nonce: attempt &* 0x9e37_79b9, arrival: arrival)
      let hash = QuickReferences.hash(convention.input(of: share, jobs[Int(share.job)]).bytes)
      guard target.isMet(by: hash) else { continue }
      shares.append(share)
      quotients.append(target.quotient(of: hash))
    }
    func instants(_ nanoseconds: UInt64) -> SnapshotInstants {
      let instant = Model.Instant(nanoseconds: nanoseconds)
      return SnapshotInstants(first: instant, second: instant, third: instant)
    }
    var proof = ProofWindow(
      epoch: epoch, sentAt: Model.Instant(nanoseconds: sent), jobTimes: times, shares: shares,
      refused: RefusedShares(late: 1),
      connections: (0..<miners).map { MinerLink(connection: UInt32($0 + 1), miner: $0) })
    let counted = proof.counted(
      from: Model.Instant(nanoseconds: start), to: Model.Instant(nanoseconds: end))
    proof.hashedOneIn = convention.isSampled ? hashedOneIn : nil
    let hashed = counted.indices.filter { sample.contains(shares[$0], epoch: epoch) }
    proof.hashed = convention.isSampled ? hashed.count : nil
    if convention.isSampled { proof.refused.wrongHashes = 0 }
    proof.fit = ShareFit(hashed.map { quotients[$0] })
    let perShare = 1 / target.probability
    proof.claims =
      claim.map {
        [
          Claim(
            source: "cgminer", field: "GHS av",
            value: $0 * Double(counted.count) * perShare / 60,
            instant: Model.Instant(nanoseconds: start + 10_000_000_000))
        ]
      } ?? []
    return Sample(
      kind: .load, series: series, unit: .hash, repeatIndex: index, start: instants(start),
      end: instants(end), spans: [],
      energy: [
        ChannelEnergy(
          meter: meter,
          interval: .value(
            EnergyInterval(
              energy: Microjoules(180_000_000_000 + UInt64(index) * 1_000_000),
              duration: Seconds(60))))
      ], proven: ProvenWork(shares: counted.count, unitsPerShare: perShare), proof: proof,
      shares: [])
  }
}
