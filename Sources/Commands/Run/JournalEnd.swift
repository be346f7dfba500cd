internal import Analysis
internal import Benchmarking
internal import LinuxSystem
internal import Model
internal import Records

/// What comes after the last window, whichever process measured it.
struct JournalEnd {
  private let header: JournalHeader
  private let publication: ResultPublication
  /// Of the machine, for the binding of a calibration.
  private let identifier: String?

  init(
    _ header: JournalHeader, _ options: ResultPublication.Options, _ context: CommandContext,
    on bench: any Workbench
  ) {
    self.header = header
    publication = ResultPublication(options, context, root: bench.root)
    identifier = bench.machineIdentifier()
  }

  /// Makes the result of what was measured and publishes it in the journal's place.
  func publish(
    _ outcome: RunOutcome, _ context: RunContext, _ folder: ResultFolder,
    _ journal: JournalWriter, request: RunRequest, rawLogDigest: String?
  ) throws -> ExitCode {
    let code = try publish(
      RunResult(
        request, outcome, context, endedAt: RawMonotonicClock.unixTime(),
        rawLogDigest: rawLogDigest), folder, journal)
    // What was measured is safe.
    if let stuck = outcome.stuck { throw stuck }
    if let failure = journal.failure { throw failure }
    return code
  }

  /// Publishes a result in the journal's place, with what its calibration says of it.
  func publish(
    _ result: RunResult, _ folder: ResultFolder, _ journal: JournalWriter
  ) throws -> ExitCode {
    var result = result
    if let calibration = header.calibration {
      let binding = Calibration.Binding(
        of: result.machine, identifier: identifier, powerSupply: header.powerSupply)
      result.add(external: try CalibrationFit.checks(calibration, on: binding, of: result))
    }
    return try publication.publish(result, folder, journal)
  }
}

/// The ports of a run on a machine, before and while its windows are written down.
struct LivePorts {
  let backends: [any ComputeBackend]
  let meters: any MeterSession
  let clock: any MonotonicClock
  let probe: any StateProbe
  let progress: ProgressLine
  let context: CommandContext

  /// Has what the devices prepare from now on metered.
  func meterPreparations() {
    let watch = PreparationMeter(meters, clock: clock)
    for backend in backends { backend.meterPreparations(watch) }
  }

  func ports(keeping journal: JournalWriter? = nil) -> RunPorts {
    RunPorts(
      backends: backends, meters: meters, clock: clock, probe: probe,
      // Whoever waits asks this many times a second: the line never stands still.
      isInterrupted: { [progress, context] in
        progress.tick()
        return context.isInterrupted()
      }, report: progress.show, keep: { step in try journal?.keep(step) })
  }
}
