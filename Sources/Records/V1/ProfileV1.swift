package import JSON
package import Model

extension Profile: Record {
  package static var recordName: String { "profile" }
  package static var recordMeaning: String {
    "What is known of one hardware model: measured series and published claims, never mixed."
  }

  package static func fields(_ field: inout some FieldList<Profile>) throws(JSONProblem) -> Profile
  {
    try field.constant("format", ProfileFile.format, "What this file is.")
    try field.constant("version", 1, "Version of the format.")
    let hardwareID = try field(
      "hardware_id", \.hardwareID, "Short name of the model; the file's path below `profiles/`.")
    let kind = try field("kind", \.kind, "What it is.")
    let name = try field("name", \.name, "As it names itself, or its maker does.")
    let vendor = try field.optional("vendor", \.vendor, "The maker, where a source tells.")
    let measured = try field.optional(
      "measured", { MeasuredPart($0) },
      "What follows from results, byte for byte; absent when there are none.")
    return Profile(
      hardwareID: hardwareID, kind: kind, name: name, vendor: vendor,
      sources: measured?.results ?? [], unitsAtLeast: measured?.unitsAtLeast ?? 0,
      measured: measured?.series ?? [],
      published: try field(
        "published", \.published, "Claims of others, in the order they came."))
  }
}

/// The part of a profile that is derived from results.
struct MeasuredPart {
  var results: [MeasuredSource]
  var unitsAtLeast: Int
  var series: [MeasuredFigure]
}

extension MeasuredPart: Record {
  package static var recordName: String { "measured" }
  package static var recordMeaning: String {
    "What follows from results. The same results give the same bytes."
  }

  /// Nil where no result is behind the profile.
  init?(_ profile: Profile) {
    if profile.measured.isEmpty && profile.sources.isEmpty { return nil }
    self.init(
      results: profile.sources, unitsAtLeast: profile.unitsAtLeast, series: profile.measured)
  }

  package static func fields(
    _ field: inout some FieldList<MeasuredPart>
  ) throws(JSONProblem) -> MeasuredPart {
    MeasuredPart(
      results: try field("results", \.results, "The results that it rests on."),
      unitsAtLeast: try field(
        "units_at_least", \.unitsAtLeast,
        "How many machines differ for certain (board, product or memory); equal ones may still be several.",
        .atLeast(1)),
      series: try field("series", \.series, "One entry for each series and plan."))
  }
}

extension MeasuredSource: Record {
  package static var recordName: String { "measured_source" }
  package static var recordMeaning: String {
    "One result behind a profile, with what a reader wants to know before trusting it."
  }

  package static func fields(
    _ field: inout some FieldList<MeasuredSource>
  ) throws(JSONProblem) -> MeasuredSource {
    MeasuredSource(
      result: try field("result", \.result, "The result's file name."),
      digest: try field("sha256", \.digest, "Digest of the file."),
      startedAt: try field("started_unix_s", \.startedAt, "Wall clock."),
      suite: try field.optional("suite", \.suite, "The suite; absent for a plan of one's own."),
      isComplete: try field("complete", \.isComplete, "False when the run ended early."),
      grade: try field("grade", \.grade, "The result's grade."),
      reasonsAgainstBetter: try field(
        "reasons_against_better", \.reasonsAgainstBetter, "Why it is no better."),
      challengeWasGiven: try field(
        "challenge_was_given", \.challengeWasGiven, "Whether somebody else chose the challenge."),
      hasRawLog: try field("has_raw_log", \.hasRawLog, "Whether a raw log was written."),
      sharesFound: try field(
        "shares_found", \.sharesFound, "Shares in its load windows.", .atLeast(0)),
      hypervisor: try field(
        "hypervisor", \.hypervisor, "What it ran under; null: a real machine."),
      toolVersion: try field("tool_version", \.toolVersion, "Version of the program."))
  }
}

extension MeasuredFigure: Record {
  package static var recordName: String { "measured_series" }
  package static var recordMeaning: String {
    "The windows of one series, pooled over results of one plan, under one hypervisor, with equal meters."
  }

  package static func fields(
    _ field: inout some FieldList<MeasuredFigure>
  ) throws(JSONProblem) -> MeasuredFigure {
    MeasuredFigure(
      results: try field("results", \.results, "The results pooled here."),
      suite: try field.optional("suite", \.suite, "The plan that all of them followed."),
      epoch: try field.optional(
        "epoch", \.epoch, "Of the dataset that was worked on; absent for an algorithm without."),
      grade: try field("grade", \.grade, "The lowest of theirs."),
      units: try field("units", \.units, "Units of work, summed over the windows."),
      time: try field("time_s", \.time, "Sum over the windows.", .atLeast(0)),
      scopeTotals: try field(
        "scope_totals", \.scopeTotals, "The sums behind each scope's work per joule."),
      summary: try field("summary", \.summary, "As in a result, over all pooled windows."))
  }
}

extension ScopeTotals: Record {
  package static var recordName: String { "scope_totals" }
  package static var recordMeaning: String {
    "Sums over the windows in which one scope was metered."
  }

  package static func fields(
    _ field: inout some FieldList<ScopeTotals>
  ) throws(JSONProblem) -> ScopeTotals {
    ScopeTotals(
      scope: try field("scope", \.scope, "What the numbers cover."),
      windows: try field("windows", \.windows, "How many.", .atLeast(1)),
      units: try field("units", \.units, "Their units of work."),
      joules: try field("energy_j", \.joules, "Their energy.", .above(0)))
  }
}

extension PublishedClaim: Record {
  package static var recordName: String { "claim" }
  package static var recordMeaning: String {
    "What somebody published; never a measurement of ours."
  }

  package static func fields(
    _ field: inout some FieldList<PublishedClaim>
  ) throws(JSONProblem) -> PublishedClaim {
    PublishedClaim(
      algorithm: try field(
        "algorithm", \.algorithm,
        "The exact function; `sha256+hashcat-1400` is a password cracker's and compares only with itself."
      ),
      workUnit: try field("work_unit", \.workUnit, "What is counted: `hash`, `solution`."),
      rate: try field.optional(
        "rate_per_s", \.rate, "Work a second; absent where only the efficiency is stated.",
        .above(0)),
      power: try field.optional(
        "power_w", \.power, "Absent where the source does not say.", .above(0)),
      joulesPerWork: try field.optional(
        "joules_per_work", \.joulesPerWork, "For one unit of work.", .above(0)),
      joulesPerWorkIsStated: try field(
        "joules_per_work_is_stated", \.joulesPerWorkIsStated, "False: power over rate."),
      stated: try field("stated", \.stated, "The source's own figures."),
      measuredAt: try field("measured_at", \.measuredAt, "Where the power was measured."),
      rateTolerance: try field.optional(
        "rate_tolerance_relative", \.rateTolerance, "Where the source gives one.", .above(0)),
      powerTolerance: try field.optional(
        "power_tolerance_relative", \.powerTolerance, "Where the source gives one.", .above(0)),
      year: try field.optional("year", \.year, "Of release.", .atLeast(1990)),
      source: try field("source", \.source, "Where it was published."),
      confidence: try field(
        "confidence", \.confidence,
        "`high`: a tool's own output, a maker's own sheet, two independent sources that agree; "
          + "`medium`: one trade table, a review with tests of its own; `low`: constants of a "
          + "generator, a single text, an announcement."),
      note: try field.optional("note", \.note, "What else the source says."))
  }
}

extension StatedFigures: Record {
  package static var recordName: String { "stated_figures" }
  package static var recordMeaning: String {
    "A claim's numbers as its source prints them, as text."
  }

  package static func fields(
    _ field: inout some FieldList<StatedFigures>
  ) throws(JSONProblem) -> StatedFigures {
    StatedFigures(
      rate: try field.optional("rate", \.rate, "The rate in `unit`."),
      unit: try field("unit", \.unit, "`TH/s`, `kSol/s`."),
      power: try field.optional("power_w", \.power, "The power."),
      efficiency: try field.optional(
        "efficiency_j_per_unit", \.efficiency, "Joules for `unit` times one second."))
  }
}

extension ClaimSource: Record {
  package static var recordName: String { "claim_source" }
  package static var recordMeaning: String { "Where a claim was published." }

  package static func fields(_ field: inout some FieldList<ClaimSource>) throws(JSONProblem)
    -> ClaimSource
  {
    ClaimSource(
      title: try field("title", \.title, "Its title.", .notEmpty),
      address: try field(
        "address", \.address,
        "A web address, or `OWNER/REPOSITORY @ COMMIT PATH` of a public repository.", .notEmpty))
  }
}
