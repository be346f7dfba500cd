package import Arguments
internal import Detection
package import Model

/// The child's side of a capture's trial; `CaptureTrial` starts it.
package enum TryCaptureCommand: Subcommand {
  package static let description = CommandDescription(
    name: CaptureTrial.command, summary: "read captures of a machine in this process",
    options: DetectCommand.captureOptions)

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    // Whether it is refused is the parent's to find out and to say.
    _ = try? Captures(arguments).report(context)
    return .done
  }
}
