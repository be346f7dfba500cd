internal import Model

/// Single aspects of published standards that a result meets or does not, computed and never declared (R21).
///
/// Not a claim of conformance. Sources: EEHPC WG power measurement methodology 3.0 (aspects 1a to 4b), SPEC CPU 2017
/// run rules section 3.9, MLPerf Training power measurement; power.md 2.1 has the numbers.
enum StandardAspects {
  static func judge(_ result: RunResult) -> [StandardAspect] {
    let facts = AspectFacts(result)
    return eehpc(facts) + spec(facts) + mlperf(facts)
  }

  private static func eehpc(_ facts: AspectFacts) -> [StandardAspect] {
    [
      facts.aspect(
        "eehpc-1a-l1", facts.readingsPerSecond.map { $0 >= 0.98 },
        "at least one power reading a second"),
      facts.aspect(
        "eehpc-1a-l3", facts.hasMeter ? facts.hasCounter : false,
        "continuously integrated energy from a counter"),
      facts.aspect(
        "eehpc-1b-l1", facts.hasMeter ? facts.shortestWindow >= 59.9 : false,
        "readings over all of a timed phase of at least one minute"),
      facts.aspect("eehpc-1c-l1", facts.hasMeter, "mean power of the timed phase"),
      facts.aspect(
        "eehpc-1c-l2", facts.hasMeter && facts.hasIdle && facts.fewestReadings >= 10,
        "ten averages in the timed phase, and idle power"),
      facts.aspect(
        "eehpc-1c-l3", facts.hasCounter && facts.hasIdle && facts.fewestReadings >= 10,
        "ten energy readings in the timed phase, and idle power"),
      facts.aspect("eehpc-2", facts.hasWall, "the whole machine is measured"),
      facts.aspect("eehpc-3", facts.hasWall, "all subsystems are measured"),
      facts.aspect("eehpc-4a", facts.hasWall, "measured upstream of power conversion"),
      facts.aspect(
        "eehpc-4b-l1", facts.accuracy(within: 0.05), "documented accuracy of at most 5 %"),
      facts.aspect(
        "eehpc-4b-l2", facts.accuracy(within: 0.02), "documented accuracy of at most 2 %"),
      facts.aspect(
        "eehpc-4b-l3", facts.accuracy(within: 0.01), "documented accuracy of at most 1 %"),
    ]
  }

  private static func spec(_ facts: AspectFacts) -> [StandardAspect] {
    [
      facts.aspect(
        "spec-uncertainty", facts.accuracy(within: 0.01),
        "analyzer uncertainty of at most 1 %, all specified parts added"),
      facts.aspect(
        "spec-separate-controller", false, "a controller apart from the machine under test"),
      facts.aspect("spec-no-battery", facts.onMains, "not powered by a battery"),
      facts.aspect("spec-calibration", nil, "analyzer calibrated within a year"),
      facts.aspect("spec-crest-factor", nil, "current crest factor of at least 3"),
      facts.aspect("spec-line-voltage", nil, "line voltage within 5 %"),
      facts.aspect("spec-temperature", nil, "at least 20 degrees Celsius at the inlet"),
    ]
  }

  private static func mlperf(_ facts: AspectFacts) -> [StandardAspect] {
    [
      facts.aspect(
        "mlperf-60-readings", facts.hasMeter ? facts.fewestReadings >= 60 : false,
        "at least 60 power readings"),
      facts.aspect(
        "mlperf-1hz", facts.readingsPerSecond.map { $0 >= 0.98 },
        "at least one power reading a second"),
      facts.aspect(
        "mlperf-accuracy", facts.accuracy(within: 0.05), "accuracy of at most 5 %"),
      facts.aspect("mlperf-wall", facts.hasWall, "measured at the power supply"),
    ]
  }
}

private struct AspectFacts {
  let hasMeter: Bool
  let hasCounter: Bool
  let hasWall: Bool
  let hasIdle: Bool
  let shortestWindow: Double
  /// The fewest readings with power in a window.
  let fewestReadings: Int
  /// Nil without a meter.
  let readingsPerSecond: Double?
  let onMains: Bool?
  private let accuracies: [MeterAccuracy]

  init(_ result: RunResult) {
    let windows = result.samples.filter { $0.kind == .load }
    let measured = result.meters.filter { meter in
      guard meter.kind.isMeasured, meter.mirrorOf == nil else { return false }
      let covered = windows.filter { $0.series.map { meter.covers.covers($0.device) } == true }
      return !covered.isEmpty
        && covered.allSatisfy { window in
          window.energy.contains { $0.meter == meter.id && $0.interval.value != nil }
        }
    }
    hasMeter = !measured.isEmpty
    hasCounter = measured.contains { $0.quantity == .energyCounter }
    let wall = measured.filter { $0.scope == .wall }
    hasWall = !wall.isEmpty
    accuracies = (wall.isEmpty ? measured : wall).map(\.accuracy)
    hasIdle = result.samples.contains { idle in
      (idle.kind == .idleBefore || idle.kind == .idleAfter)
        && idle.energy.contains { $0.interval.value != nil }
    }
    shortestWindow = windows.map(\.duration.value).min() ?? 0
    fewestReadings = windows.map { $0.trace.count { !$0.power.isEmpty } }.min() ?? 0
    let rates = windows.map { Double($0.trace.count { !$0.power.isEmpty }) / $0.duration.value }
    readingsPerSecond = measured.isEmpty ? nil : rates.min()
    let supplies = windows.flatMap { [$0.stateBefore, $0.stateAfter] }.compactMap {
      $0?.flag(StateFact.mainsOnline)
    }
    onMains = supplies.isEmpty ? nil : supplies.allSatisfy { $0 }
  }

  /// Whether the best placed meter documents its accuracy within a bound; unknown without a document.
  func accuracy(within bound: Double) -> Bool? {
    guard hasMeter else { return false }
    let stated = accuracies.filter { !$0.isAssumed }.compactMap(\.gainBound)
    return stated.min().map { $0 <= bound }
  }

  func aspect(_ name: String, _ isMet: Bool?, _ demand: String) -> StandardAspect {
    guard let isMet else {
      return StandardAspect(
        name: name, status: .unknown,
        reason: hasMeter
          ? "\(demand): not known to the tool" : "\(demand): no measured meter covers the run")
    }
    return StandardAspect(name: name, status: isMet ? .met : .unmet, reason: demand)
  }
}
