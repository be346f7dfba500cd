internal import Model
internal import Text

/// The whole program, for the overview help and the completions.
package struct ProgramDescription: Hashable, Sendable {
  package let name: String
  /// One line that says what the program answers.
  package let summary: String
  /// In the order that the help shows.
  package let commands: [CommandDescription]
  /// Lines below the list of commands.
  package let notes: [String]

  package init(name: String, summary: String, commands: [CommandDescription], notes: [String]) {
    self.name = name
    self.summary = summary
    self.commands = commands
    self.notes = notes
  }

  /// The command of that name.
  package func command(_ name: String) throws(ArgumentError) -> CommandDescription {
    if let command = commands.first(where: { $0.name == name }) { return command }
    throw ArgumentError(
      "unknown command '\(name)'",
      remedy: Suggestion.hint(for: name, among: commands.map(\.name))
        ?? "see '\(self.name) help' for the list")
  }
}
