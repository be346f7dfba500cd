package import Arguments
internal import CPUBackend
internal import Kernels
internal import LinuxSystem
package import Model
internal import Reporting

/// `hashwatt kernels`: lists every kernel, and proves them.
package enum KernelsCommand: Subcommand {
  static let format = Option(
    "format", "FORMAT", .oneOf(["text", "json"]), "How to print. Default: text.")
  static let selfTest = Flag("self-test", "Proves every kernel that this CPU can run.")
  static let roofline = Flag(
    "roofline", "Measures what one core can do at most, and how near each kernel comes to it.")

  package static let description = CommandDescription(
    name: "kernels", summary: "list the hashing kernels and prove them on this machine",
    discussion: """
      Lists every kernel of every algorithm with its lanes (hashes in one pass of the inner loop), the scratch \
      memory of each thread, and whether this CPU can run it, or what it lacks.

      --self-test compares every usable kernel with the readable reference: known answers of real chains, then \
      ranges around every edge of its vectors. A kernel that fails is named, and the exit code is 1.

      --roofline measures, on one CPU, the core's clock and how many operations of each kind it does in a cycle. From the \
      operations that a kernel's algorithm needs follows a bound in hashes per second that no code can pass; the \
      fraction reached tells whether the kernel or the machine is at fault. It wants a quiet machine.

      --plugin adds the kernels of a shared object through the public kernel ABI (Documentation/KernelABI.md). They \
      are always proven, in a child process with a time limit, so that one that crashes or hangs harms nothing.
      """,
    options: [format, selfTest, roofline, PluginOption.option],
    examples: ["hashwatt kernels --self-test", "hashwatt kernels --roofline"])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    if arguments[Self.roofline] { try Roofline.checkBuild() }
    let catalog = try PluginOption.catalog(arguments, context)
    var report = KernelsReport(catalog.descriptions(on: .current), features: .current)
    for variant in catalog.variants
    where KernelCatalog.obstacle(to: variant, on: .current) == nil
      && (arguments[Self.selfTest] || catalog.isTriedElsewhere(variant))
    {
      if context.isInterrupted() { return .interrupted }
      do {
        try catalog.prove(variant)
        report.record(.passed, of: variant)
      } catch let fault as KernelFault {
        report.record(.failed(fault.problem), of: variant)
      }
    }
    let isText = arguments[Self.format] != "json"
    let style = TextStyle.terminal(
      isTerminal: context.output.isTerminal, width: context.output.width,
      environment: context.environment)
    if isText { try context.output.write(report.text(style)) }
    var roofline: RooflineReport?
    if arguments[Self.roofline] {
      let cpu = try Affinity.allowedCPUs().first ?? 0
      let measured = try Roofline.measure(
        Roofline.candidates(catalog, on: .current), on: .current, cpu: cpu,
        patience: PluginOption.patience(context.environment), isCancelled: context.isInterrupted)
      roofline = RooflineReport(measured, cpu: cpu)
    }
    if isText {
      if let roofline { try context.output.write("\n" + roofline.text(style)) }
    } else {
      try context.output.write(report.json(roofline: roofline?.json))
    }
    return report.hasFailures ? .no : .done
  }
}
