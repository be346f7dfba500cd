internal import Text

/// Manual pages in the macros of man(7), made from descriptions.
package struct ManPage: Sendable {
  private let program: ProgramDescription
  private let version: String

  package init(_ program: ProgramDescription, version: String) {
    self.program = program
    self.version = version
  }

  /// `hashwatt.1`: the commands, each with its own page.
  package func overview() -> String {
    let commands = program.commands.map { command in
      ".TP\n.BR \(page(command)) (1)\n\(Self.escaped(command.summary))\n"
    }
    return head(program.name, program.summary)
      + ".SH SYNOPSIS\n.B \(program.name)\n.I COMMAND\n[OPTION]...\n"
      + ".SH COMMANDS\n" + commands.joined()
      + ".SH NOTES\n" + program.notes.map { ".PP\n\(Self.escaped($0))\n" }.joined()
  }

  /// `hashwatt-run.1`.
  package func text(for command: CommandDescription) -> String {
    var text = head(page(command), command.summary)
    text += ".SH SYNOPSIS\n.B \(program.name) \(Self.escaped(command.name))\n"
    if !command.options.isEmpty { text += "[OPTION]...\n" }
    if let operands = command.operands {
      let dots = operands.maximum.map { $0 > 1 } ?? true ? "..." : ""
      let words = operands.name + dots
      text += Self.escaped(operands.minimum == 0 ? "[\(words)]" : words) + "\n"
    }
    if !command.discussion.isEmpty {
      text += ".SH DESCRIPTION\n"
      text += HelpText.paragraphs(command.discussion).map { ".PP\n\(Self.escaped($0))\n" }.joined()
    }
    if let operands = command.operands, !operands.help.isEmpty {
      text += ".SH OPERANDS\n.TP\n.I \(Self.escaped(operands.name))\n"
      text += Self.escaped(HelpText.sentence(operands.help, operands.kind)) + "\n"
    }
    if !command.options.isEmpty {
      text += ".SH OPTIONS\n"
      for option in command.options {
        let value = option.valueName.map { " \\fI\(Self.escaped($0))\\fR" } ?? ""
        text += ".TP\n\\fB\(Self.escaped("--\(option.name)"))\\fR\(value)\n"
        text += Self.escaped(HelpText.optionText(option)) + "\n"
      }
    }
    if !command.examples.isEmpty {
      text += ".SH EXAMPLES\n.nf\n"
      text += command.examples.map { Self.escaped($0) + "\n" }.joined() + ".fi\n"
    }
    return text + ".SH SEE ALSO\n.BR \(program.name) (1)\n"
  }

  /// `hashwatt-run`.
  private func page(_ command: CommandDescription) -> String { "\(program.name)\\-\(command.name)" }

  private func head(_ name: String, _ summary: String) -> String {
    let title = name.replacing("\\-", with: "-").uppercased()
    return ".TH \(title) 1 \"\" \"\(program.name) \(Self.escaped(version))\" \"User Commands\"\n"
      + ".SH NAME\n\(name) \\- \(Self.escaped(summary))\n"
  }

  /// Text that roff shows as it is: no macro at the start of a line, no escape, hyphens that can be copied.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\n": result += " "
      default: result.append(character)
      }
    }
    let starts = result.first == "." || result.first == "'"
    return starts ? "\\&" + result : result
  }
}
