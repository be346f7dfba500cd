internal import Analysis
package import Model
internal import Text

/// The table that `run` ends with: every series of one result with its rate, under it or beside it a line for each
/// scope of energy, and the reasons behind each grade and gap.
package enum RunTable {
  /// More lines of notes than this are a report, and no table's end.
  private static let noteLimit = 18

  /// Text that fits the style's width.
  package static func text(_ result: RunResult, _ style: TextStyle) -> String {
    let figures = Figure.all(of: result, name: "")
    guard !figures.isEmpty else { return "no series was measured\n" + ending(result, style) }
    let series = MeasuredSeries.all(of: figures)
    var notes = Footnotes()
    let table = Table(series, &notes)
    let lines = (table.hasHeadline ? [Self.headlineNote] : []) + notes.numbered
    let below = limited(GridLayout.notes(lines, style) + ending(result, style), style)
    return heading(result, figures, table, style) + table.text(style)
      + (below.isEmpty ? "" : "\n" + below)
  }

  static let headlineNote =
    "* the headline: the widest scope that covers the whole device"

  /// What all series share, in a line above.
  private static func heading(
    _ result: RunResult, _ figures: [Figure], _ table: Table, _ style: TextStyle
  ) -> String {
    let shared =
      [table.device, table.threads, figures.first?.grade.map { "grade \($0.rawValue)" }]
      .compactMap(\.self)
    let notes = table.notes.map { " " + $0 } ?? ""
    let line = shared.joined(separator: ", ") + notes
    let energy = table.energy.map { GridLayout.indented($0, style) } ?? ""
    return GridLayout.indented(line, style) + energy
  }

  /// At most a screen; the long form is a report's.
  private static func limited(_ text: String, _ style: TextStyle) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard lines.count > noteLimit else { return text }
    return lines.prefix(noteLimit - 1).map { $0 + "\n" }.joined()
      + GridLayout.indented(
        "... \(lines.count - noteLimit + 1) more lines: 'hashwatt report' tells all", style)
  }

  /// What was prepared, checks that did not pass and why the run ended early.
  private static func ending(_ result: RunResult, _ style: TextStyle) -> String {
    var lines: [(text: String, role: Grid.Role)] = PreparationText.lines(result).map {
      ($0, .plain)
    }
    // First, because what is too long is cut.
    if let reason = result.endReason { lines.append(("partial: \(reason.text)", .bad)) }
    // A cause is said once, whatever checks and windows it made fail.
    lines += FailedChecks.groups(of: result.checks.filter { $0.verdict == .fail }).map {
      ($0.text("failed"), .bad)
    }
    // What nobody could find out about a meter limits what its numbers say.
    let open = result.checks.filter { $0.verdict == .unknown && $0.name.isOpenQuestionOfAMeter }
    lines += FailedChecks.groups(of: open).map { ($0.text("is open"), .doubtful) }
    for check in result.checks {
      switch check.name {
      // An estimate without an uncertainty is unknown as a check, and an estimate all the same.
      case .calibratedWall: lines.append((check.message, .plain))
      case .calibrationRefused:
        let remedy = check.remedy.map { "; \($0)" } ?? ""
        lines.append(("calibration not used: \(check.message)\(remedy)", .doubtful))
      default: break
      }
    }
    return lines.flatMap { line in
      DisplayText.wrapped(DisplayText.visible(line.text), to: style.width)
        .map { style.dressed($0, line.role) + "\n" }
    }.joined()
  }
}
