internal import Analysis
internal import Model

/// For programs: one JSON object.
package struct JSONComparison: ComparisonFormat {
  package init() {}
  package let name: String = "json"
  package let summary: String = "one JSON object with every ratio, interval, verdict and gate"
  package let fileExtension: String = "json"

  package func render(_ report: ComparisonReport, _ style: TextStyle) -> String {
    let comparison = report.comparison
    return JSONText.object([
      .init("format", .string("hashwatt-comparison")),
      .init("version", .integer(1)),
      .init("base", .string(report.baseName)),
      .init("new", .string(report.newName)),
      .init("machines", .string(comparison.relation.rawValue)),
      .init("joint_confidence", .number(Comparison.jointConfidence)),
      .init("confidence", .number(comparison.confidence)),
      .init("gates", .array(report.gates.map { .string($0.text) })),
      .init("strict", .flag(report.isStrict)),
      .init("passes", .flag(report.passes)),
      .init("conclusion", .string(report.conclusion)),
      .init("rows", .array(comparison.rows.map(row))),
      .init("refusals", .array(comparison.refusals.map { .string($0) })),
      .init("notes", .array(comparison.notes.map { .string($0) })),
    ]).document
  }

  private func row(_ row: ComparisonRow) -> JSONText {
    .object([
      .init("algorithm", .string(row.algorithm.rawValue)),
      .init("base_device", .string(row.base.deviceName)),
      .init("new_device", .string(row.new.deviceName)),
      .init("base_kernel", .optional(row.base.kernel?.rawValue)),
      .init("new_kernel", .optional(row.new.kernel?.rawValue)),
      .init("base_threads", .optional(row.base.threads)),
      .init("new_threads", .optional(row.new.threads)),
      .init("quantity", .string(row.quantity.rawValue)),
      .init("unit", .string(row.unit)),
      .init("scope", .optional(row.scope?.rawValue)),
      .init("base_value", .number(row.baseValue)),
      .init("new_value", .number(row.newValue)),
      .init("ratio", .number(Self.rounded(row.ratio))),
      .init("ratio_lower", .optional(row.lower.map(Self.rounded))),
      .init("ratio_upper", .optional(row.upper.map(Self.rounded))),
      .init("method", .string(row.method)),
      .init("verdict", .string(row.verdict.rawValue)),
      .init("reason", .optional(row.reason)),
      .init(
        "gates",
        .array(
          row.gates.map {
            .object([
              .init("gate", .string($0.gate.text)), .init("verdict", .string($0.verdict.rawValue)),
            ])
          })),
    ])
  }

  /// Nine decimals: more are noise, and the last bits of exponential and logarithm differ between C libraries.
  private static func rounded(_ ratio: Double) -> Double { (ratio * 1e9).rounded() / 1e9 }
}
