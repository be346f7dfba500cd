internal import Analysis
package import Model

/// Measures the points of a calibration: idle, then half and all of the threads, in equal blocks.
package struct CalibrationEngine {
  /// How long and how often.
  package struct Steps: Hashable, Sendable {
    package var blocks: Int
    package var block: Seconds
    /// Time at each level before its first block.
    package var settle: Seconds

    package init(blocks: Int, block: Seconds, settle: Seconds) {
      self.blocks = blocks
      self.block = block
      self.settle = settle
    }
  }

  private let ports: RunPorts
  private let backend: any ComputeBackend
  private let steps: Steps

  package init(_ ports: RunPorts, _ backend: any ComputeBackend, _ steps: Steps) {
    self.ports = ports
    self.backend = backend
    self.steps = steps
  }

  /// Measures every level.
  ///
  /// - Throws: `Interrupted`, or a `Failure` when a meter has no energy in a block.
  package func points(
    wall: MeterID, sensors: [MeterID], series: SeriesID, cpus: [Int], challenge: Challenge
  ) throws -> [Calibration.Point] {
    let levels = [0, max(1, cpus.count / 2), cpus.count]
    var points: [Calibration.Point] = []
    for (index, threads) in levels.enumerated() {
      var session: (any ComputeSession)?
      if threads > 0 {
        session = try backend.start(
          ComputeJob(
            series: SeriesID(
              algorithm: series.algorithm, device: series.device, kernel: series.kernel,
              threads: threads), mode: .hash, cpus: Array(cpus.prefix(threads)),
            challenge: challenge, target: Target(leadingZeroBits: 40),
            firstSequence: UInt32(index) << 20, batch: nil))
      }
      do {
        points += try level(session, threads, wall, sensors, left: levels.count - index)
      } catch {
        _ = try? session?.finish()
        throw error
      }
      _ = try session?.finish()
    }
    return points
  }

  private func level(
    _ session: (any ComputeSession)?, _ threads: Int, _ wall: MeterID, _ sensors: [MeterID],
    left levels: Int
  ) throws -> [Calibration.Point] {
    let observer = Observer(ports: ports, origin: ports.clock.now())
    let each = steps.settle.value + Double(steps.blocks) * steps.block.value
    let name = threads == 0 ? "idle" : "\(threads) thread" + (threads == 1 ? "" : "s")
    func report(_ phase: String, _ done: Double) -> (Seconds, TracePoint) -> Void {
      { elapsed, point in
        ports.report(
          RunProgress(
            phase: "\(name), \(phase)", series: nil, repeatIndex: nil,
            remaining: Seconds(max(0, Double(levels) * each - done - elapsed.value)),
            rate: point.rate, power: point.power))
      }
    }
    _ = try observer.watch(
      session, from: observer.snapshot(session), for: steps.settle, report: report("settling", 0))
    return try (0..<steps.blocks).map { block in
      let start = observer.snapshot(session)
      let done = steps.settle.value + Double(block) * steps.block.value
      let seen = try observer.watch(
        session, from: start, for: steps.block, report: report("block \(block + 1)", done))
      let sample = observer.sample(.load, nil, repeatIndex: block, from: start, seen)
      return Calibration.Point(
        threads: threads, seconds: sample.duration.value,
        sensorWatts: try sensors.reduce(0) { $0 + (try watts($1, sample)) },
        wallWatts: try watts(wall, sample))
    }
  }

  private func watts(_ meter: MeterID, _ sample: Sample) throws -> Double {
    let energy = sample.energy.first { $0.meter == meter }
    if let watts = energy?.interval.value?.meanPower.value { return watts }
    throw Failure(
      .unavailable,
      "\(meter) has no energy for a block: \(energy?.interval.reason?.message ?? "not read")",
      remedy: energy?.interval.reason?.remedy)
  }
}
