internal import Analysis
internal import MeterCore
package import Model

/// Computes the energy of every window again from the raw log of a run (R30).
package struct RawLogVerification: Sendable {
  private let result: RunResult

  package init(_ result: RunResult) { self.result = result }

  /// How many energies the log gives exactly as the result states them.
  ///
  /// - Throws: `Falsehood` for the first that differs, a log that is not the result's, or one that cannot be read.
  package func verify(_ log: [UInt8]) throws -> Int {
    guard let digest = result.rawLogDigest else {
      throw Falsehood("raw_log_sha256", "the result was made without a raw log")
    }
    let found = Hexadecimal.encode(SHA256.hash(log))
    guard found == digest else {
      throw Falsehood("raw_log_sha256", "the result states \(digest), the log's is \(found)")
    }
    let integral = try RawLogIntegral(log)
    guard integral.meters == result.meters.map(\.id) else {
      throw Falsehood("meters", "the log has other channels than the result")
    }
    var proven = 0
    let windows =
      result.samples.enumerated().map { ("samples[\($0)]", $1) }
      + result.workers.enumerated().flatMap { index, workers in
        workers.preparations.enumerated().map {
          ("workers[\(index)].preparations[\($0)]", $1.window)
        }
      }
    for (place, sample) in windows where !sample.energy.isEmpty {
      guard let start = integral.snapshot(in: sample.start),
        let end = integral.snapshot(in: sample.end)
      else { throw Falsehood(place, "the log has no snapshots at the window's ends") }
      var derived = sample
      derived.energy = integral.meters.indices.map {
        ChannelEnergy(
          meter: integral.meters[$0],
          interval: EnergyInterval.between(start.channels[$0], end.channels[$0]))
      }
      let judged = derived.judgedByLattice(result.meters).sample
      for (channel, (plain, afterwards)) in zip(
        sample.energy, zip(derived.energy, judged.energy))
      {
        guard
          Self.agrees(channel.interval, plain.interval)
            || Self.agrees(channel.interval, afterwards.interval)
        else {
          throw Falsehood(
            "\(place).energy \(channel.meter)",
            "the result states \(Self.text(channel.interval)), the log gives \(Self.text(plain.interval))"
          )
        }
        if channel.interval.value != nil { proven += 1 }
      }
    }
    return proven
  }

  private static func agrees(
    _ stated: Reading<EnergyInterval>, _ derived: Reading<EnergyInterval>
  ) -> Bool {
    switch (stated, derived) {
    case (.value(let left), .value(let right)):
      // The file keeps the duration as a decimal number of seconds.
      left.energy == right.energy && left.repairs == right.repairs
        && abs(left.duration.value - right.duration.value) < 1e-8
    case (.unavailable(let left), .unavailable(let right)): left.code == right.code
    default: false
    }
  }

  private static func text(_ reading: Reading<EnergyInterval>) -> String {
    switch reading {
    case .value(let interval): "\(interval.energy.value) uJ in \(interval.duration.value) s"
    case .unavailable(let reason): "none (\(reason.message))"
    }
  }
}

/// A raw log read from its first line to its last, by the same accumulators as the run's.
package struct RawLogIntegral: Sendable {
  package private(set) var meters: [MeterID] = []
  package private(set) var snapshots: [MeterSnapshot] = []
  private var accumulators: [ChannelAccumulator] = []

  /// - Throws: `Falsehood` that names the first line that is none.
  package init(_ log: [UInt8]) throws {
    for (number, line) in log.split(separator: 0x0a).enumerated() {
      guard let parsed = RawLogLine(Array(line)), take(parsed) else {
        throw Falsehood("raw log line \(number + 1)", "is no line of a raw log")
      }
    }
  }

  /// The snapshot that was taken between the clock readings of one end of a window.
  package func snapshot(in instants: SnapshotInstants) -> MeterSnapshot? {
    snapshots.first { $0.began >= instants.first && $0.ended <= instants.second }
  }

  private mutating func take(_ line: RawLogLine) -> Bool {
    switch line {
    case .meter(let channel, let id, let rules):
      guard channel == meters.count else { return false }
      meters.append(id)
      accumulators.append(ChannelAccumulator(rules: rules))
    case .read(let channel, let instant, let raw):
      guard accumulators.indices.contains(channel) else { return false }
      accumulators[channel].add(.value(raw), at: instant)
    case .miss(let channel, let instant, let reason):
      guard accumulators.indices.contains(channel) else { return false }
      accumulators[channel].add(.unavailable(reason), at: instant)
    case .void(let channel, let instant, let reason):
      guard accumulators.indices.contains(channel) else { return false }
      accumulators[channel].interrupt(reason, at: instant)
    case .snapshot(_, let began, let ended):
      snapshots.append(
        MeterSnapshot(began: began, ended: ended, channels: accumulators.map(\.snapshot)))
    case .judged(let began):
      guard let index = snapshots.lastIndex(where: { $0.began == began }) else { return false }
      snapshots[index] = snapshots[index].judged(
        zip(accumulators, snapshots[index].channels).map { $0.judgement(of: $1) })
    }
    return true
  }
}
