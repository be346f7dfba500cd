package import Analysis
internal import Model
internal import Text

/// A series as a picture: each run with its interval, each level as a line, each change as a step between two.
///
/// Drawn here and not by gnuplot, so that a site and a report have it on every machine.
struct TrendChart {
  private static let width = 900.0
  private static let height = 260.0
  private static let margin = (left: 74.0, right: 16.0, top: 26.0, bottom: 34.0)
  /// Fewer runs are told in words.
  static let leastPoints = 3

  private let series: TrendSeries
  /// What 0 % stands for: the median of the first level.
  private let norm: Double
  private let low: Double
  private let high: Double

  /// Nil for too few runs.
  init?(_ series: TrendSeries) {
    guard series.points.count >= Self.leastPoints, let norm = series.levels.first?.median, norm > 0
    else { return nil }
    self.series = series
    self.norm = norm
    // The interval of a run that stands out would flatten all others; it is cut off at the edge instead.
    let values = series.points.flatMap { point in
      point.isOutlier
        ? [point.value] : [point.value, point.lower, point.upper].compactMap(\.self)
    }.map { $0 / norm - 1 }
    let ends = (values.min() ?? 0, values.max() ?? 0)
    let room = max(0.002, (ends.1 - ends.0) * 0.08)
    low = ends.0 - room
    high = ends.1 + room
  }

  /// Pictures of all series that have some runs, with what is to be said of each; empty where none has.
  static func section(_ series: [TrendSeries]) -> HTML {
    let parts = series.compactMap { series -> HTML? in
      guard let chart = TrendChart(series) else { return nil }
      return chart.html + (series.levels.count > 1 ? .grid(series.grid) : .empty)
        + .notes(series.remarks)
    }
    guard !parts.isEmpty else { return .empty }
    return .element("h2", [], .text("Over time")) + .joined(parts, separator: "\n")
  }

  /// The picture in a figure of its own.
  var html: HTML {
    let box = "0 0 \(Int(Self.width)) \(Int(Self.height))"
    let caption = "\(series.title); 0 % is \(series.text(norm)), bars are 95 % intervals"
    let marks: [HTML] = grid + levels + series.points.indices.map { run($0) } + ends
    let drawing = HTML.element(
      "svg", HTML.attributes(["viewBox": box, "role": "img", "aria-label": caption]),
      .joined(marks, separator: "\n"))
    return .element(
      "figure",
      HTML.attributes([
        "class": "trend", "role": "group", "tabindex": "0", "aria-label": caption,
      ]), .element("figcaption", [], .text(caption)), drawing)
  }

  // MARK: - Places

  private func x(_ index: Double) -> Double {
    let width = Self.width - Self.margin.left - Self.margin.right
    return Self.margin.left + (index + 0.5) / Double(series.points.count) * width
  }

  private func y(_ value: Double) -> Double {
    let share = (min(max(value / norm - 1, low), high) - low) / (high - low)
    return Self.height - Self.margin.bottom
      - share * (Self.height - Self.margin.top - Self.margin.bottom)
  }

  // MARK: - Parts

  private func run(_ index: Int) -> HTML {
    let point = series.points[index]
    let place = x(Double(index))
    let bar: HTML
    if let lower = point.lower, let upper = point.upper {
      bar = line(place, y(lower), place, y(upper), "bar")
    } else {
      bar = .empty
    }
    let halfWidth = point.lower.map { point.value - $0 }
    let words =
      "\(point.key): \(series.text(point.value, halfWidth: halfWidth)), "
      + "\(DecimalText.percentChange(point.value / norm))" + (point.isOutlier ? ", stands out" : "")
    return bar
      + .element(
        "circle",
        HTML.attributes([
          "cx": number(place), "cy": number(y(point.value)), "r": "4",
          "class": point.isOutlier ? "outlier" : "run",
        ]), .element("title", [], .text(words)))
  }

  private var levels: [HTML] {
    series.levels.flatMap { level -> [HTML] in
      let from = x(Double(level.range.lowerBound) - 0.5)
      let to = x(Double(level.range.upperBound) - 0.5)
      var parts: [HTML] = []
      if !series.drifts.contains(level.range) {
        parts.append(line(from, y(level.median), to, y(level.median), "level"))
      }
      if let change = level.change {
        parts.append(
          line(from, Self.margin.top, from, Self.height - Self.margin.bottom, "change"))
        parts.append(
          text(
            from, Self.margin.top - 8, "middle",
            DecimalText.percent(change, decimals: 1, signed: true)))
      }
      return parts
    }
  }

  /// Lines at round percentages.
  private var grid: [HTML] {
    let step =
      [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].first { (high - low) / $0 <= 6 } ?? 1
    let first = Int((low / step).rounded(.up))
    let last = Int((high / step).rounded(.down))
    guard first <= last, last - first < 100 else { return [] }
    return (first...last).flatMap { number -> [HTML] in
      let share = Double(number) * step
      let place = y(norm * (1 + share))
      return [
        line(Self.margin.left, place, Self.width - Self.margin.right, place, "grid"),
        text(
          Self.margin.left - 8, place + 4, "end",
          DecimalText.percent(share, decimals: step < 0.01 ? 1 : 0, signed: true)),
      ]
    }
  }

  private var ends: [HTML] {
    guard let first = series.points.first, let last = series.points.last else { return [] }
    let place = Self.height - 10
    return [
      text(Self.margin.left, place, "start", String(first.key.prefix(60))),
      text(Self.width - Self.margin.right, place, "end", String(last.key.prefix(60))),
    ]
  }

  // MARK: - Marks

  private func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ name: String
  ) -> HTML {
    .element(
      "line",
      HTML.attributes([
        "x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2), "class": name,
      ]))
  }

  private func text(_ x: Double, _ y: Double, _ anchor: String, _ words: String) -> HTML {
    .element(
      "text", HTML.attributes(["x": number(x), "y": number(y), "text-anchor": anchor]),
      .text(words))
  }

  private func number(_ value: Double) -> String { DecimalText.fixed(value, decimals: 1) }

  static let style: StaticString = """
    .trend svg { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
    .trend text { fill: var(--faint); font: 12px system-ui, sans-serif; } .trend .grid { stroke: var(--line); }
    .trend .bar { stroke: var(--faint); stroke-width: 1.4; } .trend .run { fill: var(--accent); }
    .trend .outlier { fill: none; stroke: var(--doubt); stroke-width: 2; }
    .trend .level { stroke: var(--accent); stroke-width: 2; stroke-opacity: .5; }
    .trend .change { stroke: var(--bad); stroke-dasharray: 4 4; }

    """
}

/// For browsers: every series as a picture.
package struct HTMLTrend: TrendFormat {
  package init() {}
  package let name: String = "html"
  package let summary: String = "one page with pictures, no scripts, nothing loaded from elsewhere"

  package func render(_ report: TrendReport, _ style: TextStyle) -> String {
    let title = "Hashes per joule over time"
    let few = report.series.filter { TrendChart($0) == nil }
    let body =
      HTML.element("h1", [], .text(title))
      + .element("p", [("class", report.passes ? "good" : "bad")], .text(report.conclusion))
      + TrendChart.section(report.series)
      + .notes(few.flatMap { series in series.remarks.map { "\(series.title): \($0)" } })
      + .notes(report.notes)
    return HTMLPage(
      title: title, body: .element("main", [], body), extraStyles: [TrendChart.style]
    ).document
  }
}
