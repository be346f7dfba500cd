package import Arguments
internal import CPUBackend
package import Model

/// The child's side of a plug-in's trial; `PluginTrial` starts it.
package enum TryPluginCommand: Subcommand {
  package static let description = CommandDescription(
    name: PluginTrial.command, summary: "try the kernels of a plug-in in this process",
    options: [],
    operands: OperandDescription(
      name: "FILE [INDEX]", minimum: 1, maximum: 2,
      help: "The plug-in; with INDEX, the kernel to prove."))

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    PluginTrialChild.run(
      file: arguments.operands[0], index: arguments.operands.dropFirst().first.flatMap { Int($0) })
    return .done
  }
}
