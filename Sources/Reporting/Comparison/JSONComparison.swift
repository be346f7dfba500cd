package import Analysis
package import JSON
internal import Model
package import Records

/// For programs: one JSON object.
package struct JSONComparison: ComparisonFormat {
  package init() {}
  package let name: String = "json"
  package let summary: String = "one JSON object with every ratio, interval, verdict and gate"
  package let fileExtension: String = "json"

  package func render(_ report: ComparisonReport, _ style: TextStyle) throws -> String {
    try report.document()
  }
}

extension ComparisonReport: PrintedRecord {
  package static var recordName: String { "comparison" }
  package static var recordMeaning: String { "What `hashwatt compare --format json` prints." }

  package static func fields(
    _ field: inout some PrintedList<ComparisonReport>
  ) throws(JSONProblem) {
    try field.constant("format", "hashwatt-comparison", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field(
      "base", \.baseName, "The older file, or the kernels that the others are held against.")
    try field("new", \.newName, "The newer file, or the other kernels.")
    try field("machines", \.comparison.relation.rawValue, "How the two machines relate.")
    try field(
      "joint_confidence", { _ in Comparison.jointConfidence }, "Of all intervals together.")
    try field("confidence", \.comparison.confidence, "Of each interval.")
    try field("gates", { $0.gates.map(\.text) }, "The gates that were asked for.")
    try field("strict", \.isStrict, "Whether what cannot be told fails a gate.")
    try field("passes", \.passes, "Whether every gate holds.")
    try field("conclusion", \.conclusion, "One sentence.")
    try field("rows", { $0.comparison.rows }, "One for each quantity that both have.")
    try field("refusals", \.comparison.refusals, "What is not compared, and why.")
    try field("notes", \.comparison.notes, "How the circumstances differ.")
  }
}

extension ComparisonRow: PrintedRecord {
  package static var recordName: String { "comparison_row" }
  package static var recordMeaning: String { "One quantity of the two, and what it says." }

  package static func fields(
    _ field: inout some PrintedList<ComparisonRow>
  ) throws(JSONProblem) {
    try field("algorithm", \.algorithm, "What is computed.")
    try field("base_device", \.base.deviceName, "Name of the older device.")
    try field("new_device", \.new.deviceName, "Name of the newer device.")
    try field("base_kernel", \.base.kernel, "The older implementation; null for a claim.")
    try field("new_kernel", \.new.kernel, "The newer implementation; null for a claim.")
    try field(
      "base_threads", \.base.placement?.workers, "The older number of workers; null for a claim.")
    try field(
      "new_threads", \.new.placement?.workers, "The newer number of workers; null for a claim.")
    try field("quantity", \.quantity.rawValue, "What is compared.")
    try field("unit", \.unit, "Unit of the values.")
    try field("scope", \.scope, "What the energy covers; null for a rate.")
    try field("base_value", \.baseValue, "The older value in `unit`.")
    try field("new_value", \.newValue, "The newer value in `unit`.")
    try field("ratio", { Self.rounded($0.ratio) }, "The newer over the older.")
    try field("ratio_lower", { $0.lower.map(Self.rounded) }, "Lower end of its interval.")
    try field("ratio_upper", { $0.upper.map(Self.rounded) }, "Upper end of its interval.")
    try field(
      "base_joules_per_work", { $0.quantity == .efficiency ? 1 / $0.baseValue : nil },
      "The older efficiency as joules for one unit of work; null for another quantity.")
    try field(
      "new_joules_per_work", { $0.quantity == .efficiency ? 1 / $0.newValue : nil },
      "The newer efficiency as joules for one unit of work; null for another quantity.")
    try field("method", \.method, "How the interval was made.")
    try field("verdict", \.verdict.rawValue, "What the interval says.")
    try field("reason", \.reason, "Why it says no more; null where there is nothing to say.")
    try field.optional(
      "base_epoch", \.base.epoch, "Of the older dataset; absent without, and for a claim.")
    try field.optional(
      "new_epoch", \.new.epoch, "Of the newer dataset; absent without, and for a claim.")
    try field("gates", { $0.gates.map(PrintedGate.init) }, "What each gate says of it.")
  }

  /// Nine decimals: more are noise, and the last bits of exponential and logarithm differ between C libraries.
  private static func rounded(_ ratio: Double) -> Double { (ratio * 1e9).rounded() / 1e9 }
}

/// What one gate says of a row.
struct PrintedGate: PrintedRecord {
  static var recordName: String { "gate" }
  static var recordMeaning: String { "What one gate says of a row." }

  let gate: String
  let verdict: String

  init(_ outcome: GateOutcome) {
    gate = outcome.gate.text
    verdict = outcome.verdict.rawValue
  }

  static func fields(_ field: inout some PrintedList<PrintedGate>) throws(JSONProblem) {
    try field("gate", \.gate, "The gate as it was asked for.")
    try field("verdict", \.verdict, "Whether it holds.")
  }
}
