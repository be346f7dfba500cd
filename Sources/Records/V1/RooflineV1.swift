package import JSON
package import Model

extension CoreRoofline: Record {
  package static var recordName: String { "roofline" }
  package static var recordMeaning: String {
    "What one core can do at most, and how near the kernels come to it."
  }

  package static func fields(
    _ field: inout some FieldList<CoreRoofline>
  ) throws(JSONProblem) -> CoreRoofline {
    CoreRoofline(
      cpu: try field("cpu", \.cpu, "Where it was measured.", .atLeast(0)),
      clock: try field(
        "clock_hz", \.clock, "The highest clock of the core, by a chain of additions.", .above(0)),
      throughputs: try field(
        "throughputs", \.throughputs, "Operations a cycle of each kind and width."),
      kernels: try field("kernels", \.kernels, "Each kernel against its bound."))
  }
}

extension CoreRoofline.Throughput: Record {
  package static var recordName: String { "operation_throughput" }
  package static var recordMeaning: String {
    "Operations a cycle of one kind on registers of one width."
  }

  package static func fields(
    _ field: inout some FieldList<CoreRoofline.Throughput>
  ) throws(JSONProblem) -> CoreRoofline.Throughput {
    CoreRoofline.Throughput(
      operation: try field("operation", \.operation, "Kind of operation."),
      vectorBits: try field("vector_bits", \.vectorBits, "Width of the registers.", .atLeast(1)),
      perCycle: try field("per_cycle", \.perCycle, "Operations a cycle.", .above(0)))
  }
}

extension CoreRoofline.Kernel: Record {
  package static var recordName: String { "kernel_bound" }
  package static var recordMeaning: String { "One kernel on one thread against its bound." }

  package static func fields(
    _ field: inout some FieldList<CoreRoofline.Kernel>
  ) throws(JSONProblem) -> CoreRoofline.Kernel {
    let kernel = CoreRoofline.Kernel(
      algorithm: try field("algorithm", \.algorithm, "What is computed."),
      kernel: try field("kernel", \.kernel, "By which implementation."),
      unit: try field("work_unit", \.unit, "What the rates count."),
      operationsPerUnit: try field.optional(
        "operations_per_unit", \.operationsPerUnit,
        "Of all kinds; absent where they are not written down.", .above(0)),
      clock: try field(
        "clock_hz", \.clock, "Of the core while this kernel was measured.", .above(0)),
      bound: try field(
        "bound_per_s", \.bound,
        "No code with these operations can pass it at this clock; or why there is no bound."),
      boundBy: try field.optional(
        "bound_by", \.boundBy, "What of the core sets the bound; absent without one."),
      measured: try field("measured_per_s", \.measured, "Rate of one thread.", .atLeast(0)),
      spread: try field(
        "spread_relative", \.spread, "How far two halves of the measurement differ.", .atLeast(0)))
    try field.require(
      kernel.bound.value.map { $0 > 0 } ?? true, "is not above 0", at: "bound_per_s")
    // Stated for readers; it follows from the two rates.
    let reached = try field.optional(
      "reached", \.reached, "`measured_per_s` over `bound_per_s`; absent without a bound.",
      .atLeast(0))
    let agrees =
      switch (reached, kernel.reached) {
      case (nil, nil): true
      case (let stated?, let derived?): abs(stated - derived) <= 1e-9 * abs(stated)
      default: false
      }
    try field.require(agrees, "is not the measured rate over the bound", at: "reached")
    return kernel
  }
}
