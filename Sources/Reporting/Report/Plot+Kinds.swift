internal import Analysis
internal import Glibc

extension Plot {
  /// One bar of a chart.
  struct Bar {
    let label: String
    let value: Bounded
    var look = Look.solid

    /// How a bar is drawn: what was measured solid, a claim hollow, the one that the page is about in its own colour.
    enum Look: CaseIterable {
      case solid
      case hollow
      case own

      var style: String {
        switch self {
        case .solid: "fillstyle solid 0.75 noborder linecolor rgb \"\(colours[0])\""
        case .hollow: "fillstyle empty border linewidth 1.4 linecolor rgb \"\(colours[0])\""
        case .own: "fillstyle solid 0.85 noborder linecolor rgb \"\(colours[1])\""
        }
      }
    }
  }

  /// A line or a cloud of points.
  struct Curve {
    let label: String
    let points: [(x: Double, y: Double)]
  }

  /// Beyond this ratio the shorter bars of a chart could not be seen.
  private static let greatestRatio = 200.0

  /// Where the bars of a logarithmic axis begin: the power of ten below all of them; nil for an axis from 0.
  private static func logarithmicStart(_ bars: [Bar]) -> Double? {
    let values = bars.map(\.value.value)
    guard let least = values.min(), let greatest = values.max(), least > 0,
      greatest > greatestRatio * least
    else { return nil }
    let lowest = bars.compactMap(\.value.lower).filter { $0 > 0 }.min() ?? least
    return pow(10, floor(log10(min(least, lowest))))
  }

  /// A logarithmic axis of bars with about five numbers on it.
  private static func decades(_ start: Double, _ values: [Double]) -> String {
    let count = log10((values.max() ?? start) / start)
    let step = pow(10, max(1, (count / 5).rounded(.up)))
    return "set logscale x\nset format x \"%g\"\nset xtics \(number(start)),\(number(step))"
  }

  /// Horizontal bars with error bars, the first on top; nil for one bar, which compares nothing.
  ///
  /// Where one is hundreds of times another, as a miner beside a processor, the axis is logarithmic and says so.
  static func bars(_ bars: [Bar], title: String, unit: String) -> Plot? {
    guard bars.count >= 2 else { return nil }
    let (divisor, prefix) = scale(bars.map(\.value.value))
    let logarithmic = logarithmicStart(bars).map { $0 / divisor }
    let start = logarithmic.map(number) ?? "0"
    func line(_ index: Int, _ bar: Bar) -> String {
      let value = bar.value.value / divisor
      let low = (bar.value.lower ?? bar.value.value) / divisor
      let high = (bar.value.upper ?? bar.value.value) / divisor
      return "\(number(value)) \(index) \(number(low)) \(number(high))"
    }
    let looks = Bar.Look.allCases.filter { look in bars.contains { $0.look == look } }
    let blocks = looks.enumerated().map { number, look in
      let lines = bars.enumerated().filter { $1.look == look }.map { line($0, $1) }
      return "$data\(number) << END\n\(lines.joined(separator: "\n"))\nEND"
    }
    let plots = looks.enumerated().flatMap { number, look in
      [
        "$data\(number) using (\(start)):2:(\(start)):1:($2-0.33):($2+0.33) with boxxyerror \(look.style)",
        "$data\(number) using 1:2:3:4 with xerrorbars pointtype 0 linewidth 1.6 "
          + "linecolor rgb \"\(SVGText.inkSentinel)\"",
      ]
    }
    let tics = bars.enumerated().map { "\"\(label($1.label))\" \($0)" }.joined(separator: ", ")
    let widest = bars.map { Swift.min(60, $0.label.count) }.max() ?? 10
    return Plot(
      title: title + (logarithmic == nil ? "" : ", logarithmic"), height: 90 + 34 * bars.count,
      body: """
        \(blocks.joined(separator: "\n"))
        set lmargin \(widest + 2)
        set rmargin 3
        set xlabel "\(label(prefix + unit))"
        \(logarithmic.map { decades($0, bars.map { $0.value.value / divisor }) } ?? "")
        set xrange [\(start):*]
        set yrange [\(bars.count).0 - 0.4:-0.6]
        set ytics (\(tics)) scale 0
        unset grid
        set grid xtics linecolor rgb "#808080" linewidth 0.4
        unset key
        plot \(plots.joined(separator: ", \\\n  "))
        """)
  }

  /// Curves over time or threads; nil when no curve has two points.
  ///
  /// `isProportional` adds the line that the first point would give.
  static func curves(
    _ curves: [Curve], title: String, xLabel: String, unit: String, isLogarithmic: Bool = false,
    isProportional: Bool = false
  ) -> Plot? {
    let drawn = curves.filter { $0.points.count >= 2 }
    guard !drawn.isEmpty else { return nil }
    let (divisor, prefix) = scale(drawn.flatMap { $0.points.map(\.y) })
    let blocks = drawn.enumerated().map { index, curve in
      "$data\(index) << END\n"
        + curve.points.map { "\(number($0.x)) \(number($0.y / divisor))" }.joined(separator: "\n")
        + "\nEND"
    }
    var plots = drawn.enumerated().map { index, curve in
      "$data\(index) using 1:2 with linespoints pointtype 7 pointsize 0.4 linewidth 1.6 "
        + "linecolor rgb \"\(colours[index % colours.count])\" title \"\(label(curve.label))\""
    }
    if isProportional, let first = drawn.first?.points.first, first.x > 0 {
      plots.append(
        "\(number(first.y / divisor / first.x))*x with lines dashtype 2 linecolor rgb \"#808080\" "
          + "title \"proportional\"")
    }
    return Plot(
      title: title, height: 340,
      body: """
        \(blocks.joined(separator: "\n"))
        set xlabel "\(label(xLabel))"
        set ylabel "\(label(prefix + unit))"
        set key outside below
        \(isLogarithmic ? "set logscale y" : "set yrange [0:*]")
        plot \(plots.joined(separator: ", \\\n  "))
        """)
  }

  /// Groups of upright bars, one colour a member; nil with fewer than two groups.
  static func groups(
    _ groups: [(label: String, values: [Double?])], members: [String], title: String, unit: String
  ) -> Plot? {
    guard groups.count >= 2 else { return nil }
    let (divisor, prefix) = scale(groups.flatMap { $0.values.compactMap(\.self) })
    let lines = groups.map { group in
      "\"\(label(group.label))\" "
        + group.values.map { $0.map { number($0 / divisor) } ?? "NaN" }.joined(separator: " ")
    }
    let plots = members.enumerated().map { index, member in
      "$data using \(index + 2)\(index == 0 ? ":xtic(1)" : "") title \"\(label(member))\" "
        + "linecolor rgb \"\(colours[index % colours.count])\""
    }
    return Plot(
      title: title, height: 340,
      body: """
        $data << END
        \(lines.joined(separator: "\n"))
        END
        set style data histograms
        set style histogram clustered gap 1.5
        set style fill solid 0.8 noborder
        set ylabel "\(label(prefix + unit))"
        set yrange [0:*]
        set xtics scale 0
        unset grid
        set grid ytics linecolor rgb "#808080" linewidth 0.4
        set key outside below
        plot \(plots.joined(separator: ", \\\n  "))
        """)
  }

  /// Areas upon one another over time, the first at the bottom, with spans of time shaded; nil without two instants.
  static func areas(
    _ names: [String], _ points: [(x: Double, layers: [Double])],
    shaded: [(from: Double, to: Double)], title: String, unit: String
  ) -> Plot? {
    guard points.count >= 2, !names.isEmpty else { return nil }
    let sums = points.map { point in
      (x: point.x, tops: point.layers.indices.map { point.layers[...$0].reduce(0, +) })
    }
    let lines = sums.map { "\(number($0.x)) " + $0.tops.map(number).joined(separator: " ") }
    // The highest first: what is drawn later covers it.
    let plots = names.indices.reversed().map { index in
      "$data using 1:\(index + 2) with filledcurves x1 fillstyle solid 0.8 noborder "
        + "linecolor rgb \"\(colours[index % colours.count])\" title \"\(label(names[index]))\""
    }
    let rectangles = shaded.enumerated().map { index, span in
      "set object \(index + 1) rectangle from \(number(span.from)), graph 0 to \(number(span.to)), graph 1 "
        + "behind fillcolor rgb \"#808080\" fillstyle solid 0.25 noborder"
    }
    return Plot(
      title: title, height: 340,
      body: """
        $data << END
        \(lines.joined(separator: "\n"))
        END
        \(rectangles.joined(separator: "\n"))
        set xlabel "seconds"
        set ylabel "\(label(unit))"
        set xrange [\(number(sums[0].x)):\(number(sums[sums.count - 1].x))]
        set yrange [0:*]
        set key outside below
        plot \(plots.joined(separator: ", \\\n  "))
        """)
  }

  /// What an axis has room for at least: 1 % of its values, so that labels differ and noise of a millionth is no mountain.
  private static func range(_ values: [Double]) -> String {
    guard let least = values.min(), let most = values.max(), most - least < 0.01 * abs(most) else {
      return "*:*"
    }
    let middle = (least + most) / 2
    return "\(number(middle - 0.005 * abs(middle))):\(number(middle + 0.005 * abs(middle)))"
  }

  /// Two panels over one time axis, neither from zero: the change is what they are drawn for; nil when no curve of
  /// the upper one has two points.
  static func panels(
    _ upper: [Curve], _ upperLabel: String, _ lower: [Curve], _ lowerLabel: String, title: String
  ) -> Plot? {
    let above = upper.filter { $0.points.count >= 2 }
    let below = lower.filter { $0.points.count >= 2 }
    guard !above.isEmpty else { return nil }
    let panels = [(above, upperLabel)] + (below.isEmpty ? [] : [(below, lowerLabel)])
    let all = (above + below).flatMap { $0.points.map(\.x) }
    let blocks = panels.enumerated().flatMap { panel, content in
      content.0.enumerated().map { index, curve in
        "$p\(panel)c\(index) << END\n"
          + curve.points.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "\n")
          + "\nEND"
      }
    }
    let drawn = panels.enumerated().map { panel, content -> String in
      let plots = content.0.enumerated().map { index, curve in
        "$p\(panel)c\(index) using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 1.6 "
          + "linecolor rgb \"\(colours[index % colours.count])\" "
          + "title \"\(label(curve.label))\""
      }
      return """
        set ylabel "\(label(content.1))"
        set yrange [\(range(content.0.flatMap { $0.points.map(\.y) }))]
        \(panel == panels.count - 1 ? "set xlabel \"seconds\\n\"" : "unset xlabel")
        plot \(plots.joined(separator: ", \\\n  "))
        """
    }
    return Plot(
      title: title, height: below.isEmpty ? 340 : 560,
      body: """
        \(blocks.joined(separator: "\n"))
        set lmargin 12
        set xrange [\(number(all.min() ?? 0)):\(number(all.max() ?? 1))]
        set offsets graph 0.02, graph 0.02, graph 0.1, graph 0.1
        set key outside below
        set multiplot layout \(panels.count),1
        \(drawn.joined(separator: "\n"))
        unset multiplot
        """)
  }
}
