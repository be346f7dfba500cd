package import Arguments
internal import GPUBackend
package import Model

/// The worker's side of a GPU; `GPUBackend` starts it.
package enum GPUWorkerCommand: Subcommand {
  package static let description = CommandDescription(
    name: GPUWorkerProcess.command, summary: "drive a GPU for another process of this program",
    options: [],
    operands: OperandDescription(
      name: "VERB", minimum: 1, maximum: 4, help: "What to do, and with which device."))

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    GPUWorkerProcess.run(arguments.operands)
    return .done
  }
}
