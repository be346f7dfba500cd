package import Model

/// Everything that a proof is to do.
package struct ProvingRequest: Hashable, Sendable {
  package var plan: Plan
  package var series: SeriesID
  package var challenge: Challenge
  /// How many miners are waited for.
  package var miners: Int
  /// The difficulty that was asked for; nil lets it be found.
  package var difficulty: ShareDifficulty?
  /// How long miners are waited for.
  package var wait: Seconds

  package init(
    plan: Plan, series: SeriesID, challenge: Challenge, miners: Int, difficulty: ShareDifficulty?,
    wait: Seconds
  ) {
    self.plan = plan
    self.series = series
    self.challenge = challenge
    self.miners = miners
    self.difficulty = difficulty
    self.wait = wait
  }

  /// As a run of one series on connections.
  package var asRun: RunRequest {
    RunRequest(
      plan: plan,
      series: [
        SeriesRequest(
          series: series, shape: .blockHeader, placement: Placement(series.placement),
          target: Target(leadingZeroBits: 0))
      ], seed: 0, challenge: challenge, measuresSpin: false)
  }
}

/// What the engine works with; Commands fills it with adapters, tests with fakes.
package struct ProvingPorts: Sendable {
  package let session: any ProvingSession
  package let meters: any MeterSession
  package let claims: (any ClaimReader)?
  package let clock: any MonotonicClock
  package let probe: any StateProbe
  package let isInterrupted: @Sendable () -> Bool
  package let report: @Sendable (ProvingProgress) -> Void
  /// As in `RunPorts`.
  package let keep: @Sendable (JournalStep) throws -> Void

  package init(
    session: any ProvingSession, meters: any MeterSession, claims: (any ClaimReader)? = nil,
    clock: any MonotonicClock, probe: any StateProbe,
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (ProvingProgress) -> Void = { _ in },
    keep: @escaping @Sendable (JournalStep) throws -> Void = { _ in }
  ) {
    self.session = session
    self.meters = meters
    self.claims = claims
    self.clock = clock
    self.probe = probe
    self.isInterrupted = isInterrupted
    self.report = report
    self.keep = keep
  }

  /// The same, with finished windows written down.
  package func keeping(_ keep: @escaping @Sendable (JournalStep) throws -> Void) -> ProvingPorts {
    ProvingPorts(
      session: session, meters: meters, claims: claims, clock: clock, probe: probe,
      isInterrupted: isInterrupted, report: report, keep: keep)
  }

  /// For the parts that a run and a proof have in common.
  var asRun: RunPorts {
    RunPorts(
      backends: [], meters: meters, clock: clock, probe: probe, isInterrupted: isInterrupted)
  }
}

/// Where a proof is, about once a second.
package struct ProvingProgress: Hashable, Sendable {
  /// `waiting`, `difficulty 1024`, `warm-up`, `window 3`, ...
  package var phase: String
  /// Until the phase ends; nil where nobody knows.
  package var remaining: Seconds?
  /// Of the shares of this phase, or of all windows so far.
  package var rate: Rate?
  /// Relative half-width of the rate's 95 % interval.
  package var halfWidth: Double?
  package var power: [MeterID: Watts]
  /// Of finished windows.
  package var efficiency: Efficiency?
  /// Until the half-width that was asked for, at this rate of shares.
  package var untilHalfWidth: Seconds?

  package init(
    phase: String, remaining: Seconds? = nil, rate: Rate? = nil, halfWidth: Double? = nil,
    power: [MeterID: Watts] = [:], efficiency: Efficiency? = nil, untilHalfWidth: Seconds? = nil
  ) {
    self.phase = phase
    self.remaining = remaining
    self.rate = rate
    self.halfWidth = halfWidth
    self.power = power
    self.efficiency = efficiency
    self.untilHalfWidth = untilHalfWidth
  }
}
