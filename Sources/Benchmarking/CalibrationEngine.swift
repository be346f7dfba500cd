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

  /// Measures idle, then each placement.
  ///
  /// - Throws: `Interrupted`, or a `Failure` when a meter has no energy in a block.
  package func points(
    wall: MeterID, sensors: [MeterID], _ algorithm: AlgorithmID, _ kernel: KernelID,
    placements: [Placement], challenge: Challenge
  ) throws -> [Calibration.Point] {
    let levels = [nil] + placements
    var points: [Calibration.Point] = []
    for (index, placement) in levels.enumerated() {
      var session: (any ComputeSession)?
      if let placement {
        session = try backend.start(
          ComputeJob(
            series: SeriesID(
              algorithm: algorithm, device: backend.device, kernel: kernel,
              placement: placement.name), mode: .hash, placement: placement,
            challenge: challenge, target: Target(leadingZeroBits: 40),
            firstSequence: UInt32(index) << 20, batch: nil))
      }
      do {
        points += try level(session, placement, wall, sensors, left: levels.count - index)
      } catch {
        _ = try? session?.finish()
        throw error
      }
      _ = try session?.finish()
    }
    return points
  }

  private func level(
    _ session: (any ComputeSession)?, _ placement: Placement?, _ wall: MeterID,
    _ sensors: [MeterID],
    left levels: Int
  ) throws -> [Calibration.Point] {
    let observer = Observer(ports: ports, origin: ports.clock.now())
    let each = steps.settle.value + Double(steps.blocks) * steps.block.value
    let threads = placement?.workers ?? 0
    let name = placement.map { "\($0.workers) \($0.name.kind)" } ?? "idle"
    let phase = name + (threads > 1 ? "s" : "")
    func report(_ step: String, _ done: Double) -> (Seconds, TracePoint) -> Void {
      { elapsed, point in
        ports.report(
          RunProgress(
            phase: "\(phase), \(step)", series: nil, repeatIndex: nil,
            remaining: Seconds(max(0, Double(levels) * each - done - elapsed.value)),
            rate: point.rate, power: point.power))
      }
    }
    let crew = session.map { [$0] } ?? []
    _ = try observer.watch(
      crew, from: observer.snapshot(crew), for: steps.settle, report: report("settling", 0))
    return try (0..<steps.blocks).map { block in
      let start = observer.snapshot(crew)
      let done = steps.settle.value + Double(block) * steps.block.value
      let seen = try observer.watch(
        crew, from: start, for: steps.block, report: report("block \(block + 1)", done))
      let sample = observer.sample(.load, nil, repeatIndex: block, seen, observer.energy(seen))
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
