package import JSON
package import Model

/// A result with the derived figures of its samples as the file states them.
struct StatedResult {
  var result: RunResult
  var figures: [SampleFigures]

  init(_ result: RunResult) {
    self.result = result
    figures = result.samples.map(\.figures)
  }

  init(_ result: RunResult, figures: [SampleFigures]) {
    self.result = result
    self.figures = figures
  }

  fileprivate var samples: [StatedSample] {
    zip(result.samples, figures).map { StatedSample($0, figures: $1) }
  }
}

extension StatedResult: Record {
  package static var recordName: String { "result" }
  package static var recordMeaning: String {
    "One run: every sample and all context. Written by the tool only, never edited."
  }

  package static func fields(
    _ field: inout some FieldList<StatedResult>
  ) throws(JSONProblem) -> StatedResult {
    try field.constant("format", ResultFile.format, "What this file is.")
    try field.constant("version", 1, "Version of the format.")
    try field.clockOrigin(
      "clock_origin_ns", { ClockOrigin.earliest(in: $0.result) },
      "The monotonic clock (`CLOCK_MONOTONIC_RAW`) at the earliest instant of the file; other `_ns` keys count "
        + "from it.")
    // Statement by statement: as one expression of 23 arguments the compiler takes seconds for it.
    let tool = try field("tool", \.result.tool, "Which program made it.")
    let startedAt = try field(
      "started_unix_s", \.result.startedAt, "Wall clock, for people and other logs.")
    let endedAt = try field("ended_unix_s", \.result.endedAt, "Wall clock.")
    let isComplete = try field(
      "complete", \.result.isComplete,
      "False when the run ended early; finished windows are all there.")
    let endReason = try field.optional(
      "end_reason", \.result.endReason, "Why it ended early; absent when it did not.")
    let plan = try field("plan", \.result.plan, "What was to be done.")
    let seed = try field(
      "seed", { DecimalDigits(value: $0.result.seed) }, "Seed of the shuffled order of the series."
    ).value
    let challengeBytes = try field(
      "challenge", { Hex32(bytes: $0.result.challenge.bytes) },
      "The 32 bytes that every header is derived from."
    ).bytes
    guard let challenge = Challenge(bytes: challengeBytes) else {
      throw field.problem("a challenge that is not 32 bytes")
    }
    let challengeWasGiven = try field(
      "challenge_was_given", \.result.challengeWasGiven,
      "Whether somebody else chose the challenge, so that nothing could be computed ahead.")
    let arguments = try field("arguments", \.result.arguments, "The command line's words.")
    let machine = try field("machine", \.result.machine, "The computer that it ran on.")
    let devices = try field("devices", \.result.devices, "What was detected.")
    let workers = try field("workers", \.result.workers, "The workers of each series.")
    let choices = try field(
      "kernel_choices", \.result.kernelChoices, "For each algorithm how its kernel was chosen.")
    let meters = try field("meters", \.result.meters, "Every channel with its tags.")
    let unavailable = try field(
      "unavailable_meters", \.result.unavailableMeters, "Sources that gave no channel.")
    let samples = try field("samples", \.samples, "The windows in the order of time.")
    let checks = try field(
      "checks", \.result.checks,
      "Those that follow from the samples come last, after those that were made while measuring.")
    let summaries = try field(
      "summaries", \.result.summaries, "One for each series, derived from the samples.")
    let grading = try field("grading", \.result.grading, "How far it can be trusted.")
    let digest = try field.optional(
      "raw_log_sha256",
      { $0.result.rawLogDigest.map { Hex32(bytes: Hexadecimal.decode($0) ?? []) } },
      "Digest of the raw log, when one was written.")
    let trace = try field(
      "trace", \.result.trace, "Rate and power outside the windows, warm-ups included.")
    let roofline = try field.optional(
      "roofline", \.result.roofline, "What one core can do at most; absent: not measured.")
    let deviceRooflines = try field.optional(
      "device_rooflines",
      { $0.result.deviceRooflines.isEmpty ? nil : $0.result.deviceRooflines },
      "The same of devices behind drivers; absent: not measured.", .notEmpty)
    let note = try field.optional(
      "note", \.result.note,
      "What the machine cannot tell of itself, in the words of whoever measured; absent: nothing was said."
    )
    let resumedAt = try field.optional(
      "resumed_before", { $0.result.resumedAt.isEmpty ? nil : $0.result.resumedAt },
      "Places of the samples before which a run that had ended without a word was taken up again (`hashwatt resume`); "
        + "absent: it never was.", .atLeast(1))
    let places = resumedAt ?? []
    try field.require(
      zip(places, places.dropFirst()).allSatisfy { $0 < $1 }, "is not ascending",
      at: "resumed_before")
    let result = RunResult(
      tool: tool, startedAt: startedAt, endedAt: endedAt, isComplete: isComplete,
      endReason: endReason, plan: plan, seed: seed, challenge: challenge,
      challengeWasGiven: challengeWasGiven, arguments: arguments, machine: machine,
      devices: devices, workers: workers, kernelChoices: choices, meters: meters,
      unavailableMeters: unavailable, samples: samples.map(\.sample), checks: checks,
      summaries: summaries, grading: grading, rawLogDigest: digest?.text, trace: trace,
      roofline: roofline, deviceRooflines: deviceRooflines ?? [], note: note, resumedAt: places)
    return StatedResult(result, figures: samples.map(\.figures))
  }
}

extension ToolIdentity: Record {
  package static var recordName: String { "tool" }
  package static var recordMeaning: String { "Which program made a file." }

  package static func fields(
    _ field: inout some FieldList<ToolIdentity>
  ) throws(JSONProblem) -> ToolIdentity {
    ToolIdentity(
      version: try field("version", \.version, "Of the program."),
      executableDigest: try field(
        "executable_sha256", \.executableDigest, "Digest of the executable file."),
      compiler: try field("compiler", \.compiler, "What compiled it."),
      configuration: try field("configuration", \.configuration, "`release` or `debug`."))
  }
}
