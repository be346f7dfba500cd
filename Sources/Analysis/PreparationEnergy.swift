internal import MeterCore
package import Model

/// What preparing for a series took in one scope.
package struct PreparationEnergy: Hashable, Sendable {
  package let scope: Scope
  package let joules: Double
  /// Of the preparations behind it.
  package let time: Seconds

  package var meanPower: Watts { Watts(joules / time.value) }
}

extension RunResult {
  /// What preparing for a series took, in the widest scope that tells of its device; nil where nothing was metered, or the run
  /// had no meter for it.
  package func preparationEnergy(of workers: SeriesWorkers) -> Reading<PreparationEnergy>? {
    let windows = workers.preparations.map(\.window)
    let own = MirroredMeters.marked(meters, in: windows)
      .filter { plan.tells($0, of: workers.series.device) }
    guard !windows.isEmpty, !own.isEmpty else { return nil }
    let time = windows.reduce(0) { $0 + $1.duration.value }
    for group in ScopeChannels.groups(own) {
      let joules = windows.compactMap(group.joules)
      guard joules.count == windows.count, time > 0 else { continue }
      return .value(
        PreparationEnergy(
          scope: group.scope, joules: joules.reduce(0, +), time: Seconds(time)))
    }
    let names = Set(own.map(\.id))
    let reason = windows.lazy.flatMap(\.energy).filter { names.contains($0.meter) }
      .compactMap(\.interval.reason).first
    return .unavailable(
      reason ?? Reason(.notMeasured, "no meter gave energy while it was prepared"))
  }
}
