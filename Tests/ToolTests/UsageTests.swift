import Testing

/// What every command line has in common: help, version, streams, one line for wrong usage.
struct UsageTests {
  @Test("the program is there")
  func version() throws {
    let outcome = try Tool.run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("hashwatt "))
    #expect(outcome.errors.isEmpty)
  }

  @Test(
    "wrong usage: one line on standard error, nothing on standard output, exit 2",
    arguments: [
      (["rnu"], "unknown command 'rnu'"),
      (["--verison"], "unknown option '--verison'"),
      (["help", "rnu"], "unknown command 'rnu'"),
      (["completions"], "SHELL is missing"),
      (["completions", "bsh"], "did you mean 'bash'?"),
      (["completions", "bash", "zsh"], "'zsh' is one SHELL too many"),
    ])
  func wrongUsage(words: [String], part: String) throws {
    let outcome = try Tool.run(words)
    expectOneLine(outcome, code: 2, naming: [part])
  }

  @Test("an error shows a stranger's control characters, and no terminal obeys them")
  func controlCharacters() throws {
    let outcome = try Tool.run(["verify", "\u{1b}[31mred.json"])
    #expect(outcome.status == 4)
    #expect(outcome.errors.contains("\u{fffd}[31mred.json") && !outcome.errors.contains("\u{1b}"))
  }

  @Test("no command: the overview on standard error, exit 2")
  func nothing() throws {
    let outcome = try Tool.run([])
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("Usage: hashwatt COMMAND"))
  }

  @Test("every command that the overview names explains itself")
  func help() throws {
    let overview = try Tool.run(["help"]).output
    let names = overview.split(separator: "\n").drop { $0 != "Commands:" }.dropFirst()
      .prefix { $0.hasPrefix("  ") }
      // A summary that goes on in a second line is indented further than a name.
      .filter { !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(names.contains("completions"))
    for name in names {
      let page = try Tool.run([name, "--help"])
      #expect(page.status == 0)
      #expect(page.output.hasPrefix("hashwatt \(name): "))
      #expect(page.errors.isEmpty)
      #expect(try Tool.run(["help", name]).output == page.output)
    }
  }

  @Test("a reader that went away ends the program quietly, by SIGPIPE")
  func closedPipe() throws {
    let outcome = try Tool.run(["help"], to: .closedPipe)
    #expect(outcome.status == -13)
    #expect(outcome.errors.isEmpty)
  }

  @Test("a full disk behind standard output is one line and exit 3")
  func fullDisk() throws {
    let outcome = try Tool.run(["help"], to: .file("/dev/full"))
    expectOneLine(outcome, code: 3, naming: ["standard output", "No space left on device"])
  }
}

/// One line on standard error that names what matters, nothing on standard output, and the exit code.
func expectOneLine(
  _ outcome: Tool.Outcome, code: Int32, naming parts: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome.status == code, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
  #expect(outcome.errors.hasPrefix("hashwatt: "), sourceLocation: sourceLocation)
  #expect(outcome.errors.hasSuffix("\n"), sourceLocation: sourceLocation)
  #expect(
    outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)",
    sourceLocation: sourceLocation)
  for part in parts {
    #expect(outcome.errors.contains(part), "\(outcome.errors)", sourceLocation: sourceLocation)
  }
}
