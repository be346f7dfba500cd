/// The shells that completions are made for.
package enum Shell: String, CaseIterable, Sendable {
  case bash
  case zsh
  case fish
}

/// Completion scripts, made from the same descriptions as the parser and the help.
package struct CompletionScript: Sendable {
  private let program: ProgramDescription

  package init(_ program: ProgramDescription) { self.program = program }

  /// The script for one shell, to be sourced by it.
  package func text(for shell: Shell) -> String {
    switch shell {
    case .bash: bash()
    case .zsh: zsh()
    case .fish: fish()
    }
  }

  // MARK: bash

  private func bash() -> String {
    let name = program.name
    let commands = program.commands.map(\.name).joined(separator: " ")
    var lines = [
      "# bash completion for \(name); load it with: source <(\(name) completions bash)",
      "_\(name)() {",
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}",
      "  COMPREPLY=()",
      "  if ((COMP_CWORD == 1)); then",
      "    mapfile -t COMPREPLY < <(compgen -W '\(commands) --help --version' -- \"$current\")",
      "    return",
      "  fi",
      "  case ${COMP_WORDS[1]} in",
    ]
    for command in program.commands { lines += bashCase(command) }
    lines += ["  esac", "}", "complete -o filenames -F _\(name) \(name)"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func bashCase(_ command: CommandDescription) -> [String] {
    var lines = ["  \(command.name))"]
    let valued = command.options.filter { $0.valueName != nil }
    if !valued.isEmpty {
      lines.append("    case $previous in")
      for option in valued {
        lines += ["    --\(option.name))"] + bashReply(option.kind) + ["      return", "      ;;"]
      }
      lines.append("    esac")
    }
    let options = (command.options.map { "--" + $0.name } + ["--help"]).joined(separator: " ")
    lines += [
      "    if [[ $current == -* ]]; then",
      "      mapfile -t COMPREPLY < <(compgen -W '\(options)' -- \"$current\")",
    ]
    if let operands = command.operands, operands.kind != .text {
      lines += ["    else"] + bashReply(operands.kind)
    }
    return lines + ["    fi", "    ;;"]
  }

  private func bashReply(_ kind: ValueKind) -> [String] {
    let generator: String
    switch kind {
    case .text: return ["      :"]
    case .file: generator = "-f"
    case .folder: generator = "-d"
    case .oneOf(let words): generator = "-W '\(words.joined(separator: " "))'"
    }
    return ["      mapfile -t COMPREPLY < <(compgen \(generator) -- \"$current\")"]
  }

  // MARK: zsh

  private func zsh() -> String {
    let name = program.name
    var lines = [
      "#compdef \(name)",
      "# zsh completion for \(name); source it, or put it into a folder of $fpath as _\(name)",
      "_\(name)() {",
      "  local -a commands",
      "  commands=(",
    ]
    for command in program.commands {
      lines.append("    '\(command.name):\(zshQuoted(command.summary))'")
    }
    lines += [
      "  )",
      "  if ((CURRENT == 2)); then",
      "    _describe command commands",
      "    _arguments '--help[show the overview]' '--version[show the version]'",
      "    return",
      "  fi",
      "  local command=$words[2]",
      "  shift words",
      "  ((CURRENT--))",
      "  case $command in",
    ]
    for command in program.commands {
      let arguments = zshArguments(command).map { "      \($0)" }.joined(separator: " \\\n")
      lines += ["  \(command.name))", "    _arguments -s \\", arguments, "    ;;"]
    }
    lines += [
      "  esac", "}",
      "if [[ ${funcstack[1]} == _\(name) ]]; then _\(name) \"$@\"; else compdef _\(name) \(name); fi",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func zshArguments(_ command: CommandDescription) -> [String] {
    var arguments = command.options.map { option -> String in
      let mark = option.repeats ? "*" : ""
      let value = option.valueName.map { ":\(zshText($0)):\(zshAction(option.kind))" } ?? ""
      return "'\(mark)--\(option.name)[\(zshText(option.help))]\(value)'"
    }
    arguments.append("'--help[show this command]'")
    if let operands = command.operands {
      let place = operands.maximum == 1 ? "1" : "*"
      arguments.append("'\(place):\(zshText(operands.name)):\(zshAction(operands.kind))'")
    }
    return arguments
  }

  private func zshAction(_ kind: ValueKind) -> String {
    switch kind {
    case .text: " "
    case .file: "_files"
    case .folder: "_files -/"
    case .oneOf(let words): "(\(words.joined(separator: " ")))"
    }
  }

  /// Text inside single quotes.
  private func zshQuoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
  }

  /// Text inside single quotes of an `_arguments` specification.
  private func zshText(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "'": result += "'\\''"
      case "[", "]", ":", "\\": result += "\\" + String(character)
      default: result.append(character)
      }
    }
  }

  // MARK: fish

  private func fish() -> String {
    let name = program.name
    var lines = [
      "# fish completion for \(name); load it with: \(name) completions fish | source",
      "complete -c \(name) -f",
      "complete -c \(name) -n __fish_use_subcommand -l version -d 'Show the version'",
      "complete -c \(name) -l help -d 'Show help'",
    ]
    for command in program.commands {
      lines.append(
        "complete -c \(name) -n __fish_use_subcommand -a \(command.name)"
          + " -d '\(fishText(command.summary))'")
      let condition = "-n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.options {
        lines.append(
          "complete -c \(name) \(condition) -l \(option.name)"
            + (option.valueName == nil ? "" : " -r" + fishValues(option.kind))
            + " -d '\(fishText(option.help))'")
      }
      if let operands = command.operands, operands.kind != .text {
        lines.append("complete -c \(name) \(condition)\(fishValues(operands.kind))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func fishValues(_ kind: ValueKind) -> String {
    switch kind {
    case .text: ""
    case .file: " -F"
    case .folder: " -a '(__fish_complete_directories)'"
    case .oneOf(let words): " -a '\(words.joined(separator: " "))'"
    }
  }

  /// Text inside single quotes.
  private func fishText(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if character == "'" || character == "\\" { result += "\\" }
      result.append(character)
    }
  }
}
