package import Model

/// A quick stand-in for a hash function: SplitMix64 over the header's words.
///
/// Policy tests need many hashes and know no adapter.
package struct QuickReferences: ReferenceProvider {
  package init() {}

  package func shape(of algorithm: AlgorithmID) -> WorkShape? {
    switch algorithm {
    case .sha256d: .blockHeader
    case .randomx: ProofJob.blobShape
    default: nil
    }
  }

  package func reference(
    of algorithm: AlgorithmID, challenge: Challenge, epoch: UInt32?
  ) -> (any WorkReference)? {
    shape(of: algorithm).map { _ in HashReference(Self.hash) }
  }

  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var state: UInt64 = 0
    for byte in bytes { state = state &* 0x100_0000_01b3 ^ UInt64(byte) }
    var generator = SeededGenerator(seed: state)
    return (0..<4).flatMap { _ in
      let word = generator.next()
      return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }
}

/// A result whose shares are real: every nonce of its spans was hashed.
///
/// Its checks, summaries and grade are empty; `derivedAnew` of Analysis fills them.
package struct ProvenRun {
  /// Hashes of one worker in one window.
  package var hashes: UInt64 = 700
  package var windows = 3
  package var threads = 2
  package var leadingZeroBits = 4
  package var hardwareID = "cpu/test-2c"
  package var name = "Test CPU"
  /// Joules a second of the only meter; nil for a run without energy.
  package var watts: Double? = 40
  package var kernels = ["test-1"]
  package var challenge: [UInt8] = Array(1...32)

  package init() {}

  package func make() -> RunResult {
    guard let challenge = Challenge(bytes: challenge) else {
      preconditionFailure("32 bytes make a challenge")
    }
    let target = Target(leadingZeroBits: leadingZeroBits)
    let series = kernels.map {
      SeriesID(
        algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: $0), threads: threads)
    }
    var samples: [Sample] = []
    for repeatIndex in 0..<windows {
      for series in series {
        samples.append(
          sample(series, repeatIndex, order: samples.count, target: target, challenge))
      }
    }
    var result = SampleResult().make()
    result.challenge = challenge
    // One after the other, as a plan of so many windows has them.
    result.plan.minimumRepeats = windows
    result.plan.maximumRepeats = windows
    result.plan.idle = Seconds(0)
    result.devices = [
      Device(
        id: .cpu, kind: .cpu, hardwareID: HardwareID(rawValue: hardwareID), name: name,
        capabilities: [.sha256d], verdict: "can hash")
    ]
    result.workers = series.map {
      SeriesWorkers(
        series: $0, unit: .hash, target: target, placement: .cpus(Array(0..<threads)), batch: 4,
        facts: [.hugePages: .text("not-needed")])
    }
    result.meters = watts == nil ? [] : result.meters
    result.unavailableMeters =
      watts == nil
      ? [UnavailableMeter(source: "powercap", reason: Reason(.virtualMachine, "a guest"))] : []
    result.samples = samples
    result.checks = []
    result.summaries = []
    return result
  }

  private func sample(
    _ series: SeriesID, _ repeatIndex: Int, order: Int, target: Target, _ challenge: Challenge
  ) -> Sample {
    // Each window takes a little longer than the one before, so that numbers differ.
    let start = UInt64(1_000_000_000 * (15 + 16 * order))
    let end = start + 10_000_000_000 + UInt64(order) * 10_000_000
    // The first span crosses from one sequence number into the next.
    let from = UInt64(repeatIndex + 1) << 40 + (repeatIndex == 0 ? (1 << 32) - 100 : 4)
    let spans = (0..<threads).map {
      WorkerSpan(worker: $0, from: WorkPosition(from), to: WorkPosition(from + hashes))
    }
    let shares = spans.flatMap { span in
      var headers: [UInt32: WorkInput] = [:]
      return (span.from.value..<span.to.value).map(WorkPosition.init).filter { position in
        let header =
          headers[position.sequence]
          ?? header(series, span.worker, position.sequence, challenge)
        headers[position.sequence] = header
        return target.isMet(by: QuickReferences.hash(header.with(nonce: position.nonce).bytes))
      }.map { Proof(worker: span.worker, position: $0) }
    }
    return Sample(
      kind: .load, series: series, unit: .hash, repeatIndex: repeatIndex, start: instants(start),
      end: instants(end), spans: spans,
      energy: watts.map { watts in
        let seconds = Double(end - start) * 1e-9
        return [
          ChannelEnergy(
            meter: MeterID(rawValue: "sample:cpu-package"),
            interval: .value(
              EnergyInterval(
                energy: Microjoules(UInt64(watts * seconds * 1e6)), duration: Seconds(seconds))))
        ]
      } ?? [], shares: shares)
  }

  private func header(
    _ series: SeriesID, _ worker: Int, _ sequence: UInt32, _ challenge: Challenge
  ) -> WorkInput {
    WorkDerivation.input(
      .blockHeader, challenge: challenge, series: series, worker: worker, sequence: sequence)
  }

  private func instants(_ nanoseconds: UInt64) -> SnapshotInstants {
    SnapshotInstants(
      first: Instant(nanoseconds: nanoseconds), second: Instant(nanoseconds: nanoseconds + 20_000),
      third: Instant(nanoseconds: nanoseconds + 30_000))
  }
}
