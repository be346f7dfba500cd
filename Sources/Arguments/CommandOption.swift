/// What a command declares once, describes itself by, and fetches its values by.
///
/// A renamed option is renamed everywhere, or does not compile.
package protocol CommandOption: Sendable {
  var description: OptionDescription { get }
}

extension CommandOption {
  /// Without the dashes.
  package var name: String { description.name }
}

/// `--name VALUE`, given once at most.
package struct Option: CommandOption {
  package let description: OptionDescription

  /// `valueName` is what the help calls the value, such as `DIR`.
  package init(
    _ name: String, _ valueName: String, _ kind: ValueKind, _ help: String,
    remedies: [String: String] = [:]
  ) {
    description = OptionDescription(
      name: name, valueName: valueName, kind: kind, repeats: false, help: help,
      remedies: remedies)
  }

  /// Of any text.
  package init(_ name: String, _ valueName: String, _ help: String) {
    self.init(name, valueName, .text, help)
  }
}

/// `--name VALUE`, given any number of times.
package struct RepeatedOption: CommandOption {
  package let description: OptionDescription

  /// `valueName` is what the help calls the value, such as `DIR`.
  package init(
    _ name: String, _ valueName: String, _ kind: ValueKind, _ help: String,
    remedies: [String: String] = [:]
  ) {
    description = OptionDescription(
      name: name, valueName: valueName, kind: kind, repeats: true, help: help, remedies: remedies)
  }

  /// Of any text.
  package init(_ name: String, _ valueName: String, _ help: String) {
    self.init(name, valueName, .text, help)
  }
}

/// `--name`, given once at most, without a value.
package struct Flag: CommandOption {
  package let description: OptionDescription

  package init(_ name: String, _ help: String) {
    description = OptionDescription(
      name: name, valueName: nil, kind: .text, repeats: false, help: help)
  }
}
