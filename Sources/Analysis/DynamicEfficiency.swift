internal import Model
internal import Statistics

/// Work per joule above idle: secondary, never ranked by (power.md 2.3, R17).
struct DynamicEfficiency {
  let workPerJoule: Double
  let total: ExpandedUncertainty?

  /// Nil when idle was not measured in this scope or is not below the load.
  init?(
    channels: ScopeChannels, work: [Double], joules: [Double], seconds: [Double],
    terms: [UncertaintyTerm], idles: [Sample]
  ) {
    let idlePowers = idles.compactMap { idle in
      channels.joules(in: idle).map { $0 / idle.duration.value }
    }
    guard let idlePower = Descriptive.mean(idlePowers) else { return nil }
    let all = joules.reduce(0, +)
    let time = seconds.reduce(0, +)
    let above = all - idlePower * time
    guard above > 0 else { return nil }
    workPerJoule = work.reduce(0, +) / above
    total = Self.total(
      channels: channels, all: all, above: above, time: time, terms: terms,
      idlePowers: idlePowers, idles: idles)
  }

  /// Terms of the load's energy and of the idle power, relative to the energy above idle.
  ///
  /// The gain is one sensor's and common to both, so its relative size stays `g`; an offset cancels.
  private static func total(
    channels: ScopeChannels, all: Double, above: Double, time: Double,
    terms: [UncertaintyTerm], idlePowers: [Double], idles: [Sample]
  ) -> ExpandedUncertainty? {
    guard let gain = terms.first(where: { $0.name == .gain }),
      terms.contains(where: { $0.name == .repeats }),
      let lowest = idlePowers.min(), let highest = idlePowers.max(), idlePowers.count >= 2,
      let idleSeconds = idles.map(\.duration.value).min(), idleSeconds > 0
    else { return nil }
    let scale = all / above
    // Work and energy share the repeat term; only its energy part grows, so this is an upper bound.
    var scaled = terms.filter { !UncertaintyBudget.systematicTerms.contains($0.name) }.map {
      UncertaintyTerm(
        name: $0.name, relative: $0.relative * scale, degreesOfFreedom: $0.degreesOfFreedom)
    }
    scaled.append(gain)
    // Idle is not a constant: anywhere between the two idles, a rectangular distribution.
    let spread = (highest - lowest) / 2 / 3.0.squareRoot()
    scaled.append(
      UncertaintyTerm(
        name: .idle, relative: spread * time / above, degreesOfFreedom: nil))
    var edge = 0.0
    for meter in channels.meters {
      guard let step = meter.resolution, let period = meter.updatePeriod else { return nil }
      let watts = (idlePowers.max() ?? 0) * period.value / (6.0.squareRoot() * idleSeconds)
      let joules =
        meter.quantity == .energyCounter ? step * 1e-6 / (6.0.squareRoot() * idleSeconds) : 0
      edge += watts * watts + joules * joules
    }
    scaled.append(
      UncertaintyTerm(
        name: .idleEdges, relative: edge.squareRoot() * time / above, degreesOfFreedom: nil))
    return UncertaintyBudget.expand(scaled)
  }
}
