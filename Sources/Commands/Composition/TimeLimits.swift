internal import CPUBackend
internal import GPUBackend
internal import Model

/// How long foreign code may keep the program waiting, as the environment asks.
enum TimeLimits {
  private static let pluginVariable = "HASHWATT_PLUGIN_LIMIT_S"
  private static let gpuVariable = "HASHWATT_GPU_LIMIT_S"

  /// How long a plug-in's kernel may take while nobody knows yet how long a call takes.
  static func plugin(_ environment: [String: String]) throws(Failure) -> Seconds {
    try seconds(pluginVariable, environment) ?? PluginTrial.defaultLimit
  }

  /// How long a driver may take to build, prove and start a kernel.
  static func gpu(_ environment: [String: String]) throws(Failure) -> GPULimits {
    var limits = GPULimits()
    if let start = try seconds(gpuVariable, environment) { limits.start = start }
    return limits
  }

  /// How long a kernel is waited for.
  ///
  /// Whoever gives a plug-in is told of a wrong limit where it is loaded.
  static func patience(_ environment: [String: String]) -> Patience {
    (try? plugin(environment)).map { Patience(start: $0) } ?? Patience()
  }

  private static func seconds(
    _ variable: String, _ environment: [String: String]
  ) throws(Failure) -> Seconds? {
    guard let text = environment[variable] else { return nil }
    guard let seconds = Double(text), (1...3600).contains(seconds) else {
      throw Failure(.usage, "\(variable) is '\(text)'", remedy: "give seconds from 1 to 3600")
    }
    return Seconds(seconds)
  }
}
