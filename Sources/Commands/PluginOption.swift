internal import Arguments
internal import CPUBackend
internal import Kernels
internal import LinuxSystem
internal import Model

/// The option `--plugin FILE.so`, the same for every command that has it.
enum PluginOption {
  static let option = RepeatedOption(
    "plugin", "FILE.so", .file,
    "Adds the kernels of a shared object as plugin:NAME, tried in a child process first.")

  /// The option `--interleave OTHER.so` of `run`.
  static let interleave = Option(
    "interleave", "OTHER.so", .file,
    "Pairs the kernels of another shared object, as other:NAME, with this run's own.")

  /// The built-in kernels, those of every plug-in that was given, and those of `--interleave`.
  static func catalog(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> KernelCatalog {
    let files = arguments[option]
    let other = arguments[interleave]
    guard !files.isEmpty || other != nil else { return .builtIn }
    let trial = PluginTrial(
      executable: try ChildProcess.ownExecutable(), limit: try limit(context.environment),
      isCancelled: context.isInterrupted)
    let own = try files.reduce(KernelCatalog.builtIn) { try trial.adding($1, to: $0) }
    return try other.map { try trial.adding($0, to: own, prefix: KernelID.otherPrefix) } ?? own
  }

  private static let limitVariable = "HASHWATT_PLUGIN_LIMIT_S"

  /// How long a plug-in's kernel may take while nobody knows yet how long a call takes.
  static func limit(_ environment: [String: String]) throws -> Seconds {
    guard let text = environment[limitVariable] else { return PluginTrial.defaultLimit }
    guard let seconds = Double(text), (1...3600).contains(seconds) else {
      throw Failure(
        .usage, "\(limitVariable) is '\(text)'", remedy: "give seconds from 1 to 3600")
    }
    return Seconds(seconds)
  }

  /// How long a kernel is waited for.
  ///
  /// Whoever gives a plug-in is told of a wrong limit where it is loaded.
  static func patience(_ environment: [String: String]) -> Patience {
    (try? limit(environment)).map { Patience(start: $0) } ?? Patience()
  }
}
