/// Names of the facts in a `MachineState` (power.md 2.7): the probe writes them, checks and files read them.
///
/// A name ends in its unit where it has one. Counters grow since boot or since the process began.
package enum StateFact {
  // MARK: Frequency and power policy

  /// Text; `mixed` when CPUs differ.
  package static let governor = "governor"
  package static let scalingDriver = "scaling_driver"
  package static let energyPreference = "energy_performance_preference"
  package static let minimumFrequency = "scaling_min_khz"
  package static let maximumFrequency = "scaling_max_khz"
  /// Mean of `scaling_cur_freq` over the online CPUs.
  package static let frequency = "scaling_cur_mean_khz"
  /// Lowest and highest `scaling_cur_mean_khz` seen inside a window.
  package static let frequencyDuringMinimum = "scaling_cur_mean_during_min_khz"
  package static let frequencyDuringMaximum = "scaling_cur_mean_during_max_khz"
  /// Flag: whether turbo or boost is allowed.
  package static let turbo = "turbo"
  package static let platformProfile = "platform_profile"
  package static let longTermPowerLimit = "pl1_limit_uw"
  package static let longTermWindow = "pl1_time_window_us"
  package static let shortTermPowerLimit = "pl2_limit_uw"
  package static let shortTermWindow = "pl2_time_window_us"
  /// Idle states that are switched off, of all CPUs.
  package static let disabledIdleStates = "idle_states_disabled"
  package static let intelIdleMaximumState = "intel_idle_max_cstate"

  // MARK: Heat

  /// Sum of the core and package throttle counts of all CPUs.
  package static let throttleCount = "throttle_count"
  /// Hottest CPU sensor in thousandths of a degree Celsius.
  package static let temperature = "temperature_max_mc"
  /// Highest `temperature_max_mc` seen inside a window.
  package static let temperatureDuring = "temperature_max_during_mc"
  package static let fanSpeed = "fan_max_rpm"

  // MARK: Supply

  /// Flag: whether a mains supply is online.
  package static let mainsOnline = "mains_online"
  package static let batteryStatus = "battery_status"

  // MARK: Other load

  package static let loadAverage = "loadavg_1m"
  package static let stealTicks = "steal_ticks"
  /// User, nice, system, irq and softirq ticks of all CPUs.
  package static let busyTicks = "busy_ticks"
  package static let totalTicks = "total_ticks"
  /// Of the whole machine.
  package static let contextSwitches = "context_switches"
  package static let processesCreated = "processes_created"
  /// User and system ticks of this process.
  package static let ownTicks = "own_ticks"
  /// Of all threads of this process.
  package static let ownInvoluntarySwitches = "own_involuntary_switches"
  /// Seen inside a window, every few seconds: see `StateDuring`.
  package static let loadAverageDuring = "loadavg_1m_during_max"
  package static let stealDuring = "steal_during_max_relative"
  package static let contextSwitchesDuring = "context_switches_during_max_per_s"
  package static let throttledSteps = "throttle_during_steps"
  /// Every governor that was seen inside a window, in order, with commas.
  package static let governorDuring = "governor_during"
  /// Flag: whether the mains supply was online at every look inside a window.
  package static let mainsDuring = "mains_online_during"
  package static let swapUsed = "swap_used_kb"
  package static let memoryAvailable = "memory_available_kb"

  // MARK: Configuration

  package static let onlineCPUs = "online_cpus"
  package static let isolatedCPUs = "isolated_cpus"
  package static let simultaneousMultithreading = "smt_active"
  package static let transparentHugePages = "transparent_hugepage"
  package static let numaBalancing = "numa_balancing"
  package static let cgroupQuota = "cgroup_cpu_max"
  package static let bootID = "boot_id"
  package static let suspendCount = "suspend_count"
}

extension MachineState {
  /// The fact as an integer; nil when it is unknown or is not one.
  package func integer(_ name: String) -> Int64? {
    if case .value(.integer(let value)) = facts[name] { value } else { nil }
  }

  /// The fact as a number; nil when it is unknown or is not one.
  package func number(_ name: String) -> Double? {
    switch facts[name] {
    case .value(.integer(let value)): Double(value)
    case .value(.number(let value)): value
    default: nil
    }
  }

  /// The fact as text; nil when it is unknown or is not text.
  package func text(_ name: String) -> String? {
    if case .value(.text(let value)) = facts[name] { value } else { nil }
  }

  /// The fact as a flag; nil when it is unknown or is not one.
  package func flag(_ name: String) -> Bool? {
    if case .value(.flag(let value)) = facts[name] { value } else { nil }
  }
}
