internal import Analysis
package import Arguments
internal import Benchmarking
internal import LinuxSystem
package import Model
internal import Records
internal import Reporting
internal import Text

/// `hashwatt run`: measures this machine and writes a result.
package enum RunCommand: Subcommand {
  static let suite = Option(
    "suite", "SUITE", .oneOf(Suite.all.map(\.name)), "The plan to follow. Default: quick.")
  static let algorithm = RepeatedOption(
    "algorithm", "A", .oneOf(Composition.algorithms.map(\.rawValue)),
    "Measure only this algorithm; may be repeated. Default: \(usual).",
    remedies: CoinWords.remedies(Composition.algorithms))
  static let kernel = RepeatedOption(
    "kernel", "K",
    "best (the fastest here, measured briefly), all, or a kernel's name; may be repeated. Default: best."
  )
  static let threads = Option(
    "threads", "N",
    "Worker threads: counts, all or best (by brief measurements), such as 1,2,all. Default: all, of randomx as many as fit the last cache."
  )
  static let cpus = Option(
    "cpus", "LIST", "CPUs to hash on, such as 0-3,8; core kinds such as P,E; or kinds for each."
  )
  static let device = RepeatedOption(
    "device", "ID",
    "Measure this device, or all; several are measured in turn. Default: the CPU.")
  static let together = Flag(
    "together",
    "Measure the devices at the same time, one kernel of each, and what they do together.")
  static let meter = RepeatedOption(
    "meter", "ID",
    "Use only this meter, or none; may be repeated. Default: every meter of the machine.")
  static let warmup = Option("warmup", "S", "Seconds of load before a series' first window.")
  static let window = Option("window", "S", "Seconds of one window.")
  static let repeats = Option("repeats", "N", "Windows of each series.")
  static let idle = Option("idle", "S", "Seconds of idle; 0 for none.")
  static let seed = Option("seed", "N", "Seed of the shuffled order. Default: random.")
  static let challenge = Option(
    "challenge", "HEX", "64 hexadecimal digits that all work is derived from. Default: random.")
  static let results = Option(
    "results", "DIR", .folder, "Where results are written. Default: results.")
  static let profiles = Option(
    "profiles", "DIR", .folder, "Where profiles are written. Default: profiles.")
  static let calibration = Option(
    "calibration", "FILE", .file,
    "A record of 'hashwatt calibrate': also state estimated(calibrated) wall watts.")
  static let psu = Option(
    "psu", "TEXT", "What the power supply is called, to compare with the calibration's.")
  static let note = Option(
    "note", "TEXT",
    "What the machine cannot tell of itself, such as settings of its firmware; kept and shown with the result."
  )
  static let rawLog = Option(
    "raw-log", "FILE", .file, "Write every meter reading to FILE as JSON lines.")
  static let textfile = Option(
    "textfile", "FILE", .file, "Write the figures for node_exporter's textfile collector.")
  static let format = Option(
    "format", "FORMAT", .oneOf(["text", "json"]),
    "Print a table, or the result's JSON alone. Default: text.")
  static let roofline = Flag(
    "roofline",
    "Also measure what one core, or a card, can do at most, as every suite does whose numbers are left alone."
  )
  static let report = Flag("report", "Also write the page of 'hashwatt report' beside the result.")
  static let advise = Flag(
    "advise",
    "Print the commands of a sweep of this run over power limits, and measure nothing.")
  static let signKey = Option(
    "sign-key", "FILE", .file, "Sign the result with this key, as 'hashwatt sign' does.")
  static let dryRun = Flag(
    "dry-run", "Print the plan with the meters that answer, and measure nothing.")

  package static let description = CommandDescription(
    name: "run", summary: "measure hashes per second and per joule on this machine",
    discussion: """
      Measures every chosen algorithm and kernel in timed, metered windows, in an order shuffled by a recorded \
      seed, and writes one result file with every sample; a profile is derived from it.

      The suites: \(suites). --warmup, \
      --window, --repeats and --idle override a suite's numbers; such a result is 'custom'.

      --interleave OTHER.so measures the kernels of another shared object, such as the old build of a plug-in, in turn \
      with this run's own of the same algorithm: those of --kernel, else those of --plugin, else the fastest. \
      'hashwatt compare RESULT' then compares them pair by pair.

      --device all --together measures every device at the same time: each one's share, with what its own meters show, \
      and their sum, with what the wall meter shows.

      --algorithm randomx hashes by the machine's librandomx (Debian: librandomx0), or with --randomx-library by another \
      build beside it. Its dataset of 2 GiB is prepared before the first window, and by default as many threads hash as \
      the last cache has 2 MiB for.

      --algorithm etchash hashes on GPUs, over the dataset of --epoch, which the card builds before the first window \
      (4.4 GiB of epoch \(Composition.usualEpoch)); etchash-test is the same over a megabyte, to try kernels.

      --threads 1,2,4,all and --cpus kinds measure several thread counts and core kinds in one result, \
      of the CPU alone where other devices are measured too. --dry-run \
      prints the plan and measures nothing. --advise prints the commands of a sweep over power limits (of a CPU through \
      powercap or cpufreq, of a card through nvidia-smi) and changes nothing; 'hashwatt report' then draws efficiency \
      over power. Ctrl-C ends the run; finished windows are written.

      Every finished window is in a journal beside the result, which 'hashwatt resume' goes on with where the process \
      was killed; the journal is removed once the result is there.
      """,
    options: [
      suite, algorithm, kernel, threads, cpus, device, together, meter, MeterAccuracyOption.option,
      warmup,
      window, repeats, idle, seed, challenge, results, profiles, PluginOption.option,
      PluginOption.interleave, PluginOption.randomX, PluginOption.allowsExecutableStack,
      EpochOption.option, SysrootOption.option, calibration, psu, note,
      rawLog, textfile,
      format, roofline, report, signKey, advise, dryRun,
    ],
    examples: [
      "hashwatt run", "hashwatt run --suite standard --algorithm sha256d",
      "hashwatt run --kernel all --threads 1,all --dry-run",
      "hashwatt run --plugin new.so --interleave old.so", "hashwatt run --device all --together",
    ])

  /// `sha256d, scrypt-1024-1-1, keccak256`.
  private static var usual: String {
    AlgorithmID.usual.map(\.rawValue).joined(separator: ", ")
  }

  /// `quick (about 2.5 minutes for three algorithms), standard (about 25), ...`.
  private static var suites: String {
    Suite.all.enumerated().map { index, suite in
      let minutes = suite.minutes(algorithms: 3)
      let number = DecimalText.fixed(minutes, decimals: minutes == minutes.rounded() ? 0 : 1)
      return "\(suite.name) (about \(number)"
        + (index == 0 ? " minutes for three algorithms)" : ")")
    }.joined(separator: ", ")
  }

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let named = arguments[device]
    let isOfCore = named.isEmpty || named.contains("cpu") || named.contains(DeviceChoice.all)
    if arguments[roofline], isOfCore { try Composition.checkRoofline() }
    return try run(arguments, context, on: try Composition.of(arguments, context))
  }

  /// The same on a machine that was handed in.
  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext, on bench: any Workbench
  ) throws -> ExitCode {
    let options = try RunOptions(arguments)
    if arguments[advise] {
      let words = RunOptions.words(arguments, description).filter { $0 != "--\(advise.name)" }
      let cards = try DeviceChoice.choose(options.devices, among: bench.backends())
        .compactMap { $0.device.pciAddress.map { "\($0)" } }
      try context.output.write(SweepAdvice.sweep(bench.root, words: words, cards: cards))
      return .done
    }
    let session = try RunSession(
      options, bench, context, words: RunOptions.words(arguments, description))
    return options.isDryRun ? try session.describePlan() : try session.measure()
  }
}
