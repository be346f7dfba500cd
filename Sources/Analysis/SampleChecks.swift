internal import MeterCore
package import Model
internal import Text

/// Every check that follows from a result's samples alone; `verify` re-derives them.
package enum SampleChecks {
  /// Checks of each window, of windows against one another, and of the two idles; their origin is `derived`.
  package static func checks(of result: RunResult) -> [Check] {
    let targets = Dictionary(result.workers.map { ($0.series, $0.target) }) { first, _ in first }
    var checks = result.samples.indices.flatMap { index in
      let sample = result.samples[index]
      return WindowChecks.checks(
        of: sample, at: index, target: sample.series.flatMap { targets[$0] },
        meters: result.meters) + ProofChecks.checks(of: sample, at: index)
    }
    checks += WindowChecks.outliers(in: result.samples, checks: checks)
    checks += cautions(result)
    checks += gaps(result)
    checks += idleState(result)
    checks += idleStability(result)
    checks += nesting(result)
    checks += coarseCounters(result)
    checks += ages(result)
    checks += agreement(result)
    checks += mirrors(result)
    if result.samples.contains(where: { $0.origin == .proven }) {
      checks += ProofChecks.checks(of: result, Summarizing.summaries(of: result))
    }
    return checks.map { $0.from(.derived) }
  }

  /// What everybody should know of an algorithm who sees its figures; no failure.
  private static func cautions(_ result: RunResult) -> [Check] {
    var told: Set<AlgorithmID> = []
    return result.workers.map(\.series.algorithm).filter { told.insert($0).inserted }
      .compactMap { algorithm in
        algorithm.caution.map {
          Check(name: .caution, verdict: .unknown, message: "\(algorithm) is \($0)")
        }
      }
  }

  /// Where a run was taken up again: what went on in between, nobody watched.
  private static func gaps(_ result: RunResult) -> [Check] {
    result.resumedAt.compactMap { index in
      guard index > 0, result.samples.indices.contains(index) else { return nil }
      let gap = result.samples[index].start.first.since(result.samples[index - 1].end.third)
      return Check(
        name: .resumed, verdict: .fail,
        message:
          "the run ended without a word and was taken up again: \(DecimalText.fixed(gap.value, decimals: 1)) s lie between "
          + "windows \(index) and \(index + 1), which nobody watched",
        remedy: "run it again where the last digit counts"
      ).about(sample: index)
    }
  }

  /// Settings that a result records and need not fail for: a machine is measured as its owner runs it.
  private static let settings: Set<CheckName> = [.governor, .turbo, .platformProfile]

  /// What went on beside us while the machine should have been idle.
  private static func idleState(_ result: RunResult) -> [Check] {
    guard let index = result.samples.firstIndex(where: { $0.kind == .idleBefore }),
      let before = result.samples[index].stateBefore, let after = result.samples[index].stateAfter
    else { return [] }
    return Disturbances.checks(before, after).filter { !settings.contains($0.name) }
      .map { $0.about(sample: index) }
  }

  /// Idle before and after differ by more than 5 % of the power above idle: dynamic numbers are unstable (power.md 2.3).
  private static func idleStability(_ result: RunResult) -> [Check] {
    ScopeChannels.groups(result.meters).compactMap { group in
      func power(_ kinds: Set<WindowKind>) -> Double? {
        let watts = result.samples.filter { kinds.contains($0.kind) }.compactMap { sample in
          group.joules(in: sample).map { $0 / sample.duration.value }
        }
        return watts.isEmpty ? nil : watts.reduce(0, +) / Double(watts.count)
      }
      guard let before = power([.idleBefore]), let after = power([.idleAfter]),
        let load = power([.load])
      else { return nil }
      let above = load - (before + after) / 2
      let isStable = above > 0 && abs(after - before) <= 0.05 * above
      return Check(
        name: CheckName.idleStability, verdict: isStable ? .pass : .fail,
        message:
          "idle in \(group.scope) was \(DecimalText.fixed(before, decimals: 2)) W before and \(DecimalText.fixed(after, decimals: 2)) W "
          + "after, \(DecimalText.fixed(above, decimals: 2)) W below the load (limit of the difference 5 % of that)"
      )
    }
  }

  /// A part that uses more than the whole is a fault of one of the two meters (R31).
  private static func nesting(_ result: RunResult) -> [Check] {
    let groups = ScopeChannels.groups(MirroredMeters.marked(result.meters, in: result.samples))
    let loads = result.samples.filter { $0.kind == .load }
    func power(_ scope: Scope) -> Double? {
      guard let group = groups.first(where: { $0.scope == scope && $0.hasEnergy(in: loads) }) else {
        return nil
      }
      let watts = loads.compactMap { sample in
        group.joules(in: sample).map { $0 / sample.duration.value }
      }
      return watts.isEmpty ? nil : watts.reduce(0, +) / Double(watts.count)
    }
    return ScopeLattice.compared.compactMap { pair in
      guard let child = power(pair.child), let parent = power(pair.parent) else { return nil }
      // Two percent: the agreement that two good meters may lack (power.md 3.7).
      let isInside = child * 0.98 <= parent
      return Check(
        name: CheckName.childWithinParent, verdict: isInside ? .pass : .fail,
        message:
          "\(pair.child) uses \(DecimalText.fixed(child, decimals: 2)) W, \(pair.parent) \(DecimalText.fixed(parent, decimals: 2)) W"
      )
    }
  }

  /// Meters whose readings are old beside the windows (see `MeterAge`).
  private static func ages(_ result: RunResult) -> [Check] {
    let loads = result.samples.filter { $0.kind == .load }
    guard let shortest = loads.map(\.duration).min() else { return [] }
    return result.meters.compactMap { meter in
      MeterAge.note(meter, window: shortest).map {
        Check(
          name: CheckName.meterAge, verdict: .fail, message: $0,
          remedy: "use longer windows (--window)")
      }
    }
  }

  /// How far a device's counter and its power may be apart.
  private static let agreementLimit = 0.05

  /// A device's counter and the integral of its power are two ways to one energy.
  private static func agreement(_ result: RunResult) -> [Check] {
    let loads = result.samples.filter { $0.kind == .load }
    func sums(_ meter: MeterID, _ other: MeterID) -> (Double, Double)? {
      var counted = 0.0
      var integrated = 0.0
      for sample in loads {
        func joules(_ id: MeterID) -> Double? {
          sample.energy.first { $0.meter == id }?.interval.value.map {
            $0.meanPower.value * sample.duration.value
          }
        }
        guard let one = joules(meter), let two = joules(other) else { continue }
        counted += one
        integrated += two
      }
      return counted > 0 && integrated > 0 ? (counted, integrated) : nil
    }
    return result.meters.filter { $0.quantity == .energyCounter }.compactMap { counter in
      let power = result.meters.first { meter in
        meter.quantity != .energyCounter && meter.source == counter.source
          && meter.scope == counter.scope && meter.part == counter.part
      }
      guard let power, let (counted, integrated) = sums(counter.id, power.id) else { return nil }
      let ratio = counted / integrated
      return Check(
        name: CheckName.meterAgreement,
        verdict: abs(ratio - 1) <= agreementLimit ? .pass : .fail,
        message:
          "\(counter.id) shows \(DecimalText.fixed(counted, decimals: 1)) J where \(power.id) adds up to "
          + "\(DecimalText.fixed(integrated, decimals: 1)) J (limit of the difference \(DecimalText.percent(agreementLimit, decimals: 2)))"
      )
    }
  }

  /// Channels that showed what another showed, at every look.
  private static func mirrors(_ result: RunResult) -> [Check] {
    zip(result.meters, MirroredMeters.marked(result.meters, in: result.samples)).compactMap {
      stated, found in
      guard stated.mirrorOf == nil, let other = found.mirrorOf else { return nil }
      return Check(
        name: CheckName.meterMirror(stated.id), verdict: .fail,
        message:
          "\(stated.id) showed the same power as \(other) at every look: one sensor, not added to it"
      )
    }
  }

  /// Counters whose step is more than 0.5 % of a window's energy, and how long a window would have to be (power.md 3.5).
  private static func coarseCounters(_ result: RunResult) -> [Check] {
    let loads = result.samples.filter { $0.kind == .load }
    func powers(_ meter: MeterDescriptor) -> [Double] {
      loads.compactMap { sample in
        sample.energy.first { $0.meter == meter.id }?.interval.value?.meanPower.value
      }
    }
    guard let shortest = loads.map(\.duration.value).min() else { return [] }
    return result.meters.compactMap { meter in
      let watts = powers(meter)
      guard meter.quantity == .energyCounter, let step = meter.resolution, !watts.isEmpty else {
        return nil
      }
      let mean = watts.reduce(0, +) / Double(watts.count)
      let needed = step * 1e-6 / (0.005 * 6.0.squareRoot() * mean)
      guard mean > 0, needed > shortest else { return nil }
      // A plug's power stands beside its counter and is as good as ever.
      let other = result.meters.first {
        $0.id != meter.id && $0.scope == meter.scope && $0.part == meter.part && !powers($0).isEmpty
      }
      return Check(
        name: CheckName.meterResolution, verdict: other == nil ? .fail : .unknown,
        message:
          "\(meter.id) counts in steps of \(DecimalText.fixed(step * 1e-6, decimals: 3)) J, which for 0.5 % at "
          + "\(DecimalText.fixed(mean, decimals: 1)) W takes windows of \(DecimalText.fixed(needed, decimals: 1)) s; the shortest was "
          + "\(DecimalText.fixed(shortest, decimals: 1)) s",
        remedy: other.map { "use \($0.id), or longer windows (--window)" }
          ?? "use longer windows (--window)")
    }
  }
}
