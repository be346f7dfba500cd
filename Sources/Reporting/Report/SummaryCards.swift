internal import Analysis
internal import Model
internal import Text

/// The first thing that a reader of a report sees: for each work what it comes to.
enum SummaryCards {
  static func html(_ figures: [Figure]) -> HTML {
    let measured = figures.filter { $0.provenance == .measured }
    var works: [WorkIdentity] = []
    for work in Ranking(measured).sections.map(\.work) where !works.contains(work) {
      works.append(work)
    }
    let isOne = Set(measured.map(\.deviceName)).count == 1
    let cards = works.compactMap { work in
      best(measured.filter { $0.work == work }).map { card($0, namesDevice: !isOne) }
    }
    guard !cards.isEmpty else { return .empty }
    return .element("div", [("class", "tiles")], .joined(cards, separator: "\n"))
  }

  /// The headline of the most efficient series, without energy the fastest.
  private static func best(_ figures: [Figure]) -> Figure? {
    let series = MeasuredSeries.all(of: figures)
    let headlines = series.compactMap { Figure.headline(among: $0.figures) }
    // Efficiencies of different scopes have no order: the widest scope that there is decides.
    let ranking = Ranking(headlines.isEmpty ? figures : headlines)
    return ranking.figures.first
  }

  private static func card(_ figure: Figure, namesDevice: Bool) -> HTML {
    let form = EfficiencyForm.usual(for: figure.deviceKind)
    var lines: [HTML] = [.element("h3", [], .text("\(figure.work)"))]
    if namesDevice { lines.append(faint(figure.deviceName)) }
    if let energy = figure.energy.value {
      lines.append(big(figure.efficiencyText(form)))
      lines.append(
        faint("\(figure.efficiencyText(form.other)), at \(energy.scopeText)"))
      lines.append(fact("rate", figure.throughputText))
      lines.append(fact("power", energy.powerText))
    } else {
      lines.append(big(figure.throughputText))
      lines.append(faint("efficiency " + figure.efficiencyText(form) + ": " + reason(figure)))
    }
    let kernel = [figure.kernel?.rawValue, figure.threadsPhrase].compactMap(\.self)
      .filter { !$0.isEmpty }.joined(separator: ", ")
    if !kernel.isEmpty { lines.append(fact("by", kernel)) }
    if let grade = figure.grade {
      lines.append(fact("grade", "\(grade.rawValue), \(grade.word)"))
      if let first = figure.reasonsAgainstBetterGrade.first { lines.append(faint(first.message)) }
    }
    return .element("section", [("class", "tile")], .joined(lines, separator: "\n"))
  }

  private static func reason(_ figure: Figure) -> String { figure.energy.reason?.message ?? "" }

  private static func big(_ text: String) -> HTML {
    .element("p", [("class", "big")], .text(text))
  }

  private static func faint(_ text: String) -> HTML {
    .element("p", [("class", "faint")], .text(text))
  }

  private static func fact(_ name: String, _ text: String) -> HTML {
    .element(
      "p", [], .element("span", [("class", "faint")], .text(name + " ")), .text(text))
  }

  static let style: StaticString = """
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: .8rem;
      margin: 1rem 0; }
    .tile { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem 1rem; }
    .tile h3 { margin: 0 0 .2rem; } .tile p { margin: .15rem 0; }
    .tile .big { font-size: 1.45rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; }
    .tile .faint { font-size: .92rem; }

    """
}

extension Grade {
  /// The grade in a word.
  package var word: String {
    switch self {
    case .r0: "exploratory"
    case .r1: "quick"
    case .r2: "standard"
    case .r3: "metered"
    }
  }
}
