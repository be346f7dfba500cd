package import Economics
package import JSON
internal import Model

/// An evaluation with everything that it rests on.
struct EvaluationDocument: PrintedRecord {
  static var recordName: String { "evaluation" }
  static var recordMeaning: String {
    "What `hashwatt evaluate --format json` prints. The same inputs give the same bytes."
  }

  let all: [EvaluationFile.Answered]
  let isComparison: Bool
  let context: EvaluationFile.Context

  private var answers: EvaluationAnswers {
    func one(_ answered: EvaluationFile.Answered) -> EvaluationAnswers {
      switch answered.outcome {
      case .success(let evaluation): EvaluationAnswers(evaluation)
      case .failure(let refusal): .refused(refusal)
      }
    }
    let named = Dictionary(all.map { ($0.name, one($0)) }) { first, _ in first }
    guard !isComparison, let first = all.first else { return .several(named) }
    return one(first)
  }

  private var findings: [EvaluationFinding] {
    all.flatMap { one -> [EvaluationFinding] in
      guard case .success(let evaluation) = one.outcome else { return [] }
      return (evaluation.findings + (one.candidate?.findings ?? [])).map {
        EvaluationFinding(finding: $0, name: one.name)
      }
    }
  }

  private var refusals: [EvaluationRefusal] {
    all.compactMap { one in
      guard case .failure(let refusal) = one.outcome else { return nil }
      return EvaluationRefusal(refusal: refusal, name: one.name)
    }
  }

  static func fields(_ field: inout some PrintedList<EvaluationDocument>) throws(JSONProblem) {
    try field.constant("format", EvaluationFile.format, "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field("tool_version", \.context.toolVersion, "Of the program that wrote it.")
    try field(
      "evaluated_at_unix_s", { PlainNumber($0.context.evaluatedAt) }, "The time of the question.")
    try field("currency", \.context.currency, "Of all amounts.")
    try field("command", \.context.command, "That computes it again.")
    try field(
      "inputs",
      {
        $0.context.inputs.map { EvaluationInput(role: $0.role, name: $0.name, digest: $0.digest) }
      },
      "The files that went in.")
    try field("overrides", \.context.overrides, "What the command line took the place of.")
    try field(
      "assumptions", { $0.context.sources.map { EvaluationSource(part: $0.part, text: $0.text) } },
      "What the files say of where numbers come from.")
    try field.optional("seed", \.context.seed, "Of the random futures.")
    try field(
      "answers", \.answers,
      "The answers under the reference's names; of several devices by name.")
    try field(
      "devices", { $0.all.compactMap(EvaluationDevice.init) }, "The figures that went in.")
    try field("findings", \.findings, "What a buyer should know; it changes no number.")
    try field("refusals", \.refusals, "Of devices that were not evaluated.")
  }
}

private struct EvaluationInput: PrintedRecord {
  static var recordName: String { "input" }
  static var recordMeaning: String { "A file that went in." }

  let role: String
  let name: String
  let digest: String

  static func fields(_ field: inout some PrintedList<EvaluationInput>) throws(JSONProblem) {
    try field("role", \.role, "What it was read as.")
    try field("name", \.name, "As it was named.")
    try field("sha256", \.digest, "Of its bytes.")
  }
}

private struct EvaluationSource: PrintedRecord {
  static var recordName: String { "assumption" }
  static var recordMeaning: String { "Where numbers come from." }

  let part: String
  let text: String

  static func fields(_ field: inout some PrintedList<EvaluationSource>) throws(JSONProblem) {
    try field("part", \.part, "The part of the scenario that they belong to.")
    try field("source", \.text, "Who says so.")
  }
}

private struct EvaluationFinding: PrintedRecord {
  static var recordName: String { "finding" }
  static var recordMeaning: String { "What a buyer should know." }

  let finding: Finding
  let name: String

  static func fields(_ field: inout some PrintedList<EvaluationFinding>) throws(JSONProblem) {
    try field("code", { PrintedWord($0.finding.code) }, "A stable word for programs.")
    try field("text", \.finding.text, "The figures and the rule.")
    try field("of", \.name, "The device.")
  }
}

private struct EvaluationRefusal: PrintedRecord {
  static var recordName: String { "refusal" }
  static var recordMeaning: String { "Why a device was not evaluated." }

  let refusal: Refusal
  let name: String

  static func fields(_ field: inout some PrintedList<EvaluationRefusal>) throws(JSONProblem) {
    try field("code", { PrintedWord($0.refusal.code) }, "A stable word for programs.")
    try field("text", \.refusal.line, "One line with what to do.")
    try field("of", \.name, "The device.")
  }
}

/// The figures of a device that went in, and what is said of it beside the answers.
private struct EvaluationDevice: PrintedRecord {
  static var recordName: String { "evaluated_device" }
  static var recordMeaning: String { "The figures of a device that went in." }

  let answered: EvaluationFile.Answered
  let candidate: Candidate

  /// Nil where no device is behind it.
  init?(_ answered: EvaluationFile.Answered) {
    guard let candidate = answered.candidate else { return nil }
    self.answered = answered
    self.candidate = candidate
  }

  static func fields(_ field: inout some PrintedList<EvaluationDevice>) throws(JSONProblem) {
    try field("name", \.answered.name, "As in the answers.")
    try field.optional(
      "hardware_id", \.candidate.device.hardwareID?.rawValue, "The profile's identifier.")
    try field("algorithm", \.candidate.device.algorithm.rawValue, "What it computes.")
    try field("work_unit", \.candidate.device.workUnit, "What is counted.")
    try field(
      "origin", { PrintedWord($0.candidate.device.origin) }, "Where the figures come from.")
    try field(
      "rate_per_s", { PlainNumber($0.candidate.device.ratePerSecond) }, "Of one machine.")
    try field(
      "rate_range_per_s", { PrintedRange($0.candidate.rate) },
      "Interval, tolerance, or what contradicting claims span.")
    try field.optional(
      "power_w", { $0.candidate.device.powerW.map(PlainNumber.init) }, "Of one machine.")
    try field.optional(
      "power_range_w", { $0.candidate.power.map { PrintedRange($0) } },
      "Interval, tolerance, or what contradicting claims span.")
    try field("trust", \.candidate.trust, "A measured grade, or a claim's confidence.")
    try field("low_confidence", \.candidate.isLowConfidence, "Whether only a low claim is known.")
    try field("source", \.candidate.source, "Who says so.")
    try field(
      "power_measured_at", \.candidate.measuredAt, "Where the power was measured, or unknown.")
    try field("other_claims", \.candidate.others, "What else is claimed of it.")
    try field("hangs_on", \.answered.hangsOn, "What moves the present value, the most first.")
    try field.optional(
      "fair_machine_price_range", { $0.answered.fairPrice.map { PrintedRange($0.low, $0.high) } },
      "Over the ends of its figures, in the first future.")
    try field.optional(
      "same_money", { $0.answered.sheet?.rows }, "Other uses of what the machines cost.")
  }
}

extension ComparisonSheet.Row: PrintedRecord {
  package static var recordName: String { "same_money" }
  package static var recordMeaning: String { "One future of the comparison sheet." }

  package static func fields(
    _ field: inout some PrintedList<ComparisonSheet.Row>
  ) throws(JSONProblem) {
    try field("future", \.future, "Its name.")
    try field("ways", \.entries, "What the money may be spent on.")
  }
}

extension ComparisonSheet.Entry: PrintedRecord {
  package static var recordName: String { "way" }
  package static var recordMeaning: String { "One use of the money." }

  package static func fields(
    _ field: inout some PrintedList<ComparisonSheet.Entry>
  ) throws(JSONProblem) {
    try field("way", { PrintedWord($0.way) }, "What it is spent on.")
    try field("net_present_value", { PlainNumber($0.value) }, "The money spent taken off.")
    try field(
      "coins", { $0.coins.map(PlainNumber.init) },
      "Of the first chain at the end; null for nothing.")
  }
}
