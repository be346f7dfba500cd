internal import Model
internal import Text

/// Fits the words of a command line to one command's description.
///
/// The rules: `--name VALUE` and `--name=VALUE`; options and operands in any order; `--` ends the options; a lone `-`
/// is an operand. A value may begin with one dash (`-5`) but not with two, unless it is joined by `=`.
package struct ArgumentParser: Sendable {
  private let command: CommandDescription

  package init(_ command: CommandDescription) { self.command = command }

  /// Whether help is asked for: `--help` or `-h` before any `--`.
  package static func asksForHelp(_ words: some Sequence<String>) -> Bool {
    words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }

  /// Parses the words that follow the command's name.
  package func parse(_ words: [String]) throws(ArgumentError) -> ParsedArguments {
    var values: [String: [String]] = [:]
    var operands: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let (option, joined) = try lookUp(word)
      let value = try self.value(of: option, joined: joined, rest: &rest)
      guard option.repeats || values[option.name] == nil else {
        throw ArgumentError("--\(option.name) is given twice", remedy: "give it once")
      }
      values[option.name, default: []].append(value)
    }
    try check(operands)
    return ParsedArguments(values: values, operands: operands)
  }

  /// The option that a word such as `--name` or `--name=value` names, and the value joined to it.
  private func lookUp(_ word: String) throws(ArgumentError) -> (OptionDescription, String?) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let typed = String(parts[0])
    let joined = parts.count == 2 ? String(parts[1]) : nil
    if let option = command.options.first(where: { "--" + $0.name == typed }) {
      return (option, joined)
    }
    let names = command.options.map { "--" + $0.name } + ["--help"]
    throw ArgumentError(
      "unknown option '\(typed)'",
      remedy: Suggestion.hint(for: typed, among: names)
        ?? "see 'hashwatt help \(command.name)'")
  }

  private func value(
    of option: OptionDescription, joined: String?, rest: inout ArraySlice<String>
  ) throws(ArgumentError) -> String {
    guard let valueName = option.valueName else {
      guard joined == nil else {
        throw ArgumentError("--\(option.name) takes no value", remedy: "give it alone")
      }
      return ""
    }
    var found = joined
    if found == nil, let next = rest.first, !next.hasPrefix("--") { found = rest.popFirst() }
    guard let value = found, !value.isEmpty else {
      throw ArgumentError(
        "--\(option.name) needs a value", remedy: "give '--\(option.name) \(valueName)'")
    }
    try Self.check(
      value, kind: option.kind, owner: "--" + option.name, remedies: option.remedies)
    return value
  }

  private func check(_ operands: [String]) throws(ArgumentError) {
    guard let description = command.operands else {
      guard let extra = operands.first else { return }
      throw ArgumentError(
        "'\(extra)' is not expected", remedy: "'\(command.name)' takes options only")
    }
    guard operands.count >= description.minimum else {
      let missing =
        description.minimum == 1
        ? "\(description.name) is missing"
        : "\(operands.count) \(description.name) given, at least \(description.minimum) needed"
      throw ArgumentError(missing, remedy: "see 'hashwatt help \(command.name)'")
    }
    if let maximum = description.maximum, operands.count > maximum {
      throw ArgumentError(
        "'\(operands[maximum])' is one \(description.name) too many",
        remedy: "give at most \(maximum)")
    }
    for operand in operands {
      try Self.check(operand, kind: description.kind, owner: description.name)
    }
  }

  private static func check(
    _ value: String, kind: ValueKind, owner: String, remedies: [String: String] = [:]
  ) throws(ArgumentError) {
    guard case .oneOf(let words) = kind, !words.contains(value) else { return }
    throw ArgumentError(
      "'\(value)' is not a value of \(owner)",
      remedy: remedies[value.lowercased()] ?? Suggestion.hint(for: value, among: words)
        ?? "give one of \(words.joined(separator: ", "))")
  }
}
