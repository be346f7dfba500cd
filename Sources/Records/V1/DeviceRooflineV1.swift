package import JSON
package import Model

extension DeviceRoofline: Record {
  package static var recordName: String { "device_roofline" }
  package static var recordMeaning: String {
    "What a device behind a driver can do at most, and how near its kernels come to it."
  }

  package static func fields(
    _ field: inout some FieldList<DeviceRoofline>
  ) throws(JSONProblem) -> DeviceRoofline {
    DeviceRoofline(
      device: try field("device", \.device, "Where it was measured."),
      throughputs: try field(
        "throughputs", \.throughputs, "Operations a second of each kind."),
      kernels: try field("kernels", \.kernels, "Each kernel against its bound."))
  }
}

extension DeviceRoofline.Throughput: Record {
  package static var recordName: String { "device_throughput" }
  package static var recordMeaning: String {
    "Operations a second of one kind, of a whole device."
  }

  package static func fields(
    _ field: inout some FieldList<DeviceRoofline.Throughput>
  ) throws(JSONProblem) -> DeviceRoofline.Throughput {
    DeviceRoofline.Throughput(
      route: try field(
        "route", \.route, "By which driver and compiler; the first word of kernels' names."),
      operation: try field("operation", \.operation, "Kind of operation."),
      lanes: try field(
        "lanes", \.lanes, "Words of 32 bits that one item works on side by side.", .atLeast(1)),
      perSecond: try field(
        "per_s", \.perSecond, "Operations on single words; of a copy, bytes read and written.",
        .above(0)))
  }
}

extension DeviceRoofline.Kernel: Record {
  package static var recordName: String { "device_kernel_bound" }
  package static var recordMeaning: String { "One kernel on a device against its bound." }

  package static func fields(
    _ field: inout some FieldList<DeviceRoofline.Kernel>
  ) throws(JSONProblem) -> DeviceRoofline.Kernel {
    let kernel = DeviceRoofline.Kernel(
      algorithm: try field("algorithm", \.algorithm, "What is computed."),
      kernel: try field("kernel", \.kernel, "By which implementation."),
      unit: try field("work_unit", \.unit, "What the rates count."),
      bound: try field(
        "bound_per_s", \.bound,
        "The device cannot pass it with this kernel; or why there is no bound."),
      boundBy: try field.optional(
        "bound_by", \.boundBy, "What of the device sets the bound; absent without one."),
      measured: try field(
        "measured_per_s", \.measured, "Rate while a launch runs.", .atLeast(0)),
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
