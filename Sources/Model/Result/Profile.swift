/// The comparable summary of one hardware model.
///
/// Measured figures and published claims stand side by side and are never mixed in one number.
package struct Profile: Hashable, Sendable {
  package var hardwareID: HardwareID
  package var kind: DeviceKind
  /// As the device names itself or its maker names it.
  package var name: String
  /// The maker, where a source tells.
  package var vendor: String?
  /// The results behind `measured`, by name.
  package var sources: [MeasuredSource]
  /// At least so many units of the model stand behind `measured`: results tell apart only units in machines that differ.
  package var unitsAtLeast: Int
  package var measured: [MeasuredFigure]
  package var published: [PublishedClaim]

  package init(
    hardwareID: HardwareID, kind: DeviceKind, name: String, vendor: String? = nil,
    sources: [MeasuredSource] = [], unitsAtLeast: Int = 0, measured: [MeasuredFigure] = [],
    published: [PublishedClaim] = []
  ) {
    self.hardwareID = hardwareID
    self.kind = kind
    self.name = name
    self.vendor = vendor
    self.sources = sources
    self.unitsAtLeast = unitsAtLeast
    self.measured = measured
    self.published = published
  }
}

/// One result behind a profile, with what a reader wants to know before trusting it.
package struct MeasuredSource: Hashable, Sendable {
  /// The result's file name without folders.
  package var result: String
  /// SHA-256 of the file's bytes.
  package var digest: String
  package var startedAt: Double
  package var suite: String?
  package var isComplete: Bool
  package var grade: Grade
  package var reasonsAgainstBetter: [Reason]
  package var challengeWasGiven: Bool
  package var hasRawLog: Bool
  /// Shares in its load windows.
  package var sharesFound: Int
  /// The hypervisor it ran under; nil on a real machine.
  package var hypervisor: Reading<String?>
  package var toolVersion: String

  package init(
    result: String, digest: String, startedAt: Double, suite: String?, isComplete: Bool,
    grade: Grade, reasonsAgainstBetter: [Reason], challengeWasGiven: Bool, hasRawLog: Bool,
    sharesFound: Int, hypervisor: Reading<String?>, toolVersion: String
  ) {
    self.result = result
    self.digest = digest
    self.startedAt = startedAt
    self.suite = suite
    self.isComplete = isComplete
    self.grade = grade
    self.reasonsAgainstBetter = reasonsAgainstBetter
    self.challengeWasGiven = challengeWasGiven
    self.hasRawLog = hasRawLog
    self.sharesFound = sharesFound
    self.hypervisor = hypervisor
    self.toolVersion = toolVersion
  }
}

/// What all windows of one series say, pooled over the results that have it.
package struct MeasuredFigure: Hashable, Sendable {
  /// The names of the results pooled here, a part of the profile's sources.
  package var results: [String]
  /// The plan that all of them followed; only equal plans are pooled.
  package var suite: String?
  /// Of the dataset that was worked on; nil for an algorithm without epochs.
  package var epoch: UInt32?
  /// The lowest grade among them.
  package var grade: Grade
  /// Hashes and seconds of the pooled windows.
  package var units: UInt64
  package var time: Seconds
  /// The sums behind each scope's hashes per joule, which are the quotient of the two sums (power.md 2.5).
  package var scopeTotals: [ScopeTotals]
  package var summary: SeriesSummary

  package init(
    results: [String], suite: String?, epoch: UInt32? = nil, grade: Grade, units: UInt64,
    time: Seconds,
    scopeTotals: [ScopeTotals], summary: SeriesSummary
  ) {
    self.results = results
    self.suite = suite
    self.epoch = epoch
    self.grade = grade
    self.units = units
    self.time = time
    self.scopeTotals = scopeTotals
    self.summary = summary
  }
}

/// Work and energy of the pooled windows in which one scope was metered without a gap.
package struct ScopeTotals: Hashable, Sendable {
  package let scope: Scope
  package let windows: Int
  package let units: UInt64
  /// Each channel's energy, scaled from its own instants to the window's.
  package let joules: Double

  package init(scope: Scope, windows: Int, units: UInt64, joules: Double) {
    self.scope = scope
    self.windows = windows
    self.units = units
    self.joules = joules
  }
}

/// Where in the chain from the socket to the chip a claimed power was measured.
package enum PowerPoint: String, Hashable, Sendable, CaseIterable {
  case wall
  case board
  case dc
  case unknown
}

/// A figure that somebody published: data with a source, never a measurement of ours.
package struct PublishedClaim: Hashable, Sendable {
  /// The claim's function; figures of password crackers carry their mode, for they compare only with themselves.
  package var algorithm: AlgorithmID
  package var workUnit: WorkUnit
  /// Work per second; nil where only the efficiency is stated.
  package var rate: Double?
  package var power: Watts?
  /// Joules for one unit of work, as stated or else power over rate.
  package var joulesPerWork: Double?
  package var joulesPerWorkIsStated: Bool
  /// The figures in the source's own units, for readers who look them up.
  package var stated: StatedFigures
  package var measuredAt: PowerPoint
  /// Relative tolerance that the source gives.
  package var rateTolerance: Double?
  package var powerTolerance: Double?
  /// Year of release, or of the record where the note says so.
  package var year: Int?
  package var source: ClaimSource
  package var confidence: ClaimConfidence
  package var note: String?

  package init(
    algorithm: AlgorithmID, workUnit: WorkUnit, rate: Double?, power: Watts?,
    joulesPerWork: Double?, joulesPerWorkIsStated: Bool, stated: StatedFigures,
    measuredAt: PowerPoint, rateTolerance: Double? = nil, powerTolerance: Double? = nil,
    year: Int?, source: ClaimSource, confidence: ClaimConfidence, note: String?
  ) {
    self.algorithm = algorithm
    self.workUnit = workUnit
    self.rate = rate
    self.power = power
    self.joulesPerWork = joulesPerWork
    self.joulesPerWorkIsStated = joulesPerWorkIsStated
    self.stated = stated
    self.measuredAt = measuredAt
    self.rateTolerance = rateTolerance
    self.powerTolerance = powerTolerance
    self.year = year
    self.source = source
    self.confidence = confidence
    self.note = note
  }
}

/// A claim's numbers in the units of its source, as decimal text.
package struct StatedFigures: Hashable, Sendable {
  package var rate: String?
  /// `TH/s`, `kSol/s`: the efficiency is joules per this unit times one second.
  package var unit: String
  package var power: String?
  package var efficiency: String?

  package init(rate: String?, unit: String, power: String?, efficiency: String?) {
    self.rate = rate
    self.unit = unit
    self.power = power
    self.efficiency = efficiency
  }
}

/// Where a claim was published.
package struct ClaimSource: Hashable, Sendable {
  package var title: String
  /// A web address, or `repository @ commit path` of a public repository.
  package var address: String

  package init(title: String, address: String) {
    self.title = title
    self.address = address
  }
}

/// How careful a claim's source is.
package enum ClaimConfidence: String, Hashable, Sendable, CaseIterable {
  /// A tool's own output, a maker's own sheet, or two independent sources that agree.
  case high
  /// One trade table, or a review with tests of its own.
  case medium
  /// Constants of a generator, a single text, or an announcement.
  case low
}
