internal import Analysis
package import JSON
internal import Model
package import Records

/// The fields of a figure for programs; new ones go to the end, so that the columns of CSV keep their place.
struct PrintedFigure: PrintedRecord {
  static var recordName: String { "figure" }
  static var recordMeaning: String { "One figure: measured by a run, or claimed by somebody." }

  let figure: Figure

  static func fields(_ field: inout some PrintedList<PrintedFigure>) throws(JSONProblem) {
    try list(&field) { $0.figure }
  }

  /// The fields as a part of those of whatever has a figure.
  static func list<Subject>(
    _ field: inout some PrintedList<Subject>, _ figure: @escaping (Subject) -> Figure
  ) throws(JSONProblem) {
    try field("algorithm", { figure($0).algorithm }, "What is computed.")
    try field("device", { figure($0).deviceName }, "Name of the device.")
    try field("hardware_id", { figure($0).hardwareID }, "Short name of the model.")
    try field("device_kind", { figure($0).deviceKind }, "What it is.")
    try field("kernel", { figure($0).kernel }, "By which implementation; null for a claim.")
    try field("threads", { figure($0).placement?.workers }, "Number of workers; null for a claim.")
    try field(
      "core_kind", { figure($0).placement?.part }, "Kind of the cores, where kinds are told apart.")
    try field("rate_per_s", { figure($0).throughput?.value }, "Work a second.")
    try field("rate_lower_per_s", { figure($0).throughput?.lower }, "Lower end of its interval.")
    try field("rate_upper_per_s", { figure($0).throughput?.upper }, "Upper end of its interval.")
    try field("repeats", { figure($0).count }, "Number of windows.")
    try field("scope", { figure($0).energy.value?.scope }, "What the energy covers.")
    try field(
      "meter_kind", { figure($0).energy.value?.kind }, "How the meter comes by its numbers.")
    try field("power_w", { figure($0).energy.value?.power?.value }, "Mean power.")
    try field(
      "power_lower_w", { figure($0).energy.value?.power?.lower }, "Lower end of its interval.")
    try field(
      "power_upper_w", { figure($0).energy.value?.power?.upper }, "Upper end of its interval.")
    try field("work_per_joule", { figure($0).energy.value?.workPerJoule.value }, "The efficiency.")
    try field(
      "work_per_joule_lower", { figure($0).energy.value?.workPerJoule.lower },
      "Lower end of its interval.")
    try field(
      "work_per_joule_upper", { figure($0).energy.value?.workPerJoule.upper },
      "Upper end of its interval.")
    try field("energy_unavailable", { figure($0).energy.reason?.text }, "Why there is no energy.")
    try field("grade", { figure($0).grade }, "How far it can be trusted; null for a claim.")
    try field(
      "suite", { figure($0).suite }, "The plan; null for one of one's own, and for a claim.")
    try field("complete", { figure($0).isComplete }, "False when the run ended early.")
    try field("origin", { figure($0).provenance.rawValue }, "Measured, or published by somebody.")
    try field("source_kind", { figure($0).source.kind.rawValue }, "What the figure was read from.")
    try field("source", { figure($0).source.name }, "Name of the file.")
    try field("source_title", { figure($0).source.title }, "Title of a claim's source.")
    try field("source_address", { figure($0).source.address }, "Address of a claim's source.")
    try field(
      "shares_found", { figure($0).source.verification.sharesFound },
      "Shares kept with it; whether they hold, `hashwatt verify` tells.")
    try field(
      "challenge_given", { figure($0).source.verification.challengeWasGiven },
      "Whether somebody else chose the challenge.")
    try field(
      "raw_log", { figure($0).source.verification.hasRawLog }, "Whether a raw log was written.")
    try field("work_unit", { figure($0).workUnit }, "What is counted.")
    try field(
      "source_confidence", { figure($0).source.confidence }, "How careful a claim's source is.")
    try field("source_year", { figure($0).source.year }, "Year of a claim.")
    try field(
      "work_origin", { figure($0).workOrigin },
      "Whether the work was counted or is proven by shares; null for claims.")
    try field(
      "joules_per_work", { figure($0).energy.value?.joulesPerWork.value },
      "The efficiency as joules for one unit of work.")
    try field(
      "joules_per_work_lower", { figure($0).energy.value?.joulesPerWork.lower },
      "Lower end of its interval.")
    try field(
      "joules_per_work_upper", { figure($0).energy.value?.joulesPerWork.upper },
      "Upper end of its interval.")
    try field("note", { figure($0).note }, "What whoever measured said of the machine.")
    try field(
      "per", { figure($0).part?.rawValue },
      "What rate and power are told for one of; null for all that worked.")
    try field.optional(
      "epoch", { figure($0).epoch },
      "Of the dataset that was worked on; absent without, and for a claim, which names none.")
  }
}

/// A figure in its place of a section.
struct PrintedRank: PrintedRecord {
  static var recordName: String { "ranked_figure" }
  static var recordMeaning: String { "A figure in its place." }

  let rank: Int
  let figure: Figure

  static func fields(_ field: inout some PrintedList<PrintedRank>) throws(JSONProblem) {
    try field("rank", \.rank, "Place within the section, from 1.")
    try PrintedFigure.list(&field) { $0.figure }
    try field("remarks", \.figure.remarks, "What a reader should know of it.")
  }
}

extension RankingSection: PrintedRecord {
  package static var recordName: String { "section" }
  package static var recordMeaning: String { "Figures that may be compared with one another." }

  package static func fields(
    _ field: inout some PrintedList<RankingSection>
  ) throws(JSONProblem) {
    try field("algorithm", \.algorithm, "What is computed.")
    try field("work_unit", \.unit, "What is counted.")
    try field.optional(
      "epoch", \.work.epoch, "Of the dataset that measured figures worked on; absent without.")
    try field("scope", \.scope, "What the energy covers; null where there is none.")
    try field(
      "figures",
      { $0.figures.enumerated().map { PrintedRank(rank: $0 + 1, figure: $1) } },
      "The figures, the best first.")
  }
}

extension Ranking: PrintedRecord {
  package static var recordName: String { "table" }
  package static var recordMeaning: String { "What `hashwatt table --format json` prints." }

  package static func fields(_ field: inout some PrintedList<Ranking>) throws(JSONProblem) {
    try field.constant("format", "hashwatt-table", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field("sort", \.sort.rawValue, "What the figures are sorted by.")
    try field("sections", \.sections, "One section for each algorithm, epoch and scope.")
  }
}
