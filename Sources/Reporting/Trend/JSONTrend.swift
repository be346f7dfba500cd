package import Analysis
package import JSON
internal import Model
package import Records

/// For programs: one JSON object.
package struct JSONTrend: TrendFormat {
  package init() {}
  package let name: String = "json"
  package let summary: String = "one JSON object with every run, level and gate"

  package func render(_ report: TrendReport, _ style: TextStyle) throws -> String {
    try report.document()
  }
}

extension TrendReport: PrintedRecord {
  package static var recordName: String { "trend" }
  package static var recordMeaning: String { "What `hashwatt trend --format json` prints." }

  package static func fields(_ field: inout some PrintedList<TrendReport>) throws(JSONProblem) {
    try field.constant("format", "hashwatt-trend", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field("gates", { $0.gates.map(\.text) }, "The gates that were asked for.")
    try field("strict", \.isStrict, "Whether what cannot be told fails a gate.")
    try field("passes", \.passes, "Whether every gate holds.")
    try field("conclusion", \.conclusion, "One sentence.")
    try field("series", \.series, "One for each hardware, kernel, plan and quantity.")
    try field("notes", \.notes, "What else is to be known.")
  }
}

extension TrendSeries: PrintedRecord {
  package static var recordName: String { "trend_series" }
  package static var recordMeaning: String {
    "Runs of equal hardware, kernel and plan in one order."
  }

  package static func fields(_ field: inout some PrintedList<TrendSeries>) throws(JSONProblem) {
    try field("hardware_id", \.hardwareID, "The model.")
    try field("device", \.deviceName, "Its name.")
    try field("algorithm", \.work.algorithm, "What is computed.")
    try field("kernel", \.kernel, "By which implementation.")
    try field("workers", \.placement?.workers, "Number of workers.")
    try field("plan", \.plan, "The suite, or what the options made of it.")
    try field("quantity", \.quantity.rawValue, "What is measured.")
    try field("scope", \.scope, "What the energy covers; null for a rate.")
    try field(
      "unit", { $0.quantity == .throughput ? $0.work.unit.perSecond : $0.work.unit.perJoule },
      "Unit of the values.")
    try field("points", \.points, "Every run, in order.")
    try field("levels", \.levels, "Runs between two changes.")
    try field(
      "drifts", { series in series.drifts.map { [$0.lowerBound, $0.upperBound] } },
      "Parts that creep rather than step: the first run and the one after the last.")
    try field.optional(
      "epoch", \.work.epoch, "Of the dataset that was worked on; absent without.")
    try field("newest", \.newest, "The newest run against its level; null for one run.")
  }
}

extension TrendPoint: PrintedRecord {
  package static var recordName: String { "trend_point" }
  package static var recordMeaning: String { "One run." }

  package static func fields(_ field: inout some PrintedList<TrendPoint>) throws(JSONProblem) {
    try field("key", \.key, "What the series is ordered by.")
    try field("source", \.source, "The file.")
    try field("started_unix_s", \.startedAt, "When it began.")
    try field("value", \.value, "Its mean.")
    try field("lower", \.lower, "Lower end of its own 95 % interval; null with one window.")
    try field("upper", \.upper, "Upper end of that.")
    try field(
      "outlier", \.isOutlier, "Whether it lies further from its level than chance explains.")
  }
}

extension TrendLevel: PrintedRecord {
  package static var recordName: String { "trend_level" }
  package static var recordMeaning: String { "Runs between two changes." }

  package static func fields(_ field: inout some PrintedList<TrendLevel>) throws(JSONProblem) {
    try field("first", \.range.lowerBound, "Index of the first run.")
    try field("runs", \.range.count, "How many.")
    try field("median", \.median, "Of their values.")
    try field("change", \.change, "Over the median before, less one; null for the first level.")
    try field("probability", \.probability, "Of the change by chance; null for the first level.")
    try field("differences", \.differences, "What else is not as it was on the run before.")
  }
}

extension ContextChange: PrintedRecord {
  package static var recordName: String { "context_change" }
  package static var recordMeaning: String { "Something that was another at a change." }

  package static func fields(_ field: inout some PrintedList<ContextChange>) throws(JSONProblem) {
    try field("name", \.name, "What.")
    try field("before", \.before, "Then.")
    try field("after", \.after, "Now.")
  }
}

extension NewestPoint: PrintedRecord {
  package static var recordName: String { "newest" }
  package static var recordMeaning: String { "The newest run against its level." }

  package static func fields(_ field: inout some PrintedList<NewestPoint>) throws(JSONProblem) {
    try field("ratio", \.ratio, "Over the median of the others.")
    try field("ratio_lower", \.lower, "Lower end of its 98 % interval; null for too few runs.")
    try field("ratio_upper", \.upper, "Upper end of that.")
    try field("gates", { $0.gates.map(PrintedGate.init) }, "What each gate says of it.")
  }
}
