internal import Analysis
internal import Model

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
    let rows = sorted.map { row($0.entry, addresses[$0.entry.figure.hardwareID] ?? "") }
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
        .element("caption", [], .text("Sorted by algorithm, scope and work per joule.")),
        .element("thead", [], .element("tr", [], .joined(head))),
        .element("tbody", [], .joined(rows, separator: "\n")))
    let body = HTML.joined(
      [
        .element("h1", [], .text("Hashes per joule")),
        .element(
          "p", [("class", "lead")],
          .text(
            "Efficiency of hashing hardware, each figure with its interval, its scope and what stands behind it."
          )),
        .element(
          "p", [],
          .text(
            "Compare within one scope only: joules at the wall and joules of a processor are not the same thing. "
              + "A claim is what a maker or a third party published; nobody measured it here; of several claims for one device "
              + "the best-supported one is here, all of them on its page. R2 and R3 are grades "
              + "of careful measurements, R0 and R1 are not fit for publication.")),
        .element(
          "div", [("id", "controls"), ("class", "screen-only"), ("hidden", "hidden")], .empty),
        .element("p", [("id", "count"), ("class", "faint"), ("aria-live", "polite")], .empty),
        table,
      ], separator: "\n")
    return HTMLPage(
      title: "Hashes per joule", body: .element("main", [], body), extraStyle: style,
      script: SiteScript.text
    ).document
  }

  private struct Column {
    let key: String
    let title: String
    var isNumber = false
    /// What may hold a stranger's words, for the question whether they are too long.
    var text: @Sendable (Figure) -> String = { _ in "" }
  }

  private static let columns: [Column] = [
    Column(key: "device", title: "device") { $0.deviceName },
    Column(key: "algorithm", title: "algorithm") { $0.algorithm.rawValue },
    Column(key: "kernel", title: "kernel") { $0.kernel?.rawValue ?? "" },
    Column(key: "throughput", title: "throughput", isNumber: true),
    Column(key: "power", title: "power", isNumber: true),
    Column(key: "efficiency", title: EfficiencyForm.workPerJoule.title, isNumber: true),
    Column(key: "energy", title: EfficiencyForm.joulesPerWork.title, isNumber: true),
    Column(key: "scope", title: "scope"), Column(key: "grade", title: "grade"),
    Column(key: "origin", title: "origin"), Column(key: "proof", title: "verification"),
  ]

  private static func row(_ entry: SiteEntry, _ address: String) -> HTML {
    let figure = entry.figure
    let energy = figure.energy.value
    let proof = entry.verification
    let kernel = figure.kernel.map {
      figure.placement == nil ? $0.rawValue : "\($0), \(figure.threadsPhrase)"
    }
    func cell(
      _ column: Column, _ content: HTML, _ value: Double? = nil, _ role: Grid.Role = .plain,
      isLong: Bool
    ) -> HTML {
      let names = [
        column.isNumber ? "right" : nil, role.className, isLong ? "break" : nil,
      ].compactMap(\.self)
      var attributes: [(StaticString, String)] = [("data-label", column.title)]
      if !names.isEmpty { attributes.append(("class", names.joined(separator: " "))) }
      if let value { attributes.append(("data-value", "\(value)")) }
      return .element("td", attributes, content)
    }
    let contents: [(HTML, Double?, Grid.Role)] = [
      (.link(figure.deviceName, to: address), nil, .plain),
      (.text(figure.algorithm.rawValue), nil, .plain),
      (.text(kernel ?? ""), nil, .plain),
      (.text(figure.throughputText), figure.throughput?.value, .plain),
      (.text(energy?.powerText ?? ""), energy?.power?.value, .plain),
      (
        .text(figure.efficiencyText(.workPerJoule)), energy?.workPerJoule.value,
        energy == nil ? .doubtful : .plain
      ),
      (
        .text(energy == nil ? "" : figure.efficiencyText(.joulesPerWork)),
        energy?.joulesPerWork.value, .plain
      ),
      (.text(energy?.scopeText ?? ""), nil, .plain),
      (.text(figure.grade?.rawValue ?? ""), nil, figure.grade?.role ?? .plain),
      (.text(figure.provenance.rawValue), nil, figure.provenance == .claimed ? .doubtful : .plain),
      (.text(proof.text), nil, proof.role),
    ]
    let cells = zip(columns, contents).map {
      cell(
        $0, $1.0, $1.1, $1.2,
        isLong: !$0.isNumber && HTML.mustBreak($0.text(figure), longerThan: 12))
    }
    let origin: (StaticString, String) = ("data-origin", figure.provenance.rawValue)
    return .element("tr", [origin], .joined(cells))
  }

  private static let style: StaticString = """
    #controls { display: flex; flex-wrap: wrap; gap: .6rem 1rem; margin: 1rem 0 .4rem; }
    #controls[hidden] { display: none; }
    #controls label { display: flex; flex-direction: column; font-size: .88rem; color: var(--faint); }
    #controls input, #controls select { font: inherit; color: var(--text); background: var(--card);
      border: 1px solid var(--line); border-radius: .35rem; padding: .3rem .5rem; min-width: 9rem; max-width: 100%; }
    th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer;
      text-decoration: underline dotted; text-underline-offset: .2em; }
    th[aria-sort=ascending] button::after { content: " \\25B2"; } th[aria-sort=descending] button::after {
      content: " \\25BC"; }
    #board { font-size: .94rem; }
    #board td:nth-child(1) { min-width: 8rem; }
    #board td:nth-child(11) { font-size: .9rem; min-width: 9rem; }

    """
}
