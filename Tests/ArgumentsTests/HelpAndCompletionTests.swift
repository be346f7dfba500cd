import Arguments
import TestSupport
import Testing

private let program = ProgramDescription(
  name: "hashwatt", summary: "a program for tests",
  commands: [
    CommandDescription(
      name: "run", summary: "measure [everything]: it's slow",
      discussion: """
        First paragraph, written on
        two lines.

        Second paragraph.
        """,
      options: [
        Option("suite", "SUITE", .oneOf(["quick", "standard"]), "The plan to follow."),
        RepeatedOption(
          "algorithm", "A",
          "An algorithm to measure; a long explanation that does not fit into one line of the page."
        ),
        Option("an-option-with-a-very-long-name", "VALUE", "Stands on its own line."),
        Option("results", "DIR", .folder, "Where the user's results go."),
        Flag("force", "Overwrite."),
      ],
      examples: ["hashwatt run --suite quick"]),
    CommandDescription(
      name: "verify", summary: "check a result", options: [],
      operands: OperandDescription(
        name: "RESULT", kind: .file, minimum: 1, maximum: nil, help: "The files to check.")),
    CommandDescription(
      name: "compare", summary: "compare two", options: [],
      operands: OperandDescription(name: "FILE", minimum: 2, maximum: 2, help: "Old and new.")),
  ],
  notes: ["A note."])

struct HelpTextTests {
  @Test("pages from descriptions")
  func pages() {
    let help = HelpText(program, width: 80)
    let pages = [help.overview()] + program.commands.map { help.page(for: $0) }
    assertSnapshot(pages.joined(separator: "\n=====\n"), named: "help.txt")
  }

  @Test("no line is wider than the page", arguments: [60, 80, 100])
  func width(columns: Int) {
    let help = HelpText(program, width: columns)
    for command in program.commands {
      for line in help.page(for: command).split(separator: "\n") {
        #expect(line.count <= columns, "\(line)")
      }
    }
  }
}

struct CompletionScriptTests {
  @Test("scripts from descriptions", arguments: Shell.allCases)
  func scripts(shell: Shell) {
    assertSnapshot(
      CompletionScript(program).text(for: shell), named: "completions.\(shell.rawValue)")
  }
}
