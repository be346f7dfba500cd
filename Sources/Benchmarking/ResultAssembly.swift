internal import Analysis
package import Model

/// Everything of a result that is known apart from measuring.
package struct RunContext: Hashable, Sendable {
  package var tool: ToolIdentity
  package var startedAt: Double
  package var challengeWasGiven: Bool
  package var arguments: [String]
  package var machine: Machine
  package var devices: [Device]
  package var kernelChoices: [KernelChoice]
  package var meters: [MeterDescriptor]
  package var unavailableMeters: [UnavailableMeter]
  /// Checks made before measuring: self-tests, sources.
  package var checks: [Check]
  /// What one core can do at most, when it was measured.
  package var roofline: CoreRoofline?
  package var deviceRooflines: [DeviceRoofline]
  /// What the machine cannot tell of itself.
  package var note: String?

  package init(
    tool: ToolIdentity, startedAt: Double, challengeWasGiven: Bool, arguments: [String],
    machine: Machine, devices: [Device], kernelChoices: [KernelChoice], meters: [MeterDescriptor],
    unavailableMeters: [UnavailableMeter], checks: [Check], roofline: CoreRoofline? = nil,
    deviceRooflines: [DeviceRoofline] = [], note: String? = nil
  ) {
    self.tool = tool
    self.startedAt = startedAt
    self.challengeWasGiven = challengeWasGiven
    self.arguments = arguments
    self.machine = machine
    self.devices = devices
    self.kernelChoices = kernelChoices
    self.meters = meters
    self.unavailableMeters = unavailableMeters
    self.checks = checks
    self.roofline = roofline
    self.deviceRooflines = deviceRooflines
    self.note = note
  }
}

extension RunResult {
  /// The result of a run: samples and context, then checks, summaries and grade derived from them.
  package init(
    _ request: RunRequest, _ outcome: RunOutcome, _ context: RunContext, endedAt: Double,
    rawLogDigest: String? = nil
  ) {
    self.init(
      plan: request.plan, seed: request.seed, challenge: request.challenge, outcome, context,
      endedAt: endedAt, rawLogDigest: rawLogDigest)
  }

  init(
    plan: Plan, seed: UInt64, challenge: Challenge, _ outcome: RunOutcome, _ context: RunContext,
    endedAt: Double, rawLogDigest: String? = nil
  ) {
    self.init(
      tool: context.tool,
      startedAt: WallClock.started(context.startedAt, before: outcome.samples.states),
      endedAt: WallClock.ended(endedAt, after: outcome.samples.states),
      isComplete: outcome.endReason == nil, endReason: outcome.endReason, plan: plan, seed: seed,
      challenge: challenge,
      challengeWasGiven: context.challengeWasGiven, arguments: context.arguments,
      machine: context.machine, devices: context.devices, workers: outcome.workers,
      kernelChoices: context.kernelChoices, meters: context.meters,
      unavailableMeters: context.unavailableMeters, samples: outcome.samples,
      checks: context.checks + outcome.checks, summaries: [],
      grading: Grading(grade: .r0, reasonsAgainstBetter: []), rawLogDigest: rawLogDigest,
      trace: outcome.trace, roofline: context.roofline,
      deviceRooflines: context.deviceRooflines, note: context.note,
      resumedAt: outcome.resumedAt.filter { $0 < outcome.samples.count })
    checks += SampleChecks.checks(of: self)
    summaries = Summarizing.summaries(of: self)
    grading = Grader.grade(self)
  }

  /// Adds checks that rest on a file from outside the run; the grade follows from all.
  package mutating func add(external more: [Check]) {
    checks += more.map { $0.from(.external) }
    grading = Grader.grade(self)
  }
}
