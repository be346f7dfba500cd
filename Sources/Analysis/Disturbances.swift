package import Model
internal import Text

/// What would disturb a measurement that began now, each as a named check of the machine's state (power.md 2.4, 2.7).
package enum Disturbances {
  /// Share of the CPUs that may be busy before a measurement begins.
  private static let busyLimit = 0.05
  private static let stealLimit = 0.001

  /// Judges two states of the idle machine, about a second apart.
  package static func checks(_ before: MachineState, _ after: MachineState) -> [Check] {
    [
      governor(after), turbo(after), load(before, after), throttling(before, after),
      steal(before, after), swap(after), mains(after), profile(after),
    ]
  }

  private static func governor(_ state: MachineState) -> Check {
    guard let governor = state.text(StateFact.governor) else {
      return unknown(CheckName.governor, StateFact.governor, state)
    }
    let isFixed = governor == "performance"
    return Check(
      name: CheckName.governor, verdict: isFixed ? .pass : .fail,
      message: "the frequency governor is \(governor)",
      remedy: isFixed
        ? nil
        : "run 'echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor' "
          + "until the next boot (cost: more power when idle)")
  }

  private static func turbo(_ state: MachineState) -> Check {
    guard let turbo = state.flag(StateFact.turbo) else {
      return unknown(CheckName.turbo, StateFact.turbo, state)
    }
    return Check(
      name: CheckName.turbo, verdict: turbo ? .fail : .pass,
      message: turbo
        ? "turbo is on: rate and power depend on temperature and on the minutes before"
        : "turbo is off",
      remedy: turbo ? "warm up to steady state, or switch turbo off for a comparison" : nil)
  }

  private static func load(_ before: MachineState, _ after: MachineState) -> Check {
    guard let busy = difference(StateFact.busyTicks, before, after),
      let own = difference(StateFact.ownTicks, before, after),
      let total = difference(StateFact.totalTicks, before, after), total > 0
    else { return unknown(CheckName.idleMachine, StateFact.busyTicks, after) }
    let share = max(0, Double(busy - own) / Double(total))
    return Check(
      name: CheckName.idleMachine, verdict: share <= busyLimit ? .pass : .fail,
      message:
        "other processes take \(DecimalText.percent(share, against: busyLimit)) of the CPUs (limit \(DecimalText.percent(busyLimit, decimals: 2)))",
      remedy: share <= busyLimit ? nil : "stop what else runs on this machine")
  }

  private static func throttling(_ before: MachineState, _ after: MachineState) -> Check {
    guard let rise = difference(StateFact.throttleCount, before, after),
      let count = after.integer(StateFact.throttleCount)
    else { return unknown(CheckName.throttling, StateFact.throttleCount, after) }
    return Check(
      name: CheckName.throttling, verdict: rise == 0 ? .pass : .fail,
      message: rise == 0
        ? "no throttling now; \(count) times since the start of the machine"
        : "the CPUs were throttled \(rise) times within the last moments",
      remedy: rise == 0 ? nil : "improve the cooling or lower the power limit")
  }

  private static func steal(_ before: MachineState, _ after: MachineState) -> Check {
    guard let stolen = difference(StateFact.stealTicks, before, after),
      let total = difference(StateFact.totalTicks, before, after), total > 0
    else { return unknown(CheckName.stealTime, StateFact.stealTicks, after) }
    let share = Double(stolen) / Double(total)
    return Check(
      name: CheckName.stealTime, verdict: share <= stealLimit ? .pass : .fail,
      message:
        "the hypervisor gave \(DecimalText.percent(share, against: stealLimit)) of the CPU time to others "
        + "(limit \(DecimalText.percent(stealLimit, decimals: 2)))",
      remedy: share <= stealLimit ? nil : "measure on a machine that is not shared")
  }

  private static func swap(_ state: MachineState) -> Check {
    guard let used = state.integer(StateFact.swapUsed) else {
      return unknown(CheckName.swap, StateFact.swapUsed, state)
    }
    return Check(
      name: CheckName.swap, verdict: used == 0 ? .pass : .fail,
      message: "\(used) kB of swap are in use",
      remedy: used == 0 ? nil : "free memory and run 'sudo swapoff -a && sudo swapon -a'")
  }

  private static func mains(_ state: MachineState) -> Check {
    guard let online = state.flag(StateFact.mainsOnline) else {
      return unknown(CheckName.mainsPower, StateFact.mainsOnline, state)
    }
    return Check(
      name: CheckName.mainsPower, verdict: online ? .pass : .fail,
      message: online ? "mains power is on" : "the machine runs on its battery",
      remedy: online ? nil : "connect the mains supply")
  }

  private static func profile(_ state: MachineState) -> Check {
    guard let profile = state.text(StateFact.platformProfile) else {
      return unknown(CheckName.platformProfile, StateFact.platformProfile, state)
    }
    let isFull = profile == "performance" || profile == "balanced"
    return Check(
      name: CheckName.platformProfile, verdict: isFull ? .pass : .fail,
      message: "the platform profile is \(profile)",
      remedy: isFull
        ? nil
        : "run 'echo balanced | sudo tee /sys/firmware/acpi/platform_profile' (cost: more noise)")
  }

  private static func difference(
    _ fact: StateFact, _ before: MachineState, _ after: MachineState
  ) -> Int64? {
    guard let first = before.integer(fact), let second = after.integer(fact) else { return nil }
    return second - first
  }

  private static func unknown(_ name: CheckName, _ fact: StateFact, _ state: MachineState) -> Check
  {
    let reason = state.facts[fact]?.reason
    return Check(
      name: name, verdict: .unknown,
      message: reason?.message ?? "\(fact) is not known on this machine", remedy: reason?.remedy)
  }
}
