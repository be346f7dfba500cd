internal import Arguments
internal import Model

/// The commands of the catalogue and those that speak about them: `help`, `man` and `completions`.
struct Program {
  private let catalog: [any Subcommand.Type]
  let description: ProgramDescription

  init(catalog: [any Subcommand.Type]) {
    self.catalog = catalog
    self.description = ProgramDescription(
      name: "hashwatt",
      summary: "how many hashes does this hardware compute per joule, and how sure are we?",
      commands: catalog.map { $0.description } + [Self.help, Self.manual, Self.completions],
      notes: [
        "Run 'hashwatt help COMMAND' for one command.",
        "Exit codes: 0 done; 1 the answer is no (regression, failed verification); 2 wrong usage; 3 something "
          + "needed is not available here; 4 bad input data; 130 interrupted.",
      ])
  }

  func run(
    _ name: String, _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    if let command = catalog.first(where: { $0.description.name == name }) {
      return try command.run(arguments, context)
    }
    let text =
      switch name {
      case Self.help.name:
        try helpText(arguments, width: context.output.isTerminal ? context.output.width : 80)
      case Self.manual.name: try manualText(arguments)
      default: completionText(arguments)
      }
    try context.output.write(text)
    return .done
  }

  private func manualText(_ arguments: ParsedArguments) throws -> String {
    let manual = ManPage(description, version: ToolIdentity.currentVersion)
    guard let topic = arguments.operands.first else { return manual.overview() }
    return manual.text(for: try description.command(topic))
  }

  private func helpText(_ arguments: ParsedArguments, width: Int) throws -> String {
    let help = HelpText(description, width: width)
    guard let topic = arguments.operands.first else { return help.overview() }
    return help.page(for: try description.command(topic))
  }

  private func completionText(_ arguments: ParsedArguments) -> String {
    let shell = arguments.operands.first.flatMap(Shell.init) ?? .bash
    return CompletionScript(description).text(for: shell)
  }

  private static let help = CommandDescription(
    name: "help", summary: "show the overview, or the page of one command", options: [],
    operands: OperandDescription(
      name: "COMMAND", kind: .text, minimum: 0, maximum: 1, help: "The command to explain."))

  private static let manual = CommandDescription(
    name: "man", summary: "print the manual page of the program, or of one command",
    discussion: "Prints the source of a page for man(1), from the same description as the help.",
    options: [],
    operands: OperandDescription(
      name: "COMMAND", kind: .text, minimum: 0, maximum: 1, help: "The command to explain."),
    examples: ["hashwatt man run > hashwatt-run.1"])

  private static let completions = CommandDescription(
    name: "completions", summary: "print the completions of a shell",
    discussion: """
      Prints a script that lets the shell complete commands, options and their values.
      """,
    options: [],
    operands: OperandDescription(
      name: "SHELL", kind: .oneOf(Shell.allCases.map(\.rawValue)), minimum: 1, maximum: 1,
      help: "The shell to print for."),
    examples: [
      "source <(hashwatt completions bash)",
      "hashwatt completions zsh > ~/.zfunc/_hashwatt",
      "hashwatt completions fish > ~/.config/fish/completions/hashwatt.fish",
    ])
}
