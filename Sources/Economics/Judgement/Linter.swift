/// What a buyer should know of the inputs; findings change no number.
package enum Linter {
  /// Of one chain of a snapshot.
  static func findings(of state: ChainState, at now: Double) -> [Finding] {
    var found: [Finding] = []
    let id = state.chain.id
    let age = state.ageDays(at: now)
    if age > Evaluation.noteAgeDays {
      found.append(
        Finding(
          .age, "the header of \(id) is \(Plain.number(age)) days old; above 7 days it is said"))
    }
    if let known = state.chain.known, let spacing = state.chain.spacing {
      let distance = (state.time - known.time) / spacing
      let seen = Double(state.snapshot.height) - Double(known.height)
      // A day of blocks is allowed whatever the distance: blocks are found by chance.
      if abs(seen - distance) > 0.03 * abs(distance) + Calendar.secondsPerDay / spacing {
        found.append(
          Finding(
            .heightAndTime,
            "\(id) has height \(state.snapshot.height), but its time and spacing from block \(known.height) give \(Plain.fixed(Double(known.height) + distance, places: 0))"
          ))
      }
    }
    if let subsidy = state.snapshot.subsidy {
      found.append(
        Finding(
          .subsidyOverridden,
          "the snapshot's subsidy of \(Plain.number(subsidy)) \(id) takes the place of the chain's table, and stays"
        ))
    }
    return found
  }

  /// Of a scenario and what it comes to.
  static func findings(
    of scenario: Scenario, states: [ChainState], _ evaluation: DeviceEvaluation
  ) -> [Finding] {
    var found: [Finding] = []
    let days = Double(scenario.horizonMonths) * Calendar.month
    if evaluation.void != .noLiquidMarket {
      for state in states {
        for event in state.events(days: days).prefix(4) {
          let before = state.reward(height: event.height - 1)
          found.append(
            Finding(
              .eventInside,
              "at height \(event.height) of \(state.chain.id), about day \(Plain.fixed(event.day, places: 0)), the reward goes from \(Plain.number(before)) to \(Plain.number(state.reward(height: event.height)))"
            ))
        }
      }
    }
    if let money = evaluation.today.money, money.runningHoursPerDay == 0 {
      found.append(
        Finding(
          .losesToday,
          "today no hour earns its power; it pays up to \(Plain.number(money.breakEvenPricePerKWh)) a kWh"
        ))
    }
    for band in scenario.electricity?.bands ?? []
    where band.pricePerKWh == 0 && band.kind != .curtailed {
      found.append(
        Finding(
          .freePower,
          "the band \"\(band.name)\" costs nothing; own power is worth what it would bring otherwise, and 0 only if it would be curtailed"
        ))
    }
    let ceilings = evaluation.outcomes.filter { $0.closedForm?.isPriceAboveCeiling == true }
    if !ceilings.isEmpty {
      found.append(
        Finding(
          .priceAboveCeiling,
          "the outlay is more coins than it can ever mine, whatever power costs, in \(ceilings.map { "\"\($0.future.name)\"" }.joined(separator: ", "))"
        ))
    }
    if let memory = scenario.device?.memoryBytes, let state = states.first, state.chain.hasDataSet {
      let needed = EtchashDataSet.bytes(height: state.snapshot.height)
      if needed > memory {
        found.append(
          Finding(
            .dataSetTooLarge,
            "the data set of \(needed) bytes does not fit into \(memory) bytes: the device cannot mine \(state.chain.id)"
          ))
      }
    }
    return found
  }
}
