internal import Analysis
internal import Economics
internal import Model
internal import Text

/// Everything that the site knows of one device.
enum SiteDevicePage {
  static func document(
    _ device: HardwareID, _ entries: [SiteEntry], among neighbours: SiteNeighbours,
    addresses: [HardwareID: String]
  ) -> String {
    let name = entries.first?.figure.deviceName ?? device.rawValue
    let measured = entries.filter { $0.figure.provenance == .measured }
    let claimed = entries.filter { $0.figure.provenance == .claimed }
    let body = HTML.joined(
      [
        .element("p", [], .link("All devices", to: "../index.html")),
        .element("h1", [], .text(name)),
        .element(
          "p", [("class", "lead")],
          .text("\(device), \(entries.first?.figure.deviceKind.rawValue ?? "")")),
        .element("h2", [], .text("What is known")), figures(entries), overTime(measured),
        said(measured),
        self.neighbours(device, neighbours, addresses), differing(claimed), files(measured),
        sources(claimed),
      ], separator: "\n")
    return HTMLPage(
      title: "\(name): hashes per joule", body: .element("main", [], body),
      extraStyles: [TrendChart.style]
    ).document
  }

  /// Every figure with its kind, a line each.
  private static func figures(_ entries: [SiteEntry]) -> HTML {
    let form = EfficiencyForm.usual(for: entries.map(\.figure))
    var notes = Footnotes()
    let rows = entries.map { entry -> [Grid.Cell] in
      let figure = entry.figure
      let kernel = [figure.kernel?.rawValue, figure.threadsPhrase].compactMap(\.self)
        .filter { !$0.isEmpty }.joined(separator: ", ")
      let energy = figure.energy.value
      let remarks = figure.remarks.map { "[\(notes.number(of: $0))]" }.joined()
      return [
        Grid.Cell("\(figure.work)"), Grid.Cell(kernel),
        Grid.Cell(figure.throughputText), Grid.Cell(energy?.powerText ?? ""),
        Grid.Cell(figure.efficiencyText(form), energy == nil ? .doubtful : .plain),
        Grid.Cell(energy == nil ? "" : figure.efficiencyText(form.other)),
        Grid.Cell(energy?.scopeText ?? ""), Grid.Cell(entry.standing, entry.verification.role),
        Grid.Cell(remarks, .faint),
      ]
    }
    let grid = Grid(
      columns: [
        Grid.Column("algorithm"), Grid.Column("kernel"), Grid.Column("rate", .right),
        Grid.Column("power", .right), Grid.Column(form.title, .right),
        Grid.Column(form.other.title, .right), Grid.Column("scope"), Grid.Column("standing"),
        Grid.Column("notes"),
      ], rows: rows
    ).withoutEmptyColumns
    return .grid(grid) + .notes(notes.numbered)
  }

  /// Its results in the order of time, without those that are known to be false.
  private static func overTime(_ entries: [SiteEntry]) -> HTML {
    let results = entries.filter { $0.record.kind == .result && !$0.isRefuted }
    let figures = results.map { $0.figure }
    return TrendChart.section(TrendSeries.all(of: figures, TrendOptions()).series)
  }

  /// What the device said of itself, beside what it proved.
  private static func said(_ entries: [SiteEntry]) -> HTML {
    guard let claims = ProvenText.claims(entries.map(\.figure)) else { return .empty }
    return .grid(claims) + .element("p", [], .text(ProvenText.statement))
  }

  /// The three rows above and below in each ranking.
  private static func neighbours(
    _ device: HardwareID, _ neighbours: SiteNeighbours, _ addresses: [HardwareID: String]
  ) -> HTML {
    let tables = neighbours.places(of: device).compactMap { table, own -> HTML? in
      let section = table.section
      guard section.figures.count > 1 else { return nil }
      let form = table.form
      let shown = Swift.max(0, own - 3)...Swift.min(section.figures.count - 1, own + 3)
      let titles = ["rate", form.title, form.other.title, "grade"]
      let rows = shown.map { index -> HTML in
        let figure = section.figures[index]
        let texts = [
          figure.throughputText, figure.efficiencyText(form),
          figure.energy.value == nil ? "" : figure.efficiencyText(form.other), figure.gradeText,
        ]
        let cells = zip(titles, texts).map { title, text -> HTML in
          let side = title == "grade" ? "plain" : "right"
          return .element(
            "td", HTML.attributes(["data-label": title, "class": side]), .text(text))
        }
        let name: HTML =
          figure.hardwareID == device
          ? .element("strong", [], .text(figure.deviceName))
          : .link(figure.deviceName, to: "../" + (addresses[figure.hardwareID] ?? "index.html"))
        let place = HTML.attributes(["data-label": "place", "class": "right"])
        return .element(
          "tr", [], .element("td", place, .text("\(section.ranks[index])")),
          .element("td", [("data-label", "device"), ("class", "break")], name), .joined(cells))
      }
      let heads = (["place", "device"] + titles).map { title -> HTML in
        let side = ["device", "grade"].contains(title) ? "plain" : "right"
        return .element("th", HTML.attributes(["scope": "col", "class": side]), .text(title))
      }
      return .element(
        "table", [("class", "cards")],
        .element(
          "caption", [],
          .text(
            "Place \(section.ranks[own]) of \(section.figures.count): \(table.title)")
        ),
        .element("thead", [], .element("tr", [], .joined(heads))),
        .element("tbody", [], .joined(rows, separator: "\n")))
    }
    guard !tables.isEmpty else { return .empty }
    return .element("h2", [], .text("Neighbours in rank")) + .joined(tables, separator: "\n")
  }

  /// Claims of one algorithm that do not say the same, side by side.
  private static func differing(_ entries: [SiteEntry]) -> HTML {
    let groups = Dictionary(grouping: entries) { $0.figure.algorithm }
      .sorted { $0.key.rawValue < $1.key.rawValue }
      .filter { group in
        Set(
          group.value.map {
            "\($0.figure.throughputText) \($0.figure.efficiencyText(.workPerJoule))"
          }
        )
        .count > 1
      }
    guard !groups.isEmpty else { return .empty }
    let grids = groups.map { algorithm, entries -> HTML in
      let columns =
        [Grid.Column("")] + entries.indices.map { Grid.Column("claim \($0 + 1)", minimumWidth: 10) }
      let rows = claimFacts.map { fact -> [Grid.Cell] in
        [Grid.Cell(fact.name, .faint)] + entries.map { Grid.Cell(fact.text($0.figure)) }
      }
      return .grid(Grid(title: algorithm.rawValue, columns: columns, rows: rows))
    }
    return .element("h2", [], .text("Claims that differ")) + .joined(grids, separator: "\n")
  }

  /// What claims are held against one another by.
  private static let claimFacts: [(name: String, text: @Sendable (Figure) -> String)] = [
    ("source", { $0.source.title ?? "" }),
    ("year", { $0.source.year.map(String.init) ?? "not stated" }),
    ("confidence", { $0.source.confidence ?? "" }),
    ("rate", { $0.throughputText }),
    ("power", { $0.energy.value?.powerText ?? "not stated" }),
    ("measured at", { $0.energy.value?.scope.rawValue ?? "not stated" }),
    (
      EfficiencyForm.joulesPerWork.title,
      { $0.energy.value == nil ? "not stated" : $0.efficiencyText(.joulesPerWork) }
    ),
  ]

  /// Raw files, what is known of each, and how a reader checks it himself.
  private static func files(_ entries: [SiteEntry]) -> HTML {
    var seen: Set<String> = []
    let records = entries.filter { seen.insert($0.download).inserted }
    guard !records.isEmpty else { return .empty }
    let parts = records.map { entry -> HTML in
      let fileName = String(entry.download.dropFirst("data/".count))
      let command =
        entry.record.kind == .result
        ? "hashwatt verify \(entry.figure.workOrigin == .proven ? "" : "--rescan 20 ")\(fileName)"
        : "hashwatt profile \(ShellText.words(entry.record.sources.map { "results/" + $0 }))"
      let explanation =
        entry.record.kind == .result
        ? "Hash its shares again:" : "Derive it again from the results that it names:"
      let proof = entry.verification
      let role: (StaticString, String) = ("class", proof.role.className ?? "plain")
      let state = HTML.element("span", [role], .text(proof.text))
      return .element("h3", [], .link(entry.record.fileName, to: "../" + entry.download))
        + .facts([("Verification", state)]) + .element("p", [], .text(explanation))
        + .element("pre", [], .text(command))
    }
    return .element("h2", [], .text("Raw files")) + .joined(parts, separator: "\n")
  }

  private static func sources(_ entries: [SiteEntry]) -> HTML {
    guard !entries.isEmpty else { return .empty }
    var seen: Set<String> = []
    let items = entries.compactMap { entry -> HTML? in
      let title = entry.figure.source.title ?? entry.record.fileName
      let address = entry.figure.source.address ?? ""
      guard seen.insert(title + address).inserted else { return nil }
      let isWeb = address.hasPrefix("https://") || address.hasPrefix("http://")
      let source: HTML =
        isWeb ? .link(title, to: address) : .text(address.isEmpty ? title : "\(title) (\(address))")
      return .element("li", [], source)
    }
    var files: Set<String> = []
    let raw = entries.filter { files.insert($0.download).inserted }.map {
      HTML.element("li", [], .link($0.record.fileName, to: "../" + $0.download))
    }
    var said: Set<String> = []
    let findings = entries.flatMap(\.record.findings)
      .map { "\($0.code.rawValue): \($0.text)" }.filter { said.insert($0).inserted }
    return .element("h2", [], .text("Sources of the claims"))
      + .element(
        "p", [], .text("Published by others, not measured; conflicting claims stand side by side."))
      + .element("ul", [], .joined(items)) + .element("ul", [], .joined(raw))
      + (findings.isEmpty
        ? .empty
        : .element("h2", [], .text("What the sanity rules say of the claims")) + .notes(findings))
  }
}

/// The ranking of all devices, with the first place of each in every section at hand.
struct SiteNeighbours {
  /// A section with what follows from all of its figures, which every device's page would look through again.
  struct Table {
    let section: RankingSection
    let form: EfficiencyForm
    let title: String
  }

  private let tables: [Table]
  /// By the section's number.
  private let places: [HardwareID: [(section: Int, place: Int)]]

  init(_ ranking: Ranking) {
    tables = ranking.sections.map {
      Table(section: $0, form: $0.form(ranking.sort), title: $0.title(ranking.sort))
    }
    var places: [HardwareID: [(section: Int, place: Int)]] = [:]
    for (number, section) in ranking.sections.enumerated() {
      for (place, figure) in section.figures.enumerated()
      where places[figure.hardwareID]?.last?.section != number {
        places[figure.hardwareID, default: []].append((number, place))
      }
    }
    self.places = places
  }

  func places(of device: HardwareID) -> [(table: Table, place: Int)] {
    (places[device] ?? []).map { (tables[$0.section], $0.place) }
  }
}
