internal import CPUBackend
internal import JSON
internal import Kernels
internal import Model
internal import Records
internal import Reporting
internal import Text

/// What `hashwatt kernels --roofline` has to say, before it has a form.
struct RooflineReport {
  fileprivate let roofline: Roofline
  fileprivate let cpu: Int

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
        Grid.Column("reached", .right), Grid.Column("bound by"),
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
          Grid.Cell(row.boundBy ?? "-"),
        ]
      })
  }
}

extension RooflineReport: PrintedRecord {
  static var recordName: String { "roofline" }
  static var recordMeaning: String {
    "What one core can do at most, and how near the kernels come."
  }

  static func fields(_ field: inout some PrintedList<RooflineReport>) throws(JSONProblem) {
    try field("cpu", \.cpu, "Where it was measured.")
    try field("clock_hz", \.roofline.clock, "Of the core, by a chain of additions.")
    try field(
      "throughputs", { $0.roofline.throughputs.map(PrintedThroughput.init) },
      "Operations a cycle of each kind and width.")
    try field("kernels", { $0.roofline.rows.map(PrintedBound.init) }, "Each kernel on one thread.")
  }
}

/// Operations a cycle of one kind on registers of one width.
struct PrintedThroughput: PrintedRecord {
  static var recordName: String { "operation_throughput" }
  static var recordMeaning: String { "Operations a cycle of one kind on registers of one width." }

  private let throughput: Roofline.Throughput

  init(_ throughput: Roofline.Throughput) { self.throughput = throughput }

  static func fields(_ field: inout some PrintedList<PrintedThroughput>) throws(JSONProblem) {
    try field("operation", \.throughput.kind.name, "Kind of operation.")
    try field("vector_bits", \.throughput.vectorBits, "Width of the registers.")
    try field("per_cycle", \.throughput.perCycle, "Operations a cycle.")
  }
}

/// One kernel on one thread against its bound.
struct PrintedBound: PrintedRecord {
  static var recordName: String { "kernel_bound" }
  static var recordMeaning: String { "One kernel on one thread against its bound." }

  private let row: Roofline.Row

  init(_ row: Roofline.Row) { self.row = row }

  static func fields(_ field: inout some PrintedList<PrintedBound>) throws(JSONProblem) {
    try field("algorithm", \.row.algorithm, "What is computed.")
    try field("kernel", \.row.kernel, "By which implementation.")
    try field("work_unit", \.row.unit, "What the rates count.")
    try field("operations_per_unit", \.row.operationsPerUnit.value, "Of all kinds; null: unknown.")
    try field("bound_per_s", \.row.bound.value, "No code with these operations can pass it.")
    try field("bound_by", \.row.boundBy, "The resource that binds; null where there is no bound.")
    try field("measured_per_s", \.row.measured, "Rate of one thread.")
    try field("clock_hz", \.row.clock, "Of the core while this kernel was measured.")
    try field(
      "reached", { bound in bound.row.bound.value.map { bound.row.measured / $0 } },
      "The rate over the bound.")
    try field(
      "spread_relative", { bound in bound.row.bound.value.map { _ in bound.row.spread } },
      "How far two halves of the measurement differ.")
    try field("reason", \.row.bound.reason?.message, "Why there is no bound; null where there is.")
  }
}
