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
    guard !files.isEmpty || other != nil || library != nil else { return .builtIn }
    let trial = PluginTrial(
      executable: try ChildProcess.ownExecutable(), limit: try limit(context.environment),
      isCancelled: context.isInterrupted)
    let base = try library.map { try trial.adding(randomX: $0, to: .builtIn) } ?? .builtIn
    let own = try files.reduce(base) { try trial.adding($1, to: $0) }
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
