package import Model
internal import Text

/// How near kernels come to what a core, or a device behind a driver, can do at most.
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

  /// The table of a device behind a driver; nil where none of its kernels was measured.
  package static func grid(_ roofline: DeviceRoofline) -> Grid? {
    guard !roofline.kernels.isEmpty else { return nil }
    return Grid(
      title: "\(roofline.device) while a launch runs, against what it can do at most",
      columns: [
        Grid.Column("algorithm"), Grid.Column("kernel"),
        Grid.Column("bound", .right, dropping: .early(0)), Grid.Column("measured", .right),
        Grid.Column("reached", .right), Grid.Column("bound by", mayBeShared: true),
      ],
      rows: roofline.kernels.map { kernel in
        [
          Grid.Cell(kernel.algorithm.rawValue), Grid.Cell(kernel.kernel.rawValue),
          Grid.Cell(
            kernel.bound.value.map { RateText.text(Rate(perSecond: $0, unit: kernel.unit)) } ?? "-"
          ),
          Grid.Cell(RateText.text(Rate(perSecond: kernel.measured, unit: kernel.unit))),
          Grid.Cell(
            kernel.reached.map { fraction(reached: $0, spread: kernel.spread) } ?? "-"),
          Grid.Cell(kernel.boundBy ?? "no bound"),
        ]
      })
  }

  /// One line for each reason why kernels have no bound.
  package static func reasons(_ roofline: DeviceRoofline) -> [String] {
    var kernels: [String: [String]] = [:]
    var order: [String] = []
    for kernel in roofline.kernels {
      guard case .unavailable(let reason) = kernel.bound else { continue }
      if kernels[reason.message] == nil { order.append(reason.message) }
      kernels[reason.message, default: []].append("\(kernel.algorithm)/\(kernel.kernel)")
    }
    return order.map { message in
      "no bound of \((kernels[message] ?? []).joined(separator: ", ")): \(message)"
    }
  }

  /// All that was measured of a device behind a driver: its throughput of each operation, and the kernels.
  package static func whole(_ roofline: DeviceRoofline, _ style: TextStyle) -> String {
    GridLayout.text(throughputs(roofline), style) + text(roofline, style)
  }

  /// The table of a device and why there is no bound, an empty line before it.
  private static func text(_ roofline: DeviceRoofline, _ style: TextStyle) -> String {
    guard let grid = grid(roofline) else { return "" }
    return "\n" + GridLayout.text(grid, style)
      + reasons(roofline).flatMap { DisplayText.wrapped($0, to: style.width) }.map { $0 + "\n" }
      .joined()
  }

  /// One row for each kind of operation, one column for each route and width.
  private static func throughputs(_ roofline: DeviceRoofline) -> Grid {
    func column(_ throughput: DeviceRoofline.Throughput) -> String {
      throughput.lanes == 1 ? throughput.route : "\(throughput.route) by \(throughput.lanes)"
    }
    func unique(_ all: [String]) -> [String] {
      all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    let columns = unique(roofline.throughputs.map(column))
    let operations = unique(roofline.throughputs.map(\.operation))
    return Grid(
      title: "operations of \(roofline.device) on words of 32 bits",
      columns: [Grid.Column("operation")] + columns.map { Grid.Column($0, .right) },
      rows: operations.map { operation in
        [Grid.Cell(operation)]
          + columns.map { name in
            let found = roofline.throughputs.first {
              $0.operation == operation && column($0) == name
            }
            return Grid.Cell(
              found.map {
                QuantityText.text($0.perSecond, unit: $0.operation == "copy" ? "B/s" : "op/s")
              } ?? "-")
          }
      })
  }

  /// `ops/hash`, or `ops/unit` where kernels count different things.
  package static func operationsTitle(_ units: [WorkUnit]) -> String {
    "ops/\(Set(units).shared?.rawValue ?? "unit")"
  }

  /// The tables as text, an empty line before each; empty when no roofline was measured.
  package static func text(_ result: RunResult, _ style: TextStyle) -> String {
    (grid(result.roofline).map { "\n" + GridLayout.text($0, style) } ?? "")
      + result.deviceRooflines.map { text($0, style) }.joined()
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
