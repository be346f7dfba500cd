internal import Analysis
internal import Model
internal import Text

/// One series of a result with its figures, one for each scope of energy.
struct MeasuredSeries {
  let figures: [Figure]

  var first: Figure? { figures.first }

  /// The scope of one of the figures, and how it was read where the series has another of the same scope, as from a plug that
  /// counts energy and tells power.
  func scopeText(_ found: EnergyFigure) -> String {
    let twins = figures.compactMap(\.energy.value).filter { $0.scope == found.scope }
    guard Set(twins.map(\.kind)).count > 1 else { return found.scopeText }
    return switch found.kind {
    case .measuredCounter?: "\(found.scope) (counter)"
    case .measuredSampled?: "\(found.scope) (sampled)"
    default: found.scopeText
    }
  }

  /// The figures of one result, those of a series together, the headline's first.
  static func all(of figures: [Figure]) -> [MeasuredSeries] {
    var groups: [[Figure]] = []
    for figure in figures {
      if let last = groups.last?.first, last.isSameSeries(as: figure) {
        groups[groups.count - 1].append(figure)
      } else {
        groups.append([figure])
      }
    }
    return groups.map { group in
      let headline = Figure.headline(among: group)
      let others = group.filter { $0 != headline }
      return MeasuredSeries(figures: [headline].compactMap(\.self) + others)
    }
  }
}

extension Figure {
  fileprivate func isSameSeries(as other: Figure) -> Bool {
    source == other.source && deviceName == other.deviceName && hardwareID == other.hardwareID
      && work == other.work && kernel == other.kernel && placement == other.placement
  }
}

extension RunTable {
  /// The two forms of the table: scopes beside the rates where there is room, else below them.
  struct Table {
    private let series: [MeasuredSeries]
    private let form: EfficiencyForm
    private let numbers: [String]
    /// What all series share; nil where they differ.
    let device: String?
    let threads: String?
    let notes: String?
    /// Said above where no series has energy, for one reason.
    let energy: String?
    let hasHeadline: Bool

    init(_ series: [MeasuredSeries], _ footnotes: inout Footnotes) {
      self.series = series
      let figures = series.flatMap(\.figures)
      form = .usual(for: figures)
      let reasons = Set(figures.map { $0.energy.reason?.text })
      if reasons.count == 1, let reason = reasons.first.flatMap(\.self) {
        energy = "energy unavailable [\(footnotes.number(of: reason))]"
      } else {
        energy = nil
      }
      let isShared = energy != nil
      var numbers: [String] = []
      for one in series {
        var lines: [String] = []
        for remark in one.figures.flatMap({ isShared ? $0.remarksWithoutEnergy : $0.remarks })
        where !lines.contains(remark) {
          lines.append(remark)
        }
        numbers.append(lines.map { "[\(footnotes.number(of: $0))]" }.joined())
      }
      self.numbers = numbers
      notes = Set(numbers).count == 1 ? numbers.first.flatMap { $0.isEmpty ? nil : $0 } : nil
      let devices = Set(figures.map(\.deviceName))
      device = devices.count == 1 ? devices.first : nil
      let phrases = Set(figures.map(\.threadsPhrase))
      threads = phrases.count == 1 ? phrases.first.flatMap { $0.isEmpty ? nil : $0 } : nil
      hasHeadline = series.contains {
        $0.figures.count > 1 && Figure.headline(among: $0.figures) != nil
      }
    }

    func text(_ style: TextStyle) -> String {
      let beside = self.beside
      let needed = GridLayout.width(beside)
      if needed <= style.width, let lines = GridLayout.lines(beside, style, width: style.width) {
        return lines.map { $0 + "\n" }.joined()
      }
      return below(style)
    }

    /// A row for each scope, for pages: what all series share is in it as well.
    var grid: Grid { beside }

    // MARK: The two forms

    private var seriesColumns: [Grid.Column] {
      [
        Grid.Column("device", minimumWidth: 8), Grid.Column("algorithm"),
        Grid.Column("kernel", minimumWidth: 8), Grid.Column("threads", .right),
        Grid.Column("rate", .right), Grid.Column("notes", dropping: .late(0)),
      ]
    }

    private func seriesCells(_ one: MeasuredSeries, _ number: String) -> [Grid.Cell] {
      guard let figure = one.first else { return seriesColumns.map { _ in Grid.Cell("") } }
      return [
        Grid.Cell(device == nil ? figure.deviceName : ""), Grid.Cell("\(figure.work)"),
        Grid.Cell(figure.kernel?.rawValue ?? ""),
        Grid.Cell(threads == nil ? figure.threadsText : ""), Grid.Cell(figure.throughputText),
        Grid.Cell(notes == nil ? number : "", .faint),
      ]
    }

    private var scopeColumns: [Grid.Column] {
      [
        Grid.Column("scope"), Grid.Column("power", .right, dropping: .early(1)),
        Grid.Column(form.title, .right),
        Grid.Column(form.other.title, .right, dropping: .early(0)),
      ]
    }

    private func scopeCells(_ figure: Figure, _ one: MeasuredSeries) -> [Grid.Cell] {
      guard let found = figure.energy.value else {
        let text = energy == nil ? "energy unavailable" : ""
        return [Grid.Cell(text, .doubtful), Grid.Cell(""), Grid.Cell(""), Grid.Cell("")]
      }
      let isHeadline =
        one.figures.count > 1 && figure == one.first && Figure.headline(among: one.figures) != nil
      return [
        Grid.Cell(one.scopeText(found) + (isHeadline ? " *" : "")), Grid.Cell(found.powerText),
        Grid.Cell(figure.efficiencyText(form)), Grid.Cell(figure.efficiencyText(form.other)),
      ]
    }

    /// A row for each scope, the series named in its first.
    private var beside: Grid {
      let series = Array(seriesColumns.dropLast())
      let rows = zip(self.series, numbers).flatMap { one, number in
        one.figures.enumerated().map { index, figure -> [Grid.Cell] in
          let cells = seriesCells(one, number)
          let own = index == 0 ? Array(cells.dropLast()) : series.map { _ in Grid.Cell("") }
          return own + scopeCells(figure, one) + [
            index == 0 ? cells[cells.count - 1] : Grid.Cell("")
          ]
        }
      }
      return Grid(
        columns: series + scopeColumns + [seriesColumns[seriesColumns.count - 1]], rows: rows
      ).withoutEmptyColumns
    }

    /// A row for each series, below it one for each scope.
    private func below(_ style: TextStyle) -> String {
      let above = Grid(
        columns: seriesColumns, rows: zip(series, numbers).map { seriesCells($0, $1) }
      ).withoutEmptyColumns
      let scopes = Grid(
        columns: scopeColumns,
        rows: series.flatMap { one in one.figures.map { scopeCells($0, one) } }
      ).withoutEmptyColumns
      guard let rates = GridLayout.lines(above, style, width: style.width) else {
        return GridLayout.text(beside, style)
      }
      guard !scopes.columns.isEmpty else { return rates.map { $0 + "\n" }.joined() }
      guard var details = GridLayout.lines(scopes, style, width: style.width - 2) else {
        return GridLayout.text(beside, style)
      }
      var text = rates[0] + "\n"
      text += "  \(details.removeFirst())\n"
      for (one, rate) in zip(series, rates.dropFirst()) {
        text += rate + "\n"
        for _ in one.figures { text += "  \(details.removeFirst())\n" }
      }
      return text
    }
  }
}
