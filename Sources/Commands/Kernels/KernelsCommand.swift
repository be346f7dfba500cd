package import Arguments
internal import Benchmarking
package import Model
internal import Records
internal import Reporting

/// `hashwatt kernels`: lists every kernel, and proves them.
package enum KernelsCommand: Subcommand {
  static let format = Option(
    "format", "FORMAT", .oneOf(["text", "json"]), "How to print. Default: text.")
  static let device = Option(
    "device", "ID",
    "Only the kernels of this device: cpu, gpu0, a PCI identifier, opencl:pocl. Default: the CPU and every card."
  )
  static let selfTest = Flag("self-test", "Proves every kernel that can run here.")
  static let roofline = Flag(
    "roofline",
    "Measures what one core, or the device that --device names, can do at most, and how near each kernel comes to it."
  )

  package static let description = CommandDescription(
    name: "kernels", summary: "list the hashing kernels and prove them on this machine",
    discussion: """
      Lists every kernel of every algorithm with its lanes (hashes in one pass of the inner loop), the scratch \
      memory of each thread, and whether this CPU can run it, or what it lacks. Then the same for every card that a driver \
      shows: a kernel's name begins with the way to the card (ptx and nvrtc for CUDA, opencl).

      --self-test compares every usable kernel with the readable reference: known answers of real chains, then \
      ranges around every edge of its vectors. A kernel that fails is named, and the exit code is 1.

      --roofline measures, on one CPU, the core's clock and how many operations of each kind it does in a cycle. From the \
      operations that a kernel's algorithm needs follows a bound in hashes per second that no code can pass; the \
      fraction reached tells whether the kernel or the machine is at fault. It wants a quiet machine. Of a card that --device \
      names it measures the operations of the whole card in a second, and its kernels while a launch runs; where the \
      instructions that a driver's compiler makes of a kernel are not known, there is no bound, and the reason is said.

      randomx hashes by the machine's librandomx, and is not available without it. Of its kernels the light one is proven here; those that need the dataset of 2 GiB are proven \
      by every run of them, and so are the solvers of equihash-200-9. --randomx-library adds another build of it.

      --plugin adds the kernels of a shared object through the public kernel ABI (Documentation/KernelABI.md). They \
      are always proven, in a child process with a time limit, so that one that crashes or hangs harms nothing.
      """,
    options: [
      format, device, selfTest, roofline, PluginOption.option, PluginOption.randomX,
      PluginOption.allowsExecutableStack,
    ],
    examples: [
      "hashwatt kernels --self-test", "hashwatt kernels --device gpu0",
      "hashwatt kernels --roofline", "hashwatt kernels --device gpu0 --roofline",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let composition = try Composition.of(arguments, context)
    let backends = try DeviceChoice.choose(
      [arguments[Self.device] ?? DeviceChoice.all], among: composition.backends())
    let progress = ProgressLine(context.notes, clock: composition.clock)
    defer { progress.clear() }
    let cpu = backends.first { $0.device == .cpu }
    if arguments[Self.roofline], cpu != nil { try Composition.checkRoofline() }
    var report = KernelsReport(cpu?.kernels() ?? [], features: Composition.cpuFeatures)
    for backend in backends where backend.device != .cpu {
      report.add(backend.device, alias: backend.alias, backend.kernels())
    }
    for backend in backends {
      for kernel in backend.kernels()
      where kernel.unsupported == nil && !kernel.isProvenInRuns
        && (arguments[Self.selfTest] || kernel.kernel.isAdded)
      {
        if context.isInterrupted() { return .interrupted }
        progress.note(
          "proving \(kernel.algorithm) \(kernel.kernel) on \(name(of: backend))"
        )
        do {
          try backend.selfTest(kernel.algorithm, kernel.kernel)
          report.record(.passed, of: kernel, on: backend.device)
        } catch let fault as KernelFault {
          report.record(.failed(fault.problem), of: kernel, on: backend.device)
        } catch let failure as Failure where backend.device != .cpu {
          // A driver's failure is told of its kernel, and the others are tried.
          report.record(.failed(failure.message), of: kernel, on: backend.device)
        }
      }
    }
    let isText = arguments[Self.format] != "json"
    let style = TextStyle.terminal(
      isTerminal: context.output.isTerminal, width: context.output.width,
      environment: context.environment)
    progress.clear()
    if isText { try context.output.write(report.text(style)) }
    if arguments[Self.roofline] {
      // A CPU's and its cards' wait for each other; a card's takes long, and is measured where it is asked for.
      let measured = [cpu].compactMap(\.self) + (cpu == nil ? backends : [])
      for backend in measured {
        progress.note(
          "measuring what \(name(of: backend)) can do at most")
        try measureRoofline(of: backend, &report) {
          progress.tick()
          return context.isInterrupted()
        }
      }
      progress.clear()
    }
    if isText {
      if let roofline = report.roofline {
        try context.output.write("\n" + RooflineText.whole(roofline, style))
      }
      for roofline in report.deviceRooflines {
        try context.output.write("\n" + RooflineText.whole(roofline, style))
      }
    } else {
      try context.output.write(try report.document())
    }
    return report.hasFailures ? .no : .done
  }

  /// What `--device` takes for it.
  private static func name(of backend: any ComputeBackend) -> String {
    backend.alias ?? backend.device.rawValue
  }

  private static func measureRoofline(
    of backend: any ComputeBackend, _ report: inout KernelsReport,
    isCancelled: @Sendable @escaping () -> Bool
  ) throws {
    // What a call takes seconds for, or gigabytes beforehand, is measured by a run.
    let brief = backend.kernels().filter { kernel in
      kernel.unsupported == nil && kernel.shape == .blockHeader
    }
    .map { ($0.algorithm, $0.kernel) }
    guard backend.device == .cpu else {
      if let roofline = try backend.deviceRoofline(of: brief, isCancelled: isCancelled) {
        report.deviceRooflines.append(roofline)
      }
      return
    }
    report.roofline = try backend.roofline(
      of: brief, in: try backend.placements(PlacementWish(counts: [.count(1)]))[0],
      isCancelled: isCancelled)
  }
}
