internal import Analysis
internal import Model
internal import Text

/// Sentences under a table; rows point to them by number.
package struct Footnotes: Hashable, Sendable {
  package private(set) var lines: [String] = []
  private var numbers: [String: Int] = [:]

  package init() {}

  /// The number of a line, which is added when it is new; counted from 1.
  package mutating func number(of line: String) -> Int {
    if let known = numbers[line] { return known }
    lines.append(line)
    numbers[line] = lines.count
    return lines.count
  }

  /// `[1] ...`, in order.
  package var numbered: [String] { lines.enumerated().map { "[\($0 + 1)] \($1)" } }
}

extension Ranking {
  /// One grid for each work, and the footnotes that all rows point to.
  package func grids() -> (grids: [Grid], notes: [String]) {
    var notes = Footnotes()
    let grids = sections.map { section in
      let form = section.form(sort)
      return Grid(
        title: section.title(sort), columns: Self.columns(form),
        rows: zip(section.ranks, section.figures).map { rank, figure in
          Self.row(figure, form, rank: rank, &notes)
        }
      ).withoutEmptyColumns
    }
    return (grids, generalNotes + notes.numbered)
  }

  /// What must be known of the table as a whole.
  var generalNotes: [String] {
    var lines: [String] = []
    if sections.contains(where: { $0.scopes.count > 1 }) {
      lines.append(
        "Rows of different scope do not measure the same thing; compare within one scope only.")
    }
    if sections.contains(where: { section in
      section.work.epoch != nil && section.figures.contains { $0.epoch == nil }
    }) {
      lines.append("Claims name no epoch; they stand beside the latest that was measured.")
    }
    if let part {
      let left =
        withoutPart == 0
        ? ""
        : " \(CountText.text(withoutPart, "figure")) left out: it is not known that every one worked."
      lines.append("Rate and power are those of one \(part.rawValue).\(left)")
    }
    return lines
  }

  private static func columns(_ form: EfficiencyForm) -> [Grid.Column] {
    [
      Grid.Column("#", .right),
      Grid.Column("device", minimumWidth: 14, mayBeShared: true),
      Grid.Column("kernel", minimumWidth: 8),
      Grid.Column("threads", .right, mayBeShared: true),
      Grid.Column("throughput", .right),
      Grid.Column("work", mayBeShared: true),
      Grid.Column("power", .right),
      Grid.Column(form.title, .right),
      Grid.Column(form.other.title, .right),
      Grid.Column("scope", mayBeShared: true),
      Grid.Column("grade", mayBeShared: true),
      Grid.Column("origin", mayBeShared: true),
      Grid.Column("source", minimumWidth: 10, mayBeShared: true),
      Grid.Column("notes", mayBeShared: true),
    ]
  }

  private static func row(
    _ figure: Figure, _ form: EfficiencyForm, rank: Int, _ notes: inout Footnotes
  ) -> [Grid.Cell] {
    let energy = figure.energy.value
    let numbers = figure.remarks.map { notes.number(of: $0) }
    return [
      Grid.Cell(String(rank), .faint),
      Grid.Cell(figure.deviceName),
      Grid.Cell(figure.kernel?.rawValue ?? ""),
      Grid.Cell(figure.threadsText),
      Grid.Cell(figure.throughputText),
      Grid.Cell(figure.workOriginText, .doubtful),
      Grid.Cell(energy?.powerText ?? ""),
      Grid.Cell(figure.efficiencyText(form), energy == nil ? .doubtful : .plain),
      Grid.Cell(energy == nil ? "" : figure.efficiencyText(form.other)),
      Grid.Cell(energy?.scopeText ?? ""),
      Grid.Cell(figure.grade?.rawValue ?? "", figure.grade.map(\.role) ?? .plain),
      Grid.Cell(
        figure.originText, figure.provenance == .claimed ? .doubtful : .plain),
      Grid.Cell(figure.source.title ?? figure.source.shortName, .faint),
      Grid.Cell(numbers.map { "[\($0)]" }.joined(), .faint),
    ]
  }
}

extension RankingSection {
  /// How efficiencies are said first: as was asked, or as the devices' class is used to.
  package func form(_ key: SortKey) -> EfficiencyForm {
    key == .joulesPerWork ? .joulesPerWork : .usual(for: figures)
  }

  /// `sha256d, scope wall, by hashes per joule, highest first`.
  package func title(_ key: SortKey) -> String {
    let place = scope.map { ", scope \($0)" } ?? ""
    // A list without any energy is not sorted by it, whatever was asked.
    let hasEnergy = figures.contains { $0.energy.value != nil }
    let order =
      key.dependsOnScope && !hasEnergy
      ? SortKey.throughput.title(unit) : key.title(unit, form(key))
    return "\(work)\(place), by \(order)"
  }
}

extension Grade {
  /// What colour a grade has.
  package var role: Grid.Role {
    switch self {
    case .r0: .faint
    case .r1: .plain
    case .r2, .r3: .good
    }
  }
}
