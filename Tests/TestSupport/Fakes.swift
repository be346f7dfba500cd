import LinuxSystem
package import Model

/// A clock that stands still until somebody sleeps.
package final class FakeClock: MonotonicClock {
  private let time: Locked<UInt64>
  /// What each look at the clock costs, in nanoseconds, so that snapshots have a skew.
  private let lookCost: UInt64

  package init(start: UInt64 = 1_000_000_000_000, lookCost: UInt64 = 1_000) {
    time = Locked(start)
    self.lookCost = lookCost
  }

  package func now() -> Instant {
    time.withLock { time in
      time += lookCost
      return Instant(nanoseconds: time)
    }
  }

  package func sleep(until instant: Instant, isCancelled: () -> Bool) {
    guard !isCancelled() else { return }
    time.withLock { $0 = max($0, instant.nanoseconds) }
  }

  /// The time without the cost of looking.
  package var present: Instant { time.withLock { Instant(nanoseconds: $0) } }
}

/// A quantity over time in straight pieces, with its exact integral.
package struct Curve: Sendable {
  private let times: [Double]
  private let values: [Double]
  private let integrals: [Double]

  /// - Parameter points: seconds and values, times ascending; constant before the first and after the last.
  package init(_ points: [(Double, Double)]) {
    times = points.map(\.0)
    values = points.map(\.1)
    var sums = [0.0]
    for index in points.indices.dropFirst() {
      let width = points[index].0 - points[index - 1].0
      sums.append(sums[index - 1] + width * (points[index].1 + points[index - 1].1) / 2)
    }
    integrals = sums
  }

  package init(constant value: Double) { self.init([(0, value)]) }

  package func value(at time: Double) -> Double {
    guard let last = times.lastIndex(where: { $0 <= time }) else { return values[0] }
    guard last + 1 < times.count, times[last + 1] > times[last] else { return values[last] }
    let part = (time - times[last]) / (times[last + 1] - times[last])
    return values[last] + part * (values[last + 1] - values[last])
  }

  /// The integral from the first point's time to `time`.
  package func integral(to time: Double) -> Double {
    guard let last = times.lastIndex(where: { $0 <= time }) else {
      return (time - times[0]) * values[0]
    }
    return integrals[last] + (time - times[last]) * (values[last] + value(at: time)) / 2
  }
}

/// A device that hashes at a rate that the test knows, and finds a share every so many hashes.
package final class FakeBackend: ComputeBackend {
  package let device: DeviceID
  /// What its workers are: threads have places, the others none.
  package let worker: WorkerKind
  private let mostWorkers: Int
  private let isContained: Bool
  private let clock: FakeClock
  private let origin: Instant
  /// Hashes per second of one worker over seconds since the backend was made.
  private let rate: @Sendable (KernelID, Double, Double) -> Double
  /// What is left of a worker's rate among so many.
  private let share: @Sendable (_ workers: Int) -> Double
  private let batchSize: UInt64
  private let broken: Set<KernelID>
  private let stuck: Set<KernelID>
  private let names: [KernelID]
  private let epoch: UInt32?
  /// How long it prepares before its first session; nil for one that prepares nothing.
  private let preparation: Seconds?
  private let prepared = Locked<(watch: (any PreparationWatch)?, metered: [MeteredPreparation])>(
    (nil, []))
  /// How late the instants of its workers' progress may be; nil for workers without instants of their own.
  fileprivate let poll: Seconds?
  private let record: Locked<[ComputeJob]> = Locked([])

  /// `hashes` gives those of one worker between two times in seconds since the backend was made; workers of the
  /// `broken` kernels fail when they are stopped, those of the `stuck` ones do not come back from their second session.
  package init(
    clock: FakeClock, device: DeviceID = .cpu, worker: WorkerKind = .thread, mostWorkers: Int = 4,
    kernels: [String] = ["fake"], batch: UInt64 = 1000, broken: Set<KernelID> = [],
    stuck: Set<KernelID> = [], isContained: Bool = false, poll: Seconds? = nil,
    epoch: UInt32? = nil, preparation: Seconds? = nil,
    share: @escaping @Sendable (_ workers: Int) -> Double = { _ in 1 },
    hashes: @escaping @Sendable (KernelID, Double, Double) -> Double
  ) {
    self.clock = clock
    self.device = device
    self.worker = worker
    self.mostWorkers = mostWorkers
    self.isContained = isContained
    origin = clock.present
    rate = hashes
    self.share = share
    batchSize = batch
    self.broken = broken
    self.stuck = stuck
    self.poll = poll
    self.epoch = epoch
    self.preparation = preparation
    names = kernels.map(KernelID.init(rawValue:))
  }

  /// Every job that was started, in order.
  package var jobs: [ComputeJob] { record.withLock { $0 } }

  package func kernels() -> [KernelDescription] {
    names.map {
      KernelDescription(
        algorithm: .sha256d, kernel: $0, shape: .blockHeader, lanes: 1, scratch: ByteCount(0),
        unsupported: nil, epoch: epoch)
    }
  }

  package func meterPreparations(_ watch: any PreparationWatch) {
    prepared.withLock { $0.watch = watch }
  }

  private func prepareOnce() {
    guard let preparation, prepared.withLock({ $0.metered.isEmpty }) else { return }
    let ends = prepared.withLock { $0.watch }?.began()
    clock.sleep(until: clock.present.advanced(by: preparation), isCancelled: { false })
    if let metered = ends?() { prepared.withLock { $0.metered = [metered] } }
  }

  package func selfTest(_ algorithm: AlgorithmID, _ kernel: KernelID) throws {
    if broken.contains(kernel) { throw Failure(.no, "\(kernel) computes wrongly") }
  }

  package var canSpin: Bool { worker == .thread }

  package func placements(_ wish: PlacementWish) throws -> [Placement] {
    if worker != .thread, wish.isAboutCPUs {
      throw Failure(
        .usage, "\(device) has no CPUs to choose",
        remedy: "give --threads and --cpus for the CPU only")
    }
    let counts = wish.counts.isEmpty ? [.all] : wish.counts
    return counts.map { count in
      let workers = if case .count(let number) = count { number } else { mostWorkers }
      return Placement(
        PlacementName(worker, workers: workers),
        places: worker == .thread ? Array(0..<workers) : [],
        facts: worker == .thread ? [:] : [.group: .integer(256)])
    }
  }

  package func start(_ job: ComputeJob) throws -> any ComputeSession {
    prepareOnce()
    let isSecond = record.withLock { jobs in
      defer { jobs.append(job) }
      return jobs.contains { $0.series == job.series }
    }
    let began = clock.present.since(origin).value
    return Session(
      backend: self, job: job, began: began,
      isStuck: isSecond && stuck.contains(job.series.kernel))
  }

  private struct Session: ComputeSession {
    let backend: FakeBackend
    let job: ComputeJob
    let began: Double
    let isStuck: Bool
    var batch: UInt64 { backend.batchSize }
    var facts: [WorkerFact: StateValue] {
      backend.worker == .thread ? [.hugePages: .text("not-needed")] : [:]
    }

    var preparations: [MeteredPreparation] { backend.prepared.withLock { $0.metered } }

    private func hashes() -> UInt64 {
      let now = backend.clock.present.since(backend.origin).value
      let exact =
        backend.rate(job.series.kernel, began, now) * backend.share(job.placement.workers)
      return UInt64(max(0, exact)) / batch * batch
    }

    func progress() -> [WorkerProgress] {
      let done = job.mode == .hash ? hashes() : 0
      let first = WorkPosition(sequence: job.firstSequence, nonce: 0).value
      return (0..<job.placement.workers).map { _ in
        WorkerProgress(
          position: WorkPosition(first + done), units: done,
          instant: backend.poll == nil ? nil : backend.clock.present)
      }
    }

    var poll: Seconds? { backend.poll }

    func stuckKernel() -> StuckKernel? {
      isStuck
        ? StuckKernel(job.series, .silent(Seconds(10)), isContained: backend.isContained) : nil
    }

    func finish() throws -> [Proof] {
      if let stuck = stuckKernel() { throw stuck }
      if backend.broken.contains(job.series.kernel) {
        throw Failure(.no, "worker 0 of \(job.series.kernel) failed")
      }
      let first = WorkPosition(sequence: job.firstSequence, nonce: 0).value
      let step = UInt64((1 / job.target.probability).rounded())
      return (0..<job.placement.workers).flatMap { worker in
        stride(from: first + step / 2, to: first + hashes(), by: Int(step)).map {
          Proof(worker: worker, position: WorkPosition($0))
        }
      }
    }
  }
}

/// Meters that accumulate a power that the test knows.
package struct FakeMeter: MeterSession {
  package let descriptors: [MeterDescriptor]
  private let clock: FakeClock
  private let origin: Instant
  /// Joules of each channel since the meter was made, at a time in seconds since then.
  private let joules: @Sendable (Int, Double) -> Double

  package init(
    clock: FakeClock, _ descriptors: [MeterDescriptor],
    joules: @escaping @Sendable (Int, Double) -> Double
  ) {
    self.clock = clock
    origin = clock.present
    self.descriptors = descriptors
    self.joules = joules
  }

  package func snapshot() -> MeterSnapshot {
    let began = clock.now()
    let channels = descriptors.indices.map { index in
      let now = clock.now()
      let value = UInt64(max(0, joules(index, now.since(origin).value)) * 1e6)
      return ChannelSnapshot(accumulated: Microjoules(value), instant: now, raw: value)
    }
    return MeterSnapshot(began: began, ended: clock.now(), channels: channels)
  }

  package func finish() {}

  /// A counter as RAPL's, with a bound that the test chooses.
  package static func counter(
    _ id: String = "powercap:package-0", scope: Scope = .cpuPackage,
    covers: MeterCover = .machine, part: String = "0",
    gainBound: Double? = 0.05, offsetBound: Watts? = nil, updatePeriod: Double? = 0.001,
    kind: MeterKind = .measuredCounter, isAssumed: Bool = true
  ) -> MeterDescriptor {
    MeterDescriptor(
      id: MeterID(rawValue: id),
      source: MeterSourceID(
        id.split(separator: ":").first.map(String.init) ?? id, isOnMachine: scope != .wall),
      label: id, scope: scope, covers: covers, part: part, kind: kind, quantity: .energyCounter,
      rawUnit: "uJ",
      resolution: 61.035, updatePeriod: updatePeriod.map(Seconds.init),
      accuracy: MeterAccuracy(
        gainBound: gainBound, offsetBound: offsetBound, source: "test", isAssumed: isAssumed),
      privilege: "none")
  }
}

/// Facts that a test makes of the time.
package struct FakeProbe: StateProbe {
  private let clock: FakeClock
  private let origin: Instant
  private let facts: @Sendable (Double) -> [StateFact: Reading<StateValue>]

  package init(
    clock: FakeClock,
    facts: @escaping @Sendable (Double) -> [StateFact: Reading<StateValue>] = { _ in [:] }
  ) {
    self.clock = clock
    origin = clock.present
    self.facts = facts
  }

  package func read() -> MachineState {
    let now = clock.present
    return MachineState(
      instant: now, unixTime: 1_790_000_000 + now.since(origin).value,
      facts: facts(now.since(origin).value))
  }

  package func readBriefly() -> MachineState { read() }
}

/// A counter by its name, whose source is the part before the colon: on the machine unless it is a plug's; of the package
/// that its part names, else of the whole machine.
package func testMeter(
  _ id: String, scope: Scope, part: String = "0", covers: MeterCover? = nil,
  bound: Double? = 0.05, kind: MeterKind = .measuredCounter, mirrorOf: String? = nil
) -> MeterDescriptor {
  let source = String(id.prefix { $0 != ":" })
  let isOfPackage = [.cpuPackage, .cpuCore, .cpuUncore, .dram].contains(scope)
  let package = Int(part.prefix { $0.isNumber })
  return MeterDescriptor(
    id: MeterID(rawValue: id),
    source: MeterSourceID(source, isOnMachine: !["shelly", "manual"].contains(source)), label: id,
    scope: scope,
    covers: covers ?? package.flatMap { isOfPackage ? .package($0) : nil } ?? .machine, part: part,
    kind: kind, quantity: .energyCounter, rawUnit: "uJ", resolution: 1, updatePeriod: nil,
    accuracy: MeterAccuracy(gainBound: bound, source: "test", isAssumed: true), privilege: "none",
    mirrorOf: mirrorOf.map { MeterID(rawValue: $0) })
}
