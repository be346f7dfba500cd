package import Model

extension RunOutcome {
  /// What the steps of a journal come to.
  package init(_ steps: [JournalStep]) {
    self.init()
    for step in steps { add(step) }
  }

  /// What was finished since it was like that; nil where there is nothing.
  func step(since handed: RunOutcome) -> JournalStep? {
    let step = JournalStep(
      samples: Array(samples.dropFirst(handed.samples.count)),
      workers: workers.filter { !handed.workers.contains($0) },
      checks: Array(checks.dropFirst(handed.checks.count)),
      trace: Array(trace.dropFirst(handed.trace.count)),
      givenUp: givenUp.subtracting(handed.givenUp).sorted { "\($0)" < "\($1)" },
      endReason: endReason)
    return step.isEmpty ? nil : step
  }

  private mutating func add(_ step: JournalStep) {
    // Two resumptions without a window between them leave one gap.
    if step.isResumption, !samples.isEmpty, resumedAt.last != samples.count {
      resumedAt.append(samples.count)
    }
    samples += step.samples
    for one in step.workers {
      if let index = workers.firstIndex(where: { $0.series == one.series }) {
        workers[index] = one
      } else {
        workers.append(one)
      }
    }
    checks += step.checks
    trace += step.trace
    givenUp.formUnion(step.givenUp)
    endReason = step.endReason ?? endReason
  }
}

extension RunRequest {
  /// What a journal's run was to do, or nil where a kernel of it is not there.
  package init?(_ header: JournalHeader, _ backends: [any ComputeBackend]) {
    var series: [SeriesRequest] = []
    for planned in header.series {
      let backend = backends.first { $0.device == planned.series.device }
      let kernel = backend?.kernels().first {
        $0.algorithm == planned.series.algorithm && $0.kernel == planned.series.kernel
          && $0.unsupported == nil
      }
      guard let kernel else { return nil }
      series.append(
        SeriesRequest(
          series: planned.series, shape: kernel.shape, placement: planned.placement,
          target: planned.target, epoch: kernel.epoch))
    }
    self.init(
      plan: header.plan, series: series, seed: header.seed, challenge: header.challenge,
      measuresSpin: header.measuresSpin)
  }
}

extension RunResult {
  /// What a run that ended without a word had finished, as a result that says so.
  ///
  /// `why` is why nobody goes on with it.
  package init(closing journal: RunJournal, why: String) {
    var outcome = RunOutcome(journal.steps)
    let windows = outcome.samples.count { $0.kind == .load }
    outcome.endReason = Reason(
      .cutShort,
      "the run ended without a word after \(windows) \(windows == 1 ? "window" : "windows") "
        + "(killed, crashed, or the machine stopped), and \(why)")
    let header = journal.header
    let order = header.series.map(\.series)
    outcome.workers = order.compactMap { series in
      outcome.workers.first { $0.series == series }
    }
    let last = outcome.samples.last?.stateAfter?.unixTime
    self.init(
      plan: header.plan, seed: header.seed, challenge: header.challenge, outcome,
      RunContext(header), endedAt: max(header.startedAt, last ?? header.startedAt))
  }
}

extension RunContext {
  /// Everything of a journal's run that is known apart from measuring.
  package init(_ header: JournalHeader) {
    self.init(
      tool: header.tool, startedAt: header.startedAt,
      challengeWasGiven: header.challengeWasGiven, arguments: header.arguments,
      machine: header.machine, devices: header.devices, kernelChoices: header.kernelChoices,
      meters: header.meters, unavailableMeters: header.unavailableMeters, checks: header.checks,
      roofline: header.roofline, deviceRooflines: header.deviceRooflines, note: header.note)
  }
}

/// Why a run cannot be taken up again as if nothing had been.
package struct ResumeObstacle: Hashable, Sendable {
  /// One clause for people.
  package let reason: String
  /// What would take it away; nil where nothing does.
  package let remedy: String?

  init(_ reason: String, remedy: String? = nil) {
    self.reason = reason
    self.remedy = remedy
  }
}

/// What must be as it was for a run's later windows to belong to its earlier ones.
package struct ResumeConditions {
  package var tool: ToolIdentity
  package var machine: Machine
  package var devices: [Device]
  package var state: MachineState
  package var meters: [MeterDescriptor]

  package init(
    tool: ToolIdentity, machine: Machine, devices: [Device], state: MachineState,
    meters: [MeterDescriptor]
  ) {
    self.tool = tool
    self.machine = machine
    self.devices = devices
    self.state = state
    self.meters = meters
  }

  /// Settings that a person makes and can make again.
  private static let settings: [StateFact] = [
    .governor, .scalingDriver, .energyPreference, .minimumFrequency, .maximumFrequency, .turbo,
    .platformProfile, .longTermPowerLimit, .longTermWindow, .shortTermPowerLimit,
    .shortTermWindow, .disabledIdleStates, .intelIdleMaximumState, .mainsOnline, .onlineCPUs,
    .isolatedCPUs, .simultaneousMultithreading, .transparentHugePages, .numaBalancing,
    .cgroupQuota,
  ]

  /// The first thing that is another than it was, those that nothing mends first; nil where the run can go on.
  ///
  /// Meters are compared by what they measure: an update period is measured anew by each process.
  package func obstacle(_ journal: RunJournal, _ request: RunRequest?) -> ResumeObstacle? {
    let header = journal.header
    guard header.command == "run" else {
      return ResumeObstacle(
        "nobody knows what came back to the port that 'hashwatt \(header.command)' had open")
    }
    guard header.tool == tool else {
      return ResumeObstacle(
        "this is not the very program that began it (\(header.tool.version), \(header.tool.configuration))"
      )
    }
    // Instants of two boots have nothing in common.
    guard let boot = header.state.text(.bootID), boot == state.text(.bootID) else {
      return ResumeObstacle("the machine was started anew since, and its clock with it")
    }
    guard header.state.integer(.suspendCount) == state.integer(.suspendCount) else {
      return ResumeObstacle("the machine slept since")
    }
    guard header.machine == machine else {
      return ResumeObstacle("this machine is not described as the one that began it")
    }
    let used = Set(header.series.map(\.series.device))
    for id in used.sorted(by: { $0.rawValue < $1.rawValue }) {
      let before = header.devices.first { $0.id == id }
      guard before?.hardwareID == devices.first(where: { $0.id == id })?.hardwareID else {
        return ResumeObstacle("\(id) is another device now, or gone")
      }
    }
    if header.series.contains(where: { $0.series.kernel.isAdded }) {
      return ResumeObstacle("nothing says that a plug-in's file is still the same")
    }
    guard let request else {
      return ResumeObstacle("a kernel of it can no longer run here")
    }
    if let reason = Self.otherEpoch(journal, request) { return ResumeObstacle(reason) }
    guard RunState.hasRoom(request, after: RunOutcome(journal.steps)) else {
      return ResumeObstacle("it was taken up too often: no work is left that it has not used")
    }
    return setting(header) ?? meter(header)
  }

  /// A dataset of another size is other work: its windows are no repeats.
  private static func otherEpoch(_ journal: RunJournal, _ request: RunRequest) -> String? {
    func text(_ epoch: UInt32?) -> String { epoch.map { "epoch \($0)" } ?? "no epoch" }
    for (planned, wanted) in zip(journal.header.series, request.series) {
      if planned.epoch != wanted.epoch {
        return "\(planned.series) is planned over \(text(planned.epoch)) and would go on over "
          + text(wanted.epoch)
      }
      let workers = journal.steps.flatMap(\.workers).filter { $0.series == planned.series }
      if let other = workers.first(where: { $0.epoch != planned.epoch }) {
        return "\(planned.series) is planned over \(text(planned.epoch)) and has windows over "
          + text(other.epoch)
      }
    }
    return nil
  }

  private func setting(_ header: JournalHeader) -> ResumeObstacle? {
    let limits = Set(header.series.map { StateFact.powerLimit.of($0.series.device) })
    let others = limits.subtracting(Self.settings).sorted { $0.rawValue < $1.rawValue }
    for fact in Self.settings + others where Self.text(header.state, fact) != Self.text(state, fact)
    {
      let before = Self.text(header.state, fact)
      return ResumeObstacle(
        "\(fact) was \(before ?? "not known") and is \(Self.text(state, fact) ?? "not known")",
        remedy: before.map { "set it to \($0) again" } ?? "set it as it was")
    }
    return nil
  }

  private static func text(_ state: MachineState, _ fact: StateFact) -> String? {
    switch state.facts[fact]?.value {
    case nil: nil
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value
    case .flag(let value): "\(value)"
    }
  }

  private func meter(_ header: JournalHeader) -> ResumeObstacle? {
    func same(_ one: MeterDescriptor, _ other: MeterDescriptor) -> Bool {
      one.id == other.id && one.source == other.source && one.scope == other.scope
        && one.covers == other.covers && one.part == other.part && one.kind == other.kind
        && one.quantity == other.quantity && one.rawUnit == other.rawUnit
        && one.accuracy == other.accuracy
    }
    guard
      header.meters.count != meters.count || !zip(header.meters, meters).allSatisfy(same)
    else { return nil }
    let names = header.meters.map(\.id.rawValue).joined(separator: ", ")
    return ResumeObstacle(
      "its meters are not the ones that answer now (it had \(names.isEmpty ? "none" : names))",
      remedy: "name them with --meter and --meter-accuracy as the run did")
  }
}
