internal import Arguments
internal import LinuxSystem
package import Model
internal import Text

/// The program's entry, called by `main.swift`.
public enum HashwattCommand {
  /// Parses the command line, runs the command and exits the process with its code.
  public static func main() {
    ProcessControl.ignoreBrokenPipe()
    let environment = ProcessControl.environment()
    let context = CommandContext(
      output: StandardStream(.output, environment: environment, isBestEffort: false),
      notes: StandardStream(.error, environment: environment, isBestEffort: true),
      environment: environment, executable: try? ChildProcess.ownExecutable(),
      isInterrupted: InterruptSignals.isRequested)
    do {
      let words = Array(CommandLine.arguments.dropFirst())
      ProcessControl.end(try dispatch(words, context, catalog: CommandCatalog.all).rawValue)
    } catch let error as SystemError where error.errno == .brokenPipe {
      ProcessControl.endByBrokenPipe()
    } catch {
      let failure = ErrorReport.failure(for: error)
      // Words of strangers' files and nodes are in some of them.
      try? context.notes.write("hashwatt: \(DisplayText.visible(failure.line))\n")
      ProcessControl.end(failure.exitCode.rawValue)
    }
  }

  /// Runs one command line.
  ///
  /// - Throws: whatever the command throws; an `ArgumentError` for wrong usage.
  package static func dispatch(
    _ words: [String], _ context: CommandContext, catalog: [any Subcommand.Type]
  ) throws -> ExitCode {
    let program = Program(catalog: catalog)
    let help = HelpText(
      program.description, width: context.output.isTerminal ? context.output.width : 80)
    guard let first = words.first else {
      try context.notes.write(help.overview())
      return .usage
    }
    let rest = Array(words.dropFirst())
    switch first {
    case "--help", "-h":
      try context.output.write(help.overview())
      return .done
    case "--version":
      try context.output.write("hashwatt \(ToolIdentity.currentVersion)\n")
      return .done
    case _ where first.hasPrefix("-"):
      throw ArgumentError(
        "unknown option '\(first)'", remedy: "give a command first; see 'hashwatt help'")
    default:
      break
    }
    if let command = CommandCatalog.hidden.first(where: { $0.description.name == first }) {
      return try command.run(ArgumentParser(command.description).parse(rest), context)
    }
    let command = try program.description.command(first)
    if ArgumentParser.asksForHelp(rest) {
      try context.output.write(help.page(for: command))
      return .done
    }
    let arguments = try ArgumentParser(command).parse(rest)
    return try program.run(command.name, arguments, context)
  }
}
