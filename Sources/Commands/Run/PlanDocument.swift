package import Benchmarking
package import JSON
internal import Model
package import Records
internal import Reporting

/// The plan of a run for programs; no command reads it.
struct PlanDocument: PrintedRecord {
  static var recordName: String { "plan" }
  static var recordMeaning: String { "What `hashwatt run --dry-run --format json` prints." }

  /// Nil for a plan of one's own.
  let suite: String?
  let seed: UInt64
  let devices: [DeviceRequest]
  let isTogether: Bool
  let estimate: PlanEstimate
  let meters: [MeterDescriptor]
  let unavailable: [UnavailableMeter]

  static func fields(_ field: inout some PrintedList<PlanDocument>) throws(JSONProblem) {
    try field.constant("format", "hashwatt-plan", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field("suite", \.suite, "The suite with its version; null for a plan of one's own.")
    try field("seed", { "\($0.seed)" }, "Seed of the shuffled order, as decimal text.")
    try field(
      "kernels",
      { plan in plan.devices.flatMap { device in device.kernels.map { PrintedKernels($0, device) } }
      },
      "For each device and algorithm the kernels that will run.")
    try field(
      "placements",
      { plan in
        plan.devices.flatMap { device in device.allPlacements.map { PrintedPlacement($0, device) } }
      }, "Where the workers of each series will run.")
    try field("steps", \.estimate.steps, "What is done, in the order of its kinds.")
    try field("together", \.isTogether, "Whether all devices are measured at the same time.")
    try field("meters", { $0.meters.map(\.id) }, "The channels that answer.")
    try field(
      "unavailable_meters", { $0.unavailable.map(PrintedUnavailableMeter.init) },
      "Those that do not.")
    try field(
      "total_s", \.estimate.total, "With the least number of repeats and the shortest warm-up.")
    try field("longest_s", \.estimate.longest, "With the greatest and the longest.")
  }
}

/// The kernels of one algorithm on one device.
private struct PrintedKernels: PrintedRecord {
  static var recordName: String { "kernel_request" }
  static var recordMeaning: String { "The kernels of one algorithm on one device." }

  private let request: KernelRequest
  private let device: DeviceID

  init(_ request: KernelRequest, _ device: DeviceRequest) {
    self.request = request
    self.device = device.backend.device
  }

  static func fields(_ field: inout some PrintedList<PrintedKernels>) throws(JSONProblem) {
    try field("device", \.device, "By which device.")
    try field("algorithm", \.request.algorithm, "What is computed.")
    try field("named", \.request.named, "Kernels that run whatever they yield.")
    try field("fastest_of", \.request.candidates, "Kernels of which the fastest runs.")
  }
}

/// Where the workers of a series will run.
private struct PrintedPlacement: PrintedRecord {
  static var recordName: String { "placement" }
  static var recordMeaning: String { "Where the workers of a series run." }

  private let placement: Placement
  private let device: DeviceID

  init(_ placement: Placement, _ device: DeviceRequest) {
    self.placement = placement
    self.device = device.backend.device
  }

  static func fields(_ field: inout some PrintedList<PrintedPlacement>) throws(JSONProblem) {
    try field("device", \.device, "By which device.")
    try field("worker", \.placement.name.kind, "What a worker is.")
    try field("workers", \.placement.workers, "Number of workers.")
    try field("places", \.placement.places, "Where each worker is, such as its CPU.")
    try field.optional(
      "part", \.placement.name.part, "Part of the device, where parts are told apart.")
  }
}

extension PlanEstimate.Step: PrintedRecord {
  package static var recordName: String { "step" }
  package static var recordMeaning: String { "One kind of step." }

  package static func fields(
    _ field: inout some PrintedList<PlanEstimate.Step>
  ) throws(JSONProblem) {
    try field("name", \.name, "What is done.")
    try field("count", \.count, "How often.")
    try field("each_s", \.each, "How long each takes.")
  }
}

/// A source of energy that will not be used.
struct PrintedUnavailableMeter: PrintedRecord {
  static var recordName: String { "unavailable_meter" }
  static var recordMeaning: String { "A source that gave no channel." }

  private let meter: UnavailableMeter

  init(_ meter: UnavailableMeter) { self.meter = meter }

  static func fields(_ field: inout some PrintedList<PrintedUnavailableMeter>) throws(JSONProblem) {
    try field("source", \.meter.source, "The kind of meter.")
    try field("reason", \.meter.reason.text, "Why there is none.")
  }
}
