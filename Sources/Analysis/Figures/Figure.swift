package import Model

/// A number with its 95 % interval, when it has one.
package struct Bounded: Hashable, Sendable {
  package let value: Double
  package let lower: Double?
  package let upper: Double?

  package init(_ value: Double, lower: Double? = nil, upper: Double? = nil) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }

  /// The mean with the interval of the mean.
  package init(_ estimate: Estimate) {
    self.init(estimate.mean, lower: estimate.lower, upper: estimate.upper)
  }

  /// A value with a relative expanded uncertainty.
  package init(_ value: Double, _ uncertainty: ExpandedUncertainty?) {
    let margin = uncertainty.map { abs(value) * $0.relative }
    self.init(value, lower: margin.map { value - $0 }, upper: margin.map { value + $0 })
  }

  /// The greater distance from the value to an end of the interval.
  package var halfWidth: Double? {
    guard let lower, let upper else { return nil }
    return Swift.max(upper - value, value - lower)
  }

  /// One over the number, the ends of its interval changing places.
  package var reciprocal: Bounded {
    func inverse(_ end: Double?) -> Double? { end.flatMap { $0 > 0 ? 1 / $0 : nil } }
    return Bounded(1 / value, lower: inverse(upper), upper: inverse(lower))
  }
}

/// Where a figure came from: measured by this project's rules, or somebody's published claim.
///
/// The two never mix.
package enum Provenance: String, Hashable, Sendable {
  case measured
  case claimed
}

/// The file that a figure was read from and what stands behind it.
package struct FigureSource: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case result
    case profile
  }

  package var kind: Kind
  /// The file as the command line named it; tells sources apart.
  package var name: String
  /// Title of the publication of a claim; nil for measurements.
  package var title: String?
  /// Address of the publication of a claim; nil for measurements.
  package var address: String?
  /// How careful the source of a claim is, and the year it speaks of; nil for measurements.
  package var confidence: String?
  package var year: Int?
  /// False for a claim where a better supported one of the same device and function says at least as much.
  package var isBestSupported: Bool
  /// What is known of the proof of work behind it.
  package var verification: VerificationState

  package init(
    kind: Kind, name: String, title: String? = nil, address: String? = nil,
    confidence: String? = nil, year: Int? = nil, isBestSupported: Bool = true,
    verification: VerificationState
  ) {
    self.kind = kind
    self.name = name
    self.title = title
    self.address = address
    self.confidence = confidence
    self.year = year
    self.isBestSupported = isBestSupported
    self.verification = verification
  }

  /// The file's name without folders, for people.
  package var shortName: String { String(name.split(separator: "/").last ?? Substring(name)) }

  package func isSameFile(as other: FigureSource) -> Bool {
    kind == other.kind && name == other.name
  }
}

/// What a reader can check of a figure, never just a number.
package struct VerificationState: Hashable, Sendable {
  /// Shares kept in the file; nil where a file keeps none (a claim).
  package var sharesFound: Int?
  /// Whether somebody else chose the challenge.
  package var challengeWasGiven: Bool?
  /// Whether the file names a raw log.
  package var hasRawLog: Bool?

  package init(
    sharesFound: Int? = nil, challengeWasGiven: Bool? = nil,
    hasRawLog: Bool? = nil
  ) {
    self.sharesFound = sharesFound
    self.challengeWasGiven = challengeWasGiven
    self.hasRawLog = hasRawLog
  }
}

/// Power and efficiency in one scope.
package struct EnergyFigure: Hashable, Sendable {
  package var scope: Scope
  /// How the meter comes by its numbers; nil for claims.
  package var kind: MeterKind?
  package var power: Bounded?
  /// Relative standard uncertainty of the mean power over the windows; nil when there is only one.
  package var powerSpread: ExpandedUncertainty?
  /// With the interval that holds across machines: gain and offset of the meter included.
  package var workPerJoule: Bounded
  /// For comparisons on the same meter.
  package var repeatability: ExpandedUncertainty?
  package var total: ExpandedUncertainty?

  package init(
    scope: Scope, kind: MeterKind?, power: Bounded?, powerSpread: ExpandedUncertainty? = nil,
    workPerJoule: Bounded, repeatability: ExpandedUncertainty? = nil,
    total: ExpandedUncertainty? = nil
  ) {
    self.scope = scope
    self.kind = kind
    self.power = power
    self.powerSpread = powerSpread
    self.workPerJoule = workPerJoule
    self.repeatability = repeatability
    self.total = total
  }

  /// The same efficiency as joules for one unit of work.
  package var joulesPerWork: Bounded { workPerJoule.reciprocal }
}

/// One measured window as a comparison sees it.
package struct FigureWindow: Hashable, Sendable {
  /// Counted within the series.
  package let repeatIndex: Int
  /// Place among all windows of the run, in the order of time.
  package let order: Int
  /// Hashes per second.
  package let throughput: Double
  /// Watts in the figure's scope.
  package let power: Double?
  package let workPerJoule: Double?

  package init(
    repeatIndex: Int, order: Int, throughput: Double, power: Double?, workPerJoule: Double?
  ) {
    self.repeatIndex = repeatIndex
    self.order = order
    self.throughput = throughput
    self.power = power
    self.workPerJoule = workPerJoule
  }
}

/// One line of any table: an algorithm by a kernel on a device, in one scope.
package struct Figure: Hashable, Sendable {
  package var source: FigureSource
  package var provenance: Provenance
  package var deviceName: String
  package var hardwareID: HardwareID
  package var deviceKind: DeviceKind
  package var algorithm: AlgorithmID
  /// What the throughput and the efficiency count.
  package var workUnit: WorkUnit
  /// Of the dataset that was worked on; nil for an algorithm without epochs, and for claims, which name none.
  package var epoch: UInt32?
  /// Whether the work was counted or is proven by shares; nil for claims.
  package var workOrigin: WorkOrigin?
  /// Nil for claims, which name none.
  package var kernel: KernelID?
  /// Nil for claims.
  package var placement: PlacementName?
  /// Work per second; nil where a claim states none.
  package var throughput: Bounded?
  /// Number of independent values behind the throughput.
  package var count: Int?
  /// Relative standard uncertainty of the mean throughput over the windows; nil when there is only one.
  package var throughputSpread: ExpandedUncertainty?
  package var energy: Reading<EnergyFigure>
  package var grade: Grade?
  package var reasonsAgainstBetterGrade: [Reason]
  /// `standard-1`; nil for custom plans and claims.
  package var suite: String?
  package var isComplete: Bool
  /// Of a result, in the order of time; empty for profiles.
  package var windows: [FigureWindow]
  /// Tells one machine from another as far as its file does; nil for profiles, which stand for a model.
  package var machine: String?
  /// What else may explain a difference: `kernel release`, `microcode`, `governor`, `tool`, ...
  package var context: [String: String]
  /// Start of the run, seconds since 1970; nil for profiles.
  package var startedAt: Double?
  /// What whoever measured said of the machine; nil for profiles.
  package var note: String?
  /// What is known of the signature of its file; nil where there is none.
  package var signature: String?
  /// What of the device was kept busy, every part of it wholly; nil where that is not known.
  package var busy: BusyParts?
  /// What rate and power are told for one of; nil for all that worked.
  package var part: MachinePart?
  /// What the device said of its own rate beside what was proven.
  package var claims: [ClaimSummary] = []

  /// What it is of.
  package var work: WorkIdentity {
    WorkIdentity(algorithm: algorithm, unit: workUnit, epoch: epoch)
  }

  package init(
    source: FigureSource, provenance: Provenance, deviceName: String, hardwareID: HardwareID,
    deviceKind: DeviceKind, algorithm: AlgorithmID, workUnit: WorkUnit,
    epoch: UInt32? = nil, workOrigin: WorkOrigin? = nil, kernel: KernelID?,
    placement: PlacementName?,
    throughput: Bounded?, count: Int?,
    throughputSpread: ExpandedUncertainty? = nil, energy: Reading<EnergyFigure>,
    grade: Grade?, reasonsAgainstBetterGrade: [Reason], suite: String?, isComplete: Bool,
    windows: [FigureWindow] = [], machine: String? = nil, context: [String: String] = [:],
    startedAt: Double? = nil, note: String? = nil, busy: BusyParts? = nil
  ) {
    self.source = source
    self.provenance = provenance
    self.deviceName = deviceName
    self.hardwareID = hardwareID
    self.deviceKind = deviceKind
    self.algorithm = algorithm
    self.workUnit = workUnit
    self.epoch = epoch
    self.workOrigin = workOrigin
    self.kernel = kernel
    self.placement = placement
    self.throughput = throughput
    self.count = count
    self.throughputSpread = throughputSpread
    self.energy = energy
    self.grade = grade
    self.reasonsAgainstBetterGrade = reasonsAgainstBetterGrade
    self.suite = suite
    self.isComplete = isComplete
    self.windows = windows
    self.machine = machine
    self.context = context
    self.startedAt = startedAt
    self.note = note
    self.busy = busy
  }
}
