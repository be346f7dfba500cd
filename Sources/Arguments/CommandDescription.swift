/// What an option's value may be, for validation, help and completion.
package enum ValueKind: Hashable, Sendable {
  case text
  case file
  case folder
  /// One of these words; anything else is refused with the nearest one suggested.
  case oneOf([String])
}

/// One option of a command: `--name VALUE`, or a flag when it takes no value.
package struct OptionDescription: Hashable, Sendable {
  /// Without the dashes.
  package let name: String
  /// What the help calls the value (`DIR`, `N`); nil makes the option a flag.
  package let valueName: String?
  package let kind: ValueKind
  /// Whether it may be given several times.
  package let repeats: Bool
  package let help: String
  /// What to say of values that people ask for and that are none, such as the name of a coin for that of its algorithm.
  package let remedies: [String: String]

  init(
    name: String, valueName: String?, kind: ValueKind, repeats: Bool, help: String,
    remedies: [String: String] = [:]
  ) {
    self.name = name
    self.valueName = valueName
    self.kind = kind
    self.repeats = repeats
    self.help = help
    self.remedies = remedies
  }
}

/// The words of a command line that are not options.
package struct OperandDescription: Hashable, Sendable {
  /// What the help calls it: `RESULT`.
  package let name: String
  package let kind: ValueKind
  package let minimum: Int
  /// Nil for any number.
  package let maximum: Int?
  package let help: String

  package init(
    name: String, kind: ValueKind = .file, minimum: Int, maximum: Int?, help: String
  ) {
    self.name = name
    self.kind = kind
    self.minimum = minimum
    self.maximum = maximum
    self.help = help
  }
}

/// One subcommand: the single description that parsing, help and completions are made from.
package struct CommandDescription: Hashable, Sendable {
  package let name: String
  /// One line for the list of commands.
  package let summary: String
  /// Paragraphs for the command's own help; may be empty.
  package let discussion: String
  package let options: [OptionDescription]
  package let operands: OperandDescription?
  /// Complete command lines shown at the end of the help.
  package let examples: [String]

  package init(
    name: String, summary: String, discussion: String = "", options: [any CommandOption],
    operands: OperandDescription? = nil, examples: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.options = options.map(\.description)
    self.operands = operands
    self.examples = examples
  }
}

/// A command line that does not fit its description.
package struct ArgumentError: Error, Hashable, Sendable {
  package let message: String
  package let remedy: String?

  package init(_ message: String, remedy: String? = nil) {
    self.message = message
    self.remedy = remedy
  }
}

/// A command line that was parsed against a description.
package struct ParsedArguments: Hashable, Sendable {
  package let operands: [String]
  private let values: [String: [String]]

  init(values: [String: [String]], operands: [String]) {
    self.values = values
    self.operands = operands
  }

  /// The value, or nil where the option was not given.
  package subscript(_ option: Option) -> String? { values[option.name]?.last }
  /// Every value, in order.
  package subscript(_ option: RepeatedOption) -> [String] { values[option.name] ?? [] }
  /// Whether the flag was given.
  package subscript(_ flag: Flag) -> Bool { values[flag.name] != nil }

  /// What was given for any kind of option: nil when it was not, an empty text for each time that a flag was.
  package func given(_ option: OptionDescription) -> [String]? { values[option.name] }
}
