/// The ports: policy uses them, adapters implement them, `Commands/Composition` joins the two.

/// Time that never jumps.
///
/// Faked in tests.
package protocol MonotonicClock: Sendable {
  func now() -> Instant
  /// Returns at `instant`, or earlier when `isCancelled` turns true; at once when it has passed.
  func sleep(until instant: Instant, isCancelled: () -> Bool)
}

/// What the workers of a session do.
package enum ComputeMode: Hashable, Sendable {
  /// Scan nonces by the kernel.
  case hash
  /// A register-only loop, as the baseline "core on, no hashing".
  case spin
}

/// What a backend is asked to run.
package struct ComputeJob: Hashable, Sendable {
  package let series: SeriesID
  package let mode: ComputeMode
  /// Of the backend's own making; its name is the series'.
  package let placement: Placement
  package let challenge: Challenge
  /// The challenge that a prepared state's key follows from: the run's own, also of work that is derived from another.
  package let keyChallenge: Challenge
  package let target: Target
  /// Sequence number that every worker starts at; sessions of one series must not share any.
  package let firstSequence: UInt32
  /// Attempts per kernel call, or nil to calibrate to 1 to 10 ms.
  package let batch: UInt64?

  package init(
    series: SeriesID, mode: ComputeMode, placement: Placement, challenge: Challenge,
    keyChallenge: Challenge? = nil, target: Target, firstSequence: UInt32, batch: UInt64?
  ) {
    self.series = series
    self.mode = mode
    self.placement = placement
    self.challenge = challenge
    self.keyChallenge = keyChallenge ?? challenge
    self.target = target
    self.firstSequence = firstSequence
    self.batch = batch
  }
}

/// A kernel as a backend offers it.
package struct KernelDescription: Hashable, Sendable {
  package let algorithm: AlgorithmID
  package let kernel: KernelID
  package let shape: WorkShape
  /// Attempts in one pass of its inner loop.
  package let lanes: Int
  package let scratch: ByteCount
  /// Why it cannot run here, or nil when it can.
  package let unsupported: Reason?
  /// Whether the fastest is looked for among it and others; what is not runs when it is named.
  package let isCandidate: Bool
  /// Whether proving it takes so long, for a large state or long attempts, that only a run does.
  package let isProvenInRuns: Bool
  /// Of the dataset that it would work on; nil for an algorithm without epochs.
  package let epoch: UInt32?

  package init(
    algorithm: AlgorithmID, kernel: KernelID, shape: WorkShape, lanes: Int, scratch: ByteCount,
    unsupported: Reason?, isCandidate: Bool = true, isProvenInRuns: Bool = false,
    epoch: UInt32? = nil
  ) {
    self.algorithm = algorithm
    self.kernel = kernel
    self.shape = shape
    self.lanes = lanes
    self.scratch = scratch
    self.unsupported = unsupported
    self.isCandidate = isCandidate
    self.isProvenInRuns = isProvenInRuns
    self.epoch = epoch
  }
}

/// Meters what backends prepare, which only they know when they begin.
package protocol PreparationWatch: Sendable {
  /// A preparation begins; what is returned is called at its end and gives what it took.
  func began() -> @Sendable () -> MeteredPreparation
}

/// A device that computes.
package protocol ComputeBackend: Sendable {
  var device: DeviceID { get }
  /// A short word for it on the command line, such as `gpu0`.
  var alias: String? { get }
  /// Whether it is measured only where it is named, and not as one of all.
  var isOnlyByName: Bool { get }
  /// The device itself, where detection cannot see it.
  var undetected: Device? { get }
  /// Every kernel, those that cannot run here included.
  func kernels() -> [KernelDescription]
  /// Has what is prepared from now on metered.
  func meterPreparations(_ watch: any PreparationWatch)
  /// Proves one kernel against the reference; throws with the first thing that is wrong.
  func selfTest(_ algorithm: AlgorithmID, _ kernel: KernelID) throws
  /// The same, before a run with this challenge: a state that takes long to prepare is prepared for its key, and kept.
  func selfTest(_ algorithm: AlgorithmID, _ kernel: KernelID, before challenge: Challenge) throws
  /// The placements that a wish comes to, each once, in the order of the wish.
  ///
  /// - Throws: usage errors for what the device cannot be told; unavailable for what it does not have.
  func placements(_ wish: PlacementWish) throws -> [Placement]
  /// Load before a brief measurement, until the clock is that of longer work.
  var briefWarmup: Seconds { get }
  /// Whether it has a register-only loop (`ComputeMode.spin`) as a baseline.
  var canSpin: Bool { get }
  /// What one core of the device can do at most, and how near these kernels come to it; nil where it has none, or that is not
  /// known.
  ///
  /// - Throws: `Interrupted` once `isCancelled` is true; `StuckKernel`.
  func roofline(
    of kernels: [(AlgorithmID, KernelID)], in placement: Placement,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> CoreRoofline?
  /// The same of a whole device behind a driver; nil where it is none.
  ///
  /// - Throws: `Interrupted` once `isCancelled` is true; `StuckKernel`, or a failure of the driver.
  func deviceRoofline(
    of kernels: [(AlgorithmID, KernelID)], isCancelled: @escaping @Sendable () -> Bool
  ) throws -> DeviceRoofline?
  /// Starts workers; returns once every one of them hashes.
  func start(_ job: ComputeJob) throws -> any ComputeSession
}

extension ComputeBackend {
  package var alias: String? { nil }
  package var isOnlyByName: Bool { false }
  package var undetected: Device? { nil }
  package func meterPreparations(_ watch: any PreparationWatch) {}
  package var briefWarmup: Seconds { Seconds(0.1) }
  package var canSpin: Bool { false }
  package func selfTest(
    _ algorithm: AlgorithmID, _ kernel: KernelID, before challenge: Challenge
  ) throws { try selfTest(algorithm, kernel) }
  package func roofline(
    of kernels: [(AlgorithmID, KernelID)], in placement: Placement,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> CoreRoofline? { nil }
  package func deviceRoofline(
    of kernels: [(AlgorithmID, KernelID)], isCancelled: @escaping @Sendable () -> Bool
  ) throws -> DeviceRoofline? { nil }
}

/// Workers at work.
///
/// Any thread may take snapshots.
package protocol ComputeSession: WorkCounter {
  /// Attempts per kernel call in use.
  var batch: UInt64 { get }
  /// What the workers got: as in `SeriesWorkers.facts`.
  var facts: [WorkerFact: StateValue] { get }
  /// As in `SeriesWorkers.preparations`.
  var preparations: [MeteredPreparation] { get }
  /// How late the instants of progress may be; nil where progress counts as of the call.
  var poll: Seconds? { get }
  /// Stops and joins the workers, and returns all proofs found since the start, ascending.
  ///
  /// Throws when a worker failed; then nothing of the session may be used. Throws `StuckKernel` in bounded time when
  /// a worker does not come back from its kernel.
  func finish() throws -> [Proof]
  /// What the session noticed of its device, once it has finished.
  var checks: [Check] { get }
}

/// Something at work whose progress can be read at any instant.
package protocol WorkCounter: Sendable {
  /// How far each worker has come, in worker order; quick, from any thread.
  func progress() -> [WorkerProgress]
  /// The kernel of a worker that has not moved for too long, or nil; to be asked about once a second.
  func stuckKernel() -> StuckKernel?
}

/// How far one worker has come.
package struct WorkerProgress: Hashable, Sendable {
  /// All attempts before it are done.
  package let position: WorkPosition
  /// Units of work in all of the session's attempts before it; it only grows.
  package let units: UInt64
  /// When the worker was there; nil where that is the instant of asking, with a call in flight beyond it.
  package let instant: Instant?

  package init(position: WorkPosition, units: UInt64, instant: Instant? = nil) {
    self.position = position
    self.units = units
    self.instant = instant
  }
}

extension ComputeSession {
  package var preparations: [MeteredPreparation] { [] }
  package var poll: Seconds? { nil }
  package var checks: [Check] { [] }
}

extension WorkCounter {
  package func stuckKernel() -> StuckKernel? { nil }
}

/// Meters that run: a guard thread reads every counter often enough that no wrap is lost.
package protocol MeterSession: Sendable {
  /// Fixed for the session.
  var descriptors: [MeterDescriptor] { get }
  /// What was found while opening and checking the meters: mirrors, ticks, cross-checks, where the guard runs.
  var checks: [Check] { get }
  /// Reads every channel now.
  ///
  /// Counters of this machine are read on the calling thread; meters that take long to answer (network, programs,
  /// drivers) give their newest reading, whose own instant lies in the channel's snapshot.
  func snapshot() -> MeterSnapshot
  /// The snapshot once every counter had time to move on from it.
  ///
  /// The end of a window is judged so: a counter that stalled shortly before looks like any other until it fails to move.
  /// Takes as long as the slowest counter's step, a stalled one ten steps, and never more than some seconds.
  func judged(_ snapshot: MeterSnapshot) -> MeterSnapshot
  /// Stops the guard thread and closes the sources.
  ///
  /// The session is not used afterwards, apart from `rawLogDigest`.
  func finish()
  /// SHA-256 of the raw log's bytes in lower-case hex, once finished and if one was asked for.
  var rawLogDigest: Reading<String>? { get }
}

extension MeterSession {
  package var checks: [Check] { [] }
  package func judged(_ snapshot: MeterSnapshot) -> MeterSnapshot { snapshot }
  package var rawLogDigest: Reading<String>? { nil }
}

/// Reads what may disturb a measurement.
package protocol StateProbe: Sendable {
  func read() -> MachineState
  /// Only what may change while a window runs, cheap enough for inside it.
  ///
  /// Frequency, temperature, throttle counts, steal, load, context switches, governor and mains supply.
  func readBriefly() -> MachineState
}

/// The readable references, the judges of every kernel and of every proof.
package protocol ReferenceProvider: Sendable {
  /// Nil for an algorithm that this version does not know.
  func shape(of algorithm: AlgorithmID) -> WorkShape?
  /// The reference, prepared for a run's challenge, or for the epoch of an algorithm that has epochs; nil for an algorithm
  /// that this version does not know.
  ///
  /// Preparing may take seconds and memory: ask once.
  func reference(
    of algorithm: AlgorithmID, challenge: Challenge, epoch: UInt32?
  ) throws(Failure) -> (any WorkReference)?
}
