package import Analysis
package import Model

/// What a report is made of, with the pictures already drawn.
package struct ReportContent: Sendable {
  /// A picture, or why there is none.
  package struct Picture: Sendable {
    package let plot: Plot
    package let drawing: Reading<SVGText>

    package init(plot: Plot, drawing: Reading<SVGText>) {
      self.plot = plot
      self.drawing = drawing
    }
  }

  /// One result with the pictures of what happened over time.
  package struct Run: Sendable {
    package let name: String
    package let result: RunResult
    package let pictures: [Picture]
    /// How near the kernels come to the roofline, where it was measured.
    package let roofline: Picture?

    package init(
      name: String, result: RunResult, pictures: [Picture], roofline: Picture? = nil
    ) {
      self.name = name
      self.result = result
      self.pictures = pictures
      self.roofline = roofline
    }
  }

  package var figures: [Figure]
  package var pictures: [Picture]
  package var runs: [Run]
  /// Results of equal hardware, kernel and plan in the order of time.
  package var trends: [TrendSeries]

  package init(
    figures: [Figure], pictures: [Picture], runs: [Run], trends: [TrendSeries] = []
  ) {
    self.figures = figures
    self.pictures = pictures
    self.runs = runs
    self.trends = trends
  }
}

/// One self-contained page about results and profiles.
package enum ReportPage {
  package static func document(_ content: ReportContent) -> String {
    let names = Set(content.figures.map(\.deviceName)).sorted()
    let subject =
      names.count == 1 ? names[0] : names.isEmpty ? "no device" : "\(names.count) devices"
    let title = "Hashes per joule: \(subject)"
    let body = HTML.joined(
      [
        .element("h1", [], .text(title)),
        .element(
          "p", [("class", "lead")],
          .text(
            "How much work this hardware does per joule, and how sure that is. Intervals are 95 % intervals; "
              + "the grade says how far each result can be trusted.")),
        SummaryCards.html(content.figures), measured(content.figures), ranked(content.figures),
        pictures(content.pictures), TrendChart.section(content.trends),
        .joined(content.runs.map(RunSection.html), separator: "\n"),
      ], separator: "\n")
    return HTMLPage(
      title: title, body: .element("main", [], body),
      extraStyles: [SummaryCards.style, TrendChart.style]
    ).document
  }

  /// Series by scopes, the headline of each first.
  private static func measured(_ figures: [Figure]) -> HTML {
    let series = MeasuredSeries.all(of: figures.filter { $0.provenance == .measured })
    guard !series.isEmpty else { return .empty }
    var notes = Footnotes()
    let table = RunTable.Table(series, &notes)
    let shared = [table.device, table.threads, table.energy].compactMap(\.self)
    let lines = (table.hasHeadline ? [RunTable.headlineNote] : []) + notes.numbered
    return .element("h2", [], .text("Algorithms by scopes"))
      + (shared.isEmpty
        ? .empty
        : .element(
          "p", [], .text(shared.joined(separator: ", ") + (table.notes.map { " " + $0 } ?? ""))))
      + .grid(table.grid) + .notes(lines)
  }

  /// Claims, and several devices, stand against one another.
  private static func ranked(_ figures: [Figure]) -> HTML {
    let devices = Set(figures.map(\.hardwareID))
    guard devices.count > 1 || figures.contains(where: { $0.provenance == .claimed }) else {
      return .empty
    }
    let (grids, notes) = Ranking(figures).lineGrids()
    return .element("h2", [], .text("Ranking"))
      + .joined(grids.map { HTML.grid($0) }, separator: "\n") + .notes(notes)
  }

  /// Pictures with their captions; when none could be drawn, the reason once.
  static func pictures(_ pictures: [ReportContent.Picture]) -> HTML {
    guard !pictures.isEmpty else { return .empty }
    let drawn = pictures.compactMap { picture -> HTML? in
      guard let drawing = picture.drawing.value else { return nil }
      let label: (StaticString, String) = ("aria-label", picture.plot.title)
      return .element(
        "figure", [("role", "group"), ("tabindex", "0"), label],
        .element("figcaption", [], .text(picture.plot.title)), .picture(drawing))
    }
    var seen: Set<String> = []
    let missing = pictures.compactMap { $0.drawing.reason?.text }
      .filter { seen.insert($0).inserted }
      .map {
        HTML.element(
          "p", [("class", "faint")],
          .text("Pictures left out: \($0). Every number is in the tables."))
      }
    return .joined(drawn + missing, separator: "\n")
  }
}
