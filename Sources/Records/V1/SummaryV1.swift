package import JSON
package import Model

extension SeriesSummary: Record {
  package static var recordName: String { "summary" }
  package static var recordMeaning: String {
    "What all windows of one series say together; `Methodology.md` defines each number."
  }

  package static func fields(
    _ field: inout some FieldList<SeriesSummary>
  ) throws(JSONProblem) -> SeriesSummary {
    SeriesSummary(
      series: try field("series", \.series, "What ran."),
      unit: try field("work_unit", \.unit, "What its rate counts."),
      origin: try field(
        "work_origin", \.origin,
        "Whether the work was counted by a kernel of ours or is proven by shares, an estimate."),
      throughput: try field("rate_per_s", \.throughput, "Rate over the windows."),
      energy: try field("energy", \.energy, "For each scope, or why there is no energy at all."),
      stopReason: try field(
        "stop_reason", \.stopReason,
        "Why the repeats ended: `count`, `half-width`, `limit`, `interrupted`; `pooled` in a profile."
      ),
      sharesFound: try field(
        "shares_found", \.sharesFound, "Shares in the windows.", .atLeast(0)),
      sharesExpected: try field(
        "shares_expected", \.sharesExpected,
        "From the work and the target; of proven work as many as were found.", .atLeast(0)),
      sharesHashed: try field.optional(
        "shares_hashed", \.sharesHashed,
        "Those of them that were hashed again, of a miner whose shares take long; absent where all are as a matter of course.",
        .atLeast(0)),
      claims: try field.optional(
        "claims", { $0.claims.isEmpty ? nil : $0.claims },
        "What the device said of itself beside what was proven; absent where it was not asked.",
        .notEmpty) ?? [])
  }
}

extension ClaimSummary: Record {
  package static var recordName: String { "claim_summary" }
  package static var recordMeaning: String {
    "A figure that a miner states of itself, beside the proven one."
  }

  package static func fields(
    _ field: inout some FieldList<ClaimSummary>
  ) throws(JSONProblem) -> ClaimSummary {
    ClaimSummary(
      source: try field("source", \.source, "Where it was asked: `cgminer`, `axeos`."),
      field: try field("field", \.field, "The answer's own name of it."),
      count: try field("count", \.count, "How often it was asked.", .atLeast(1)),
      rate: try field("rate_per_s", \.rate, "Mean of the answers.", .atLeast(0)),
      ratio: try field.optional(
        "proven_over_claimed", \.ratio,
        "The proven rate over the claimed one; absent for a claim of 0.",
        .atLeast(0)),
      lower: try field.optional(
        "lower_95", \.lower, "Lower end of the ratio's 95 % interval.", .atLeast(0)),
      upper: try field.optional("upper_95", \.upper, "Its upper end.", .atLeast(0)))
  }
}

extension Estimate: Record {
  package static var recordName: String { "estimate" }
  package static var recordMeaning: String {
    "A number with its spread; its unit is in the key that holds it."
  }

  package static func fields(_ field: inout some FieldList<Estimate>) throws(JSONProblem)
    -> Estimate
  {
    Estimate(
      count: try field("count", \.count, "Number of windows.", .atLeast(1)),
      mean: try field("mean", \.mean, "Mean of the windows."),
      median: try field("median", \.median, "Median of the windows."),
      minimum: try field("minimum", \.minimum, "Least of the windows."),
      maximum: try field("maximum", \.maximum, "Greatest of the windows."),
      standardDeviation: try field.optional(
        "standard_deviation", \.standardDeviation, "Of the sample; absent for one window.",
        .atLeast(0)),
      lower: try field.optional(
        "lower_95", \.lower, "Lower end of the 95 % interval of the mean; absent for few windows."),
      upper: try field.optional("upper_95", \.upper, "Its upper end."),
      method: try field("method", \.method, "How the interval was made."))
  }
}

extension ScopeSummary: Record {
  package static var recordName: String { "scope_summary" }
  package static var recordMeaning: String { "Energy and efficiency of a series in one scope." }

  package static func fields(
    _ field: inout some FieldList<ScopeSummary>
  ) throws(JSONProblem) -> ScopeSummary {
    ScopeSummary(
      scope: try field("scope", \.scope, "What the numbers cover."),
      meters: try field("meters", \.meters, "The channels summed."),
      kind: try field("kind", \.kind, "How the meter comes by its numbers."),
      power: try field("power_w", \.power, "Mean power over the windows."),
      workPerJoule: try field(
        "work_per_joule", \.workPerJoule, "Sum of work over sum of joules.", .atLeast(0)),
      terms: try field("uncertainty_terms", \.terms, "What the uncertainty is made of."),
      repeatability: try field.optional(
        "u_repeat", \.repeatability, "For comparing runs on the same sensor."),
      total: try field.optional("u_total", \.total, "For comparing machines."),
      dynamicWorkPerJoule: try field.optional(
        "dynamic_work_per_joule", \.dynamicWorkPerJoule,
        "With idle power subtracted; absent where idle was not measured in this scope."),
      dynamicTotal: try field.optional("dynamic_u_total", \.dynamicTotal, "Its uncertainty."))
  }
}

extension UncertaintyTerm: Record {
  package static var recordName: String { "uncertainty_term" }
  package static var recordMeaning: String { "One term of an uncertainty budget." }

  package static func fields(
    _ field: inout some FieldList<UncertaintyTerm>
  ) throws(JSONProblem) -> UncertaintyTerm {
    UncertaintyTerm(
      name: try field("name", \.name, "`repeat`, `skew`, `resolution`, `gain` and the like."),
      relative: try field("relative", \.relative, "Relative standard uncertainty.", .atLeast(0)),
      degreesOfFreedom: try field.optional(
        "degrees_of_freedom", \.degreesOfFreedom, "Absent: infinitely many.", .atLeast(0)))
  }
}

extension ExpandedUncertainty: Record {
  package static var recordName: String { "expanded_uncertainty" }
  package static var recordMeaning: String { "A relative expanded uncertainty." }

  package static func fields(
    _ field: inout some FieldList<ExpandedUncertainty>
  ) throws(JSONProblem) -> ExpandedUncertainty {
    ExpandedUncertainty(
      relative: try field(
        "relative", \.relative, "Relative half-width of the 95 % interval.", .atLeast(0)),
      standard: try field(
        "standard_relative", \.standard, "The standard uncertainty.", .atLeast(0)),
      coverageFactor: try field(
        "coverage_factor", \.coverageFactor, "The one over the other.", .atLeast(0)),
      degreesOfFreedom: try field.optional(
        "degrees_of_freedom", \.degreesOfFreedom, "Absent: infinitely many.", .atLeast(0)))
  }
}

extension Check: Record {
  package static var recordName: String { "check" }
  package static var recordMeaning: String { "A named check of a machine, a meter or a window." }

  package static func fields(_ field: inout some FieldList<Check>) throws(JSONProblem) -> Check {
    Check(
      name: try field("name", \.name, "Stable name, such as `steal-time`."),
      verdict: try field("verdict", \.verdict, "What came of it."),
      message: try field("message", \.message, "One sentence with the facts that it judged."),
      remedy: try field.optional("remedy", \.remedy, "What mends it."),
      sample: try field.optional(
        "sample", \.sample, "Index of the window that it is about.", .atLeast(0)),
      origin: try field(
        "origin", \.origin, "Whether it was made while measuring or follows from the samples."))
  }
}

extension Grading: Record {
  package static var recordName: String { "grading" }
  package static var recordMeaning: String {
    "How far a result can be trusted; computed, never declared."
  }

  package static func fields(_ field: inout some FieldList<Grading>) throws(JSONProblem) -> Grading
  {
    Grading(
      grade: try field(
        "grade", \.grade, "R0 exploratory, R1 quick, R2 standard, R3 metered."),
      reasonsAgainstBetter: try field(
        "reasons_against_better", \.reasonsAgainstBetter,
        "What the next better grade demands and what was found."),
      aspects: try field("aspects", \.aspects, "Aspects of published standards."))
  }
}

extension StandardAspect: Record {
  package static var recordName: String { "aspect" }
  package static var recordMeaning: String {
    "One aspect of a published power-measurement standard; not a claim of conformance."
  }

  package static func fields(
    _ field: inout some FieldList<StandardAspect>
  ) throws(JSONProblem) -> StandardAspect {
    StandardAspect(
      name: try field("name", \.name, "Such as `spec-crest-factor`."),
      status: try field("status", \.status, "Whether it is met."),
      reason: try field("reason", \.reason, "What was found."))
  }
}
