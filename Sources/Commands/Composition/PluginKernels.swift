internal import Arguments
internal import CPUBackend
internal import Kernels
internal import LinuxSystem
internal import Model

/// The kernels that one command may choose from, and how long each is waited for.
enum PluginKernels {
  /// The built-in kernels, those of another librandomx, those of every plug-in that was given, and those of
  /// `--interleave`.
  static func catalog(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> KernelCatalog {
    let files = arguments[PluginOption.option]
    let other = arguments[PluginOption.interleave]
    let library = arguments[PluginOption.randomX]
    let allowsExecutableStack = arguments[PluginOption.allowsExecutableStack]
    guard library != nil || !allowsExecutableStack else {
      throw Failure(
        .usage, "--allow-execstack is about the library of --randomx-library",
        remedy: "give both, or neither")
    }
    guard !files.isEmpty || other != nil || library != nil else { return .builtIn }
    let trial = PluginTrial(
      executable: try ChildProcess.ownExecutable(),
      limit: try TimeLimits.plugin(context.environment),
      isCancelled: context.isInterrupted)
    let base =
      try library.map {
        try trial.adding(
          randomX: $0, allowsExecutableStack: allowsExecutableStack, to: .builtIn)
      } ?? .builtIn
    let own = try files.reduce(base) { try trial.adding($1, to: $0) }
    return try other.map { try trial.adding($0, to: own, prefix: KernelID.otherPrefix) } ?? own
  }
}
