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

  package init(figures: [Figure], pictures: [Picture], runs: [Run]) {
    self.figures = figures
    self.pictures = pictures
    self.runs = runs
  }
}

/// One self-contained page about results and profiles.
package enum ReportPage {
  package static func document(_ content: ReportContent) -> String {
    let names = Set(content.figures.map(\.deviceName)).sorted()
    let subject =
      names.count == 1 ? names[0] : names.isEmpty ? "no device" : "\(names.count) devices"
    let title = "Hashes per joule: \(subject)"
    let ranking = Ranking(content.figures)
    let (grids, notes) = ranking.grids()
    let body = HTML.joined(
      [
        .element("h1", [], .text(title)),
        .element(
          "p", [("class", "lead")],
          .text(
            "How much work this hardware does per joule, and how sure that is. Intervals are 95 % intervals; "
              + "the grade says how far each result can be trusted.")),
        .element("h2", [], .text("Figures")),
        .joined(grids.map { HTML.grid($0) }, separator: "\n"), .notes(notes),
        pictures(content.pictures),
        .joined(content.runs.map(RunSection.html), separator: "\n"),
      ], separator: "\n")
    return HTMLPage(title: title, body: .element("main", [], body)).document
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
