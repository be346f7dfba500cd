internal import Analysis
internal import Arguments
internal import Benchmarking
internal import LinuxSystem
internal import Model
internal import Records

/// One `run` from judged options to written files.
struct RunSession {
  let options: RunOptions
  let bench: any Workbench
  let context: CommandContext
  private let words: [String]
  private let detection: DetectionReport
  let devices: [DeviceRequest]
  /// What a person must know before anything is measured.
  private let notes: [String]
  private let probe: any StateProbe
  let plan: Plan

  /// Judges everything that can be judged before measuring.
  init(
    _ options: RunOptions, _ bench: any Workbench, _ context: CommandContext, words: [String]
  ) throws {
    self.options = options
    self.bench = bench
    self.context = context
    self.words = words
    detection = try bench.detection()
    (devices, notes) = try options.wish(on: detection.machine.cpu.value)
      .requests(
        among: bench.backends(), known: Composition.algorithms, usual: AlgorithmID.usual)
    probe = bench.probe()
    let longTerm = probe.read().number(StateFact.longTermWindow).map { Seconds($0 * 1e-6) }
    plan = options.suite.plan(longTermWindow: longTerm, overriding: options.changes)
  }

  /// CPUs that workers are pinned to; a meter's guard keeps away from them.
  var workerCPUs: [Int] {
    devices.first { $0.backend.device == .cpu }?.allPlacements
      .max { $0.workers < $1.workers }?.places ?? []
  }

  func writeNotes() throws {
    for note in notes { try context.notes.write("hashwatt: \(note)\n") }
  }

  func runRequest(_ series: [SeriesRequest], _ challenge: Challenge) -> RunRequest {
    RunRequest(
      plan: plan, series: series, seed: options.seed, challenge: challenge,
      measuresSpin: plan.idlesAfter)
  }

  func measure() throws -> ExitCode {
    _ = context.isInterrupted()
    let folder = try ResultFolder(options.results)
    try writeNotes()
    for path in JournalWriter.left(in: folder) {
      try context.notes.write("hashwatt: \(JournalWriter.leftText(path))\n")
    }
    let calibration = try options.calibration.map {
      try CalibrationFile.decode(try InputFile.read($0), name: $0)
    }
    // A record that determines no line is refused before anything is measured.
    if let calibration { _ = try CalibrationFit(calibration) }
    if let key = options.signKey { try Signatures(context).tryOut(key) }
    let challenge = options.challenge ?? RunOptions.randomChallenge()
    let progress = ProgressLine(
      context.notes, clock: bench.clock,
      planned: PlanEstimate(runRequest(plannedSeries(), challenge)).total)
    progress.note("opening the meters")
    let (meters, unavailable): (any MeterSession, [UnavailableMeter])
    do {
      (meters, unavailable) = try bench.meters(
        options.meters, workerCPUs: workerCPUs, rawLog: options.rawLog,
        accuracies: options.accuracies)
    } catch {
      progress.clear()
      throw error
    }
    progress.follow(meters.descriptors)
    let live = LivePorts(
      backends: devices.map(\.backend), meters: meters, clock: bench.clock, probe: probe,
      progress: progress, context: context)
    live.meterPreparations()
    let startedAt = RawMonotonicClock.unixTime()
    let prepared: Preparation
    do {
      prepared = try Preparer(
        live.ports(), challenge: challenge, window: plan.window,
        measuresRoofline: options.measuresRoofline || plan.suite != nil, note: progress.note
      ).prepare(devices)
    } catch {
      progress.clear()
      meters.finish()
      guard error is Interrupted else { throw error }
      return try nothingMeasured(nil)
    }
    let request = runRequest(prepared.series, challenge)
    let header = JournalHeader(
      command: RunCommand.description.name, origin: bench.clock.now(), startedAt: startedAt,
      tool: ToolDescription.identity(), plan: request.plan, seed: request.seed,
      challenge: challenge, challengeWasGiven: options.challenge != nil, arguments: words,
      machine: detection.machine,
      devices: detection.devices + devices.compactMap(\.backend.undetected),
      series: request.series.map {
        PlannedSeries(
          series: $0.series, target: $0.target, placement: $0.placement, epoch: $0.epoch)
      }, measuresSpin: request.measuresSpin, kernelChoices: prepared.choices,
      meters: meters.descriptors, unavailableMeters: unavailable,
      checks: prepared.checks + meters.checks + sourceChecks(), state: probe.read(),
      roofline: prepared.roofline, deviceRooflines: prepared.deviceRooflines,
      note: options.note, calibration: calibration, powerSupply: options.powerSupply)
    let journal: JournalWriter
    do {
      journal = try JournalWriter.begin(
        header, in: folder, name: ResultPublication.name(of: header))
    } catch {
      progress.clear()
      meters.finish()
      throw error
    }
    let outcome = BenchmarkEngine(
      live.ports(keeping: journal), request, origin: header.origin
    ).run()
    progress.clear()
    meters.finish()
    guard outcome.samples.contains(where: { $0.kind == .load }) else {
      journal.remove()
      if let failure = journal.failure { throw failure }
      return try nothingMeasured(outcome.endReason)
    }
    return try JournalEnd(header, options.publication, context, on: bench)
      .publish(
        outcome, RunContext(header), folder, journal, request: request,
        rawLogDigest: meters.rawLogDigest?.value)
  }

  private func nothingMeasured(_ reason: Reason?) throws -> ExitCode {
    if context.isInterrupted() {
      try context.notes.write(
        "hashwatt: interrupted before the first window: nothing was written\n")
      return .interrupted
    }
    throw Failure(
      .no, "nothing could be measured: \(reason?.message ?? "no series was left")")
  }

  /// Meters and state that belong to another tree than the machine that hashed.
  private func sourceChecks() -> [Check] {
    guard !bench.root.isLive else { return [] }
    return [
      Check(
        name: .liveSources, verdict: .fail,
        message: "meters and state were read from a tree that stands in for the machine (--sysroot)"
      )
    ]
  }
}
