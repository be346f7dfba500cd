internal import CPUBackend
internal import Kernels
internal import Model
internal import Reporting
internal import Text

/// What `hashwatt kernels --roofline` has to say, before it has a form.
struct RooflineReport {
  private let roofline: Roofline
  private let cpu: Int

  init(_ roofline: Roofline, cpu: Int) {
    self.roofline = roofline
    self.cpu = cpu
  }

  func text(_ style: TextStyle) -> String {
    "core clock \(QuantityText.text(roofline.clock, unit: "Hz")) on CPU \(cpu), by a chain of additions\n\n"
      + GridLayout.text(throughputs, style) + "\n" + GridLayout.text(kernels, style)
  }

  /// One row for each kind of operation, one column for each width of register.
  private var throughputs: Grid {
    let widths = Set(roofline.throughputs.map(\.vectorBits)).sorted()
    let kinds = OperationKind.all.filter { kind in
      roofline.throughputs.contains { $0.kind == kind }
    }
    return Grid(
      title: "operations a cycle",
      columns: [Grid.Column("operation")] + widths.map { Grid.Column("\($0) bit", .right) },
      rows: kinds.map { kind in
        [Grid.Cell(kind.name)]
          + widths.map { width in
            let found = roofline.throughputs.first { $0.kind == kind && $0.vectorBits == width }
            return Grid.Cell(found.map { DecimalText.fixed($0.perCycle, decimals: 2) } ?? "-")
          }
      })
  }

  private var kernels: Grid {
    Grid(
      title: "kernels, one thread",
      columns: [
        Grid.Column("algorithm"), Grid.Column("kernel"),
        Grid.Column(RooflineText.operationsTitle(roofline.rows.map(\.unit)), .right),
        Grid.Column("bound", .right), Grid.Column("measured", .right),
        Grid.Column("reached", .right),
      ],
      rows: roofline.rows.map { row in
        [
          Grid.Cell(row.algorithm.rawValue), Grid.Cell(row.kernel.rawValue),
          Grid.Cell(
            row.operationsPerUnit.value.map { DecimalText.fixed($0, decimals: 0) } ?? "-"),
          Grid.Cell(
            row.bound.value.map { RateText.text(Rate(perSecond: $0, unit: row.unit)) } ?? "-"),
          Grid.Cell(RateText.text(Rate(perSecond: row.measured, unit: row.unit))),
          Grid.Cell(
            row.bound.value.map {
              RooflineText.fraction(reached: row.measured / $0, spread: row.spread)
            } ?? "-"),
        ]
      })
  }

  var json: JSONText {
    .object([
      JSONText.Member("cpu", .integer(cpu)),
      JSONText.Member("clock_hz", .number(roofline.clock)),
      JSONText.Member(
        "throughputs",
        .array(
          roofline.throughputs.map { throughput in
            .object([
              JSONText.Member("operation", .string(throughput.kind.name)),
              JSONText.Member("vector_bits", .integer(throughput.vectorBits)),
              JSONText.Member("per_cycle", .number(throughput.perCycle)),
            ])
          })),
      JSONText.Member("kernels", .array(roofline.rows.map(RooflineReport.json))),
    ])
  }

  private static func json(_ row: Roofline.Row) -> JSONText {
    .object([
      JSONText.Member("algorithm", .string(row.algorithm.rawValue)),
      JSONText.Member("kernel", .string(row.kernel.rawValue)),
      JSONText.Member("work_unit", .string(row.unit.rawValue)),
      JSONText.Member("operations_per_unit", .optional(row.operationsPerUnit.value)),
      JSONText.Member("bound_per_s", .optional(row.bound.value)),
      JSONText.Member("measured_per_s", .number(row.measured)),
      JSONText.Member("clock_hz", .number(row.clock)),
      JSONText.Member("reached", .optional(row.bound.value.map { row.measured / $0 })),
      JSONText.Member("spread_relative", .optional(row.bound.value.map { _ in row.spread })),
      JSONText.Member("reason", .optional(row.bound.reason?.message)),
    ])
  }
}
