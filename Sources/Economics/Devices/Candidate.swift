internal import Glibc
package import Model

/// The figures of a device that an evaluation takes, with how far they can be trusted.
package struct Candidate: Hashable, Sendable {
  package let name: String
  package let device: ScenarioDevice
  /// The ends of the rate and the power: interval, tolerance, and whatever contradicting claims span.
  package let rate: ClosedRange<Double>
  package let power: ClosedRange<Double>?
  /// Where the ranges come from, in words.
  package let rangeNote: String
  /// `R2`, `high`, ...: a measured grade or a claim's confidence.
  package let trust: String
  package let isLowConfidence: Bool
  package let source: String
  package let year: Int?
  /// Where in the chain from the socket to the chip the power was measured.
  package let measuredAt: String
  /// The other figures of the device for the same function, one line each.
  package let others: [String]
  package let findings: [Finding]

  /// The least that makers' sheets allow themselves; said to be assumed wherever a source states none.
  static let assumedRateTolerance = 0.03
  static let assumedPowerTolerance = 0.05
  private static let assumption = "3 % of the rate and 5 % of the power either way"

  /// A device that a scenario states by itself.
  package init(stated device: ScenarioDevice, source: String?) {
    name = device.hardwareID?.rawValue ?? "the device of the scenario"
    self.device = device
    rate = Self.around(device.ratePerSecond, Self.assumedRateTolerance)
    power = device.powerW.map { Self.around($0, Self.assumedPowerTolerance) }
    rangeNote = "assumed: \(Self.assumption)"
    trust = device.origin.rawValue
    isLowConfidence = false
    self.source = source ?? "stated in the scenario"
    year = nil
    measuredAt = "unknown"
    others = []
    findings = []
  }

  /// A value with a relative tolerance; of numbers that no device has too, which are refused where they are used.
  private static func around(_ value: Double, _ tolerance: Double) -> ClosedRange<Double> {
    between(value * (1 - tolerance), value * (1 + tolerance))
  }

  private static func between(_ one: Double, _ other: Double) -> ClosedRange<Double> {
    min(one, other)...max(one, other)
  }

  private init(
    _ profile: Profile, device: ScenarioDevice, rate: ClosedRange<Double>,
    power: ClosedRange<Double>?, rangeNote: String, trust: String, isLow: Bool, source: String,
    year: Int?, measuredAt: String, others: [String], findings: [Finding]
  ) {
    name = profile.name
    self.device = device
    self.rate = rate
    self.power = power
    self.rangeNote = rangeNote
    self.trust = trust
    isLowConfidence = isLow
    self.source = source
    self.year = year
    self.measuredAt = measuredAt
    self.others = others
    self.findings = findings
  }

  /// The figures of a profile for one of some functions.
  ///
  /// What was measured goes first, over the dataset of the latest epoch, because a chain does not go back to a smaller one; then the best-supported claim: by confidence, then with power before without, then
  /// the latest.
  ///
  /// Algorithms are those that serve the chain, nil for any; `claim` is the number of a claim from 1 on, where the user
  /// asks for that one.
  ///
  /// - Returns: nil where the profile has no such figure.
  package static func best(
    of profile: Profile, for algorithms: [AlgorithmID]?, claim: Int? = nil
  ) -> Candidate? {
    if let claim {
      guard profile.published.indices.contains(claim - 1) else { return nil }
      return claimed(profile.published[claim - 1], of: profile, alone: true)
    }
    let latest = Dictionary(
      profile.measured.map { ($0.summary.series.algorithm, $0.epoch ?? 0) }, uniquingKeysWith: max)
    let measured = profile.measured.filter { figure in
      let algorithm = figure.summary.series.algorithm
      return algorithms?.contains(algorithm) ?? true && figure.epoch ?? 0 == latest[algorithm]
    }
    let best = measured.max { $0.summary.throughput.mean < $1.summary.throughput.mean }
    if let best { return self.measured(best, of: profile) }
    let claims = profile.published.filter {
      $0.rate != nil && (algorithms?.contains($0.algorithm) ?? true)
    }
    return claims.min { $0.isBetterSupported(than: $1) }
      .map { claimed($0, of: profile, alone: false) }
  }

  private static func claimed(
    _ claim: PublishedClaim, of profile: Profile, alone: Bool
  ) -> Candidate {
    let rate = claim.rate ?? 0
    let power = claim.power?.value ?? claim.joulesPerWork.map { $0 * rate }
    let same = profile.published.filter {
      $0.algorithm == claim.algorithm && $0.workUnit == claim.workUnit && $0 != claim
    }
    let counted = alone ? [] : same
    let rates = [rate] + counted.compactMap(\.rate)
    let powers = [power].compactMap(\.self) + counted.compactMap { $0.power?.value }
    let rateTolerance = claim.rateTolerance ?? assumedRateTolerance
    let powerTolerance = claim.powerTolerance ?? assumedPowerTolerance
    func span(_ values: [Double], _ own: Double, _ tolerance: Double) -> ClosedRange<Double> {
      min(
        values.min() ?? own, own * (1 - tolerance))...max(
          values.max() ?? own, own * (1 + tolerance))
    }
    let isDifferent =
      span(rates, rate, 0).lowerBound < span(rates, rate, 0).upperBound
      || (powers.min() ?? 0) < (powers.max() ?? 0)
    let note =
      isDifferent
      ? "contradicting claims span it"
      : claim.rateTolerance != nil || claim.powerTolerance != nil
        ? "the source's tolerance"
        : "the source states no tolerance; assumed are \(assumption)"
    return Candidate(
      profile,
      device: ScenarioDevice(
        hardwareID: profile.hardwareID, algorithm: claim.algorithm,
        workUnit: claim.workUnit.rawValue,
        ratePerSecond: rate, powerW: power, origin: .published),
      rate: span(rates, rate, rateTolerance),
      power: power.map { span(powers, $0, powerTolerance) }, rangeNote: note,
      trust: claim.confidence.rawValue, isLow: claim.confidence == .low,
      source: "\(claim.source.title), \(claim.source.address)", year: claim.year,
      measuredAt: claim.measuredAt.rawValue, others: same.map(text),
      findings: ClaimLinter.findings(of: claim, in: profile)
        + ClaimLinter.contradictions(in: profile, claim))
  }

  private static func text(_ claim: PublishedClaim) -> String {
    let rate = claim.rate.map { "\(Plain.number($0)) \(claim.workUnit.symbol)/s" } ?? "no rate"
    let power = claim.power.map { "\(Plain.number($0.value)) W" } ?? "no power"
    return "\(rate), \(power), \(claim.confidence.rawValue), \(claim.source.title)"
  }

  private static func measured(_ figure: MeasuredFigure, of profile: Profile) -> Candidate {
    let summary = figure.summary
    let rate = summary.throughput
    // A figure of a part of the machine must not stand for the whole where the whole was metered.
    let order = ["wall", "psys", "gpu-board", "cpu-package"]
    let scopes = summary.energy.value ?? []
    let scope =
      order.compactMap { name in scopes.first { $0.scope.rawValue == name } }.first
      ?? scopes.first
    let power = scope.map { rate.mean / $0.workPerJoule }
    let relative = scope?.total?.relative ?? scope?.repeatability?.relative ?? 0
    return Candidate(
      profile,
      device: ScenarioDevice(
        hardwareID: profile.hardwareID, algorithm: summary.series.algorithm,
        workUnit: summary.unit.rawValue,
        ratePerSecond: rate.mean, powerW: power, origin: .measured),
      rate: between(rate.lower ?? rate.minimum, rate.upper ?? rate.maximum),
      power: power.map { around($0, relative) },
      rangeNote: "95 % interval", trust: figure.grade.rawValue, isLow: false,
      source:
        "measured: \(summary.series), \(figure.epoch.map { "epoch \($0), " } ?? "")\(figure.results.joined(separator: ", "))",
      year: nil, measuredAt: scope?.scope.rawValue ?? "none", others: [],
      findings: scope.map(\.scope.rawValue) == "wall"
        ? []
        : [
          Finding(
            .nameplate,
            "the power is that of \(scope?.scope.rawValue ?? "no scope"), not of the wall: what the rest of the machine draws is not in it"
          )
        ])
  }
}
