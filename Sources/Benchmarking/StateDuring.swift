internal import Model

/// What the looks at a machine inside one window say of everything that can change meanwhile (power.md 2.7).
enum StateDuring {
  /// Facts of the window whose looks these are, in order, with the states before and after it at the ends.
  ///
  /// What was looked at only at the ends says no more than they do, so then there is nothing.
  static func facts(_ states: [MachineState]) -> [StateFact: Reading<StateValue>] {
    let inside = states.dropFirst().dropLast()
    guard !inside.isEmpty else { return [:] }
    var facts: [StateFact: Reading<StateValue>] = [:]
    let frequencies = inside.compactMap { $0.number(StateFact.frequency) }
    if let low = frequencies.min(), let high = frequencies.max() {
      facts[StateFact.frequencyDuringMinimum] = .value(.number(low))
      facts[StateFact.frequencyDuringMaximum] = .value(.number(high))
    }
    if let hottest = inside.compactMap({ $0.integer(StateFact.temperature) }).max() {
      facts[StateFact.temperatureDuring] = .value(.integer(hottest))
    }
    if let load = inside.compactMap({ $0.number(StateFact.loadAverage) }).max() {
      facts[StateFact.loadAverageDuring] = .value(.number(load))
    }
    let steps = Array(zip(states, states.dropFirst()))
    if let steal = steps.compactMap({ step in
      growth(StateFact.stealTicks, step).flatMap { steal in
        growth(StateFact.totalTicks, step).flatMap { $0 > 0 ? steal / $0 : nil }
      }
    }).max() {
      facts[StateFact.stealDuring] = .value(.number(steal))
    }
    if let switches = steps.compactMap({ step in
      growth(StateFact.contextSwitches, step).flatMap { count in
        let time = step.1.instant.since(step.0.instant).value
        return time > 0 ? count / time : nil
      }
    }).max() {
      facts[StateFact.contextSwitchesDuring] = .value(.number(switches))
    }
    let throttles = steps.compactMap { growth(StateFact.throttleCount, $0) }
    if !throttles.isEmpty {
      facts[StateFact.throttledSteps] = .value(.integer(Int64(throttles.count { $0 > 0 })))
    }
    let governors = inside.compactMap { $0.text(StateFact.governor) }
    if !governors.isEmpty {
      let distinct = governors.enumerated().filter { $0 == 0 || $1 != governors[$0 - 1] }
      facts[StateFact.governorDuring] = .value(.text(distinct.map(\.1).joined(separator: ", ")))
    }
    let mains = inside.compactMap { $0.flag(StateFact.mainsOnline) }
    if !mains.isEmpty { facts[StateFact.mainsDuring] = .value(.flag(mains.allSatisfy { $0 })) }
    return facts
  }

  private static func growth(_ fact: StateFact, _ step: (MachineState, MachineState)) -> Double? {
    guard let before = step.0.number(fact), let after = step.1.number(fact) else { return nil }
    return after - before
  }
}
