package import Model

/// How near kernels come to what a core can do at most.
package enum RooflineText {
  /// The table of a result; nil when no roofline was measured.
  package static func grid(_ roofline: CoreRoofline?) -> Grid? {
    guard let roofline, !roofline.kernels.isEmpty else { return nil }
    return Grid(
      title: "one thread on CPU \(roofline.cpu) against what its core can do at most",
      columns: [
        Grid.Column("algorithm"), Grid.Column("kernel"), Grid.Column("ops/hash", .right),
        Grid.Column("clock", .right), Grid.Column("bound", .right),
        Grid.Column("measured", .right), Grid.Column("reached", .right),
      ],
      rows: roofline.kernels.map { kernel in
        [
          Grid.Cell(kernel.algorithm.rawValue), Grid.Cell(kernel.kernel.rawValue),
          Grid.Cell(DecimalText.fixed(kernel.operationsPerHash, decimals: 0)),
          Grid.Cell(QuantityText.text(kernel.clock, unit: "Hz")),
          Grid.Cell(QuantityText.text(kernel.bound, unit: "H/s")),
          Grid.Cell(QuantityText.text(kernel.measured, unit: "H/s")),
          Grid.Cell(fraction(reached: kernel.reached, spread: kernel.spread)),
        ]
      })
  }

  /// The table as text, an empty line before it; empty when no roofline was measured.
  package static func text(_ result: RunResult, _ style: TextStyle) -> String {
    grid(result.roofline).map { "\n" + GridLayout.text($0, style) } ?? ""
  }

  /// `87.2 ±0.4 %`.
  package static func fraction(reached: Double, spread: Double) -> String {
    let percent = DecimalText.fixed(100 * reached, decimals: 1)
    return "\(percent) ±\(DecimalText.fixed(100 * reached * spread, decimals: 1)) %"
  }
}
