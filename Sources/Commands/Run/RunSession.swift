internal import Analysis
internal import Arguments
internal import Benchmarking
internal import LinuxSystem
internal import Model
internal import Records
internal import Reporting
internal import Text

/// One `run` from judged options to written files.
struct RunSession {
  let options: RunOptions
  let composition: Composition
  let context: CommandContext
  private let words: [String]
  private let detection: DetectionReport
  let backend: any ComputeBackend
  let requests: [KernelRequest]
  /// What a person must know before anything is measured.
  private let notes: [String]
  let selections: [CPUChoice.Group]
  private let probe: any StateProbe
  let plan: Plan

  /// Judges everything that can be judged before measuring.
  init(
    _ options: RunOptions, _ composition: Composition, _ context: CommandContext, words: [String]
  ) throws {
    self.options = options
    self.composition = composition
    self.context = context
    self.words = words
    let backends = composition.backends()
    let names = backends.map(\.device.rawValue)
    for name in options.devices where !names.contains(name) {
      throw Failure.unknown("device", name, place: " among those that can hash", among: names)
    }
    guard
      let backend = backends.first(where: {
        options.devices.isEmpty || options.devices.contains($0.device.rawValue)
      })
    else { throw Failure(.unavailable, "no device of this machine can hash") }
    self.backend = backend
    let offered = backend.kernels()
    let own = try KernelRequest.all(
      algorithms: options.algorithms, kernels: options.kernels, known: Composition.algorithms,
      offered: offered.filter { !$0.kernel.isOther }, prefersPlugins: options.interleave != nil)
    if let file = options.interleave {
      let interleaving = try Interleaving(own, offered.filter(\.kernel.isOther), file: file)
      requests = interleaving.requests
      notes = interleaving.notes
    } else {
      requests = own
      notes = []
    }
    detection = try composition.detection()
    let kinds = detection.machine.cpu.value?.coreKinds.value ?? []
    selections = try CPUChoice(
      options.cpus, available: try composition.hashingCPUs(), kinds: kinds
    ).selections(options.threads)
    probe = composition.probe()
    let longTerm = probe.read().number(StateFact.longTermWindow).map { Seconds($0 * 1e-6) }
    plan = options.suite.plan(longTermWindow: longTerm, overriding: options.changes)
  }

  // MARK: Measuring

  func writeNotes() throws {
    for note in notes { try context.notes.write("hashwatt: \(note)\n") }
  }

  func runRequest(_ series: [SeriesRequest]) -> RunRequest {
    RunRequest(
      plan: plan, series: series, seed: options.seed,
      challenge: options.challenge ?? Challenge.zero, measuresSpin: plan.idlesAfter)
  }

  func measure() throws -> ExitCode {
    _ = context.isInterrupted()
    let folder = try ResultFolder(options.results)
    try writeNotes()
    let calibration = try options.calibration.map {
      try CalibrationFile.decode(try InputFile.read($0), name: $0)
    }
    // A record that determines no line is refused before anything is measured.
    if let calibration { _ = try CalibrationFit(calibration) }
    let widest = selections.max { $0.cpus.count < $1.cpus.count }?.cpus ?? []
    let (meters, unavailable) = try composition.meters(
      options.meters, workerCPUs: widest, rawLog: options.rawLog, accuracies: options.accuracies)
    let progress = ProgressLine(context.notes, meters: meters.descriptors)
    let ports = RunPorts(
      backends: [backend], meters: meters, clock: composition.clock, probe: probe,
      isInterrupted: context.isInterrupted, report: progress.show)
    let challenge = options.challenge ?? RunOptions.randomChallenge()
    let startedAt = RawMonotonicClock.unixTime()
    let prepared: Preparation
    do {
      prepared = try prepare(ports, challenge, widest, progress)
    } catch is Interrupted {
      progress.clear()
      meters.finish()
      try context.notes.write(
        "hashwatt: interrupted before the first window: nothing was written\n")
      return .interrupted
    } catch {
      progress.clear()
      meters.finish()
      throw error
    }
    var request = runRequest(prepared.series)
    request.challenge = challenge
    let outcome = BenchmarkEngine(ports, request).run()
    progress.clear()
    meters.finish()
    guard outcome.samples.contains(where: { $0.kind == .load }) else {
      return try nothingMeasured(outcome)
    }
    var result = RunResult(
      request, outcome,
      RunContext(
        tool: ToolDescription.identity(), startedAt: startedAt,
        challengeWasGiven: options.challenge != nil, arguments: words,
        machine: detection.machine, devices: detection.devices,
        kernelChoices: prepared.choices, meters: meters.descriptors,
        unavailableMeters: unavailable,
        checks: prepared.checks + meters.checks + sourceChecks(), roofline: prepared.roofline),
      endedAt: RawMonotonicClock.unixTime(), rawLogDigest: meters.rawLogDigest?.value)
    if let calibration { result.add(external: try calibrated(result, calibration)) }
    let code = try publish(result, folder)
    // What was measured is safe.
    if let stuck = outcome.stuck { throw stuck }
    return code
  }

  /// What a calibration adds: wall watts that are estimated, or why it must not be used.
  private func calibrated(_ result: RunResult, _ calibration: Calibration) throws -> [Check] {
    let binding = CalibrationBinding.of(result.machine, powerSupply: options.powerSupply)
    if let objection = CalibrationFit.objection(
      to: calibration, on: binding, at: result.startedAt, meters: result.meters)
    {
      return [
        Check(
          name: CheckName.calibrationRefused, verdict: .unknown, message: objection.message,
          remedy: objection.remedy, origin: .external)
      ]
    }
    return try CalibrationFit.checks(
      calibration, summaries: result.summaries, samples: result.samples)
  }

  private func nothingMeasured(_ outcome: RunOutcome) throws -> ExitCode {
    if context.isInterrupted() {
      try context.notes.write(
        "hashwatt: interrupted before the first window: nothing was written\n")
      return .interrupted
    }
    throw Failure(
      .no, "nothing could be measured: \(outcome.endReason?.message ?? "no series was left")")
  }

  /// Meters and state that belong to another tree than the CPU that hashed.
  private func sourceChecks() -> [Check] {
    guard !composition.root.isLive else { return [] }
    return [
      Check(
        name: CheckName.liveSources, verdict: .fail,
        message: "meters and state were read from a tree that stands in for the machine (--sysroot)"
      )
    ]
  }

  // MARK: Before the first window

  private struct Preparation {
    var series: [SeriesRequest] = []
    var choices: [KernelChoice] = []
    var checks: [Check] = []
    var roofline: CoreRoofline?
  }

  /// Proves the kernels, measures them briefly, chooses, and sets the targets.
  private func prepare(
    _ ports: RunPorts, _ challenge: Challenge, _ widest: [Int], _ progress: ProgressLine
  ) throws -> Preparation {
    var prepared = Preparation()
    let selection = KernelSelection(ports, challenge: challenge)
    for request in requests {
      let (proven, failed) = try prove(request, &prepared, progress)
      progress.note("measuring the kernels of \(request.algorithm) briefly")
      let measured = try selection.throughputs(
        of: proven, request.algorithm, on: backend, cpus: widest)
      let rates = Dictionary(
        measured.compactMap { candidate in
          candidate.briefThroughput.value.map { (candidate.kernel, $0) }
        }
      ) { first, _ in first }
      var chosen = request.named.filter { rates[$0] != nil }
      let best = request.candidates.filter { rates[$0] != nil }.max {
        (rates[$0] ?? 0) < (rates[$1] ?? 0)
      }
      if let best, !chosen.contains(best) { chosen.append(best) }
      prepared.choices.append(
        KernelChoice(
          algorithm: request.algorithm, unit: request.shape.unit, device: backend.device,
          requested: request.requested.joined(separator: ", "), chosen: chosen,
          candidates: measured + failed + request.unsupported))
      for candidate in measured where request.named.contains(candidate.kernel) {
        guard let reason = candidate.briefThroughput.reason else { continue }
        prepared.checks.append(
          Check(
            name: CheckName.worker, verdict: .fail,
            message: "\(request.algorithm)/\(candidate.kernel): \(reason.message)",
            remedy: reason.remedy))
      }
      for kernel in chosen {
        for cpus in selections {
          // All kernels scale much alike: the rate on some CPUs sets the target well within its tolerance.
          let rate = (rates[kernel] ?? 0) * Double(cpus.cpus.count) / Double(widest.count)
          prepared.series.append(
            SeriesRequest(
              series: SeriesID(
                algorithm: request.algorithm, device: backend.device, kernel: kernel,
                threads: cpus.cpus.count, coreKind: cpus.kind), shape: request.shape,
              cpus: cpus.cpus,
              target: KernelSelection.target(
                request.shape, workPerSecond: rate, window: plan.window)))
        }
      }
    }
    guard !prepared.series.isEmpty else {
      let obstacle = prepared.checks.first { $0.verdict == .fail }
      throw Failure(
        .no, "no kernel can be measured: \(obstacle?.message ?? "all were refused")",
        remedy: obstacle?.remedy)
    }
    if options.measuresRoofline || plan.suite != nil {
      progress.note("measuring what one core can do at most")
      prepared.roofline = try roofline(prepared.choices, cpu: widest.first ?? 0)
    }
    return prepared
  }

  /// On the CPU that the widest series begins with.
  private func roofline(_ choices: [KernelChoice], cpu: Int) throws -> CoreRoofline? {
    try composition.roofline(
      of: choices.flatMap { choice in choice.chosen.map { (choice.algorithm, $0) } }, cpu: cpu,
      isCancelled: context.isInterrupted)
  }

  /// Self-tests every kernel that may be timed; a kernel that fails is never timed.
  private func prove(
    _ request: KernelRequest, _ prepared: inout Preparation, _ progress: ProgressLine
  ) throws -> (proven: [KernelID], failed: [KernelCandidate]) {
    var proven: [KernelID] = []
    var failed: [KernelCandidate] = []
    for kernel in request.timed {
      progress.note("proving \(request.algorithm) \(kernel)")
      if context.isInterrupted() { throw Interrupted() }
      do {
        try backend.selfTest(request.algorithm, kernel)
        proven.append(kernel)
      } catch {
        let message = ErrorReport.failure(for: error).line
        failed.append(
          KernelCandidate(kernel: kernel, briefThroughput: .unavailable(Reason(.failed, message))))
        prepared.checks.append(
          Check(
            name: CheckName.selfTest, verdict: .fail,
            message: "\(request.algorithm)/\(kernel) is not timed: \(message)"))
      }
    }
    if failed.isEmpty {
      prepared.checks.append(
        Check(
          name: CheckName.selfTest, verdict: .pass,
          message: "\(request.algorithm): \(proven.map(\.rawValue).joined(separator: ", ")) "
            + "agree with the reference"))
    }
    return (proven, failed)
  }

  // MARK: After the last window

  /// Writes the result, then shows it, so that a reader that goes away costs nothing.
  private func publish(_ result: RunResult, _ folder: ResultFolder) throws -> ExitCode {
    let bytes = try ResultFile.encode(result)
    let style = TextStyle.terminal(
      isTerminal: context.output.isTerminal, width: context.output.width,
      environment: context.environment)
    var problem: (any Error)?
    var notes: [String] = []
    do {
      let path = try folder.write(bytes, name: name(of: result))
      notes.append("result: \(path)")
      if result.kernelChoices.contains(where: { $0.isForComparison }) {
        notes.append("compare: hashwatt compare \(ShellText.words([path]))")
      }
      if let line = profileLine(result, path) { notes.append(line) }
      try writeTextfile(result, path)
    } catch {
      // The numbers are shown all the same: only the file is lost.
      problem = error
    }
    if options.isJSON {
      try context.output.write(String(decoding: bytes, as: UTF8.self))
    } else {
      try context.output.write(
        RunTable.text(result, style) + RooflineText.text(result, style)
          + ScalingText.text(result, style)
          + (ScalingText.grids(result).isEmpty ? "" : SweepAdvice.text(composition.root))
          + notes.map { $0 + "\n" }.joined())
    }
    if let problem { throw problem }
    if result.endReason?.code == .interrupted { return .interrupted }
    let refused: Set<CheckName> = [CheckName.selfTest, CheckName.worker]
    let isRefused = result.checks.contains { refused.contains($0.name) && $0.verdict == .fail }
    return isRefused ? .no : .done
  }

  /// Adds a complete run of a suite to the profiles of its hardware; a plan of one's own changes no profile.
  private func profileLine(_ result: RunResult, _ path: String) -> String? {
    guard result.isComplete, plan.suite != nil else { return nil }
    do {
      let paths = try ProfileStore(folder: options.profiles).add(resultAt: path)
      return "profile: \(paths.joined(separator: ", "))"
    } catch {
      // The result is safe, and the profile can be derived from it at any time.
      return "profile: not updated, \(ErrorReport.failure(for: error).line)"
    }
  }

  /// The textfile of node_exporter's collector, when one was asked for.
  private func writeTextfile(_ result: RunResult, _ path: String) throws {
    guard let textfile = options.textfile else { return }
    let text = OpenMetricsFormat().render(Ranking(Figure.all(of: result, name: path)), .plain())
    try Document.write(text, to: textfile, context)
  }

  private func name(of result: RunResult) -> String {
    let hardware =
      result.machine.cpu.value?.hardwareID.rawValue.split(separator: "/").last.map(String.init)
      ?? "unknown"
    return "\(UTCText.stamp( result.startedAt))-\(hardware)-\(plan.suite ?? "custom")"
  }
}

extension KernelChoice {
  /// Whether `compare` can pair its kernels without being told which.
  fileprivate var isForComparison: Bool {
    chosen.count == 2 || chosen.contains { $0.isOther } && chosen.contains { !$0.isOther }
  }
}

extension Challenge {
  /// For plans that nothing is computed from.
  fileprivate static var zero: Challenge {
    guard let challenge = Challenge(bytes: [UInt8](repeating: 0, count: 32)) else {
      preconditionFailure("32 bytes make a challenge")
    }
    return challenge
  }
}
