package import Model
internal import Text

/// How near kernels come to what a core can do at most.
package enum RooflineText {
  /// The table of a result; nil when no roofline was measured.
  package static func grid(_ roofline: CoreRoofline?) -> Grid? {
    guard let roofline, !roofline.kernels.isEmpty else { return nil }
    return Grid(
      title: "one thread on CPU \(roofline.cpu) at \(clock(roofline.kernels)), "
        + "against what its core can do at most",
      columns: [
        Grid.Column("algorithm"), Grid.Column("kernel"),
        Grid.Column(operationsTitle(roofline.kernels.map(\.unit)), .right),
        Grid.Column("bound", .right), Grid.Column("measured", .right),
        Grid.Column("reached", .right),
      ],
      rows: roofline.kernels.map { kernel in
        [
          Grid.Cell(kernel.algorithm.rawValue), Grid.Cell(kernel.kernel.rawValue),
          Grid.Cell(DecimalText.fixed(kernel.operationsPerUnit, decimals: 0)),
          Grid.Cell(RateText.text(Rate(perSecond: kernel.bound, unit: kernel.unit))),
          Grid.Cell(RateText.text(Rate(perSecond: kernel.measured, unit: kernel.unit))),
          Grid.Cell(fraction(reached: kernel.reached, spread: kernel.spread)),
        ]
      })
  }

  /// `ops/hash`, or `ops/unit` where kernels count different things.
  package static func operationsTitle(_ units: [WorkUnit]) -> String {
    "ops/\(Set(units).shared?.rawValue ?? "unit")"
  }

  /// The table as text, an empty line before it; empty when no roofline was measured.
  package static func text(_ result: RunResult, _ style: TextStyle) -> String {
    grid(result.roofline).map { "\n" + GridLayout.text($0, style) } ?? ""
  }

  /// `2.99 GHz`, or the slowest and the fastest where they differ.
  private static func clock(_ kernels: [CoreRoofline.Kernel]) -> String {
    let clocks = kernels.map(\.clock)
    let ends = [clocks.min(), clocks.max()].compactMap(\.self).map {
      DecimalText.fixed($0 * 1e-9, decimals: 2)
    }
    return (Set(ends).count == 1 ? ends[0] : ends.joined(separator: " to ")) + " GHz"
  }

  /// `87.2 ±0.4 %`; the margin is rounded up, so that it never reads 0.
  package static func fraction(reached: Double, spread: Double) -> String {
    let percent = DecimalText.fixed(100 * reached, decimals: 1)
    let margin = (1000 * reached * spread).rounded(.up) / 10
    return "\(percent) ±\(DecimalText.fixed(margin, decimals: 1)) %"
  }
}
