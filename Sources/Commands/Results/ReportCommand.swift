internal import Analysis
package import Arguments
package import Model
internal import Records
internal import Reporting
internal import Text

/// One page about results and profiles, for people.
package enum ReportCommand: Subcommand {
  static let output = Option("output", "FILE", .file, "The page to write, whole or not at all.")

  package static let description = CommandDescription(
    name: "report", summary: "write one self-contained HTML page about results and profiles",
    discussion: """
      The page shows what was measured, on what, and how sure that is: figures with their intervals, bars with error \
      bars, rate and power over time, the uncertainty budget, every check, and how to reproduce. It loads nothing \
      from elsewhere, needs no scripts, follows the reader's light or dark setting, and prints.

      Pictures are drawn by gnuplot. Without gnuplot the page says so and has every number in tables.
      """,
    options: [output],
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
    let records = try RecordLoader.load(arguments.operands)
    for conflict in RecordLoader.conflicts(records.map(\.origin)) {
      try context.notes.write("note: \(DisplayText.visible(conflict))\n")
    }
    let renderer = PlotRenderer(searchPath: context.environment["PATH"] ?? "/usr/bin:/bin")
    let figures = records.flatMap(\.figures)
    let runs = records.compactMap { record -> ReportContent.Run? in
      guard case .result(let recorded) = record.file else { return nil }
      return ReportContent.Run(
        name: record.name, result: recorded.result,
        pictures: ReportPlots.ofTime(recorded.result).map(renderer.picture),
        roofline: ReportPlots.ofRoofline(recorded.result).map(renderer.picture))
    }
    let content = ReportContent(
      figures: figures, pictures: ReportPlots.ofFigures(figures).map(renderer.picture), runs: runs)
    let pictures =
      content.pictures + runs.flatMap { $0.pictures + [$0.roofline].compactMap(\.self) }
    if let reason = pictures.lazy.compactMap(\.drawing.reason).first {
      try context.notes.write("note: pictures left out: \(reason.text)\n")
    }
    try Document.write(ReportPage.document(content), to: output, context)
    return .done
  }
}
