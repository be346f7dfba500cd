internal import Analysis
package import Model
internal import Text

/// The table that `run` ends with: every series of one result, and the reasons behind each grade and gap.
package enum RunTable {
  /// Text that fits the style's width.
  package static func text(_ result: RunResult, _ style: TextStyle) -> String {
    var notes = Footnotes()
    let figures = Figure.all(of: result, name: "")
    let form = EfficiencyForm.usual(for: figures)
    let rows = figures.map { figure -> [Grid.Cell] in
      let energy = figure.energy.value
      let numbers = figure.remarks.map { notes.number(of: $0) }
      return [
        Grid.Cell(figure.deviceName),
        Grid.Cell(figure.algorithm.rawValue),
        Grid.Cell(figure.kernel?.rawValue ?? ""),
        Grid.Cell(figure.threadsText),
        Grid.Cell(figure.throughputText),
        Grid.Cell(energy?.powerText ?? ""),
        Grid.Cell(figure.efficiencyText(form), energy == nil ? .doubtful : .plain),
        Grid.Cell(energy == nil ? "" : figure.efficiencyText(form.other)),
        Grid.Cell(energy?.scopeText ?? ""),
        Grid.Cell(figure.grade?.rawValue ?? "", figure.grade.map(\.role) ?? .plain),
        Grid.Cell(numbers.map { "[\($0)]" }.joined(), .faint),
      ]
    }
    guard !rows.isEmpty else { return "no series was measured\n" + ending(result, style) }
    let grid = Grid(columns: columns(form), rows: rows).withoutEmptyColumns
    let lines = notes.lines.enumerated().map { "[\($0 + 1)] \($1)" }
    return GridLayout.text(grid, style)
      + (lines.isEmpty ? "" : "\n" + GridLayout.notes(lines, style)) + ending(result, style)
  }

  private static func columns(_ form: EfficiencyForm) -> [Grid.Column] {
    [
      Grid.Column("device", minimumWidth: 12, mayBeShared: true),
      Grid.Column("algorithm", mayBeShared: true),
      Grid.Column("kernel"),
      Grid.Column("threads", .right, mayBeShared: true),
      Grid.Column("throughput", .right),
      Grid.Column("power", .right),
      Grid.Column(form.title, .right),
      Grid.Column(form.other.title, .right),
      Grid.Column("scope", mayBeShared: true),
      Grid.Column("grade", mayBeShared: true),
      Grid.Column("notes", mayBeShared: true),
    ]
  }

  /// Checks that did not pass and why the run ended early.
  private static func ending(_ result: RunResult, _ style: TextStyle) -> String {
    var lines: [(text: String, role: Grid.Role)] = []
    var failed: [CheckName] = []
    var first: [CheckName: Check] = [:]
    var counts: [CheckName: Int] = [:]
    for check in result.checks where check.verdict == .fail {
      if first[check.name] == nil {
        first[check.name] = check
        failed.append(check.name)
      }
      counts[check.name, default: 0] += 1
    }
    // A check that fails in every window is said once.
    for check in failed.compactMap({ first[$0] }) {
      let count = counts[check.name] ?? 1
      let often = count > 1 ? " \(count) times, first" : ""
      let remedy = check.remedy.map { "; \($0)" } ?? ""
      lines.append(("check \(check.name) failed\(often): \(check.message)\(remedy)", .bad))
    }
    // What nobody could find out about a meter limits what its numbers say.
    for check in result.checks
    where check.verdict == .unknown && check.name.isOpenQuestionOfAMeter {
      let remedy = check.remedy.map { "; \($0)" } ?? ""
      lines.append(("check \(check.name) is open: \(check.message)\(remedy)", .doubtful))
    }
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
    if let reason = result.endReason { lines.append(("ended early: \(reason.text)", .bad)) }
    return lines.flatMap { line in
      DisplayText.wrapped(DisplayText.visible(line.text), to: style.width)
        .map { style.dressed($0, line.role) + "\n" }
    }.joined()
  }
}
