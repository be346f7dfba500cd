internal import FleetEngines
internal import Model

extension Composition {
  /// What brings nodes to work, by its name; nil where that is nothing which can be asked.
  static func fleetEngine(_ name: String, _ context: CommandContext) -> (any FleetEngine)? {
    switch name {
    case "slurm": SlurmEngine(searchPath: context.environment["PATH"] ?? "/usr/bin:/bin")
    default: nil
    }
  }
}
