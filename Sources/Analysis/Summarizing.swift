internal import MeterCore
package import Model
internal import Statistics

/// From samples to summaries: pure, so that `verify` re-derives what `run` wrote.
package enum Summarizing {
  /// One summary per series, in the order of the result's workers, then one for all devices that worked together.
  ///
  /// Reads the plan, the workers, the meters and the samples; the summaries already there are not looked at.
  package static func summaries(of result: RunResult) -> [SeriesSummary] {
    let own = result.workers.compactMap { workers in
      summary(
        of: workers, plan: result.plan, meters: result.meters,
        unavailable: result.unavailableMeters, samples: result.samples)
    }
    return own + TogetherWork.all(of: result).compactMap { summary(of: $0, own, result) }
  }

  private static func summary(
    of together: TogetherWork, _ own: [SeriesSummary], _ result: RunResult
  ) -> SeriesSummary? {
    let idles = result.samples.filter { $0.kind != .load }
    var summary = summary(
      of: together.crew(), plan: result.plan, meters: result.meters,
      unavailable: result.unavailableMeters, samples: together.loadWindows() + idles)
    let members = own.filter { one in together.members.contains { $0.series == one.series } }
    // Each device has a target of its own.
    summary?.sharesFound = members.reduce(0) { $0 + $1.sharesFound }
    summary?.sharesExpected = members.reduce(0) { $0 + $1.sharesExpected }
    return summary
  }

  /// What all load windows of one series say together; nil when it has none.
  package static func summary(
    of workers: SeriesWorkers, plan: Plan, meters: [MeterDescriptor],
    unavailable: [UnavailableMeter], samples: [Sample]
  ) -> SeriesSummary? {
    let windows = samples.filter { $0.kind == .load && $0.series == workers.series }
    guard var throughput = Estimate(of: windows.map(\.throughput)) else { return nil }
    let proven = provenShares(windows)
    if let proven, let share = windows.first?.proven?.unitsPerShare {
      let seconds = windows.reduce(0) { $0 + $1.duration.value }
      throughput.floor(byCountingNoiseOf: proven, unit: share / seconds)
    }
    let idles = samples.filter { $0.kind == .idleBefore || $0.kind == .idleAfter }
    let energy = energy(
      workers, plan: plan, meters: meters, unavailable: unavailable, windows: windows,
      idles: idles)
    let work = windows.reduce(0) { $0 + $1.work }
    var summary = SeriesSummary(
      series: workers.series, unit: workers.unit,
      origin: proven == nil ? .counted : .proven, throughput: throughput, energy: energy,
      stopReason: .interrupted,
      sharesFound: proven ?? windows.reduce(0) { $0 + $1.shares.count },
      sharesExpected: proven.map(Double.init) ?? work * workers.target.probability,
      sharesHashed: hashedShares(windows), claims: claims(windows, throughput))
    summary.stopReason = StopRule.reason(plan: plan, summary) ?? .interrupted
    return summary
  }

  private static func energy(
    _ workers: SeriesWorkers, plan: Plan, meters: [MeterDescriptor],
    unavailable: [UnavailableMeter], windows: [Sample], idles: [Sample]
  ) -> Reading<[ScopeSummary]> {
    let device = workers.series.device
    let groups = ScopeChannels.groups(
      MirroredMeters.marked(meters, in: windows + idles).filter { plan.tells($0, of: device) })
    guard !groups.isEmpty else {
      guard meters.isEmpty else {
        let names = meters.map(\.id.rawValue).joined(separator: ", ")
        if meters.contains(where: { $0.covers.covers(device) }) {
          return .unavailable(
            Reason(.absent, "what \(names) shows is of all devices together, not of \(device)"))
        }
        return .unavailable(
          Reason(.absent, "no meter of this run covers \(device): \(names)"))
      }
      return .unavailable(noMeter(unavailable))
    }
    let scopes = groups.compactMap { scope($0, workers, windows: windows, idles: idles) }
    guard scopes.isEmpty else { return .value(scopes) }
    let reasons = windows.flatMap(\.energy).compactMap(\.interval.reason)
    return .unavailable(
      reasons.first ?? Reason(.notMeasured, "no window has energy from any meter"))
  }

  /// How many shares prove the work of some windows; nil where it was counted.
  private static func provenShares(_ windows: [Sample]) -> Int? {
    guard windows.contains(where: { $0.origin == .proven }) else { return nil }
    return windows.reduce(0) { $0 + ($1.proven?.shares ?? 0) }
  }

  /// How many of them were hashed again; nil where all are as a matter of course.
  private static func hashedShares(_ windows: [Sample]) -> Int? {
    let counts = windows.compactMap { $0.proof?.hashed }
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }

  /// Each claim of each source once, beside the proven rate.
  private static func claims(_ windows: [Sample], _ rate: Estimate) -> [ClaimSummary] {
    var names: [ClaimName] = []
    var values: [ClaimName: [Double]] = [:]
    for claim in windows.flatMap({ $0.proof?.claims ?? [] }) {
      let name = ClaimName(source: claim.source, field: claim.field)
      if values[name] == nil { names.append(name) }
      values[name, default: []].append(claim.value)
    }
    return names.map { name in
      let stated = values[name] ?? []
      let mean = stated.reduce(0, +) / Double(max(1, stated.count))
      return ClaimSummary(
        source: name.source, field: name.field, count: stated.count, rate: mean,
        ratio: mean > 0 ? rate.mean / mean : nil,
        lower: mean > 0 ? rate.lower.map { max(0, $0 / mean) } : nil,
        upper: mean > 0 ? rate.upper.map { $0 / mean } : nil)
    }
  }

  private struct ClaimName: Hashable {
    let source: String
    let field: String
  }

  private static func noMeter(_ unavailable: [UnavailableMeter]) -> Reason {
    guard let first = unavailable.first else {
      return Reason(.absent, "no meter was looked for")
    }
    // A machine's own reason (a virtual machine, a permission) says more than "absent".
    let telling = unavailable.first { $0.reason.code != .absent } ?? first
    return Reason(
      telling.reason.code, "\(telling.source): \(telling.reason.message)",
      remedy: telling.reason.remedy)
  }

  private static func scope(
    _ channels: ScopeChannels, _ workers: SeriesWorkers, windows: [Sample], idles: [Sample]
  ) -> ScopeSummary? {
    // Which windows a coarse counter has energy for depends on where its steps fall: all of them or none.
    guard !windows.contains(where: { channels.isCoarse(in: $0) }) else { return nil }
    let metered = windows.compactMap { window in
      channels.joules(in: window).map { (window: window, joules: $0) }
    }
    let work = metered.map(\.window.work)
    let joules = metered.map(\.joules)
    let seconds = metered.map { $0.window.duration.value }
    guard joules.contains(where: { $0 > 0 }),
      let power = Estimate(of: zip(joules, seconds).map { $0 / $1 }),
      let ratio = RatioEstimate(numerators: work, denominators: joules),
      let kind = channels.meters.first?.kind
    else { return nil }
    let budget = UncertaintyBudget(
      BudgetInput(
        work: work, joules: joules, seconds: seconds,
        skews: metered.map { max($0.window.start.skew.value, $0.window.end.skew.value) },
        workers: workers.series.workers,
        batch: Double(workers.batch) * workers.unitsPerAttempt, poll: workers.poll,
        shares: provenShares(metered.map(\.window)),
        channels: channels.meters.map { meter in
          let energy = metered.reduce(0) {
            $0 + (channels.power(of: meter.id, in: $1.window) ?? 0) * $1.window.duration.value
          }
          let lag = metered.compactMap { channels.interval(of: meter.id, in: $0.window)?.lag }.max()
          return BudgetInput.Channel(
            descriptor: meter, joules: energy, lag: lag ?? Seconds(0))
        }))
    let dynamic = DynamicEfficiency(
      channels: channels, work: work, joules: joules, seconds: seconds, terms: budget.terms,
      idles: idles)
    return ScopeSummary(
      scope: channels.scope, meters: channels.meters.map(\.id), kind: kind, power: power,
      workPerJoule: ratio.value, terms: budget.terms, repeatability: budget.repeatability,
      total: budget.total, dynamicWorkPerJoule: dynamic?.workPerJoule,
      dynamicTotal: dynamic?.total)
  }
}

/// When the repeats of a series end.
package enum StopRule {
  /// Why there is enough: `count`, `half-width`, `limit`; nil while another window is wanted.
  ///
  /// The half-width is that of the throughput's interval and of every scope's repeat term (Hoefler and Belli 2015:
  /// the number of repetitions follows from the interval wanted).
  package static func reason(plan: Plan, _ summary: SeriesSummary) -> StopReason? {
    let count = summary.throughput.count
    guard count >= plan.minimumRepeats else { return nil }
    guard let wanted = plan.stopHalfWidth else { return .count }
    if let width = summary.throughput.relativeHalfWidth, width <= wanted,
      (summary.energy.value ?? []).allSatisfy({ (halfWidth($0) ?? 0) <= wanted })
    {
      return .halfWidth
    }
    return count >= plan.maximumRepeats ? .limit : nil
  }

  private static func halfWidth(_ scope: ScopeSummary) -> Double? {
    guard let term = scope.terms.first(where: { $0.name == .repeats }) else { return nil }
    return term.relative
      * StudentT.factor(confidence: 0.95, degreesOfFreedom: term.degreesOfFreedom)
  }
}
