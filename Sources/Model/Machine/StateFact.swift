/// Names of the facts in a `MachineState` (power.md 2.7): probes write them, checks and files read them.
///
/// A fact is of the machine, or of one device: `StateFact.clock.of(gpu)`. A name ends in its unit where it has one.
/// Counters grow since boot or since the process began.
package struct StateFact: FactName, CustomStringConvertible {
  package let name: String
  /// Nil for the machine and its CPU.
  package let subject: DeviceID?

  private init(name: String, subject: DeviceID?) {
    self.name = name
    self.subject = subject
  }

  private init(_ name: String) { self.init(name: name, subject: nil) }

  /// As files spell it: the name, after the device's identifier and a slash where it is of one.
  package init(rawValue: String) {
    if let slash = rawValue.lastIndex(of: "/") {
      self.init(
        name: String(rawValue[rawValue.index(after: slash)...]),
        subject: DeviceID(rawValue: String(rawValue[..<slash])))
    } else {
      self.init(rawValue)
    }
  }

  package var rawValue: String { subject.map { "\($0)/\(name)" } ?? name }
  package var description: String { rawValue }

  /// The same fact of one device; of the CPU it is the machine's.
  package func of(_ device: DeviceID) -> StateFact {
    StateFact(name: name, subject: device == .cpu ? nil : device)
  }

  // MARK: Frequency and power policy

  /// Text; `mixed` when CPUs differ.
  package static let governor = StateFact("governor")
  package static let scalingDriver = StateFact("scaling_driver")
  package static let energyPreference = StateFact("energy_performance_preference")
  package static let minimumFrequency = StateFact("scaling_min_khz")
  package static let maximumFrequency = StateFact("scaling_max_khz")
  /// Mean of `scaling_cur_freq` over the online CPUs.
  package static let frequency = StateFact("scaling_cur_mean_khz")
  /// Lowest and highest `scaling_cur_mean_khz` seen inside a window.
  package static let frequencyDuringMinimum = StateFact("scaling_cur_mean_during_min_khz")
  package static let frequencyDuringMaximum = StateFact("scaling_cur_mean_during_max_khz")
  /// Flag: whether turbo or boost is allowed.
  package static let turbo = StateFact("turbo")
  package static let platformProfile = StateFact("platform_profile")
  package static let longTermPowerLimit = StateFact("pl1_limit_uw")
  package static let longTermWindow = StateFact("pl1_time_window_us")
  package static let shortTermPowerLimit = StateFact("pl2_limit_uw")
  package static let shortTermWindow = StateFact("pl2_time_window_us")
  /// Idle states that are switched off, of all CPUs.
  package static let disabledIdleStates = StateFact("idle_states_disabled")
  package static let intelIdleMaximumState = StateFact("intel_idle_max_cstate")

  // MARK: Heat

  /// Sum of the core and package throttle counts of all CPUs.
  package static let throttleCount = StateFact("throttle_count")
  /// Hottest CPU sensor in thousandths of a degree Celsius.
  package static let temperature = StateFact("temperature_max_mc")
  /// Highest `temperature_max_mc` seen inside a window.
  package static let temperatureDuring = StateFact("temperature_max_during_mc")
  package static let fanSpeed = StateFact("fan_max_rpm")

  // MARK: Supply

  /// Flag: whether a mains supply is online.
  package static let mainsOnline = StateFact("mains_online")
  package static let batteryStatus = StateFact("battery_status")

  // MARK: Other load

  package static let loadAverage = StateFact("loadavg_1m")
  package static let stealTicks = StateFact("steal_ticks")
  /// User, nice, system, irq and softirq ticks of all CPUs.
  package static let busyTicks = StateFact("busy_ticks")
  package static let totalTicks = StateFact("total_ticks")
  /// Of the whole machine.
  package static let contextSwitches = StateFact("context_switches")
  package static let processesCreated = StateFact("processes_created")
  /// User and system ticks of this process.
  package static let ownTicks = StateFact("own_ticks")
  /// Of all threads of this process.
  package static let ownInvoluntarySwitches = StateFact("own_involuntary_switches")
  /// Seen inside a window, every few seconds: see `StateDuring`.
  package static let loadAverageDuring = StateFact("loadavg_1m_during_max")
  package static let stealDuring = StateFact("steal_during_max_relative")
  package static let contextSwitchesDuring = StateFact("context_switches_during_max_per_s")
  package static let throttledSteps = StateFact("throttle_during_steps")
  /// Every governor that was seen inside a window, in order, with commas.
  package static let governorDuring = StateFact("governor_during")
  /// Flag: whether the mains supply was online at every look inside a window.
  package static let mainsDuring = StateFact("mains_online_during")
  package static let swapUsed = StateFact("swap_used_kb")
  package static let memoryAvailable = StateFact("memory_available_kb")

  // MARK: Configuration

  package static let onlineCPUs = StateFact("online_cpus")
  package static let isolatedCPUs = StateFact("isolated_cpus")
  package static let simultaneousMultithreading = StateFact("smt_active")
  package static let transparentHugePages = StateFact("transparent_hugepage")
  package static let numaBalancing = StateFact("numa_balancing")
  package static let cgroupQuota = StateFact("cgroup_cpu_max")
  package static let bootID = StateFact("boot_id")
  package static let suspendCount = StateFact("suspend_count")

  // MARK: Of one device

  package static let clock = StateFact("clock_khz")
  package static let memoryClock = StateFact("memory_clock_khz")
  package static let deviceTemperature = StateFact("temperature_mc")
  /// Text: why the device runs below its clock, words with commas; empty for no reason.
  package static let throttleReasons = StateFact("throttle_reasons")
  package static let powerLimit = StateFact("power_limit_uw")
}

extension MachineState {
  /// The fact as an integer; nil when it is unknown or is not one.
  package func integer(_ fact: StateFact) -> Int64? {
    if case .value(.integer(let value)) = facts[fact] { value } else { nil }
  }

  /// The fact as a number; nil when it is unknown or is not one.
  package func number(_ fact: StateFact) -> Double? {
    switch facts[fact] {
    case .value(.integer(let value)): Double(value)
    case .value(.number(let value)): value
    default: nil
    }
  }

  /// The fact as text; nil when it is unknown or is not text.
  package func text(_ fact: StateFact) -> String? {
    if case .value(.text(let value)) = facts[fact] { value } else { nil }
  }

  /// The fact as a flag; nil when it is unknown or is not one.
  package func flag(_ fact: StateFact) -> Bool? {
    if case .value(.flag(let value)) = facts[fact] { value } else { nil }
  }
}
