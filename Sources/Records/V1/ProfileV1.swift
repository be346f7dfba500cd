internal import Model

/// Version 1 of "hashwatt-profile", key by key.
struct ProfileV1: Codable {
  var format: String
  var version: Int
  var hardwareID: String
  var kind: String
  var name: String
  var vendor: String?
  var measured: MeasuredV1?
  var published: [ClaimV1]

  private enum CodingKeys: String, CodingKey {
    case format, version, kind, name, vendor, measured, published
    case hardwareID = "hardware_id"
  }

  init(_ profile: Profile) {
    format = ProfileFile.format
    version = 1
    hardwareID = profile.hardwareID.rawValue
    kind = profile.kind.rawValue
    name = profile.name
    vendor = profile.vendor
    measured =
      profile.measured.isEmpty && profile.sources.isEmpty
      ? nil
      : MeasuredV1(
        results: profile.sources.map(MeasuredSourceV1.init), unitsAtLeast: profile.unitsAtLeast,
        series: profile.measured.map(MeasuredFigureV1.init))
    published = profile.published.map(ClaimV1.init)
  }

  var domain: Profile {
    Profile(
      hardwareID: HardwareID(rawValue: hardwareID), kind: DeviceKind(rawValue: kind), name: name,
      vendor: vendor, sources: measured?.results.map(\.domain) ?? [],
      unitsAtLeast: measured?.unitsAtLeast ?? 0, measured: measured?.series.map(\.domain) ?? [],
      published: published.map(\.domain))
  }
}

struct MeasuredV1: Codable {
  var results: [MeasuredSourceV1]
  var unitsAtLeast: Int
  var series: [MeasuredFigureV1]

  private enum CodingKeys: String, CodingKey {
    case results, series
    case unitsAtLeast = "units_at_least"
  }
}

struct MeasuredSourceV1: Codable {
  var result: String
  var digest: String
  var startedAt: Double
  var suite: String?
  var isComplete: Bool
  var grade: WordV1<Grade>
  var reasonsAgainstBetter: [ReasonV1]
  var challengeWasGiven: Bool
  var hasRawLog: Bool
  var sharesFound: Int
  var hypervisor: ReadingV1<String?>
  var toolVersion: String

  private enum CodingKeys: String, CodingKey {
    case result, suite, grade, hypervisor
    case digest = "sha256"
    case startedAt = "started_unix_s"
    case isComplete = "complete"
    case reasonsAgainstBetter = "reasons_against_better"
    case challengeWasGiven = "challenge_was_given"
    case hasRawLog = "has_raw_log"
    case sharesFound = "shares_found"
    case toolVersion = "tool_version"
  }

  init(_ source: MeasuredSource) {
    result = source.result
    digest = source.digest
    startedAt = source.startedAt
    suite = source.suite
    isComplete = source.isComplete
    grade = WordV1(source.grade)
    reasonsAgainstBetter = source.reasonsAgainstBetter.map(ReasonV1.init)
    challengeWasGiven = source.challengeWasGiven
    hasRawLog = source.hasRawLog
    sharesFound = source.sharesFound
    hypervisor = ReadingV1(source.hypervisor)
    toolVersion = source.toolVersion
  }

  var domain: MeasuredSource {
    MeasuredSource(
      result: result, digest: digest, startedAt: startedAt, suite: suite, isComplete: isComplete,
      grade: grade.domain, reasonsAgainstBetter: reasonsAgainstBetter.map(\.domain),
      challengeWasGiven: challengeWasGiven, hasRawLog: hasRawLog, sharesFound: sharesFound,
      hypervisor: hypervisor.domain, toolVersion: toolVersion)
  }
}

struct MeasuredFigureV1: Codable {
  struct Totals: Codable {
    var scope: String
    var windows: Int
    var hashes: UInt64
    var joules: Double

    private enum CodingKeys: String, CodingKey {
      case scope, windows, hashes
      case joules = "energy_j"
    }
  }

  var results: [String]
  var suite: String?
  var grade: WordV1<Grade>
  var hashes: UInt64
  var time: Double
  var scopeTotals: [Totals]
  var summary: SummaryV1

  private enum CodingKeys: String, CodingKey {
    case results, suite, grade, hashes, summary
    case time = "time_s"
    case scopeTotals = "scope_totals"
  }

  init(_ figure: MeasuredFigure) {
    results = figure.results
    suite = figure.suite
    grade = WordV1(figure.grade)
    hashes = figure.hashes
    time = figure.time.value
    scopeTotals = figure.scopeTotals.map {
      Totals(
        scope: $0.scope.rawValue, windows: $0.windows, hashes: $0.hashes, joules: $0.joules)
    }
    summary = SummaryV1(figure.summary)
  }

  var domain: MeasuredFigure {
    MeasuredFigure(
      results: results, suite: suite, grade: grade.domain, hashes: hashes, time: Seconds(time),
      scopeTotals: scopeTotals.map {
        ScopeTotals(
          scope: Scope(rawValue: $0.scope), windows: $0.windows, hashes: $0.hashes,
          joules: $0.joules)
      }, summary: summary.domain)
  }
}

/// A published claim; the figures in the source's own units stay decimal text, as the source prints them.
struct ClaimV1: Codable {
  struct Stated: Codable {
    var rate: String?
    var unit: String
    var power: String?
    var efficiency: String?

    private enum CodingKeys: String, CodingKey {
      case rate, unit
      case power = "power_w"
      case efficiency = "efficiency_j_per_unit"
    }
  }

  struct Source: Codable {
    var title: String
    var address: String
  }

  var algorithm: String
  var workUnit: WordV1<WorkUnit>
  var rate: Double?
  var power: Double?
  var joulesPerWork: Double?
  var joulesPerWorkIsStated: Bool
  var stated: Stated
  var measuredAt: WordV1<PowerPoint>
  var rateTolerance: Double?
  var powerTolerance: Double?
  var year: Int?
  var source: Source
  var confidence: WordV1<ClaimConfidence>
  var note: String?

  private enum CodingKeys: String, CodingKey {
    case algorithm, stated, year, source, confidence, note
    case workUnit = "work_unit"
    case rate = "rate_per_s"
    case power = "power_w"
    case joulesPerWork = "joules_per_work"
    case joulesPerWorkIsStated = "joules_per_work_is_stated"
    case measuredAt = "measured_at"
    case rateTolerance = "rate_tolerance_relative"
    case powerTolerance = "power_tolerance_relative"
  }

  init(_ claim: PublishedClaim) {
    algorithm = claim.algorithm.rawValue
    workUnit = WordV1(claim.workUnit)
    rate = claim.rate
    power = claim.power?.value
    joulesPerWork = claim.joulesPerWork
    joulesPerWorkIsStated = claim.joulesPerWorkIsStated
    stated = Stated(
      rate: claim.stated.rate, unit: claim.stated.unit, power: claim.stated.power,
      efficiency: claim.stated.efficiency)
    measuredAt = WordV1(claim.measuredAt)
    rateTolerance = claim.rateTolerance
    powerTolerance = claim.powerTolerance
    year = claim.year
    source = Source(title: claim.source.title, address: claim.source.address)
    confidence = WordV1(claim.confidence)
    note = claim.note
  }

  var domain: PublishedClaim {
    PublishedClaim(
      algorithm: AlgorithmID(rawValue: algorithm), workUnit: workUnit.domain, rate: rate,
      power: power.map(Watts.init), joulesPerWork: joulesPerWork,
      joulesPerWorkIsStated: joulesPerWorkIsStated,
      stated: StatedFigures(
        rate: stated.rate, unit: stated.unit, power: stated.power, efficiency: stated.efficiency),
      measuredAt: measuredAt.domain, rateTolerance: rateTolerance, powerTolerance: powerTolerance,
      year: year, source: ClaimSource(title: source.title, address: source.address),
      confidence: confidence.domain, note: note)
  }
}
