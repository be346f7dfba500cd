internal import Economics
internal import Model
internal import Text

extension PurchaseReport {
  /// One self-contained page: the answer first, pictures with their tables, every assumption.
  package var html: String {
    var body: [HTML] = [
      .element("h1", [], .text(title)),
      .element("section", [("class", "answer")], .joined(sections.prefix(1).flatMap(paragraphs))),
    ]
    if let second = sections.dropFirst().first, prospect != nil { body.append(part(second)) }
    if let device = evaluation.device, let first = device.outcomes.first {
      body.append(pictures(first))
    }
    let rest = sections.dropFirst(prospect != nil ? 2 : 1)
    body += rest.map(part)
    return HTMLPage(
      title: title, body: .joined(body, separator: "\n"), extraStyles: [PurchasePicture.style]
    ).document
  }

  private func paragraphs(_ section: Section) -> [HTML] {
    section.sentences.map { .element("p", [], .text($0)) }
  }

  private func part(_ section: Section) -> HTML {
    .element(
      "section", [], .element("h2", [], .text(section.title)), .joined(paragraphs(section)),
      .joined(section.grids.map { HTML.grid($0) }), HTML.notes(section.notes))
  }

  private func pictures(_ outcome: Outcome) -> HTML {
    let months = outcome.course.months
    let currency = evaluation.currency.rawValue
    var sum = 0.0
    let cumulative = outcome.course.cash.map { cash -> Double in
      sum += cash
      return sum
    }
    var coinSum = 0.0
    let coins: [Double] =
      [0]
      + months.map { month -> Double in
        coinSum += month.netCoins
        return coinSum
      }
    let chain = evaluation.states.first?.chain.id.rawValue ?? "coin"
    let bought = [Double](repeating: outcome.measures.coinsBought, count: coins.count)
    let marks = eventMarks(outcome)
    var parts: [HTML] = [
      .element("h2", [], .text("\(outcome.future.name), month by month")),
      PurchasePicture.figure(
        "Cash of each month (bars) and all of it so far (line), \(currency)",
        .bars(outcome.course.cash, line: cumulative), marks: marks, legend: ["a month", "so far"]),
      PurchasePicture.figure(
        "Revenue against cost of each month of 30 or 31 days, \(currency)",
        .lines([
          [0] + months.map(\.revenue), [0] + months.map { $0.energyCost + $0.fixedCost },
        ]), marks: marks, legend: ["revenue", "energy and fixed cost"]),
      PurchasePicture.figure(
        "Coins mined, costs taken off, against coins bought at the start (\(chain))",
        .lines([coins, bought]), marks: marks, legend: ["mined, net", "bought"]),
      .details("The months as a table", .grid(monthTable(outcome, cumulative))),
    ]
    if let prospect {
      parts.append(.element("h2", [], .text("Present value by growth and price, \(currency)")))
      parts.append(PurchasePicture.heat(heat(prospect), prospect.values))
      parts.append(.element("h2", [], .text("What moves the present value, \(currency)")))
      parts.append(
        PurchasePicture.tornado(
          prospect.hangsOn.map { (inputName($0.range.input), $0.atLow, $0.atHigh) },
          center: outcome.measures.netPresentValue))
    }
    return .element("section", [], .joined(parts, separator: "\n"))
  }

  /// Months at which something happens, with a word for each.
  private func eventMarks(_ outcome: Outcome) -> [(month: Double, word: String)] {
    let days = Double(evaluation.scenario.horizonMonths) * Calendar.month
    var marks = evaluation.states.filter { evaluation.scenario.chains.contains($0.chain.id) }
      .flatMap { state in
        state.events(days: days).prefix(6).map {
          (month: $0.day / Calendar.month, word: "\(state.chain.id) reward")
        }
      }
    if let last = outcome.course.lastRunningDay, Double(last) < days - 2 {
      marks.append((Double(last + 1) / Calendar.month, "off"))
    }
    let delivery = evaluation.scenario.purchase.deliveryMonths
    if delivery > 0 { marks.append((delivery, "delivery")) }
    return marks.sorted { $0.month < $1.month }
  }

  private func monthTable(_ outcome: Outcome, _ cumulative: [Double]) -> Grid {
    let chain = evaluation.states.first?.chain.id.rawValue ?? "coins"
    let columns = [
      "month", "revenue", "energy", "fixed", "cash", "so far", "\(chain) net so far", "hours",
    ].map { Grid.Column($0, .right) }
    var coins = 0.0
    let rows = outcome.course.months.enumerated().map { index, month in
      coins += month.netCoins
      return [
        "\(index + 1)", Amount.number(month.revenue), Amount.number(month.energyCost),
        Amount.number(month.fixedCost), Amount.number(outcome.course.cash[index + 1]),
        Amount.number(cumulative[index + 1]), Plain.number(coins),
        Plain.fixed(month.hours, places: 0),
      ].map { Grid.Cell($0) }
    }
    return Grid(columns: columns, rows: rows)
  }
}

/// Pictures of a purchase as inline SVG, in the page's own colours.
enum PurchasePicture {
  enum Series {
    case bars([Double], line: [Double])
    case lines([[Double]])

    var all: [[Double]] {
      switch self {
      case .bars(let bars, let line): [bars, line]
      case .lines(let lines): lines
      }
    }
  }

  static let style: StaticString = """
    .answer { border-left: .3rem solid var(--accent); padding: .1rem 1rem; font-size: 1.08rem; margin: 1rem 0; }
    svg text { fill: var(--text); font: 12px system-ui, "DejaVu Sans", sans-serif; }
    svg .axis { stroke: var(--faint); stroke-width: 1; } svg .net { stroke: var(--line); stroke-width: 1; }
    svg .bar { fill: var(--accent); opacity: .55; } svg .bar.bad { fill: var(--bad); }
    svg .one { stroke: var(--accent); } svg .two { stroke: var(--doubt); stroke-dasharray: 6 4; }
    svg .one, svg .two { fill: none; stroke-width: 2.2; }
    svg .mark { stroke: var(--faint); stroke-dasharray: 2 3; } svg .small { font-size: 11px; }
    .key { display: inline-block; width: 1.6rem; height: 0; border-top: 3px solid var(--accent); margin: 0 .4rem .2rem 0; }
    .key.second { border-top: 3px dashed var(--doubt); margin-left: 1.2rem; }
    .heat td, .heat th { text-align: right; } .heat { border-collapse: collapse; }
    .scroll { overflow-x: auto; }
    .heat .p1 { background: color-mix(in srgb, var(--good) 14%, transparent); }
    .heat .p2 { background: color-mix(in srgb, var(--good) 28%, transparent); }
    .heat .p3 { background: color-mix(in srgb, var(--good) 44%, transparent); }
    .heat .n1 { background: color-mix(in srgb, var(--bad) 12%, transparent); }
    .heat .n2 { background: color-mix(in srgb, var(--bad) 24%, transparent); }
    .heat .n3 { background: color-mix(in srgb, var(--bad) 38%, transparent); }
    @media (max-width: 66rem) { figure .drawn { min-width: 0; } }
    @media (max-width: 40rem) { svg text { font-size: 22px; } svg .one, svg .two { stroke-width: 3.5; }
      .heat td, .heat th { padding: .3rem .2rem; font-size: .88rem; } }

    """

  private static let width = 760.0
  private static let height = 320.0
  // On a phone all this is shown at half its size and the words at nearly all of theirs: the margins hold both.
  private static let left = 86.0
  private static let right = 14.0
  private static let top = 50.0
  private static let bottom = 54.0

  private struct Scale {
    let low: Double
    let high: Double
    let count: Int

    func x(_ index: Double) -> Double {
      left + (width - left - right) * (index + 0.5) / Double(max(1, count))
    }

    func y(_ value: Double) -> Double {
      top + (height - top - bottom) * (high - value) / (high - low)
    }

    /// Round steps of about five lines.
    var ticks: [Double] {
      let step = PurchasePicture.roundUp((high - low) / 5)
      var ticks: [Double] = []
      var at = (low / step).rounded(.up) * step
      while at <= high + step * 1e-9 {
        ticks.append(abs(at) < step * 1e-9 ? 0 : at)
        at += step
      }
      return ticks
    }
  }

  /// The next number of 1, 2 and 5 times a power of ten.
  private static func roundUp(_ step: Double) -> Double {
    var power = 1.0
    while power > step { power /= 10 }
    while power * 10 <= step { power *= 10 }
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= step } ?? power * 10
  }

  static func figure(
    _ caption: String, _ series: Series, marks: [(month: Double, word: String)], legend: [String]
  ) -> HTML {
    let values: [Double] = Array(series.all.joined()) + [0]
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    let span = high > low ? high - low : 1
    let scale = Scale(
      low: low < 0 ? low - span * 0.04 : 0, high: high + span * 0.04,
      count: series.all.map(\.count).max() ?? 1)
    var parts = axes(scale)
    for (index, mark) in marks.enumerated() {
      let x = scale.x(mark.month)
      parts.append(line("mark", x, top, x, height - bottom))
      // Words of neighbours stand at two heights.
      parts.append(
        text(
          mark.word, x + 3, top - 28 + Double(index % 2) * 20,
          anchor: x > width - 110 ? "end" : "start"))
    }
    switch series {
    case .bars(let bars, let cumulative):
      let wide = max(1, (width - left - right) / Double(scale.count) * 0.7)
      for (index, value) in bars.enumerated() {
        let (upper, lower) = (scale.y(max(0, value)), scale.y(min(0, value)))
        parts.append(
          box(
            value < 0 ? "bar bad" : "bar", scale.x(Double(index)) - wide / 2, upper, wide,
            max(0.5, lower - upper)))
      }
      parts.append(polyline("one", cumulative, scale))
    case .lines(let lines):
      for (values, name) in zip(lines, ["one", "two"]) {
        parts.append(polyline(name, values, scale))
      }
    }
    let keys: [HTML] = legend.enumerated().map { index, name in
      .element("span", [("class", index == 0 ? "key" : "key second")]) + .text(name)
    }
    let isBars: Bool = if case .bars = series { true } else { false }
    return .element(
      "figure", [], svg(caption, height: height, parts),
      .element(
        "figcaption", [],
        .text(caption + ". "), isBars ? .empty : .joined(keys)))
  }

  private static func axes(_ scale: Scale) -> [HTML] {
    var parts = scale.ticks.flatMap { tick -> [HTML] in
      let y = scale.y(tick)
      return [
        line(tick == 0 ? "axis" : "net", left, y, width - right, y),
        text(Plain.number(tick), left - 6, y + 4, anchor: "end"),
      ]
    }
    let step = max(1, Int((Double(scale.count) / 9).rounded(.up)))
    for month in stride(from: 0, to: scale.count, by: step) {
      parts.append(text("\(month)", scale.x(Double(month)), height - bottom + 22, anchor: "middle"))
    }
    parts.append(text("month", width - right, height - 8, anchor: "end"))
    return parts
  }

  static func tornado(_ rows: [(name: String, low: Double, high: Double)], center: Double) -> HTML {
    let values = rows.flatMap { [$0.low, $0.high] } + [center]
    guard let low = values.min(), let high = values.max(), high > low else { return .empty }
    let rowHeight = 34.0
    let tall = 46 + rowHeight * Double(rows.count)
    let start = 330.0
    func x(_ value: Double) -> Double {
      start + (width - start - 20) * (value - low) / (high - low)
    }
    var parts: [HTML] = []
    for (index, row) in rows.enumerated() {
      let y = 12 + rowHeight * Double(index)
      let (first, second) = (min(row.low, row.high), max(row.low, row.high))
      parts.append(text(row.name, start - 10, y + 14, anchor: "end"))
      parts.append(box("bar", x(first), y, max(1, x(second) - x(first)), 18))
    }
    parts.append(line("axis", x(center), 4, x(center), tall - 24))
    for value in [low, center, high] {
      let anchor = value == low ? "start" : value == high ? "end" : "middle"
      parts.append(text(Amount.number(value), x(value), tall - 8, anchor: anchor))
    }
    return .element(
      "figure", [],
      svg("Present value with one input at its low and its high end", height: tall, parts),
      .element(
        "figcaption", [], .text("The line is the first scenario itself; the table is below.")))
  }

  static func heat(_ grid: Grid, _ values: [[Double]]) -> HTML {
    let most = values.joined().map { Swift.abs($0) }.max() ?? 1
    func level(_ value: Double) -> String {
      let size = Swift.abs(value) / most
      let step = size > 0.5 ? 3 : size > 0.15 ? 2 : 1
      return "\(value < 0 ? "n" : "p")\(step)"
    }
    let head = HTML.element(
      "tr", [], .joined(grid.columns.map { .element("th", [("scope", "col")], .text($0.title)) }))
    let rows = zip(grid.rows, values).map { row, numbers -> HTML in
      let cells = zip(row.dropFirst(), numbers).map {
        HTML.element("td", [("class", level($1))], .text($0.text))
      }
      return .element(
        "tr", [], .element("th", [("scope", "row")], .text(row.first?.text ?? "")), .joined(cells))
    }
    return .element(
      "div", [("class", "scroll")],
      .element(
        "table", [("class", "heat")], .element("thead", [], head),
        .element("tbody", [], .joined(rows))))
  }

  // MARK: - Marks

  private static func svg(_ title: String, height: Double, _ parts: [HTML]) -> HTML {
    let attributes: [(StaticString, String)] = [
      ("class", "drawn"), ("viewBox", "0 0 \(number(width)) \(number(height))"), ("role", "img"),
      ("aria-label", title),
      ("xmlns", "http://www.w3.org/2000/svg"),
    ]
    return .element("svg", attributes, .joined(parts, separator: "\n"))
  }

  private static func box(
    _ name: String, _ x: Double, _ y: Double, _ wide: Double, _ tall: Double
  ) -> HTML {
    let attributes: [(StaticString, String)] = [
      ("class", name), ("x", number(x)), ("y", number(y)), ("width", number(wide)),
      ("height", number(tall)),
    ]
    return .element("rect", attributes)
  }

  private static func line(
    _ name: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double
  ) -> HTML {
    let attributes: [(StaticString, String)] = [
      ("class", name), ("x1", number(x1)), ("y1", number(y1)), ("x2", number(x2)),
      ("y2", number(y2)),
    ]
    return .element("line", attributes)
  }

  private static func text(_ words: String, _ x: Double, _ y: Double, anchor: String) -> HTML {
    let attributes: [(StaticString, String)] = [
      ("x", number(x)), ("y", number(y)), ("text-anchor", anchor),
    ]
    return .element("text", attributes, .text(words))
  }

  private static func polyline(_ name: String, _ values: [Double], _ scale: Scale) -> HTML {
    let points = values.enumerated().map {
      "\(number(scale.x(Double($0.offset)))),\(number(scale.y($0.element)))"
    }
    let attributes: [(StaticString, String)] = [
      ("class", name), ("points", points.joined(separator: " ")),
    ]
    return .element("polyline", attributes)
  }

  private static func number(_ value: Double) -> String { DecimalText.fixed(value, decimals: 1) }
}
