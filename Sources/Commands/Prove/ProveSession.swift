internal import Arguments
internal import Benchmarking
internal import LinuxSystem
internal import Model
internal import Records
internal import Reporting
internal import Text

/// One `prove` from judged options to written files.
struct ProveSession {
  private let options: ProveOptions
  private let bench: any ProvingBench
  private let context: CommandContext
  private let words: [String]
  private let interface: NetworkInterface
  private let plan: Plan

  /// Judges everything that can be judged before a port is opened.
  init(
    _ options: ProveOptions, _ bench: any ProvingBench, _ context: CommandContext, words: [String]
  ) throws {
    self.options = options
    self.bench = bench
    self.context = context
    self.words = words
    interface = try Self.interface(options.address, among: bench.interfaces())
    plan = Suite.prove.plan(longTermWindow: nil, overriding: options.changes)
  }

  private static func interface(
    _ address: NetworkAddress, among all: [NetworkInterface]
  ) throws -> NetworkInterface {
    // A link-local address means something together with an interface only.
    let all = all.filter { !$0.address.isLinkLocal }
    let list = all.map { "\($0.address) (\($0.name))" }.joined(separator: ", ")
    guard !address.isUnspecified else {
      throw Failure(
        .usage, "\(address) would open the port to every network",
        remedy: "name one address of this machine: \(list)")
    }
    guard let interface = all.first(where: { $0.address == address }) else {
      throw Failure(
        .usage, "\(address) is no address of this machine", remedy: "choose one of \(list)")
    }
    return interface
  }

  func run() throws -> ExitCode {
    _ = context.isInterrupted()
    let folder = options.isDryRun ? nil : try ResultFolder(options.results)
    for path in folder.map({ JournalWriter.left(in: $0) }) ?? [] {
      try context.notes.write("hashwatt: \(JournalWriter.leftText(path))\n")
    }
    let challenge = options.challenge ?? RunOptions.randomChallenge()
    // Before the windows, so that their journal says of what machine they are.
    let detection = options.isDryRun ? nil : try bench.detection()
    let opened = try bench.meters(
      options.meters.isEmpty ? ["none"] : options.meters, workerCPUs: [], rawLog: options.rawLog,
      accuracies: options.accuracies)
    let meters = MinerMeters(opened.session, of: options.device)
    try judge(opened.unavailable, meters)
    let startedAt = RawMonotonicClock.unixTime()
    let claims: (any ClaimReader)?
    let session: any ProvingSession
    do {
      claims = options.claims.isEmpty ? nil : try bench.claims(options.claims)
      session = try bench.listen(
        ListeningOrder(
          interface: interface, port: options.port,
          permitted: [interface.prefix] + (options.from.map { [$0] } ?? []),
          challenge: challenge, device: options.device, conventions: options.conventions,
          difficulty: options.difficulty, miners: options.miners))
    } catch {
      meters.finish()
      throw error
    }
    let line = ProgressLine(context.notes, meters: meters.descriptors, clock: bench.clock)
    let ports = ProvingPorts(
      session: session, meters: meters, claims: claims, clock: bench.clock, probe: bench.probe(),
      isInterrupted: context.isInterrupted, report: { line.note(ProvingText.line($0)) })
    try context.notes.write(ProvingText.invitation(options, challenge).map { $0 + "\n" }.joined())
    var measured: Measured?
    do {
      try ProvingEngine(ports, request(challenge, of: session)).waitForMiners()
      // Which algorithm it is may be known only now, by the miner's dialect.
      let request = request(challenge, of: session)
      let miner = miner(request.series.algorithm)
      let difficulty = try ProvingEngine(ports, request).settleDifficulty()
      if !options.isDryRun, session.epoch().quotients.isEmpty {
        throw Failure(
          .unavailable, "no share came in half a minute at difficulty \(difficulty)",
          remedy: "give a smaller --difficulty, or none")
      }
      if let folder, let detection {
        let header = JournalHeader(
          command: ProveCommand.description.name, origin: bench.clock.now(), startedAt: startedAt,
          tool: ToolDescription.identity(), plan: plan, seed: request.asRun.seed,
          challenge: challenge, challengeWasGiven: options.challenge != nil, arguments: words,
          machine: detection.machine, devices: [miner],
          series: [
            PlannedSeries(
              series: request.series, target: session.target,
              placement: Placement(request.series.placement))
          ], measuresSpin: false, kernelChoices: [], meters: meters.descriptors,
          unavailableMeters: opened.unavailable, checks: meters.checks + sourceChecks(),
          state: ports.probe.read())
        let journal = try JournalWriter.begin(
          header, in: folder, name: ResultPublication.name(of: header))
        let outcome = ProvingEngine(ports.keeping(journal.keep), request)
          .run(at: difficulty, origin: header.origin)
        measured = (outcome, header, journal, request)
      } else {
        line.clear()
        try describe(session, miner, difficulty)
      }
    } catch {
      line.clear()
      session.finish()
      claims?.finish()
      meters.finish()
      guard error is Interrupted else { throw error }
      return try nothingMeasured(nil)
    }
    line.clear()
    session.finish()
    claims?.finish()
    meters.finish()
    guard let (outcome, header, journal, request) = measured, let folder else { return .done }
    guard !outcome.samples.isEmpty else {
      journal.remove()
      if let failure = journal.failure { throw failure }
      return try nothingMeasured(outcome.endReason)
    }
    var known = RunContext(header)
    // Some are known at the end only.
    known.checks = meters.checks + sourceChecks()
    return try JournalEnd(
      header,
      ResultPublication.Options(
        profiles: options.profiles, writesReport: false, isJSON: options.isJSON), context, on: bench
    ).publish(
      outcome, known, folder, journal, request: request.asRun,
      rawLogDigest: meters.rawLogDigest?.value)
  }

  private typealias Measured = (
    outcome: RunOutcome, header: JournalHeader, journal: JournalWriter, request: ProvingRequest
  )

  /// What is to be done with the miners of a session.
  private func request(_ challenge: Challenge, of session: any ProvingSession) -> ProvingRequest {
    let convention =
      ShareConvention.named(session.terms.convention) ?? options.conventions.first
    return ProvingRequest(
      plan: plan,
      series: SeriesID(
        algorithm: convention?.algorithm ?? .sha256d, device: options.device,
        kernel: KernelID(rawValue: "stratum"),
        placement: PlacementName(.connection, workers: options.miners)),
      challenge: challenge, miners: options.miners, difficulty: options.difficulty,
      wait: options.wait)
  }

  /// Half an hour at a seller's place without the watts that were asked for helps nobody.
  private func judge(_ unavailable: [UnavailableMeter], _ meters: MinerMeters) throws {
    guard let missing = unavailable.first else { return }
    guard meters.descriptors.isEmpty else {
      for missing in unavailable {
        try context.notes.write(
          "hashwatt: without \(missing.source): \(DisplayText.visible(missing.reason.text))\n")
      }
      return
    }
    meters.finish()
    throw Failure(
      .unavailable, "--meter \(missing.source): \(missing.reason.message)",
      remedy: missing.reason.remedy ?? "check its address")
  }

  /// The miner as far as its user named it; what computes RandomX is as a rule a processor.
  private func miner(_ algorithm: AlgorithmID) -> Device {
    let unknown = HardwareID(rawValue: algorithm == .randomx ? "cpu/unknown" : "asic/unknown")
    let model = options.model ?? unknown
    let parts = model.rawValue.split(separator: "/")
    return Device(
      id: options.device, kind: DeviceKind(rawValue: String(parts[0])), hardwareID: model,
      name: model == unknown ? "unknown miner" : String(parts[1]), capabilities: [algorithm],
      verdict: "works for Stratum")
  }

  private func sourceChecks() -> [Check] {
    guard !bench.root.isLive else { return [] }
    return [
      Check(
        name: .liveSources, verdict: .fail,
        message: "meters and state were read from a tree that stands in for the machine (--sysroot)"
      )
    ]
  }

  private func nothingMeasured(_ reason: Reason?) throws -> ExitCode {
    if context.isInterrupted() {
      try context.notes.write(
        "hashwatt: interrupted before the first window ended: nothing was written\n")
      return .interrupted
    }
    throw Failure(.no, "nothing was proven: \(reason?.message ?? "no window was finished")")
  }

  /// What the handshake and a brief look told.
  private func describe(
    _ session: any ProvingSession, _ miner: Device, _ difficulty: ShareDifficulty
  ) throws {
    let document = HandshakeDocument(
      terms: session.terms, algorithm: miner.capabilities[0], model: miner.hardwareID,
      epoch: session.epoch(), difficulty: difficulty, target: session.target, plan: plan,
      now: bench.clock.now())
    try context.output.write(
      options.isJSON ? try document.document() : document.lines.map { $0 + "\n" }.joined())
  }
}
