package import Benchmarking
package import JSON
internal import Model
package import Records

/// The plan of a run for programs; no command reads it.
struct PlanDocument: PrintedRecord {
  static var recordName: String { "plan" }
  static var recordMeaning: String { "What `hashwatt run --dry-run --format json` prints." }

  /// Nil for a plan of one's own.
  let suite: String?
  let seed: UInt64
  let requests: [KernelRequest]
  let groups: [CPUChoice.Group]
  let estimate: PlanEstimate
  let meters: [MeterDescriptor]
  let unavailable: [UnavailableMeter]

  static func fields(_ field: inout some PrintedList<PlanDocument>) throws(JSONProblem) {
    try field.constant("format", "hashwatt-plan", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field("suite", \.suite, "The suite with its version; null for a plan of one's own.")
    try field("seed", { "\($0.seed)" }, "Seed of the shuffled order, as decimal text.")
    try field("kernels", \.requests, "For each algorithm the kernels that will run.")
    try field("cpu_groups", \.groups, "The CPUs of each series.")
    try field("steps", \.estimate.steps, "What is done, in the order of its kinds.")
    try field("meters", { $0.meters.map(\.id) }, "The channels that answer.")
    try field(
      "unavailable_meters", { $0.unavailable.map(PrintedUnavailableMeter.init) },
      "Those that do not.")
    try field(
      "total_s", \.estimate.total, "With the least number of repeats and the shortest warm-up.")
    try field("longest_s", \.estimate.longest, "With the greatest and the longest.")
  }
}

extension KernelRequest: PrintedRecord {
  static var recordName: String { "kernel_request" }
  static var recordMeaning: String { "The kernels of one algorithm." }

  static func fields(_ field: inout some PrintedList<KernelRequest>) throws(JSONProblem) {
    try field("algorithm", \.algorithm, "What is computed.")
    try field("named", \.named, "Kernels that run whatever they yield.")
    try field("fastest_of", \.candidates, "Kernels of which the fastest runs.")
  }
}

extension CPUChoice.Group: PrintedRecord {
  package static var recordName: String { "cpu_group" }
  package static var recordMeaning: String { "The CPUs of a series." }

  package static func fields(
    _ field: inout some PrintedList<CPUChoice.Group>
  ) throws(JSONProblem) {
    try field("cpus", \.cpus, "One worker is pinned to each.")
    try field.optional("core_kind", \.kind, "Kind of the cores, where kinds are told apart.")
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
