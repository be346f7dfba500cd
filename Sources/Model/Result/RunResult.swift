/// One file with every sample and all context of one `run`.
///
/// Never edited.
package struct RunResult: Hashable, Sendable {
  package var tool: ToolIdentity
  /// Wall-clock start and end, seconds since 1970.
  package var startedAt: Double
  package var endedAt: Double
  /// False when the run was interrupted; finished windows are all there.
  package var isComplete: Bool
  /// Why the run ended early, if it did.
  package var endReason: Reason?
  package var plan: Plan
  /// Seed of the shuffled order.
  package var seed: UInt64
  package var challenge: Challenge
  /// Whether somebody else chose the challenge (`--challenge`), so that nothing could be computed ahead.
  package var challengeWasGiven: Bool
  /// The command line's words, without paths outside the options that take none.
  package var arguments: [String]
  package var machine: Machine
  package var devices: [Device]
  package var workers: [SeriesWorkers]
  package var kernelChoices: [KernelChoice]
  package var meters: [MeterDescriptor]
  /// Sources that gave no channel, each with its reason.
  package var unavailableMeters: [UnavailableMeter]
  /// In the order of time.
  package var samples: [Sample]
  package var checks: [Check]
  package var summaries: [SeriesSummary]
  package var grading: Grading
  /// SHA-256 of the raw log's bytes, when one was written.
  package var rawLogDigest: String?
  /// Trace of warm-ups and everything outside windows.
  package var trace: [TracePoint]
  /// What one core can do at most, when it was measured beside the run.
  package var roofline: CoreRoofline?
  /// The same of the devices behind drivers that were measured.
  package var deviceRooflines: [DeviceRoofline]
  /// What the machine cannot tell of itself, in the words of whoever measured: settings, memory timing, cooling.
  package var note: String?
  /// Places of the samples before which a run that had ended without a word was taken up again, ascending.
  package var resumedAt: [Int]

  package init(
    tool: ToolIdentity, startedAt: Double, endedAt: Double, isComplete: Bool, endReason: Reason?,
    plan: Plan, seed: UInt64, challenge: Challenge, challengeWasGiven: Bool, arguments: [String],
    machine: Machine, devices: [Device], workers: [SeriesWorkers], kernelChoices: [KernelChoice],
    meters: [MeterDescriptor], unavailableMeters: [UnavailableMeter], samples: [Sample],
    checks: [Check], summaries: [SeriesSummary], grading: Grading, rawLogDigest: String? = nil,
    trace: [TracePoint] = [], roofline: CoreRoofline? = nil,
    deviceRooflines: [DeviceRoofline] = [], note: String? = nil, resumedAt: [Int] = []
  ) {
    self.tool = tool
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.isComplete = isComplete
    self.endReason = endReason
    self.plan = plan
    self.seed = seed
    self.challenge = challenge
    self.challengeWasGiven = challengeWasGiven
    self.arguments = arguments
    self.machine = machine
    self.devices = devices
    self.workers = workers
    self.kernelChoices = kernelChoices
    self.meters = meters
    self.unavailableMeters = unavailableMeters
    self.samples = samples
    self.checks = checks
    self.summaries = summaries
    self.grading = grading
    self.rawLogDigest = rawLogDigest
    self.trace = trace
    self.roofline = roofline
    self.deviceRooflines = deviceRooflines
    self.note = note
    self.resumedAt = resumedAt
  }
}

extension RunResult {
  /// What a series counts; nil for one that the result has no workers of.
  package func unit(of series: SeriesID) -> WorkUnit? {
    workers.first { $0.series == series }?.unit
  }
}

/// Which program made a result.
package struct ToolIdentity: Hashable, Sendable {
  package var version: String
  /// SHA-256 of the executable file.
  package var executableDigest: Reading<String>
  package var compiler: String
  /// `release` or `debug`.
  package var configuration: String

  package init(
    version: String, executableDigest: Reading<String>, compiler: String, configuration: String
  ) {
    self.version = version
    self.executableDigest = executableDigest
    self.compiler = compiler
    self.configuration = configuration
  }
}

/// A source that could not be used.
package struct UnavailableMeter: Hashable, Sendable {
  package let source: String
  package let reason: Reason

  package init(source: String, reason: Reason) {
    self.source = source
    self.reason = reason
  }
}

/// The workers of one series and the work they were given.
package struct SeriesWorkers: Hashable, Sendable {
  package var series: SeriesID
  /// What the workers' positions count.
  package var unit: WorkUnit
  /// Units of work that an attempt of this kernel has on average: 1 for a hash.
  package var unitsPerAttempt: Double
  package var target: Target
  package var placement: Placement
  /// Attempts per call of the kernel, as calibrated.
  package var batch: UInt64
  /// How late the instants of the spans may be; nil where they have none and a call may be in flight.
  package var poll: Seconds?
  /// What the workers got.
  package var facts: [WorkerFact: StateValue]
  /// What was prepared for them and what that took, in the order of time; empty where nothing was, or nobody metered it.
  package var preparations: [MeteredPreparation]
  /// What proven work rests on; nil for work that is counted.
  package var terms: ProofTerms?

  package init(
    series: SeriesID, unit: WorkUnit, unitsPerAttempt: Double = 1, target: Target,
    placement: Placement, batch: UInt64, poll: Seconds? = nil,
    facts: [WorkerFact: StateValue] = [:], preparations: [MeteredPreparation] = [],
    terms: ProofTerms? = nil
  ) {
    self.series = series
    self.unit = unit
    self.unitsPerAttempt = unitsPerAttempt
    self.target = target
    self.placement = placement
    self.batch = batch
    self.poll = poll
    self.facts = facts
    self.preparations = preparations
    self.terms = terms
  }

  /// What they worked on, as figures of it are told apart.
  package var work: WorkIdentity {
    WorkIdentity(algorithm: series.algorithm, unit: unit, epoch: epoch)
  }

  /// The epoch of an algorithm that has epochs; nil where none is told.
  package var epoch: UInt32? {
    guard case .integer(let number)? = facts[.epoch] else { return nil }
    return UInt32(exactly: number)
  }

  /// Bytes of the dataset that was worked on; nil where none is told.
  package var datasetSize: ByteCount? {
    guard case .integer(let bytes)? = facts[.datasetBytes] else { return nil }
    return UInt64(exactly: bytes).map(ByteCount.init)
  }
}

/// How the kernel of an algorithm was chosen.
package struct KernelChoice: Hashable, Sendable {
  package var algorithm: AlgorithmID
  /// Of the candidates' rates.
  package var unit: WorkUnit
  package var device: DeviceID
  /// What was asked: `best`, `all` or a name.
  package var requested: String
  package var chosen: [KernelID]
  package var candidates: [KernelCandidate]

  package init(
    algorithm: AlgorithmID, unit: WorkUnit, device: DeviceID, requested: String,
    chosen: [KernelID], candidates: [KernelCandidate]
  ) {
    self.algorithm = algorithm
    self.unit = unit
    self.device = device
    self.requested = requested
    self.chosen = chosen
    self.candidates = candidates
  }
}

/// One kernel that was considered.
package struct KernelCandidate: Hashable, Sendable {
  package let kernel: KernelID
  /// Work per second of the brief measurement, in the choice's unit, or why it was not measured.
  package let briefThroughput: Reading<Double>

  package init(kernel: KernelID, briefThroughput: Reading<Double>) {
    self.kernel = kernel
    self.briefThroughput = briefThroughput
  }
}
