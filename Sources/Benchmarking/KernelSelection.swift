package import Model
internal import Text

/// Measures kernels briefly: to choose the fastest, and to set share targets and batches.
package struct KernelSelection {
  private let ports: RunPorts
  private let challenge: Challenge
  /// The run's own, from which the keys of prepared states follow.
  private let keyChallenge: Challenge
  /// Seconds of warm-up and of measuring, each pass.
  private let warmup: Seconds?
  private let measure: Seconds
  /// How many times as long it is waited for the end of the first call.
  private let longestWait = 10

  /// The brief work is derived from a digest of the run's challenge, so that no timed header is ever computed ahead
  /// of its window.
  ///
  /// Without `warmup` it takes as long as the backend says.
  package init(
    _ ports: RunPorts, challenge: Challenge, warmup: Seconds? = nil,
    measure: Seconds = Seconds(0.3)
  ) {
    self.ports = ports
    keyChallenge = challenge
    let digest = SHA256.hash(Array("hashwatt-brief-1".utf8) + challenge.bytes)
    self.challenge = Challenge(bytes: digest) ?? challenge
    self.warmup = warmup
    self.measure = measure
  }

  /// Work per second of each kernel in the given placement, the better of two alternating passes.
  ///
  /// `beginning` is told each kernel before it runs. A kernel that cannot be started has the reason in place of a rate. Throws `Interrupted`, and
  /// `StuckKernel` for one that does not come back.
  package func throughputs(
    of kernels: [KernelID], _ algorithm: AlgorithmID, on backend: any ComputeBackend,
    in placement: Placement, beginning: (KernelID) -> Void = { _ in }
  ) throws -> [KernelCandidate] {
    var best: [KernelID: Reading<Double>] = [:]
    for pass in 0..<2 {
      for kernel in kernels {
        if pass > 0, best[kernel]?.value == nil { continue }
        beginning(kernel)
        let rate = try throughput(
          kernel, algorithm, on: backend, in: placement,
          sequence: UInt32(pass) * WorkLimits.sequencesPerSession)
        switch (best[kernel], rate) {
        case (.value(let old)?, .value(let new)): best[kernel] = .value(max(old, new))
        default: best[kernel] = rate
        }
      }
    }
    return kernels.map {
      KernelCandidate(
        kernel: $0, briefThroughput: best[$0] ?? .unavailable(Reason(.notMeasured, "not measured")))
    }
  }

  private func throughput(
    _ kernel: KernelID, _ algorithm: AlgorithmID, on backend: any ComputeBackend,
    in placement: Placement,
    sequence: UInt32
  ) throws -> Reading<Double> {
    let series = SeriesID(
      algorithm: algorithm, device: backend.device, kernel: kernel, placement: placement.name)
    let shape = backend.kernels().first { $0.algorithm == algorithm && $0.kernel == kernel }?.shape
    // Of solutions there are so few that chance would choose: attempts are counted, and for longer.
    let isBySolutions = shape.map { !$0.countsAttempts } ?? false
    let measure = isBySolutions ? max(measure, Seconds(3)) : measure
    let session: any ComputeSession
    do {
      session = try backend.start(
        ComputeJob(
          series: series, mode: .hash, placement: placement, challenge: challenge,
          keyChallenge: keyChallenge, target: Target(leadingZeroBits: 32), firstSequence: sequence,
          batch: nil))
    } catch let stuck as StuckKernel where !stuck.isContained {
      throw stuck
    } catch let interrupted as Interrupted {
      throw interrupted
    } catch {
      return .unavailable(Reason(.failed, Self.describe(error)))
    }
    let observer = Observer(ports: ports, origin: ports.clock.now())
    let start = pause(observer, session, warmup ?? backend.briefWarmup)
    var end = pause(observer, session, measure)
    // A call may take longer than that, and so may others who have the CPU meanwhile.
    for _ in 0..<longestWait
    where end.progress.joined().map(\.position) == start.progress.joined().map(\.position)
      && !ports.isInterrupted()
    {
      end = pause(observer, session, measure)
    }
    do {
      _ = try session.finish()
    } catch let stuck as StuckKernel where !stuck.isContained {
      throw stuck
    } catch {
      return .unavailable(Reason(.failed, Self.describe(error)))
    }
    if ports.isInterrupted() { throw Interrupted() }
    let time = end.instants.hashes.since(start.instants.hashes).value
    let attempts = zip(start.progress.joined(), end.progress.joined()).reduce(UInt64(0)) {
      $0 + ($1.1.position.value - $1.0.position.value)
    }
    let likely = Double(attempts) * (shape?.unitsPerAttempt ?? 1) / max(time, 1e-9)
    let counted = isBySolutions ? likely : CounterSnapshot.unitsPerSecond(start, end, of: 0..<1)
    guard let rate = counted, rate > 0 else {
      return .unavailable(
        Reason(.failed, "no work was done in \(DecimalText.fixed(time, decimals: 1)) s"))
    }
    return .value(rate)
  }

  private func pause(
    _ observer: Observer, _ session: any ComputeSession, _ time: Seconds
  ) -> CounterSnapshot {
    ports.clock.sleep(
      until: ports.clock.now().advanced(by: time), isCancelled: ports.isInterrupted)
    return observer.snapshot([session])
  }

  private static func describe(_ error: any Error) -> String {
    (error as? any UserFacingError)?.line ?? "\(error)"
  }

  /// The target with which a window of this length yields as many proofs as the shape wants, at this rate.
  package static func target(
    _ shape: WorkShape, workPerSecond: Double, window: Seconds
  ) -> Target {
    .yielding(shape.proofsPerWindow, ofUnits: workPerSecond * window.value)
  }
}
