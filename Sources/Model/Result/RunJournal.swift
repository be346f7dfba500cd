/// What a run writes down while it goes on, so that an end without a word costs one window at most.
package struct RunJournal: Hashable, Sendable {
  package var header: JournalHeader
  /// In the order of time.
  package var steps: [JournalStep]

  package init(header: JournalHeader, steps: [JournalStep]) {
    self.header = header
    self.steps = steps
  }
}

/// Everything of a run that is known before its first window.
package struct JournalHeader: Hashable, Sendable {
  /// The command that measures: `run`, `prove`.
  package var command: String
  /// The start of measuring, which the times of traces count from.
  package var origin: Instant
  /// Wall clock, seconds since 1970.
  package var startedAt: Double
  package var tool: ToolIdentity
  package var plan: Plan
  package var seed: UInt64
  package var challenge: Challenge
  package var challengeWasGiven: Bool
  package var arguments: [String]
  package var machine: Machine
  package var devices: [Device]
  /// What is to be measured.
  package var series: [PlannedSeries]
  /// Whether the register-only loop is measured beside idle.
  package var measuresSpin: Bool
  package var kernelChoices: [KernelChoice]
  package var meters: [MeterDescriptor]
  package var unavailableMeters: [UnavailableMeter]
  /// Those made before measuring.
  package var checks: [Check]
  /// The machine before the first window.
  package var state: MachineState
  package var roofline: CoreRoofline?
  package var deviceRooflines: [DeviceRoofline]
  package var note: String?
  /// The record whose line gives wall watts, and what the power supply is called.
  package var calibration: Calibration?
  package var powerSupply: String?

  package init(
    command: String, origin: Instant, startedAt: Double, tool: ToolIdentity, plan: Plan,
    seed: UInt64, challenge: Challenge, challengeWasGiven: Bool, arguments: [String],
    machine: Machine, devices: [Device], series: [PlannedSeries], measuresSpin: Bool,
    kernelChoices: [KernelChoice], meters: [MeterDescriptor],
    unavailableMeters: [UnavailableMeter], checks: [Check], state: MachineState,
    roofline: CoreRoofline? = nil, deviceRooflines: [DeviceRoofline] = [], note: String? = nil,
    calibration: Calibration? = nil, powerSupply: String? = nil
  ) {
    self.command = command
    self.origin = origin
    self.startedAt = startedAt
    self.tool = tool
    self.plan = plan
    self.seed = seed
    self.challenge = challenge
    self.challengeWasGiven = challengeWasGiven
    self.arguments = arguments
    self.machine = machine
    self.devices = devices
    self.series = series
    self.measuresSpin = measuresSpin
    self.kernelChoices = kernelChoices
    self.meters = meters
    self.unavailableMeters = unavailableMeters
    self.checks = checks
    self.state = state
    self.roofline = roofline
    self.deviceRooflines = deviceRooflines
    self.note = note
    self.calibration = calibration
    self.powerSupply = powerSupply
  }
}

/// One series that is to be measured, as far as its algorithm does not say it.
package struct PlannedSeries: Hashable, Sendable {
  package var series: SeriesID
  package var target: Target
  package var placement: Placement
  /// Of the dataset that it works on; nil for an algorithm without epochs.
  package var epoch: UInt32?

  package init(series: SeriesID, target: Target, placement: Placement, epoch: UInt32? = nil) {
    self.series = series
    self.target = target
    self.placement = placement
    self.epoch = epoch
  }
}

/// What was finished since the step before: a window with what belongs to it, or a series that was given up.
package struct JournalStep: Hashable, Sendable {
  /// Whether a process took the run up again here.
  package var isResumption: Bool
  /// Of each series in it one.
  package var samples: [Sample]
  /// Workers of series that had none yet, or have others now.
  package var workers: [SeriesWorkers]
  package var checks: [Check]
  /// Of warm-ups.
  package var trace: [TracePoint]
  package var givenUp: [SeriesID]
  /// Why the run will not be complete, once that is so.
  package var endReason: Reason?

  package init(
    isResumption: Bool = false, samples: [Sample] = [], workers: [SeriesWorkers] = [],
    checks: [Check] = [], trace: [TracePoint] = [], givenUp: [SeriesID] = [],
    endReason: Reason? = nil
  ) {
    self.isResumption = isResumption
    self.samples = samples
    self.workers = workers
    self.checks = checks
    self.trace = trace
    self.givenUp = givenUp
    self.endReason = endReason
  }

  /// Whether there is nothing to write down.
  package var isEmpty: Bool {
    !isResumption && samples.isEmpty && workers.isEmpty && checks.isEmpty && trace.isEmpty
      && givenUp.isEmpty
  }
}
