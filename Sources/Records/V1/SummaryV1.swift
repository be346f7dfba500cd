internal import Model

/// The summary of one series as files spell it.
struct SummaryV1: Codable {
  var series: SeriesV1
  var unit: WordV1<WorkUnit>
  var throughput: EstimateV1
  var energy: ReadingV1<[ScopeSummaryV1]>
  var stopReason: String
  var sharesFound: Int
  var sharesExpected: Double

  private enum CodingKeys: String, CodingKey {
    case series, energy
    case unit = "work_unit"
    case throughput = "rate_per_s"
    case stopReason = "stop_reason"
    case sharesFound = "shares_found"
    case sharesExpected = "shares_expected"
  }

  init(_ summary: SeriesSummary) {
    series = SeriesV1(summary.series)
    unit = WordV1(summary.unit)
    throughput = EstimateV1(summary.throughput)
    energy = ReadingV1(summary.energy) { $0.map(ScopeSummaryV1.init) }
    stopReason = summary.stopReason.rawValue
    sharesFound = summary.sharesFound
    sharesExpected = summary.sharesExpected
  }

  var domain: SeriesSummary {
    SeriesSummary(
      series: series.domain, unit: unit.domain, throughput: throughput.domain,
      energy: energy.reading { $0.map(\.domain) },
      stopReason: StopReason(rawValue: stopReason),
      sharesFound: sharesFound, sharesExpected: sharesExpected)
  }
}

/// A number with its spread; the unit is in the key that holds it.
struct EstimateV1: Codable {
  var count: Int
  var mean: Double
  var median: Double
  var minimum: Double
  var maximum: Double
  var standardDeviation: Double?
  var lower: Double?
  var upper: Double?
  var method: String

  private enum CodingKeys: String, CodingKey {
    case count, mean, median, minimum, maximum, method
    case standardDeviation = "standard_deviation"
    case lower = "lower_95"
    case upper = "upper_95"
  }

  init(_ estimate: Estimate) {
    count = estimate.count
    mean = estimate.mean
    median = estimate.median
    minimum = estimate.minimum
    maximum = estimate.maximum
    standardDeviation = estimate.standardDeviation
    lower = estimate.lower
    upper = estimate.upper
    method = estimate.method
  }

  var domain: Estimate {
    Estimate(
      count: count, mean: mean, median: median, minimum: minimum, maximum: maximum,
      standardDeviation: standardDeviation, lower: lower, upper: upper, method: method)
  }
}

struct ScopeSummaryV1: Codable {
  var scope: String
  var meters: [String]
  var kind: String
  var power: EstimateV1
  var workPerJoule: Double
  var terms: [UncertaintyTermV1]
  var repeatability: ExpandedV1?
  var total: ExpandedV1?
  var dynamicWorkPerJoule: Double?
  var dynamicTotal: ExpandedV1?

  private enum CodingKeys: String, CodingKey {
    case scope, meters, kind
    case power = "power_w"
    case workPerJoule = "work_per_joule"
    case terms = "uncertainty_terms"
    case repeatability = "u_repeat"
    case total = "u_total"
    case dynamicWorkPerJoule = "dynamic_work_per_joule"
    case dynamicTotal = "dynamic_u_total"
  }

  init(_ summary: ScopeSummary) {
    scope = summary.scope.rawValue
    meters = summary.meters.map(\.rawValue)
    kind = summary.kind.rawValue
    power = EstimateV1(summary.power)
    workPerJoule = summary.workPerJoule
    terms = summary.terms.map(UncertaintyTermV1.init)
    repeatability = summary.repeatability.map(ExpandedV1.init)
    total = summary.total.map(ExpandedV1.init)
    dynamicWorkPerJoule = summary.dynamicWorkPerJoule
    dynamicTotal = summary.dynamicTotal.map(ExpandedV1.init)
  }

  var domain: ScopeSummary {
    ScopeSummary(
      scope: Scope(rawValue: scope), meters: meters.map(MeterID.init),
      kind: MeterKind(rawValue: kind), power: power.domain, workPerJoule: workPerJoule,
      terms: terms.map(\.domain), repeatability: repeatability?.domain, total: total?.domain,
      dynamicWorkPerJoule: dynamicWorkPerJoule, dynamicTotal: dynamicTotal?.domain)
  }
}

struct UncertaintyTermV1: Codable {
  var name: String
  var relative: Double
  var degreesOfFreedom: Double?

  private enum CodingKeys: String, CodingKey {
    case name, relative
    case degreesOfFreedom = "degrees_of_freedom"
  }

  init(_ term: UncertaintyTerm) {
    name = term.name.rawValue
    relative = term.relative
    degreesOfFreedom = term.degreesOfFreedom
  }

  var domain: UncertaintyTerm {
    UncertaintyTerm(
      name: UncertaintyTerm.Name(rawValue: name), relative: relative,
      degreesOfFreedom: degreesOfFreedom)
  }
}

struct ExpandedV1: Codable {
  var relative: Double
  var standard: Double
  var coverageFactor: Double
  var degreesOfFreedom: Double?

  private enum CodingKeys: String, CodingKey {
    case relative
    case standard = "standard_relative"
    case coverageFactor = "coverage_factor"
    case degreesOfFreedom = "degrees_of_freedom"
  }

  init(_ uncertainty: ExpandedUncertainty) {
    relative = uncertainty.relative
    standard = uncertainty.standard
    coverageFactor = uncertainty.coverageFactor
    degreesOfFreedom = uncertainty.degreesOfFreedom
  }

  var domain: ExpandedUncertainty {
    ExpandedUncertainty(
      relative: relative, standard: standard, coverageFactor: coverageFactor,
      degreesOfFreedom: degreesOfFreedom)
  }
}

struct CheckV1: Codable {
  var name: String
  var verdict: WordV1<CheckVerdict>
  var message: String
  var remedy: String?
  var sample: Int?
  var origin: WordV1<CheckOrigin>

  init(_ check: Check) {
    name = check.name.rawValue
    verdict = WordV1(check.verdict)
    message = check.message
    remedy = check.remedy
    sample = check.sample
    origin = WordV1(check.origin)
  }

  init(from decoder: any Decoder) throws {
    // A result has hundreds; a container of `Decoder` for each costs more than what it reads.
    let object = try DocumentDecoder(decoder)
    name = try object.decode("name")
    verdict = try object.decode("verdict")
    message = try object.decode("message")
    remedy = try object.decodeIfPresent("remedy")
    sample = try object.decodeIfPresent("sample")
    origin = try object.decode("origin")
  }

  var domain: Check {
    Check(
      name: CheckName(rawValue: name), verdict: verdict.domain, message: message, remedy: remedy,
      sample: sample, origin: origin.domain)
  }
}

struct GradingV1: Codable {
  struct Aspect: Codable {
    var name: String
    var status: WordV1<StandardAspect.Status>
    var reason: String
  }

  var grade: WordV1<Grade>
  var reasonsAgainstBetter: [ReasonV1]
  var aspects: [Aspect]

  private enum CodingKeys: String, CodingKey {
    case grade, aspects
    case reasonsAgainstBetter = "reasons_against_better"
  }

  init(_ grading: Grading) {
    grade = WordV1(grading.grade)
    reasonsAgainstBetter = grading.reasonsAgainstBetter.map(ReasonV1.init)
    aspects = grading.aspects.map {
      Aspect(name: $0.name, status: WordV1($0.status), reason: $0.reason)
    }
  }

  var domain: Grading {
    Grading(
      grade: grade.domain, reasonsAgainstBetter: reasonsAgainstBetter.map(\.domain),
      aspects: aspects.map {
        StandardAspect(name: $0.name, status: $0.status.domain, reason: $0.reason)
      })
  }
}
