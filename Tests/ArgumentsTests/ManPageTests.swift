import Arguments
import Testing

struct ManPageTests {
  private static let command = CommandDescription(
    name: "weigh", summary: "say what a thing weighs",
    discussion: """
      Puts it on C:\\scales.

      .TH is no macro here, and --exact-weight can be copied.
      """,
    options: [
      RepeatedOption("unit", "U", .oneOf(["g", "kg"]), "The unit"),
      Flag("dry", "Nothing is weighed."),
    ],
    operands: OperandDescription(name: "THING", minimum: 0, maximum: nil, help: "What to weigh."),
    examples: ["scales weigh --unit kg brick"])

  private static let program = ProgramDescription(
    name: "scales", summary: "weigh things", commands: [command], notes: ["Exit codes: 0 done."])

  @Test("a page has name, synopsis, operands, options with their words, and examples")
  func page() {
    let text = ManPage(Self.program, version: "1.2").text(for: Self.command)
    #expect(text.hasPrefix(".TH SCALES-WEIGH 1 \"\" \"scales 1.2\" \"User Commands\"\n.SH NAME\n"))
    #expect(text.contains("scales\\-weigh \\- say what a thing weighs\n"))
    #expect(text.contains("[THING...]\n"))
    #expect(
      text.contains(
        "\\fB\\-\\-unit\\fR \\fIU\\fR\nThe unit. One of: g, kg. May be given several times.\n"))
    #expect(text.contains("\\fB\\-\\-dry\\fR\nNothing is weighed.\n"))
    #expect(text.contains(".nf\nscales weigh \\-\\-unit kg brick\n.fi\n"))
  }

  @Test("no text is taken for a macro or an escape")
  func escaped() {
    let text = ManPage(Self.program, version: "1.2").text(for: Self.command)
    #expect(text.contains("Puts it on C:\\escales.\n"))
    #expect(
      text.contains(".PP\n\\&.TH is no macro here, and \\-\\-exact\\-weight can be copied.\n"))
  }

  @Test("the overview names the page of every command")
  func overview() {
    let text = ManPage(Self.program, version: "1.2").overview()
    #expect(text.contains(".BR scales\\-weigh (1)\nsay what a thing weighs\n"))
    #expect(text.contains("Exit codes: 0 done."))
  }
}
