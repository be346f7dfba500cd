internal import Analysis
internal import Model
internal import Text

extension Ranking {
  /// One grid for each work with one line a row, for terminals, and what stands below.
  ///
  /// At 80 columns a row fits. Where it does not, columns go in this order: threads, power, the interval; then the
  /// device's name is cut; then notes, the second form of the efficiency, the rate and the kernel go, but never what
  /// the rows are sorted by.
  func lineGrids() -> (grids: [Grid], notes: [String]) {
    var notes = Footnotes()
    let grids = sections.map { section in
      let form = section.form(sort)
      // Of the section and not of each line: it looks at every figure.
      let isByRate = sortsByRate(section)
      return Grid(
        title: section.title(sort) + (part.map { ", for one \($0.rawValue)" } ?? ""),
        columns: lineColumns(form, isByRate: isByRate),
        rows: zip(section.ranks, section.figures).map { rank, figure in
          line(figure, form, rank: rank, section.scope, isByRate: isByRate, &notes)
        }
      ).withoutEmptyColumns
    }
    var lines = generalNotes
    if sections.contains(where: { $0.figures.contains { marked.contains($0.hardwareID) } }) {
      lines.append("> this machine")
    }
    return (grids, lines + notes.numbered)
  }

  private func lineColumns(_ form: EfficiencyForm, isByRate: Bool) -> [Grid.Column] {
    [
      Grid.Column("#", .right),
      Grid.Column("device", minimumWidth: 14),
      Grid.Column("kernel", mayBeShared: true, dropping: .late(3)),
      Grid.Column("threads", .right, mayBeShared: true, dropping: .early(0)),
      Grid.Column("rate", .right, dropping: isByRate ? .never : .late(2)),
      Grid.Column("power", .right, dropping: sort == .power ? .never : .early(1)),
      Grid.Column(form.title, .right, dropping: isByRate ? .late(4) : .never),
      Grid.Column(form.other.title, .right, dropping: .late(1)),
      Grid.Column("±", .right, dropping: .early(2)),
      Grid.Column("scope", mayBeShared: true),
      Grid.Column("grade", mayBeShared: true, dropping: .late(5)),
      Grid.Column("note", .right, mayBeShared: true, dropping: .late(0)),
    ]
  }

  /// A list without any energy is not sorted by it, whatever was asked.
  private func sortsByRate(_ section: RankingSection) -> Bool {
    sort == .throughput
      || sort.dependsOnScope && !section.figures.contains { $0.energy.value != nil }
  }

  private func line(
    _ figure: Figure, _ form: EfficiencyForm, rank: Int, _ scope: Scope?, isByRate: Bool,
    _ notes: inout Footnotes
  ) -> [Grid.Cell] {
    let energy = figure.energy.value
    let isMarked = marked.contains(figure.hardwareID)
    let sorted = isByRate ? figure.throughput : energy?.workPerJoule
    let interval = sorted.flatMap { value in
      value.halfWidth.map { DecimalText.percent($0 / value.value, decimals: 1) }
    }
    let note = figure.lineNote.map { "[\(notes.number(of: $0))]" } ?? ""
    func efficiency(_ form: EfficiencyForm) -> Grid.Cell {
      Grid.Cell(
        energy.map { form.text($0.workPerJoule, figure.workUnit, withInterval: false) } ?? "")
    }
    return [
      Grid.Cell((isMarked ? ">" : "") + String(rank), isMarked ? .good : .faint),
      Grid.Cell(figure.deviceName), Grid.Cell(figure.kernel?.rawValue ?? ""),
      Grid.Cell(figure.threadsText),
      Grid.Cell(
        figure.throughput.map {
          RateText.text(Rate(perSecond: $0.value, unit: figure.workUnit))
        } ?? ""),
      Grid.Cell(energy?.powerText ?? ""), efficiency(form), efficiency(form.other),
      Grid.Cell(interval ?? "", .faint),
      Grid.Cell(scope == nil ? energy?.scopeText ?? "" : ""),
      Grid.Cell(figure.gradeText, figure.gradeRole), Grid.Cell(note, .faint),
    ]
  }
}

extension Figure {
  /// Everything that a row points to, as one note: where a claim was published, or which file and what limits it.
  fileprivate var lineNote: String? {
    if let claim = claimText { return ([claim] + statements).joined(separator: "; ") }
    let all = [source.shortName] + remarks
    return all.joined(separator: "; ")
  }
}
