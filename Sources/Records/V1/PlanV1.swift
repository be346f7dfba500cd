package import JSON
package import Model

extension Plan: Record {
  package static var recordName: String { "plan" }
  package static var recordMeaning: String { "What was to be done." }

  package static func fields(_ field: inout some FieldList<Plan>) throws(JSONProblem) -> Plan {
    Plan(
      suite: try field.optional(
        "suite", \.suite, "`quick-1`, ...; absent when options changed a suite's numbers."),
      warmup: try field(
        "warmup_s", \.warmup, "Shortest warm-up before a series' first window.", .atLeast(0)),
      warmupLimit: try field(
        "warmup_limit_s", \.warmupLimit, "Longest warm-up, where it waits for the steady state.",
        .atLeast(0)),
      warmsToSteadyState: try field(
        "warms_to_steady_state", \.warmsToSteadyState,
        "Whether the warm-up waits for the steady state."),
      window: try field("window_s", \.window, "Length of a window.", .above(0)),
      ramp: try field(
        "ramp_s", \.ramp, "Time at load on each side of a window that is not measured.",
        .atLeast(0)),
      minimumRepeats: try field(
        "minimum_repeats", \.minimumRepeats, "Least number of windows.", .atLeast(1)),
      maximumRepeats: try field(
        "maximum_repeats", \.maximumRepeats, "Greatest number of windows.", .atLeast(1)),
      stopHalfWidth: try field.optional(
        "stop_half_width_relative", \.stopHalfWidth,
        "Half-width of the 95 % interval at which repeats end; absent: `minimum_repeats`.",
        .above(0)),
      idle: try field("idle_s", \.idle, "Length of an idle window.", .atLeast(0)),
      idlesAfter: try field("idles_after", \.idlesAfter, "Whether idle is measured after too."),
      isTogether: try field.optional(
        "together", { $0.isTogether ? true : nil },
        "Whether one series of each device is measured at the same time; absent: in turn.")
        ?? false)
  }
}

extension SeriesID: Record {
  package static var recordName: String { "series" }
  package static var recordMeaning: String { "What was measured together." }

  package static func fields(_ field: inout some FieldList<SeriesID>) throws(JSONProblem)
    -> SeriesID
  {
    SeriesID(
      algorithm: try field("algorithm", \.algorithm, "What is computed."),
      device: try field("device", \.device, "By which device."),
      kernel: try field("kernel", \.kernel, "By which implementation."),
      placement: PlacementName(
        try field(
          "worker", \.placement.kind, "What a worker is: `thread`, `queue`, `connection`."),
        workers: try field("workers", \.placement.workers, "Number of workers.", .atLeast(1)),
        part: try field.optional(
          "part", \.placement.part,
          "Part of the device where a run tells parts apart, such as a core kind.")))
  }
}

extension SeriesWorkers: Record {
  package static var recordName: String { "workers" }
  package static var recordMeaning: String {
    "The workers of one series and the work they were given."
  }

  package static func fields(
    _ field: inout some FieldList<SeriesWorkers>
  ) throws(JSONProblem) -> SeriesWorkers {
    let series = try field("series", \.series, "What ran.")
    let unit = try field("work_unit", \.unit, "What its rates count.")
    let unitsPerAttempt = try field(
      "units_per_attempt", \.unitsPerAttempt,
      "Units of work that an attempt has on average: 1 for a hash.", .above(0))
    let target = try field(
      "target", { Hex32(bytes: $0.target.bytes.reversed()) },
      "What a value must not exceed; most significant digit first.")
    guard let target = Target(littleEndian: target.bytes.reversed()) else {
      throw field.problem("a target that is not 32 bytes")
    }
    return SeriesWorkers(
      series: series, unit: unit, unitsPerAttempt: unitsPerAttempt, target: target,
      placement: Placement(
        series.placement,
        places: try field(
          "places", \.placement.places,
          "Where each worker is, such as its CPU; empty for workers without a place of their own.",
          .atLeast(0)),
        facts: try field(
          "placement", \.placement.facts, "What else the backend was told or chose.")),
      batch: try field("batch_attempts", \.batch, "Attempts for one call of the kernel."),
      poll: try field.optional(
        "poll_s", \.poll,
        "How late the spans' own instants may be; absent where they have none.", .atLeast(0)),
      facts: try field("facts", \.facts, "What the workers got, such as `huge_pages`."),
      preparations: try field.optional(
        "preparations", { $0.preparations.isEmpty ? nil : $0.preparations },
        "What was prepared for them and what that took; absent where nothing was, or nobody metered it.",
        .notEmpty) ?? [],
      terms: try field.optional(
        "proof_terms", \.terms, "What proven work rests on; absent where it is counted."))
  }
}

extension MeteredPreparation: Record {
  package static var recordName: String { "preparation" }
  package static var recordMeaning: String {
    "What a kernel needed before its first attempt, as long as it was built; never inside a window."
  }

  package static func fields(
    _ field: inout some FieldList<MeteredPreparation>
  ) throws(JSONProblem) -> MeteredPreparation {
    let preparation = MeteredPreparation(
      start: try field("start", \.start, "The clock around the meters' snapshot before it."),
      end: try field("end", \.end, "The clock around that after it."),
      energy: try field(
        "energy", \.energy, "For each channel its energy, or why there is none."))
    let order = [preparation.start, preparation.end].flatMap { [$0.first, $0.second, $0.third] }
    try field.require(
      zip(order, order.dropFirst()).allSatisfy { $0 <= $1 }
        && preparation.start.third < preparation.end.first,
      "the preparation's instants are not in order")
    return preparation
  }
}

extension KernelChoice: Record {
  package static var recordName: String { "kernel_choice" }
  package static var recordMeaning: String { "How the kernel of an algorithm was chosen." }

  package static func fields(
    _ field: inout some FieldList<KernelChoice>
  ) throws(JSONProblem) -> KernelChoice {
    KernelChoice(
      algorithm: try field("algorithm", \.algorithm, "What is computed."),
      unit: try field("work_unit", \.unit, "What its rates count."),
      device: try field("device", \.device, "By which device."),
      requested: try field("requested", \.requested, "What was asked: `best`, `all` or a name."),
      chosen: try field("chosen", \.chosen, "What was taken."),
      candidates: try field("candidates", \.candidates, "What was considered."))
  }
}

extension KernelCandidate: Record {
  package static var recordName: String { "kernel_candidate" }
  package static var recordMeaning: String { "One kernel that was considered." }

  package static func fields(
    _ field: inout some FieldList<KernelCandidate>
  ) throws(JSONProblem) -> KernelCandidate {
    KernelCandidate(
      kernel: try field("kernel", \.kernel, "Its name."),
      briefThroughput: try field(
        "brief_rate_per_s", \.briefThroughput,
        "Rate of a brief measurement, or why there is none.", .atLeast(0)))
  }
}
