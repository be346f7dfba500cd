internal import Analysis
package import Arguments
package import Model
internal import Records
internal import Reporting

/// `doctor`: which meters work here and why the others do not, and what would disturb a measurement.
package enum DoctorCommand: Subcommand {
  static let format = Option(
    "format", "FORMAT", .oneOf(["text", "json"]), "How to print: text (default) or json.")
  static let power = Option(
    "power", "WATTS",
    "The power at which wrap times are stated (default: the zone's limit, or 250).")

  package static let description = CommandDescription(
    name: "doctor", summary: "show which meters work here, why not, and what would disturb a run",
    discussion: """
      Tries every source of energy readings that this machine may have, for a few seconds. For each it prints one line: \
      usable, or why not, with the exact command that mends it and what that costs in security. Meters on the network \
      are never looked for; name them with --meter of 'run'.

      Then it names the ways to GPUs (CUDA's driver, OpenCL's loader and vendors' libraries, NVRTC, carried kernels), which a \
      process of its own tries; what RandomX finds (librandomx, huge pages, model-specific registers, none of which are \
      changed); what would disturb a measurement: each check passes, fails or is unknown; and the addresses \
      that 'hashwatt prove' can listen on for a miner, whether its usual port is free, and what a firewall would need. No port \
      is opened for that.

      With --sysroot the tree's /sys and /proc are read instead of the machine's own.
      """,
    options: [format, SysrootOption.option, power],
    examples: ["hashwatt doctor", "hashwatt doctor --format json"])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let power = try arguments.number(Self.power, in: 0.1...1e6)
    let bench = Composition(
      root: try SysrootOption.root(arguments), environment: context.environment,
      executable: context.executable)
    let probe = bench.probe()
    // The disturbances first: trying out the meters makes load of its own.
    let before = probe.read()
    bench.clock.sleep(
      until: bench.clock.now().advanced(by: Seconds(1)), isCancelled: context.isInterrupted)
    let disturbances = Disturbances.checks(before, probe.read())
    let report = DoctorReport(
      sources: bench.diagnoses(), disturbances: disturbances,
      deviceRoutes: bench.deviceRoutes(), randomX: bench.randomXReadiness(),
      power: power.map { Watts($0) }, listening: bench.listeningPlaces())
    if arguments[Self.format] == "json" {
      try context.output.write(try report.document())
    } else {
      try context.output.write(report.text)
    }
    return .done
  }
}
