internal import Analysis
internal import Model
internal import Text

/// The leaderboard itself: one table, readable without scripts, sortable and filterable with them.
enum SiteIndex {
  static func document(_ entries: [SiteEntry], addresses: [HardwareID: String]) -> String {
    let order = Ranking(entries.map(\.figure)).figures
    var places: [Figure: Int] = [:]
    for (place, figure) in order.enumerated() where places[figure] == nil {
      places[figure] = place
    }
    // Equal figures of two files have one place.
    let sorted = entries.map { (place: places[$0.figure] ?? 0, entry: $0) }
      .sorted { $0.place < $1.place }
    let placed = sorted.map {
      (entry: $0.entry, address: addresses[$0.entry.figure.hardwareID] ?? "")
    }
    let intro = HTML.joined(
      [
        .element("h1", [], .text("Hashes per joule")),
        .element(
          "p", [("class", "lead")],
          .text(
            "Efficiency of hashing hardware, each figure with its interval, its scope and what stands behind it."
          )),
        advice,
      ], separator: "\n")
    return page(
      "Hashes per joule", placed, before: intro,
      caption: "Sorted by algorithm, scope and work per joule.")
  }

  /// What every table of the site is to be read by.
  static let advice = HTML.element(
    "p", [],
    .text(
      "Compare within one scope only: joules at the wall and joules of a processor are not the same thing. "
        + "A claim is what a maker or a third party published; nobody measured it here; of several claims for one device "
        + "the best-supported one is here, all of them on its page. R2 and R3 are grades "
        + "of careful measurements, R0 and R1 are not fit for publication."))

  /// A page with one table, its picture and its controls.
  static func page(
    _ title: String, _ placed: [(entry: SiteEntry, address: String)], before: HTML,
    after: HTML = .empty, caption: String
  ) -> String {
    let rows = placed.enumerated().map { row($1.entry, $1.address, number: $0) }
    let head = columns.map { column in
      HTML.element(
        "th",
        [("scope", "col"), ("data-key", column.key)]
          + (column.isNumber ? [("class", "right")] : []), .text(column.title))
    }
    let table =
      rows.isEmpty
      ? HTML.element("p", [], .text("No figures yet."))
      : HTML.element(
        "table", [("class", "cards"), ("id", "board")],
        .element("caption", [], .text(caption)),
        .element("thead", [], .element("tr", [], .joined(head))),
        .element("tbody", [], .joined(rows, separator: "\n")))
    let body = HTML.joined(
      [
        before,
        .element(
          "div", [("id", "controls"), ("class", "screen-only"), ("hidden", "hidden")], .empty),
        charts(SiteChart.all(placed)),
        .element("p", [("id", "count"), ("class", "faint"), ("aria-live", "polite")], .empty),
        table,
      ] + (after.markup.isEmpty ? [] : [after]), separator: "\n")
    return HTMLPage(
      title: title, body: .element("main", [], body),
      extraStyles: [style, SiteChart.style],
      script: SiteScript.text
    ).document
  }

  private struct Column {
    let key: String
    let title: String
    var isNumber = false
    /// Whether what is too long for one line is cut, the whole being its tooltip.
    var isCut = false
  }

  private static let columns: [Column] = [
    Column(key: "device", title: "device", isCut: true),
    Column(key: "algorithm", title: "algorithm", isCut: true),
    Column(key: "kernel", title: "kernel", isCut: true),
    Column(key: "throughput", title: "rate", isNumber: true),
    Column(key: "power", title: "power", isNumber: true),
    Column(key: "efficiency", title: EfficiencyForm.workPerJoule.title, isNumber: true),
    Column(key: "energy", title: EfficiencyForm.joulesPerWork.title, isNumber: true),
    Column(key: "interval", title: "±", isNumber: true),
    Column(key: "scope", title: "scope"), Column(key: "standing", title: "standing", isCut: true),
  ]

  /// The picture of the most rows, and the others for who opens them or chooses their algorithm.
  private static func charts(_ charts: [SiteChart]) -> HTML {
    guard let first = charts.first else { return .empty }
    let others = charts.dropFirst()
    return .element(
      "div", [("id", "charts")], first.html,
      others.isEmpty
        ? .empty
        : HTML.details(
          "Pictures of \(others.map(\.work.description).joined(separator: ", "))",
          .joined(others.map(\.html), separator: "\n")))
  }

  private static func row(_ entry: SiteEntry, _ address: String, number: Int) -> HTML {
    let figure = entry.figure
    let energy = figure.energy.value
    let proof = entry.verification
    let kernel = figure.kernel.map {
      figure.placement == nil ? $0.rawValue : "\($0), \(figure.threadsPhrase)"
    }
    func cell(
      _ column: Column, _ content: HTML, _ value: Double? = nil, _ role: Grid.Role = .plain,
      whole: String? = nil
    ) -> HTML {
      let names = [
        column.isNumber ? "right" : nil, role.className, column.isCut ? "cut" : nil,
      ].compactMap(\.self)
      var attributes: [(StaticString, String)] = [("data-label", column.title)]
      if !names.isEmpty { attributes.append(("class", names.joined(separator: " "))) }
      if let value { attributes.append(("data-value", "\(value)")) }
      if let whole { attributes.append(("title", whole)) }
      return .element("td", attributes, content)
    }
    func efficiency(_ form: EfficiencyForm) -> String {
      energy.map { form.text($0.workPerJoule, figure.workUnit, withInterval: false) } ?? ""
    }
    let rate = figure.throughput.map {
      RateText.text(Rate(perSecond: $0.value, unit: figure.workUnit))
    }
    let interval = energy?.workPerJoule ?? figure.throughput
    let relative = interval.flatMap { value in value.halfWidth.map { $0 / value.value } }
    let cells = [
      cell(columns[0], .link(figure.deviceName, to: address), whole: figure.deviceName),
      cell(columns[1], .text("\(figure.work)"), whole: "\(figure.work)"),
      cell(columns[2], .text(kernel ?? ""), whole: kernel),
      cell(columns[3], .text(rate ?? ""), figure.throughput?.value),
      cell(columns[4], .text(energy?.powerText ?? ""), energy?.power?.value),
      cell(columns[5], .text(efficiency(.workPerJoule)), energy?.workPerJoule.value),
      cell(columns[6], .text(efficiency(.joulesPerWork)), energy?.joulesPerWork.value),
      cell(
        columns[7], .text(relative.map { DecimalText.percent($0, decimals: 1) } ?? ""), relative),
      cell(
        columns[8], .text(energy?.scopeText ?? "no energy"), nil, energy == nil ? .doubtful : .plain
      ),
      cell(columns[9], .text(entry.standing), nil, proof.role, whole: proof.text),
    ]
    let attributes: [(StaticString, String)] = [
      ("data-origin", figure.provenance.rawValue), ("data-row", "\(number)"),
    ]
    return .element("tr", attributes, .joined(cells))
  }

  static let style: StaticString = """
    #controls { display: flex; flex-wrap: wrap; gap: .6rem 1rem; margin: 1rem 0 .4rem; }
    #controls[hidden] { display: none; }
    #controls label { display: flex; flex-direction: column; font-size: .88rem; color: var(--faint); }
    #controls input, #controls select { font: inherit; color: var(--text); background: var(--card);
      border: 1px solid var(--line); border-radius: .35rem; padding: .3rem .5rem; min-width: 9rem; max-width: 100%; }
    th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer;
      text-decoration: underline dotted; text-underline-offset: .2em; }
    th[aria-sort=ascending] button::after { content: " \\25B2"; } th[aria-sort=descending] button::after {
      content: " \\25BC"; }
    body { max-width: 100rem; }
    #board { font-size: .86rem; } #board td { overflow-wrap: anywhere; }
    #board td.right { overflow-wrap: normal; }
    @media (min-width: 66.01rem) {
      #board td, #board th { white-space: nowrap; padding: .3rem .4rem; }
      #board td.cut { max-width: 8.5rem; overflow: hidden; text-overflow: ellipsis; }
      #board td:nth-child(1) { max-width: 15rem; }
    }

    """
}
