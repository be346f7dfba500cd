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
        Grid.Column(
          operationsTitle(roofline.kernels.map(\.unit)), .right, dropping: .early(0)),
        Grid.Column("bound", .right, dropping: .early(1)), Grid.Column("measured", .right),
        Grid.Column("reached", .right), Grid.Column("bound by", mayBeShared: true),
      ],
      rows: roofline.kernels.map { kernel in
        [
          Grid.Cell(kernel.algorithm.rawValue), Grid.Cell(kernel.kernel.rawValue),
          Grid.Cell(
            kernel.operationsPerUnit.map { DecimalText.fixed($0, decimals: 0) } ?? "-"),
          Grid.Cell(
            kernel.bound.value.map { RateText.text(Rate(perSecond: $0, unit: kernel.unit)) } ?? "-"
          ),
          Grid.Cell(RateText.text(Rate(perSecond: kernel.measured, unit: kernel.unit))),
          Grid.Cell(
            kernel.reached.map { fraction(reached: $0, spread: kernel.spread) } ?? "-"),
          Grid.Cell(kernel.boundBy ?? "-"),
        ]
      })
  }

  /// All that was measured: the core's clock, its operations a cycle, and the kernels.
  package static func whole(_ roofline: CoreRoofline, _ style: TextStyle) -> String {
    "core clock \(QuantityText.text(roofline.clock, unit: "Hz")) on CPU \(roofline.cpu), by a chain of additions\n\n"
      + GridLayout.text(throughputs(roofline), style)
      + (grid(roofline).map { "\n" + GridLayout.text($0, style) } ?? "")
  }

  /// One row for each kind of operation, one column for each width of register.
  private static func throughputs(_ roofline: CoreRoofline) -> Grid {
    let widths = Set(roofline.throughputs.map(\.vectorBits)).sorted()
    var operations: [String] = []
    for throughput in roofline.throughputs where !operations.contains(throughput.operation) {
      operations.append(throughput.operation)
    }
    return Grid(
      title: "operations a cycle",
      columns: [Grid.Column("operation")] + widths.map { Grid.Column("\($0) bit", .right) },
      rows: operations.map { operation in
        [Grid.Cell(operation)]
          + widths.map { width in
            let found = roofline.throughputs.first {
              $0.operation == operation && $0.vectorBits == width
            }
            return Grid.Cell(found.map { DecimalText.fixed($0.perCycle, decimals: 2) } ?? "-")
          }
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
