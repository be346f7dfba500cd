internal import Analysis
internal import Glibc

extension Plot {
  /// One bar of a chart.
  struct Bar {
    let label: String
    let value: Bounded
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

  /// Horizontal bars with error bars, the first on top; nil without any.
  ///
  /// Where one is hundreds of times another, as a miner beside a processor, the axis is logarithmic and says so.
  static func bars(_ bars: [Bar], title: String, unit: String) -> Plot? {
    guard !bars.isEmpty else { return nil }
    let (divisor, prefix) = scale(bars.map(\.value.value))
    let logarithmic = logarithmicStart(bars).map { $0 / divisor }
    let start = logarithmic.map(number) ?? "0"
    let lines = bars.enumerated().map { index, bar in
      let value = bar.value.value / divisor
      let low = (bar.value.lower ?? bar.value.value) / divisor
      let high = (bar.value.upper ?? bar.value.value) / divisor
      return "\(number(value)) \(index) \(number(low)) \(number(high))"
    }
    let tics = bars.enumerated().map { "\"\(label($1.label))\" \($0)" }.joined(separator: ", ")
    let widest = bars.map { Swift.min(60, $0.label.count) }.max() ?? 10
    return Plot(
      title: title + (logarithmic == nil ? "" : ", logarithmic"), height: 90 + 34 * bars.count,
      body: """
        $data << END
        \(lines.joined(separator: "\n"))
        END
        set lmargin \(widest + 2)
        set rmargin 3
        set xlabel "\(label(prefix + unit))"
        \(logarithmic == nil ? "" : "set logscale x")
        set xrange [\(start):*]
        set yrange [\(bars.count).0 - 0.4:-0.6]
        set ytics (\(tics)) scale 0
        unset grid
        set grid xtics linecolor rgb "#808080" linewidth 0.4
        unset key
        set style fill solid 0.75 noborder
        plot $data using (\(start)):2:(\(start)):1:($2-0.33):($2+0.33) with boxxyerror linecolor rgb "\(colours[0])", \\
          $data using 1:2:3:4 with xerrorbars pointtype 0 linewidth 1.6 linecolor rgb "\(SVGText.inkSentinel)"
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
}
