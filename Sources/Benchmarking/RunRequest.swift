package import Model

/// One series to be measured: what runs where.
package struct SeriesRequest: Hashable, Sendable {
  package var series: SeriesID
  package var shape: WorkShape
  package var placement: Placement
  package var target: Target
  /// Attempts per kernel call; nil lets the backend calibrate.
  package var batch: UInt64?
  /// Of the dataset that it works on; nil for an algorithm without epochs.
  package var epoch: UInt32?

  package init(
    series: SeriesID, shape: WorkShape, placement: Placement, target: Target, batch: UInt64? = nil,
    epoch: UInt32? = nil
  ) {
    self.series = series
    self.shape = shape
    self.placement = placement
    self.target = target
    self.batch = batch
    self.epoch = epoch
  }
}

/// Everything that a run is to do.
package struct RunRequest: Hashable, Sendable {
  package var plan: Plan
  package var series: [SeriesRequest]
  package var seed: UInt64
  package var challenge: Challenge
  /// Whether to measure the register-only loop once, for as long as idle (power.md 2.3).
  package var measuresSpin: Bool

  package init(
    plan: Plan, series: [SeriesRequest], seed: UInt64, challenge: Challenge, measuresSpin: Bool
  ) {
    self.plan = plan
    self.series = series
    self.seed = seed
    self.challenge = challenge
    self.measuresSpin = measuresSpin
  }

  /// The series in lots: what is in one is measured at the same time.
  ///
  /// One series each, or with `Plan.isTogether` the series of each algorithm.
  var lots: [[SeriesRequest]] {
    guard plan.isTogether else { return series.map { [$0] } }
    var lots: [[SeriesRequest]] = []
    for one in series {
      let place = lots.firstIndex { $0.first?.series.algorithm == one.series.algorithm }
      if let place { lots[place].append(one) } else { lots.append([one]) }
    }
    return lots
  }
}

/// What a run came to: everything of a result that measuring gives.
package struct RunOutcome: Hashable, Sendable {
  package var samples: [Sample] = []
  package var workers: [SeriesWorkers] = []
  /// Checks that the engine made itself; those of windows follow from the samples.
  package var checks: [Check] = []
  package var trace: [TracePoint] = []
  /// Why the run ended before its plan did.
  package var endReason: Reason?
  /// A kernel that did not come back; its threads still run.
  package var stuck: StuckKernel?
  /// Series of which no more windows are wanted.
  package var givenUp: Set<SeriesID> = []
  /// As in `RunResult.resumedAt`.
  package var resumedAt: [Int] = []

  package init() {}
}

/// What the engine works with; Commands fills it with adapters, tests with fakes.
package struct RunPorts: Sendable {
  package let backends: [any ComputeBackend]
  package let meters: any MeterSession
  package let clock: any MonotonicClock
  package let probe: any StateProbe
  package let isInterrupted: @Sendable () -> Bool
  package let report: @Sendable (RunProgress) -> Void
  /// Writes down what was finished; the next window begins once it returns, and never where it throws.
  package let keep: @Sendable (JournalStep) throws -> Void

  package init(
    backends: [any ComputeBackend], meters: any MeterSession, clock: any MonotonicClock,
    probe: any StateProbe, isInterrupted: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (RunProgress) -> Void = { _ in },
    keep: @escaping @Sendable (JournalStep) throws -> Void = { _ in }
  ) {
    self.backends = backends
    self.meters = meters
    self.clock = clock
    self.probe = probe
    self.isInterrupted = isInterrupted
    self.report = report
    self.keep = keep
  }

  func backend(of series: SeriesID) -> (any ComputeBackend)? {
    backends.first { $0.device == series.device }
  }
}

/// Where a run is, about once a second.
package struct RunProgress: Hashable, Sendable {
  /// `idle`, `warm-up`, `window`, ...
  package let phase: String
  package let series: SeriesID?
  /// From 0.
  package let repeatIndex: Int?
  /// Until the end, when nothing has to be repeated.
  package let remaining: Seconds
  /// Until the end at the latest, where the plan may take longer; never less than `remaining`.
  package let latest: Seconds?
  /// Nil where nothing hashes.
  package let rate: Rate?
  /// Of each channel, since the point before.
  package let power: [MeterID: Watts]
  /// Which of the plan's windows this is, idle ones included; nil outside of a plan.
  package let steps: Steps?
  /// What part of the plan's time has passed, 0 to 1; nil outside of a plan.
  package let fraction: Double?

  package struct Steps: Hashable, Sendable {
    /// From 1.
    package let number: Int
    package let count: Int

    package init(number: Int, count: Int) {
      self.number = number
      self.count = count
    }
  }

  package init(
    phase: String, series: SeriesID?, repeatIndex: Int?, remaining: Seconds,
    latest: Seconds? = nil, rate: Rate?, power: [MeterID: Watts], steps: Steps? = nil,
    fraction: Double? = nil
  ) {
    self.phase = phase
    self.series = series
    self.repeatIndex = repeatIndex
    self.remaining = remaining
    self.latest = latest
    self.rate = rate
    self.power = power
    self.steps = steps
    self.fraction = fraction
  }
}
