package import Model

extension Figure {
  /// The figures of one profile: measured ones for each series and scope, and every published claim beside them.
  package static func all(of profile: Profile, name: String) -> [Figure] {
    profile.measured.flatMap { measured($0, of: profile, name: name) }
      + profile.ratedClaims.map { claimed($0.claim, isBest: $0.isBest, of: profile, name: name) }
  }

  private static func measured(
    _ figure: MeasuredFigure, of profile: Profile, name: String
  ) -> [Figure] {
    let sources = profile.sources.filter { figure.results.contains($0.result) }
    let suites = Set(sources.map(\.suite))
    let summary = figure.summary
    var base = Figure(
      source: FigureSource(
        kind: .profile, name: name,
        verification: VerificationState(
          sharesFound: summary.sharesFound,
          challengeWasGiven: !sources.isEmpty && sources.allSatisfy(\.challengeWasGiven),
          hasRawLog: !sources.isEmpty && sources.allSatisfy(\.hasRawLog))),
      provenance: .measured, deviceName: profile.name, hardwareID: profile.hardwareID,
      deviceKind: profile.kind, algorithm: summary.series.algorithm, workUnit: summary.unit,
      epoch: figure.epoch, workOrigin: summary.origin, kernel: summary.series.kernel,
      placement: summary.series.placement, throughput: Bounded(summary.throughput),
      count: summary.throughput.count, throughputSpread: summary.throughput.relativeSpread,
      energy: .unavailable(Reason(.notMeasured, "not measured")), grade: figure.grade,
      reasonsAgainstBetterGrade: reasons(sources, figure.grade),
      suite: suites.count == 1 ? suites.first ?? nil : nil,
      isComplete: sources.allSatisfy(\.isComplete),
      busy: busy(profile, workers: summary.series.workers))
    base.claims = summary.claims
    return base.byScope(summary.energy) { _ in [] }
  }

  /// Of the results with the pooled grade, each reason once.
  private static func reasons(_ sources: [MeasuredSource], _ grade: Grade) -> [Reason] {
    var seen: Set<Reason> = []
    return sources.filter { $0.grade == grade }.flatMap(\.reasonsAgainstBetter)
      .filter { seen.insert($0).inserted }
  }

  private static func claimed(
    _ claim: PublishedClaim, isBest: Bool, of profile: Profile, name: String
  ) -> Figure {
    let rate = claim.rate.map { bounded($0, claim.rateTolerance) }
    let power = claim.power.map { bounded($0.value, claim.powerTolerance) }
    let energy: Reading<EnergyFigure>
    if let joules = claim.joulesPerWork, joules > 0 {
      // The source's tolerances are limits, not standard deviations: they add up in the worst case.
      let tolerances = [claim.rateTolerance, claim.powerTolerance].compactMap(\.self)
      energy = .value(
        EnergyFigure(
          scope: claim.measuredAt.scope, kind: nil, power: power,
          workPerJoule: bounded(
            1 / joules, tolerances.isEmpty ? nil : tolerances.reduce(0, +))))
    } else {
      energy = .unavailable(Reason(.absent, "the source states no power"))
    }
    return Figure(
      source: FigureSource(
        kind: .profile, name: name, title: claim.source.title, address: claim.source.address,
        confidence: claim.confidence.rawValue, year: claim.year, isBestSupported: isBest,
        verification: VerificationState()),
      provenance: .claimed, deviceName: profile.name, hardwareID: profile.hardwareID,
      deviceKind: profile.kind, algorithm: claim.algorithm, workUnit: claim.workUnit,
      kernel: nil, placement: nil, throughput: rate, count: nil, energy: energy,
      grade: nil, reasonsAgainstBetterGrade: [], suite: nil, isComplete: true,
      busy: busy(profile, workers: nil))
  }

  private static func bounded(_ value: Double, _ tolerance: Double?) -> Bounded {
    Bounded(
      value, lower: tolerance.map { value * (1 - $0) }, upper: tolerance.map { value * (1 + $0) })
  }
}

extension PowerPoint {
  /// What a power measured at this point covers.
  package var scope: Scope {
    switch self {
    case .wall: .wall
    case .board: .board
    case .dc: .dcSystem
    case .unknown: .unknown
    }
  }
}
