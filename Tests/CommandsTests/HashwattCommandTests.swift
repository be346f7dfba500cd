import Arguments
import Commands
import LinuxSystem
import Model
import TestSupport
import Testing

/// Answers by what it is told to do.
private enum SampleCommand: Subcommand {
  static let fail = Option("fail", "HOW", .oneOf(["user", "system", "defect"]), "How to fail.")
  static let description = CommandDescription(
    name: "sample", summary: "do as told",
    options: [fail])

  struct Defect: Error {}

  static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws -> ExitCode {
    switch arguments[fail] {
    case "user": throw Failure(.badInput, "x.json: truncated", remedy: "copy it again")
    case "system": throw SystemError(errno: .noSpace, operation: "write to standard output")
    case "defect": throw Defect()
    default: try context.output.write("worked\n")
    }
    return .no
  }
}

struct HashwattCommandTests {
  private let output = MemoryStream()
  private let notes = MemoryStream()

  private func dispatch(_ words: String...) throws -> ExitCode {
    let context = CommandContext(
      output: output, notes: notes, environment: [:], isInterrupted: { false })
    return try HashwattCommand.dispatch(words, context, catalog: [SampleCommand.self])
  }

  @Test("the command's answer is the exit code")
  func answer() throws {
    #expect(try dispatch("sample") == .no)
    #expect(output.text == "worked\n")
  }

  @Test("help goes to standard output, in three spellings")
  func help() throws {
    for words in [["help", "sample"], ["sample", "--help"], ["sample", "--fail", "-h"]] {
      let output = MemoryStream()
      let context = CommandContext(
        output: output, notes: notes, environment: [:], isInterrupted: { false })
      #expect(
        try HashwattCommand.dispatch(words, context, catalog: [SampleCommand.self]) == .done)
      #expect(output.text.hasPrefix("hashwatt sample: do as told\n"))
    }
    #expect(try dispatch("--help") == .done)
    #expect(output.text.contains("  sample"))
  }

  @Test("no command is wrong usage, with the overview on standard error")
  func noCommand() throws {
    #expect(try dispatch() == .usage)
    #expect(output.text.isEmpty)
    #expect(notes.text.contains("Commands:"))
  }

  @Test("the version is one line")
  func version() throws {
    #expect(try dispatch("--version") == .done)
    #expect(output.text == "hashwatt \(ToolIdentity.currentVersion)\n")
  }

  @Test("an unknown command names the nearest one")
  func unknown() {
    #expect(throws: ArgumentError("unknown command 'smaple'", remedy: "did you mean 'sample'?")) {
      try dispatch("smaple")
    }
  }

  @Test(
    "every error becomes one line and a code",
    arguments: [
      ("user", ExitCode.badInput, "x.json: truncated: copy it again"),
      ("system", .unavailable, "cannot write to standard output: No space left on device"),
      (
        "defect", .unavailable,
        "unexpected error: Defect(): please report it with the command line that led here"
      ),
    ])
  func errors(how: String, code: ExitCode, line: String) {
    do {
      _ = try dispatch("sample", "--fail", how)
      Issue.record("did not throw")
    } catch {
      let failure = ErrorReport.failure(for: error)
      #expect(failure.exitCode == code)
      #expect(failure.line == line)
    }
  }
}

/// Every command of the catalogue explains itself.
struct CommandCatalogTests {
  private func page(_ words: String...) throws -> String {
    let output = MemoryStream()
    let context = CommandContext(
      output: output, notes: output, environment: [:], isInterrupted: { false })
    _ = try HashwattCommand.dispatch(words, context, catalog: CommandCatalog.all)
    return output.text
  }

  private static let names = CommandCatalog.all.map { $0.description.name }

  @Test("names are unique")
  func unique() {
    #expect(Set(Self.names).count == Self.names.count)
  }

  @Test("the overview names every command")
  func overview() throws {
    let lines = try page("help").split(separator: "\n")
    for name in Self.names {
      #expect(lines.contains { $0.hasPrefix("  \(name) ") }, "\(name)")
    }
  }

  @Test("every command has a page, and every option on it a sentence", arguments: names)
  func help(name: String) throws {
    assertSnapshot(try page("help", name), named: "help-\(name).txt")
    let command = try #require(CommandCatalog.all.first { $0.description.name == name })
    let description = command.description
    #expect(!description.summary.isEmpty && description.summary.first?.isLowercase == true)
    #expect(Set(description.options.map(\.name)).count == description.options.count)
    for option in description.options {
      #expect(!option.help.isEmpty, "--\(option.name)")
      #expect(option.help.count <= 300, "--\(option.name)")
    }
  }

  @Test("every example is a command line that the parser accepts", arguments: names)
  func examples(name: String) throws {
    let command = try #require(CommandCatalog.all.first { $0.description.name == name })
    #expect(!command.description.examples.isEmpty)
    for example in command.description.examples {
      // Only the part before a pipe or a redirection belongs to the command.
      let words = example.split(separator: " ").map(String.init)
        .prefix { $0 != "|" && $0 != ">" }
      try #require(words.prefix(2) == ["hashwatt", name])
      _ = try ArgumentParser(command.description).parse(Array(words.dropFirst(2)))
    }
  }
}
