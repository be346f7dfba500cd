package import Model

/// Reads everything of power.md 2.7 that may change while a machine runs, through one `SystemRoot`.
///
/// What is not there or may not be read is a fact without a value, with the reason.
package struct SystemStateProbe: StateProbe {
  private let root: SystemRoot
  private let clock: any MonotonicClock
  private let onlineCPUs: [Int]
  private let supplies: [String]
  private let temperatures: [String]
  private let fans: [String]

  /// Finds the sensors once; they do not come and go within a run.
  package init(root: SystemRoot, clock: any MonotonicClock) {
    self.root = root
    self.clock = clock
    let online = (try? root.text("/sys/devices/system/cpu/online")) ?? ""
    onlineCPUs = CPUList.parse(online) ?? []
    supplies = ((try? root.names("/sys/class/power_supply")) ?? []).map {
      "/sys/class/power_supply/\($0)"
    }
    let sensors = SensorFiles(root)
    temperatures = sensors.temperatures
    fans = sensors.fans
  }

  package func read() -> MachineState {
    var facts: [String: Reading<StateValue>] = [:]
    frequency(&facts)
    powerLimits(&facts)
    idleStates(&facts)
    facts[StateFact.temperature] = maximum(temperatures, "no CPU temperature sensor")
    facts[StateFact.fanSpeed] = maximum(fans, "no fan sensor")
    facts[StateFact.throttleCount] = throttleCount()
    supply(&facts)
    load(&facts)
    configuration(&facts)
    return state(facts)
  }

  package func readBriefly() -> MachineState {
    let ticks = ProcStat(root)
    return state([
      StateFact.frequency: meanFrequency(),
      StateFact.temperature: maximum(temperatures, "no CPU temperature sensor"),
      StateFact.throttleCount: throttleCount(),
      StateFact.governor: policyText("scaling_governor"),
      StateFact.mainsOnline: mainsOnline(),
      StateFact.loadAverage: loadAverage(),
      StateFact.stealTicks: ticks.steal,
      StateFact.totalTicks: ticks.total,
      StateFact.contextSwitches: ticks.contextSwitches,
    ])
  }

  private func state(_ facts: [String: Reading<StateValue>]) -> MachineState {
    MachineState(
      instant: clock.now(), unixTime: RawMonotonicClock.unixTime(), facts: facts)
  }

  // MARK: Frequency and power

  private func frequency(_ facts: inout [String: Reading<StateValue>]) {
    facts[StateFact.governor] = policyText("scaling_governor")
    facts[StateFact.scalingDriver] = policyText("scaling_driver")
    facts[StateFact.energyPreference] = policyText("energy_performance_preference")
    facts[StateFact.minimumFrequency] = policyInteger("scaling_min_freq", min)
    facts[StateFact.maximumFrequency] = policyInteger("scaling_max_freq", max)
    facts[StateFact.frequency] = meanFrequency()
    facts[StateFact.turbo] = turbo()
    facts[StateFact.platformProfile] = text("/sys/firmware/acpi/platform_profile")
  }

  private func policy(_ file: String, _ cpu: Int) -> String {
    "/sys/devices/system/cpu/cpu\(cpu)/cpufreq/\(file)"
  }

  /// One text for all CPUs, or `mixed`; the first CPU's reason where no CPU has one.
  private func policyText(_ file: String) -> Reading<StateValue> {
    let found = onlineCPUs.map { text(policy(file, $0)) }
    guard let first = found.first else { return noCPU }
    let values = found.compactMap(\.value)
    guard let value = values.first else { return first }
    let isUniform = values.count == found.count && values.allSatisfy { $0 == value }
    return isUniform ? .value(value) : .value(.text("mixed"))
  }

  private func policyInteger(
    _ file: String, _ choose: (Int64, Int64) -> Int64
  ) -> Reading<StateValue> {
    let found = onlineCPUs.map { integer(policy(file, $0)) }
    return fold(found, choose)
  }

  private func meanFrequency() -> Reading<StateValue> {
    var sum = 0.0
    var count = 0.0
    var reason: Reason?
    for cpu in onlineCPUs {
      switch integer(policy("scaling_cur_freq", cpu)) {
      case .value(.integer(let value)):
        sum += Double(value)
        count += 1
      case .unavailable(let why): reason = reason ?? why
      case .value: break
      }
    }
    if count > 0 { return .value(.number(sum / count)) }
    return reason.map { .unavailable($0) } ?? noCPU
  }

  private func turbo() -> Reading<StateValue> {
    if case .value(.integer(let off)) = integer("/sys/devices/system/cpu/intel_pstate/no_turbo") {
      return .value(.flag(off == 0))
    }
    return integer("/sys/devices/system/cpu/cpufreq/boost").map { value in
      if case .integer(let on) = value { .flag(on != 0) } else { value }
    }
  }

  /// The limits of the first package zone; `constraint_K_name` says which is which.
  private func powerLimits(_ facts: inout [String: Reading<StateValue>]) {
    let names = [
      "long_term": (StateFact.longTermPowerLimit, StateFact.longTermWindow),
      "short_term": (StateFact.shortTermPowerLimit, StateFact.shortTermWindow),
    ]
    let missing = Reading<StateValue>.unavailable(
      Reason(.absent, "powercap has no package zone with power limits"))
    for (limit, window) in names.values {
      facts[limit] = missing
      facts[window] = missing
    }
    let class_ = "/sys/class/powercap"
    let zones = (try? root.names(class_)) ?? []
    let package = zones.first { zone in
      (try? root.text("\(class_)/\(zone)/name")).map { $0.hasPrefix("package-") } ?? false
        && root.exists("\(class_)/\(zone)/constraint_0_name")
    }
    guard let package else { return }
    for index in 0..<4 {
      let base = "\(class_)/\(package)/constraint_\(index)_"
      guard let name = try? root.text(base + "name"), let (limit, window) = names[name] else {
        continue
      }
      facts[limit] = integer(base + "power_limit_uw")
      facts[window] = integer(base + "time_window_us")
    }
  }

  private func idleStates(_ facts: inout [String: Reading<StateValue>]) {
    facts[StateFact.intelIdleMaximumState] = integer(
      "/sys/module/intel_idle/parameters/max_cstate")
    let folder = "/sys/devices/system/cpu/cpu\(onlineCPUs.first ?? 0)/cpuidle"
    guard let states = try? root.names(folder) else {
      facts[StateFact.disabledIdleStates] = .unavailable(
        Reason(.absent, "there is no \(folder)"))
      return
    }
    // The first CPU stands for all: 200 CPUs with ten states each would be 2000 reads.
    let disabled = states.filter { (try? root.text("\(folder)/\($0)/disable")) == "1" }
    facts[StateFact.disabledIdleStates] = .value(.integer(Int64(disabled.count)))
  }

  private func throttleCount() -> Reading<StateValue> {
    var total: Int64 = 0
    var reason: Reason?
    var isKnown = false
    for cpu in onlineCPUs {
      for kind in ["core", "package"] {
        let path = "/sys/devices/system/cpu/cpu\(cpu)/thermal_throttle/\(kind)_throttle_count"
        switch integer(path) {
        case .value(.integer(let count)):
          total += count
          isKnown = true
        case .unavailable(let why): reason = reason ?? why
        case .value: break
        }
      }
    }
    if isKnown { return .value(.integer(total)) }
    return reason.map { .unavailable($0) } ?? noCPU
  }

  // MARK: Supply

  private func supply(_ facts: inout [String: Reading<StateValue>]) {
    facts[StateFact.mainsOnline] = mainsOnline()
    let battery = supplies.first { (try? root.text($0 + "/type")) == "Battery" }
    facts[StateFact.batteryStatus] =
      battery.map { text($0 + "/status") } ?? .unavailable(Reason(.absent, "no battery"))
  }

  private func mainsOnline() -> Reading<StateValue> {
    let mains = supplies.filter { supply in
      let kind = try? root.text(supply + "/type")
      return kind == "Mains" || kind == "USB"
    }.map { integer($0 + "/online") }
    return mains.isEmpty
      ? .unavailable(Reason(.absent, "no mains supply is known to the kernel"))
      : .value(.flag(mains.contains { $0 == .value(.integer(1)) }))
  }

  // MARK: Load

  private func load(_ facts: inout [String: Reading<StateValue>]) {
    facts[StateFact.loadAverage] = loadAverage()
    let ticks = ProcStat(root)
    facts[StateFact.busyTicks] = ticks.busy
    facts[StateFact.stealTicks] = ticks.steal
    facts[StateFact.totalTicks] = ticks.total
    facts[StateFact.contextSwitches] = ticks.contextSwitches
    facts[StateFact.processesCreated] = ticks.processes
    let own = OwnProcess(root)
    facts[StateFact.ownTicks] = own.ticks
    facts[StateFact.ownInvoluntarySwitches] = own.involuntarySwitches
    let memory = keyedValues("/proc/meminfo")
    facts[StateFact.memoryAvailable] = keyed(memory, "MemAvailable", "/proc/meminfo")
    if case .value(.integer(let total)) = keyed(memory, "SwapTotal", "/proc/meminfo"),
      case .value(.integer(let free)) = keyed(memory, "SwapFree", "/proc/meminfo")
    {
      facts[StateFact.swapUsed] = .value(.integer(total - free))
    } else {
      facts[StateFact.swapUsed] = keyed(memory, "SwapFree", "/proc/meminfo")
    }
  }

  private func loadAverage() -> Reading<StateValue> {
    let path = "/proc/loadavg"
    return switch StateFile.text(root, path) {
    case .unavailable(let reason): .unavailable(reason)
    case .value(let text):
      if let average = text.split(separator: " ").first.flatMap({ Double($0) }) {
        .value(.number(average))
      } else {
        .unavailable(Reason(.malformed, "\(path) holds no load average"))
      }
    }
  }

  // MARK: Configuration

  private func configuration(_ facts: inout [String: Reading<StateValue>]) {
    facts[StateFact.onlineCPUs] = text("/sys/devices/system/cpu/online")
    facts[StateFact.isolatedCPUs] = text("/sys/devices/system/cpu/isolated")
    facts[StateFact.simultaneousMultithreading] = integer("/sys/devices/system/cpu/smt/active")
      .map { if case .integer(let on) = $0 { .flag(on != 0) } else { $0 } }
    facts[StateFact.transparentHugePages] = text("/sys/kernel/mm/transparent_hugepage/enabled")
    facts[StateFact.numaBalancing] = text("/proc/sys/kernel/numa_balancing")
    facts[StateFact.cgroupQuota] = text("/sys/fs/cgroup/cpu.max")
    facts[StateFact.bootID] = text("/proc/sys/kernel/random/boot_id")
    facts[StateFact.suspendCount] = integer("/sys/power/suspend_stats/success")
  }

  // MARK: Reading

  private var noCPU: Reading<StateValue> {
    .unavailable(Reason(.absent, "no CPU is listed in /sys/devices/system/cpu/online"))
  }

  private func text(_ path: String) -> Reading<StateValue> {
    StateFile.text(root, path).map { .text($0) }
  }

  private func integer(_ path: String) -> Reading<StateValue> { StateFile.integer(root, path) }

  private func maximum(_ paths: [String], _ absent: String) -> Reading<StateValue> {
    guard !paths.isEmpty else { return .unavailable(Reason(.absent, absent)) }
    return fold(paths.map(integer), max)
  }

  /// Folds what could be read; the first reason when nothing could.
  private func fold(
    _ readings: [Reading<StateValue>], _ choose: (Int64, Int64) -> Int64
  ) -> Reading<StateValue> {
    let values = readings.compactMap { reading -> Int64? in
      if case .value(.integer(let value)) = reading { value } else { nil }
    }
    if let first = values.first {
      return .value(.integer(values.dropFirst().reduce(first, choose)))
    }
    return readings.first ?? noCPU
  }

  private func keyedValues(_ path: String) -> [Substring: Int64]? {
    (try? root.text(path)).map { StateFile.keyedIntegers($0) }
  }

  private func keyed(
    _ values: [Substring: Int64]?, _ key: String, _ path: String
  ) -> Reading<StateValue> {
    values?[Substring(key)].map { .value(.integer($0)) }
      ?? .unavailable(Reason(.absent, "\(path) has no \(key)"))
  }
}
