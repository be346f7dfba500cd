internal import Analysis
internal import Glibc
internal import Model
internal import Text
internal import Verification

/// The leaderboard's picture: efficiency against rate, a colour for the years, claims hollow, what was measured solid.
///
/// Drawn here and not by gnuplot, so that each point belongs to a row of the table and is filtered with it.
struct SiteChart {
  /// A row of the table as a point of the picture.
  struct Point {
    let row: Int
    let figure: Figure
    /// Page of the device.
    let address: String
    let isProven: Bool
    let rate: Double
    let workPerJoule: Double
  }

  private static let width = 900.0
  private static let height = 430.0
  private static let margin = (left: 88.0, right: 16.0, top: 14.0, bottom: 46.0)
  /// The last year of each colour but the last.
  private static let years = [2015, 2018, 2021, 2024]

  /// As the table's column has it.
  let work: WorkIdentity
  private let points: [Point]
  private let x: Axis
  private let y: Axis

  /// One picture for each work of which three rows have a rate and an efficiency, that of the most rows first.
  static func all(_ rows: [(entry: SiteEntry, address: String)]) -> [SiteChart] {
    let points = rows.enumerated().compactMap { index, row -> Point? in
      let figure = row.entry.figure
      guard let rate = figure.throughput?.value, rate > 0,
        let efficiency = figure.energy.value?.workPerJoule.value, efficiency > 0
      else { return nil }
      if case .refuted = row.entry.record.proof { return nil }
      let isProven =
        switch row.entry.record.proof {
        case .proven: true
        case .derived(let sharesProven): sharesProven
        default: false
        }
      return Point(
        row: index, figure: figure, address: row.address, isProven: isProven, rate: rate,
        workPerJoule: efficiency)
    }
    return Dictionary(grouping: points) { $0.figure.work }.filter { $0.value.count >= 3 }
      .sorted { ($0.value.count, order($1.key)) > ($1.value.count, order($0.key)) }
      .map { SiteChart($0.key, $0.value.sorted { $0.row < $1.row }) }
  }

  private static func order(_ work: WorkIdentity) -> String { "\(work) \(work.unit.rawValue)" }

  private init(_ work: WorkIdentity, _ points: [Point]) {
    self.work = work
    self.points = points
    x = Axis(points.map(\.rate), from: Self.margin.left, to: Self.width - Self.margin.right)
    y = Axis(
      points.map(\.workPerJoule), from: Self.height - Self.margin.bottom, to: Self.margin.top)
  }

  /// The picture in a figure of its own.
  var html: HTML {
    let title = "\(work): efficiency against rate"
    let box = "0 0 \(Int(Self.width)) \(Int(Self.height))"
    return .element(
      "figure", HTML.attributes(["class": "chart", "data-algorithm": "\(work)"]),
      .element(
        "figcaption", [], .text(title + ", a circle for each row of the table"), legend),
      .element(
        "svg", HTML.attributes(["viewBox": box, "role": "img", "aria-label": title]),
        .joined(axes + points.map(circle), separator: "\n")))
  }

  private func circle(_ point: Point) -> HTML {
    let figure = point.figure
    let kind = figure.provenance == .claimed ? "claim" : point.isProven ? "proven" : "measured"
    let year = figure.source.year.map { " \($0)" } ?? ""
    let words =
      "\(figure.deviceName): \(figure.throughputText), \(figure.efficiencyText(.workPerJoule)), "
      + "\(figure.efficiencyText(.joulesPerWork)), \(figure.provenance.rawValue)\(year)"
    let circle = HTML.element(
      "circle",
      HTML.attributes([
        "cx": Self.number(x.place(point.rate)), "cy": Self.number(y.place(point.workPerJoule)),
        "r": "5", "class": "\(kind) y\(Self.colour(figure))",
      ]), .element("title", [], .text(words)))
    // The table has the same links: the keyboard need not go through every circle as well.
    return .element(
      "a",
      HTML.attributes([
        "href": point.address, "tabindex": "-1", "data-row": "\(point.row)",
      ]), circle)
  }

  private static func colour(_ figure: Figure) -> Int {
    guard let year = figure.source.year else { return years.count }
    return years.firstIndex { year <= $0 } ?? years.count
  }

  private var legend: HTML {
    var last = 0
    let spans = (Self.years + [.max]).enumerated().map { index, year -> HTML in
      let text =
        index == 0
        ? "to \(year)"
        : year == .max ? "later" : last + 1 == year ? "\(year)" : "\(last + 1) to \(year)"
      last = year
      return .element(
        "span", HTML.attributes(["class": "key y\(index)"]),
        .element("span", [("class", "dot")], .empty),
        .text(text))
    }
    return .element(
      "span", [("class", "legend")], .joined(spans),
      .element("span", [("class", "key")], .text("hollow: claimed; half: measured; full: proven")))
  }

  private var axes: [HTML] {
    let bottom = Self.height - Self.margin.bottom
    let right = Self.width - Self.margin.right
    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> HTML {
      .element(
        "line",
        HTML.attributes([
          "x1": Self.number(x1), "y1": Self.number(y1), "x2": Self.number(x2),
          "y2": Self.number(y2), "class": "grid",
        ]))
    }
    func text(_ x: Double, _ y: Double, _ anchor: String, _ words: String) -> HTML {
      .element(
        "text", HTML.attributes(["x": Self.number(x), "y": Self.number(y), "text-anchor": anchor]),
        .text(words))
    }
    let columns = x.ticks.flatMap { value in
      let place = x.place(value)
      return [
        line(place, Self.margin.top, place, bottom),
        text(place, bottom + 18, "middle", QuantityText.round(value, unit: work.unit.perSecond)),
      ]
    }
    let rows = y.ticks.flatMap { value in
      let place = y.place(value)
      return [
        line(Self.margin.left, place, right, place),
        text(
          Self.margin.left - 8, place + 4, "end",
          QuantityText.round(value, unit: work.unit.perJoule)),
      ]
    }
    return columns + rows + [
      text((Self.margin.left + right) / 2, Self.height - 6, "middle", "rate")
    ]
  }

  private static func number(_ value: Double) -> String { DecimalText.fixed(value, decimals: 1) }

  /// A logarithmic axis over all values, with a decade's part of room at both ends.
  private struct Axis {
    let low: Double
    let high: Double
    let from: Double
    let to: Double

    init(_ values: [Double], from: Double, to: Double) {
      let ends = (log10(values.min() ?? 1), log10(values.max() ?? 10))
      let room = max(0.15, (ends.1 - ends.0) * 0.05)
      low = ends.0 - room
      high = ends.1 + room
      self.from = from
      self.to = to
    }

    func place(_ value: Double) -> Double {
      from + (log10(value) - low) / (high - low) * (to - from)
    }

    /// Powers of ten, every second or third where there are many, and 2 and 5 times them where there are few.
    var ticks: [Double] {
      let decades = Int(low.rounded(.down))...Int(high.rounded(.up))
      let step = max(1, (decades.count + 7) / 8)
      let steps: [Double] = decades.count > 4 ? [1] : [1, 2, 5]
      return decades.filter { $0.isMultiple(of: step) }
        .flatMap { decade in steps.map { $0 * pow(10, Double(decade)) } }
        .filter { log10($0) >= low && log10($0) <= high }
    }
  }

  static let style: StaticString = """
    .chart svg { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
    .chart text { fill: var(--faint); font: 12px system-ui, sans-serif; } .chart .grid { stroke: var(--line); }
    .chart circle { stroke-width: 1.8; } .chart a:hover circle { stroke-width: 4; }
    .chart .claim { fill: none; } .chart .measured { fill-opacity: .35; }
    .y0 { --c: #8a6d3b; } .y1 { --c: #b35900; } .y2 { --c: #7b4fc9; } .y3 { --c: #0b7285; } .y4 { --c: #d6336c; }
    .chart circle { stroke: var(--c); } .chart .proven, .chart .measured { fill: var(--c); }
    .legend { display: inline-flex; flex-wrap: wrap; gap: .2rem .9rem; margin-left: .8rem; }
    .dot { display: inline-block; width: .7em; height: .7em; border: 2px solid var(--c); border-radius: 50%;
      margin-right: .3em; }

    """
}
