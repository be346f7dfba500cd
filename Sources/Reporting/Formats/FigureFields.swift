internal import Analysis
internal import Model

/// The fields of a figure for programs, by stable name with the unit in it.
struct FigureFields: Sendable {
  let name: String
  let value: @Sendable (Figure) -> JSONText

  /// New fields go to the end, so that columns keep their place.
  static let all: [FigureFields] = [
    FigureFields(name: "algorithm") { .string($0.algorithm.rawValue) },
    FigureFields(name: "device") { .string($0.deviceName) },
    FigureFields(name: "hardware_id") { .string($0.hardwareID.rawValue) },
    FigureFields(name: "device_kind") { .string($0.deviceKind.rawValue) },
    FigureFields(name: "kernel") { .optional($0.kernel?.rawValue) },
    FigureFields(name: "threads") { .optional($0.threads) },
    FigureFields(name: "core_kind") { .optional($0.coreKind) },
    FigureFields(name: "rate_per_s") { .optional($0.throughput?.value) },
    FigureFields(name: "rate_lower_per_s") { .optional($0.throughput?.lower) },
    FigureFields(name: "rate_upper_per_s") { .optional($0.throughput?.upper) },
    FigureFields(name: "repeats") { .optional($0.count) },
    FigureFields(name: "scope") { .optional($0.energy.value?.scope.rawValue) },
    FigureFields(name: "meter_kind") { .optional($0.energy.value?.kind?.rawValue) },
    FigureFields(name: "power_w") { .optional($0.energy.value?.power?.value) },
    FigureFields(name: "power_lower_w") { .optional($0.energy.value?.power?.lower) },
    FigureFields(name: "power_upper_w") { .optional($0.energy.value?.power?.upper) },
    FigureFields(name: "work_per_joule") { .optional($0.energy.value?.workPerJoule.value) },
    FigureFields(name: "work_per_joule_lower") {
      .optional($0.energy.value?.workPerJoule.lower)
    },
    FigureFields(name: "work_per_joule_upper") {
      .optional($0.energy.value?.workPerJoule.upper)
    },
    FigureFields(name: "energy_unavailable") { .optional($0.energy.reason?.text) },
    FigureFields(name: "grade") { .optional($0.grade?.rawValue) },
    FigureFields(name: "suite") { .optional($0.suite) },
    FigureFields(name: "complete") { .flag($0.isComplete) },
    FigureFields(name: "origin") { .string($0.provenance.rawValue) },
    FigureFields(name: "source_kind") { .string($0.source.kind.rawValue) },
    FigureFields(name: "source") { .string($0.source.name) },
    FigureFields(name: "source_title") { .optional($0.source.title) },
    FigureFields(name: "source_address") { .optional($0.source.address) },
    FigureFields(name: "shares_found") { .optional($0.source.verification.sharesFound) },
    FigureFields(name: "shares_verified") { .optional($0.source.verification.sharesVerified) },
    FigureFields(name: "challenge_given") {
      .optional($0.source.verification.challengeWasGiven)
    },
    FigureFields(name: "raw_log") { .optional($0.source.verification.hasRawLog) },
    FigureFields(name: "work_unit") { .string($0.workUnit.rawValue) },
    FigureFields(name: "source_confidence") { .optional($0.source.confidence) },
    FigureFields(name: "source_year") { .optional($0.source.year) },
  ]
}
