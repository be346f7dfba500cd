package import JSON
package import Model

extension JournalHeader: Record {
  package static var recordName: String { "journal" }
  package static var recordMeaning: String {
    "The first line of a journal: everything of a run that is known before its first window."
  }

  package static func fields(
    _ field: inout some FieldList<JournalHeader>
  ) throws(JSONProblem) -> JournalHeader {
    try field.constant("format", JournalFile.format, "What this file is.")
    try field.constant("version", 1, "Version of the format.")
    try field.clockOrigin(
      "clock_origin_ns", { ClockOrigin(instant: min($0.origin, $0.state.instant)) },
      "The monotonic clock (`CLOCK_MONOTONIC_RAW`) that this line's other `_ns` keys count from.")
    // Statement by statement: as one expression the compiler takes seconds for it.
    let command = try field(
      "command", \.command, "The command that measures: `run`, `prove`.", .notEmpty)
    let origin = try field(
      "began_ns", \.origin, "The start of measuring, which the times of traces count from.")
    let startedAt = try field(
      "started_unix_s", \.startedAt, "Wall clock, for people and other logs.")
    let tool = try field("tool", \.tool, "Which program measures.")
    let plan = try field("plan", \.plan, "What is to be done.")
    let seed = try field(
      "seed", { DecimalDigits(value: $0.seed) }, "Seed of the shuffled order of the series."
    ).value
    let challengeBytes = try field(
      "challenge", { Hex32(bytes: $0.challenge.bytes) },
      "The 32 bytes that every header is derived from."
    ).bytes
    guard let challenge = Challenge(bytes: challengeBytes) else {
      throw field.problem("a challenge that is not 32 bytes")
    }
    let challengeWasGiven = try field(
      "challenge_was_given", \.challengeWasGiven, "Whether somebody else chose the challenge.")
    let arguments = try field("arguments", \.arguments, "The command line's words.")
    let machine = try field("machine", \.machine, "The computer that it runs on.")
    let devices = try field("devices", \.devices, "What was detected.")
    let series = try field("series", \.series, "What is to be measured.", .notEmpty)
    let measuresSpin = try field(
      "measures_spin", \.measuresSpin, "Whether the register-only loop is measured beside idle.")
    let choices = try field(
      "kernel_choices", \.kernelChoices, "For each algorithm how its kernel was chosen.")
    let meters = try field("meters", \.meters, "Every channel with its tags.")
    let unavailable = try field(
      "unavailable_meters", \.unavailableMeters, "Sources that gave no channel.")
    let checks = try field("checks", \.checks, "Those that were made before measuring.")
    let state = try field("state", \.state, "The machine before the first window.")
    return JournalHeader(
      command: command, origin: origin, startedAt: startedAt, tool: tool, plan: plan, seed: seed,
      challenge: challenge, challengeWasGiven: challengeWasGiven, arguments: arguments,
      machine: machine, devices: devices, series: series, measuresSpin: measuresSpin,
      kernelChoices: choices, meters: meters, unavailableMeters: unavailable, checks: checks,
      state: state,
      roofline: try field.optional(
        "roofline", \.roofline, "What one core can do at most; absent: not measured."),
      deviceRooflines: try field.optional(
        "device_rooflines", { $0.deviceRooflines.isEmpty ? nil : $0.deviceRooflines },
        "The same of devices behind drivers; absent: not measured.", .notEmpty) ?? [],
      note: try field.optional(
        "note", \.note, "What the machine cannot tell of itself; absent: nothing was said."),
      calibration: try field.optional(
        "calibration", \.calibration, "The record that gives wall watts; absent: none was named."),
      powerSupply: try field.optional(
        "psu", \.powerSupply, "What the power supply is called; absent: nothing was said."))
  }
}

extension PlannedSeries: Record {
  package static var recordName: String { "planned_series" }
  package static var recordMeaning: String { "One series that is to be measured." }

  package static func fields(
    _ field: inout some FieldList<PlannedSeries>
  ) throws(JSONProblem) -> PlannedSeries {
    let series = try field("series", \.series, "What runs.")
    let target = try field(
      "target", { Hex32(bytes: $0.target.bytes.reversed()) },
      "What a value must not exceed; most significant digit first.")
    guard let target = Target(littleEndian: target.bytes.reversed()) else {
      throw field.problem("a target that is not 32 bytes")
    }
    return PlannedSeries(
      series: series, target: target,
      placement: Placement(
        series.placement,
        places: try field(
          "places", \.placement.places,
          "Where each worker is, such as its CPU; empty for workers without a place of their own.",
          .atLeast(0)),
        facts: try field(
          "placement", \.placement.facts, "What else the backend was told or chose.")),
      epoch: try field.optional(
        "epoch", \.epoch, "Of the dataset that it works on; absent for an algorithm without."))
  }
}

/// A step with its number in the file.
struct JournalLine {
  var number: Int
  var step: JournalStep
}

extension JournalLine: Record {
  package static var recordName: String { "journal_line" }
  package static var recordMeaning: String {
    "Every later line of a journal: what was finished since the line before, synced before anything else was begun."
  }

  package static func fields(
    _ field: inout some FieldList<JournalLine>
  ) throws(JSONProblem) -> JournalLine {
    let number = try field(
      "line", \.number, "Number of the line, the first of all being 1.", .atLeast(1))
    try field.clockOrigin(
      "clock_origin_ns", { ClockOrigin.earliest(in: $0.step.samples, $0.step.workers) },
      "The monotonic clock that this line's other `_ns` keys count from; 0 without a window.")
    let step = JournalStep(
      isResumption: try field(
        "resumes", \.step.isResumption,
        "Whether another process took the run up here (`hashwatt resume`)."),
      samples: try field(
        "samples", { $0.step.samples.map { StatedSample($0) } },
        "The window, as in a result: one sample for each series in it; empty where none was finished."
      ).map(\.sample),
      workers: try field(
        "workers", \.step.workers, "Workers of series that had none yet, or have others now."),
      checks: try field("checks", \.step.checks, "Checks that the engine made since."),
      trace: try field("trace", \.step.trace, "Rate and power of warm-ups since."),
      givenUp: try field(
        "given_up", \.step.givenUp, "Series of which no more windows are wanted."),
      endReason: try field.optional(
        "end_reason", \.step.endReason, "Why the run will not be complete; absent where it may be.")
    )
    return JournalLine(number: number, step: step)
  }
}
