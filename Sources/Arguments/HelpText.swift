internal import Text

/// Help pages, made from descriptions.
package struct HelpText: Sendable {
  private let program: ProgramDescription
  /// Columns to wrap at.
  private let width: Int

  package init(_ program: ProgramDescription, width: Int) {
    self.program = program
    self.width = min(max(width, 60), 100)
  }

  /// The overview: what the program is and its commands.
  package func overview() -> String {
    let rows = program.commands.map { (term: $0.name, text: $0.summary) }
    let blocks =
      [
        wrap("\(program.name): \(program.summary)", indent: 0),
        ["Usage: \(program.name) COMMAND [OPTION]...", "       \(program.name) --version"],
        ["Commands:"] + table(rows),
      ] + program.notes.map { wrap($0, indent: 0) }
    return page(blocks)
  }

  /// One command's page.
  package func page(for command: CommandDescription) -> String {
    var blocks = [
      wrap("\(program.name) \(command.name): \(command.summary)", indent: 0), usage(command),
    ]
    for paragraph in Self.paragraphs(command.discussion) {
      blocks.append(wrap(paragraph, indent: 0))
    }
    if let operands = command.operands, !operands.help.isEmpty {
      blocks.append(
        ["Operands:"] + table([(operands.name, Self.sentence(operands.help, operands.kind))]))
    }
    let options = command.options + [Flag("help", "Show this page.").description]
    let rows = options.map { option in
      (term: Self.term(option), text: Self.optionText(option))
    }
    blocks.append(["Options:"] + table(rows))
    if !command.examples.isEmpty {
      blocks.append(["Examples:"] + command.examples.map { "  " + $0 })
    }
    return page(blocks)
  }

  private func usage(_ command: CommandDescription) -> [String] {
    var text = "Usage: \(program.name) \(command.name)"
    if !command.options.isEmpty { text += " [OPTION]..." }
    if let operands = command.operands {
      let many = operands.maximum.map { $0 > 1 } ?? true
      let fixed = operands.minimum == operands.maximum
      if fixed {
        text += String(repeating: " \(operands.name)", count: operands.minimum)
      } else {
        text += operands.minimum == 0 ? " [\(operands.name)]" : " \(operands.name)"
        if many { text += "..." }
      }
    }
    return [text]
  }

  private static func term(_ option: OptionDescription) -> String {
    "--\(option.name)" + (option.valueName.map { " " + $0 } ?? "")
  }

  static func optionText(_ option: OptionDescription) -> String {
    let text = sentence(option.help, option.kind)
    return option.repeats ? text + " May be given several times." : text
  }

  /// The help with the permitted words behind it.
  static func sentence(_ help: String, _ kind: ValueKind) -> String {
    let full = help.isEmpty || help.hasSuffix(".") ? help : help + "."
    guard case .oneOf(let words) = kind, !words.isEmpty else { return full }
    return (full.isEmpty ? "" : full + " ") + "One of: " + words.joined(separator: ", ") + "."
  }

  static func paragraphs(_ text: String) -> [String] {
    var paragraphs = [""]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        paragraphs.append("")
      } else {
        paragraphs[paragraphs.count - 1] += (paragraphs.last == "" ? "" : " ") + line
      }
    }
    return paragraphs.filter { !$0.isEmpty }
  }

  /// Terms on the left, wrapped text on the right; a long term stands on its own line.
  private func table(_ rows: [(term: String, text: String)]) -> [String] {
    let column = min((rows.map(\.term.count).max() ?? 0) + 4, 26)
    return rows.flatMap { row -> [String] in
      let lines = wrap(row.text, indent: column)
      guard let first = lines.first, row.term.count + 4 <= column else {
        return ["  " + row.term] + lines
      }
      let gap = String(repeating: " ", count: column - row.term.count - 2)
      return ["  " + row.term + gap + first.dropFirst(column)] + lines.dropFirst()
    }
  }

  private func wrap(_ text: String, indent: Int) -> [String] {
    WrappedText.lines(text, margin: indent, width: width)
  }

  private func page(_ blocks: [[String]]) -> String {
    blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }
}
