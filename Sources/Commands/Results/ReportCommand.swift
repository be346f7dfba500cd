internal import Analysis
package import Arguments
package import Model
internal import Records
internal import Reporting
internal import Text

/// One page about results and profiles, for people.
package enum ReportCommand: Subcommand {
  static let output = Option("output", "FILE", .file, "The page to write, whole or not at all.")
  static let among = Option(
    "among", "DIR", .folder,
    "Profiles to show the figures among. Default: profiles, where it is there.")

  package static let description = CommandDescription(
    name: "report", summary: "write one self-contained HTML page about results and profiles",
    discussion: """
      The page begins with a card for each algorithm, then algorithms by scopes, then pictures that compare: kernels, \
      power by scope over time, rate and power of each window, the hardware among others of its class. The uncertainty \
      budget, every check and how to reproduce follow. It loads nothing from elsewhere, needs no scripts, follows the \
      reader's light or dark setting, and prints.

      Pictures are drawn by gnuplot. Without gnuplot the page says so and has every number in tables.
      """,
    options: [output, among, SignersOption.option],
    operands: OperandDescription(
      name: "FILE|DIR", minimum: 1, maximum: nil,
      help: "Results and profiles, or folders of them."),
    examples: ["hashwatt report results/ --output report.html"])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    guard let output = arguments[Self.output] else {
      throw ArgumentError("no page to write", remedy: "add --output FILE.html")
    }
    let signatures = try SignersOption.signatures(arguments, context)
    let records = try RecordLoader.load(arguments.operands)
    for conflict in ProfileConflicts.sentences(records.map(\.origin)) {
      try context.notes.write("note: \(DisplayText.visible(conflict))\n")
    }
    let writer = ReportWriter(
      context, among: try ReportWriter.figures(among: arguments[Self.among]))
    let (page, missing) = writer.page(
      try records.map { record in
        var result: RunResult?
        if case .result(let recorded) = record.file { result = recorded.result }
        return ReportWriter.Subject(
          name: record.name, figures: try record.figures(signatures), result: result)
      })
    if let missing {
      try context.notes.write("note: pictures left out: \(missing.text)\n")
    }
    try Document.write(page, to: output, context)
    return .done
  }
}
