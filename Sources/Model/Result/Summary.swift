/// A number with its spread and its interval.
package struct Estimate: Hashable, Sendable {
  /// Number of independent values (runs, not readings).
  package var count: Int
  package var mean: Double
  package var median: Double
  package var minimum: Double
  package var maximum: Double
  /// Sample standard deviation; nil for one value.
  package var standardDeviation: Double?
  /// 95 % interval of the mean; nil when there are too few values.
  package var lower: Double?
  package var upper: Double?
  /// How the interval was made: `student-t`, `student-t+bca-bootstrap`.
  package var method: String

  package init(
    count: Int, mean: Double, median: Double, minimum: Double, maximum: Double,
    standardDeviation: Double?, lower: Double?, upper: Double?, method: String
  ) {
    self.count = count
    self.mean = mean
    self.median = median
    self.minimum = minimum
    self.maximum = maximum
    self.standardDeviation = standardDeviation
    self.lower = lower
    self.upper = upper
    self.method = method
  }
}

/// One term of an uncertainty budget, relative to the value (power.md 2.6).
package struct UncertaintyTerm: Hashable, Sendable {
  /// What makes a number uncertain; open, since files may carry terms that this version does not know.
  package struct Name: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }

    /// The spread of the repeats.
    package static let repeats = Name(rawValue: "repeat")
    /// Work begun but not yet counted at either edge.
    package static let inFlight = Name(rawValue: "in-flight")
    /// How late the workers' own instants were looked at.
    package static let poll = Name(rawValue: "poll")
    /// The counting noise of the shares that prove work; a floor of the repeats' spread, not beside it.
    package static let shareCount = Name(rawValue: "share-count")
    /// The time between the two halves of a snapshot.
    package static let skew = Name(rawValue: "skew")
    /// The step of a counter or a reading.
    package static let resolution = Name(rawValue: "resolution")
    /// The age of a reading.
    package static let tick = Name(rawValue: "tick")
    /// The stated bound in parts of the reading.
    package static let gain = Name(rawValue: "gain")
    /// The stated bound in watts.
    package static let offset = Name(rawValue: "offset")
    /// How far the two idles lie apart.
    package static let idle = Name(rawValue: "idle")
    /// Resolution and tick of the idle windows.
    package static let idleEdges = Name(rawValue: "idle-edges")
  }

  package let name: Name
  /// Relative standard uncertainty.
  package let relative: Double
  /// Degrees of freedom; nil for infinitely many.
  package let degreesOfFreedom: Double?

  package init(name: Name, relative: Double, degreesOfFreedom: Double?) {
    self.name = name
    self.relative = relative
    self.degreesOfFreedom = degreesOfFreedom
  }
}

/// A relative expanded uncertainty.
package struct ExpandedUncertainty: Hashable, Sendable {
  /// Relative half-width of the 95 % interval: `coverageFactor * standard`.
  package let relative: Double
  package let standard: Double
  package let coverageFactor: Double
  package let degreesOfFreedom: Double?

  package init(
    relative: Double, standard: Double, coverageFactor: Double, degreesOfFreedom: Double?
  ) {
    self.relative = relative
    self.standard = standard
    self.coverageFactor = coverageFactor
    self.degreesOfFreedom = degreesOfFreedom
  }
}

/// Energy and efficiency of a series in one scope.
package struct ScopeSummary: Hashable, Sendable {
  package var scope: Scope
  /// The channels summed, disjoint siblings only.
  package var meters: [MeterID]
  package var kind: MeterKind
  package var power: Estimate
  /// Sum of work over sum of joules, in the summary's unit.
  package var workPerJoule: Double
  package var terms: [UncertaintyTerm]
  /// For comparing runs on the same sensor.
  package var repeatability: ExpandedUncertainty?
  /// For comparing machines.
  package var total: ExpandedUncertainty?
  /// Idle-subtracted, secondary; nil when idle was not measured in this scope.
  package var dynamicWorkPerJoule: Double?
  package var dynamicTotal: ExpandedUncertainty?

  package init(
    scope: Scope, meters: [MeterID], kind: MeterKind, power: Estimate, workPerJoule: Double,
    terms: [UncertaintyTerm], repeatability: ExpandedUncertainty?, total: ExpandedUncertainty?,
    dynamicWorkPerJoule: Double? = nil, dynamicTotal: ExpandedUncertainty? = nil
  ) {
    self.scope = scope
    self.meters = meters
    self.kind = kind
    self.power = power
    self.workPerJoule = workPerJoule
    self.terms = terms
    self.repeatability = repeatability
    self.total = total
    self.dynamicWorkPerJoule = dynamicWorkPerJoule
    self.dynamicTotal = dynamicTotal
  }
}

/// Why the repeats of a series ended; open, since files may carry words that this version does not know.
package struct StopReason: RawRepresentable, Hashable, Sendable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  /// The plan's fixed number was reached.
  package static let count = StopReason(rawValue: "count")
  /// Every interval is narrow enough.
  package static let halfWidth = StopReason(rawValue: "half-width")
  /// The plan's greatest number was reached first.
  package static let limit = StopReason(rawValue: "limit")
  /// The run ended first.
  package static let interrupted = StopReason(rawValue: "interrupted")
  /// Several results were taken together.
  package static let pooled = StopReason(rawValue: "pooled")
}

/// What all windows of one series say together.
package struct SeriesSummary: Hashable, Sendable {
  package var series: SeriesID
  /// What the rate and the efficiencies count.
  package var unit: WorkUnit
  /// Whether the work was counted or is proven by shares.
  package var origin: WorkOrigin
  /// Work per second over the windows.
  package var throughput: Estimate
  /// Per scope, or why there is no energy at all.
  package var energy: Reading<[ScopeSummary]>
  package var stopReason: StopReason
  package var sharesFound: Int
  /// Shares expected from the work and the target; of proven work as many as were found.
  package var sharesExpected: Double
  /// Shares that were hashed again, where only a sample may have been; nil where all are as a matter of course.
  package var sharesHashed: Int?
  /// What the device said of itself beside what was proven.
  package var claims: [ClaimSummary]

  package init(
    series: SeriesID, unit: WorkUnit, origin: WorkOrigin = .counted, throughput: Estimate,
    energy: Reading<[ScopeSummary]>,
    stopReason: StopReason,
    sharesFound: Int, sharesExpected: Double, sharesHashed: Int? = nil,
    claims: [ClaimSummary] = []
  ) {
    self.series = series
    self.unit = unit
    self.origin = origin
    self.throughput = throughput
    self.energy = energy
    self.stopReason = stopReason
    self.sharesFound = sharesFound
    self.sharesExpected = sharesExpected
    self.sharesHashed = sharesHashed
    self.claims = claims
  }
}

/// A figure that a miner states of itself, beside the proven one.
package struct ClaimSummary: Hashable, Sendable {
  package var source: String
  package var field: String
  /// How often it was asked.
  package var count: Int
  /// Mean of the answers, work per second.
  package var rate: Double
  /// The proven rate over the claimed one; nil for a claim of 0.
  package var ratio: Double?
  /// 95 % interval of the ratio; nil where the proven rate has none.
  package var lower: Double?
  package var upper: Double?

  package init(
    source: String, field: String, count: Int, rate: Double, ratio: Double?, lower: Double?,
    upper: Double?
  ) {
    self.source = source
    self.field = field
    self.count = count
    self.rate = rate
    self.ratio = ratio
    self.lower = lower
    self.upper = upper
  }
}

/// How far a result can be trusted.
///
/// Computed, never declared.
package enum Grade: String, Hashable, Sendable, Comparable, CaseIterable {
  case r0 = "R0"
  case r1 = "R1"
  case r2 = "R2"
  case r3 = "R3"

  package static func < (left: Grade, right: Grade) -> Bool { left.rawValue < right.rawValue }
}

/// A grade with every reason against the next better one.
package struct Grading: Hashable, Sendable {
  package var grade: Grade
  /// Each names what the next better grade demands and what was found.
  package var reasonsAgainstBetter: [Reason]
  package var aspects: [StandardAspect]

  package init(grade: Grade, reasonsAgainstBetter: [Reason], aspects: [StandardAspect] = []) {
    self.grade = grade
    self.reasonsAgainstBetter = reasonsAgainstBetter
    self.aspects = aspects
  }
}

/// One aspect of a published power-measurement standard, met or not.
///
/// Not a claim of conformance.
package struct StandardAspect: Hashable, Sendable {
  package enum Status: String, Hashable, Sendable, CaseIterable {
    case met
    case unmet
    case unknown
  }
  /// `eehpc-1a-l3`, `spec-crest-factor`, `mlperf-60-readings`.
  package let name: String
  package let status: Status
  package let reason: String

  package init(name: String, status: Status, reason: String) {
    self.name = name
    self.status = status
    self.reason = reason
  }
}
