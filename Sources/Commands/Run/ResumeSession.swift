internal import Benchmarking
internal import LinuxSystem
internal import Model
internal import Records

/// One `resume` from a journal to a result.
struct ResumeSession {
  let path: String
  let bench: any Workbench
  let context: CommandContext
  let meters: [String]
  let accuracies: [StatedAccuracy]
  let options: ResultPublication.Options

  func run(closes: Bool) throws -> ExitCode {
    _ = context.isInterrupted()
    // Judged before anything of it is touched.
    _ = try JournalFile.read(try InputFile.read(path), name: path)
    guard let (writer, content) = try JournalWriter.take(path) else {
      throw Failure(
        .unavailable, "\(path): its run is still going on",
        remedy: "wait for its end, or end it with Ctrl-C")
    }
    let folder = ResultFolder(of: path)
    let journal = content.journal
    if let result = writer.finishedResult(of: journal.header) {
      writer.remove()
      try context.output.write("result: \(result) (it was whole already)\n")
      return .done
    }
    if closes { return try close(journal, writer, folder, why: "it was closed as it is") }
    let request = RunRequest(journal.header, bench.backends())
    if let obstacle = try conditions(journal.header.meters).obstacle(journal, request) {
      return try stop(obstacle, journal, writer, folder)
    }
    guard let request else { return .no }
    return try goOn(journal, request, writer, folder)
  }

  private func conditions(_ meters: [MeterDescriptor]) throws -> ResumeConditions {
    let detection = try bench.detection()
    return ResumeConditions(
      tool: ToolDescription.identity(), machine: detection.machine,
      devices: detection.devices + bench.backends().compactMap(\.undetected),
      state: bench.probe().read(), meters: meters)
  }

  /// Closes a run that can never go on; one that a person can mend is left as it is.
  private func stop(
    _ obstacle: ResumeObstacle, _ journal: RunJournal, _ writer: JournalWriter,
    _ folder: ResultFolder
  ) throws -> ExitCode {
    if let remedy = obstacle.remedy {
      throw Failure(
        .unavailable, "\(path): the run cannot go on: \(obstacle.reason)",
        remedy: "\(remedy), or close it with 'hashwatt resume --close \(path)'")
    }
    try context.notes.write(
      "hashwatt: the run cannot go on and is closed as a partial result: \(obstacle.reason)\n")
    return try close(
      journal, writer, folder, why: "it could not be taken up again: \(obstacle.reason)")
  }

  private func close(
    _ journal: RunJournal, _ writer: JournalWriter, _ folder: ResultFolder, why: String
  ) throws -> ExitCode {
    let result = RunResult(closing: journal, why: why)
    guard result.samples.contains(where: { $0.kind == .load }) else {
      writer.remove()
      throw Failure(
        .no, "\(path): no window was finished, so there is no result; the journal is removed")
    }
    return try JournalEnd(journal.header, options, context, on: bench)
      .publish(result, folder, writer)
  }

  private func goOn(
    _ journal: RunJournal, _ request: RunRequest, _ writer: JournalWriter, _ folder: ResultFolder
  ) throws -> ExitCode {
    let header = journal.header
    let progress = ProgressLine(
      context.notes, clock: bench.clock, planned: PlanEstimate(request).total)
    defer { progress.clear() }
    let backends = bench.backends().filter { backend in
      header.series.contains { $0.series.device == backend.device }
    }
    progress.note("opening the meters")
    let (session, _) = try bench.meters(
      meters.isEmpty ? header.plainMeters : meters,
      workerCPUs: request.series.first { $0.series.device == .cpu }?.placement.places ?? [],
      rawLog: nil, accuracies: accuracies)
    defer { session.finish() }
    if let obstacle = try conditions(session.descriptors).obstacle(journal, request) {
      return try stop(obstacle, journal, writer, folder)
    }
    progress.follow(session.descriptors)
    let live = LivePorts(
      backends: backends, meters: session, clock: bench.clock, probe: bench.probe(),
      progress: progress, context: context)
    live.meterPreparations()
    try prove(request, backends, progress)
    let resumption = JournalStep(isResumption: true)
    try writer.cutTornLine()
    try writer.keep(resumption)
    let outcome = BenchmarkEngine(
      live.ports(keeping: writer), request, origin: header.origin,
      earlier: RunOutcome(journal.steps + [resumption])
    ).run()
    progress.clear()
    guard outcome.samples.contains(where: { $0.kind == .load }) else {
      writer.remove()
      if let failure = writer.failure { throw failure }
      throw Failure(
        .no,
        "nothing could be measured: \(outcome.endReason?.message ?? "no series was left")")
    }
    var known = RunContext(header)
    known.checks += session.checks.filter { !known.checks.contains($0) }
    return try JournalEnd(header, options, context, on: bench)
      .publish(outcome, known, folder, writer, request: request, rawLogDigest: nil)
  }

  /// Proves each kernel again: much may have happened to a machine whose run ended without a word.
  private func prove(
    _ request: RunRequest, _ backends: [any ComputeBackend], _ progress: ProgressLine
  ) throws {
    for backend in backends {
      let series = request.series.map(\.series).filter { $0.device == backend.device }
      for kernel in Set(series.map { [$0.algorithm.rawValue, $0.kernel.rawValue] }) {
        progress.note("proving \(kernel[0]) \(kernel[1])")
        try backend.selfTest(AlgorithmID(rawValue: kernel[0]), KernelID(rawValue: kernel[1]))
      }
    }
  }
}

extension JournalHeader {
  /// The words of the run's `--meter`, where none of them was cut for what it may hold; else none.
  fileprivate var plainMeters: [String] {
    let words = zip(arguments, arguments.dropFirst()).filter { $0.0 == "--meter" }.map(\.1)
    let isPlain = words.allSatisfy { word in word.allSatisfy { $0.isLetter || $0 == "-" } }
    return isPlain ? words : []
  }
}
