package import Arguments
internal import LinuxSystem
package import Model
internal import Records

/// `hashwatt resume`: goes on with a run that ended without a word, or closes it.
package enum ResumeCommand: Subcommand {
  static let close = Flag("close", "Write what is there as a partial result and measure nothing.")

  package static let description = CommandDescription(
    name: "resume", summary: "go on with a run that was killed or crashed, or close it",
    discussion: """
      A run writes every finished window to a journal beside the place of its result. Where its process ended without \
      a word, the journal is left, and 'resume' measures what is missing: with the same program, machine, settings, \
      meters, challenge and plan, and since the same start of the machine. The result says where it was taken up and \
      how long nobody watched, and has grade R1 at most.

      Where the run can never go on (the machine was started anew, another program, another machine, the kernel of a \
      plug-in), or with --close, what is there becomes a partial result with the reason in it. Where a setting or a \
      meter is another than before, 'resume' says which, and leaves the journal as it is.

      A journal of 'prove' becomes a partial result with the shares of every finished window, and is never gone on \
      with: nobody knows what came back to the port.

      Addresses of --meter and --meter-accuracy are not in a journal, because they may hold secrets: give them again. A \
      raw log ends with the process that wrote it, and a run that was taken up names none.
      """,
    options: [
      close, RunCommand.meter, MeterAccuracyOption.option, RunCommand.profiles,
      SysrootOption.option, RunCommand.textfile, RunCommand.format, RunCommand.report,
      RunCommand.signKey,
    ],
    operands: OperandDescription(
      name: "JOURNAL", minimum: 1, maximum: 1, help: "The journal of a run that has ended."),
    examples: [
      "hashwatt resume results/20261126T010203Z-amd-ryzen-7-1700-standard.journal",
      "hashwatt resume --close results/20261126T010203Z-amd-ryzen-7-1700-standard.journal",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    try run(
      arguments, context,
      on: Composition(
        root: try SysrootOption.root(arguments), environment: context.environment,
        executable: context.executable, gpuLimits: try TimeLimits.gpu(context.environment),
        epoch: try Composition.epoch(epoch(of: arguments.operands.first))))
  }

  /// The epoch that the run works on.
  ///
  /// What is wrong with a journal is said later.
  private static func epoch(of path: String?) -> UInt32? {
    guard let path, let bytes = try? InputFile.read(path),
      let journal = try? JournalFile.read(bytes, name: path).journal
    else { return nil }
    return journal.header.series.compactMap(\.epoch).first
  }

  /// The same on a machine that was handed in.
  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext, on bench: any Workbench
  ) throws -> ExitCode {
    guard let path = arguments.operands.first else {
      throw ArgumentError("no journal", remedy: "name the journal of a run that has ended")
    }
    let session = ResumeSession(
      path: path, bench: bench, context: context, meters: arguments[RunCommand.meter],
      accuracies: try MeterAccuracyOption.read(arguments),
      options: ResultPublication.Options(
        profiles: arguments[RunCommand.profiles] ?? "profiles",
        textfile: arguments[RunCommand.textfile], writesReport: arguments[RunCommand.report],
        isJSON: arguments[RunCommand.format] == "json",
        signKey: arguments[RunCommand.signKey]))
    return try session.run(closes: arguments[close])
  }
}
