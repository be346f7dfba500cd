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
      help: "The plug-in; with INDEX, the kernel to prove. Or the word randomx and a library."))

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let words = [PluginTrialChild.randomX, PluginTrialChild.executableStack]
    if arguments.operands.count == 2, words.contains(arguments.operands[0]) {
      PluginTrialChild.run(
        randomX: arguments.operands[1],
        allowsExecutableStack: arguments.operands[0] == PluginTrialChild.executableStack)
      return .done
    }
    PluginTrialChild.run(
      file: arguments.operands[0], index: arguments.operands.dropFirst().first.flatMap { Int($0) })
    return .done
  }
}
