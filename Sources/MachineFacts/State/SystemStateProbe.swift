package import LinuxSystem
package import Model

/// Reads everything of power.md 2.7 that may change while a machine runs, through one `SystemRoot`.
///
/// What is not there or may not be read is a fact without a value, with the reason.
package struct SystemStateProbe: StateProbe {
  private let reader: FactReader
  private let frequencies: FrequencyFiles
  private let clock: any MonotonicClock
  private let onlineCPUs: [Int]
  private let supplies: [String]
  private let temperatures: [String]
  private let fans: [String]

  /// Finds the sensors once; they do not come and go within a run.
  package init(root: SystemRoot, clock: any MonotonicClock) {
    reader = FactReader(root: root)
    self.clock = clock
    onlineCPUs = reader.list(MachinePath.onlineCPUs) ?? []
    frequencies = FrequencyFiles(reader, onlineCPUs: onlineCPUs)
    supplies = reader.names(MachinePath.supplies).map { "\(MachinePath.supplies)/\($0)" }
    let sensors = SensorFiles(reader)
    temperatures = sensors.temperatures
    fans = sensors.fans
  }

  package func read() -> MachineState {
    var facts: [StateFact: Reading<StateValue>] = [:]
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
    let ticks = ProcStat(reader)
    return state([
      StateFact.frequency: meanFrequency(),
      StateFact.temperature: maximum(temperatures, "no CPU temperature sensor"),
      StateFact.throttleCount: throttleCount(),
      StateFact.governor: policyText(.governor),
      StateFact.mainsOnline: mainsOnline(),
      StateFact.loadAverage: loadAverage(),
      StateFact.stealTicks: ticks.steal,
      StateFact.totalTicks: ticks.total,
      StateFact.contextSwitches: ticks.contextSwitches,
    ])
  }

  private func state(_ facts: [StateFact: Reading<StateValue>]) -> MachineState {
    MachineState(
      instant: clock.now(), unixTime: RawMonotonicClock.unixTime(), facts: facts)
  }

  // MARK: Frequency and power

  private func frequency(_ facts: inout [StateFact: Reading<StateValue>]) {
    facts[StateFact.governor] = policyText(.governor)
    facts[StateFact.scalingDriver] = policyText(.driver)
    facts[StateFact.energyPreference] = policyText(.energyPreference)
    facts[StateFact.minimumFrequency] = policyInteger(.lowestNow, min)
    facts[StateFact.maximumFrequency] = policyInteger(.highestNow, max)
    facts[StateFact.frequency] = meanFrequency()
    facts[StateFact.turbo] = frequencies.turbo().map { .flag($0) }
    facts[StateFact.platformProfile] = text("/sys/firmware/acpi/platform_profile")
  }

  /// One text for all CPUs, or `mixed`; the first reason where no CPU has one.
  private func policyText(_ file: FrequencyFiles.File) -> Reading<StateValue> {
    let found = frequencies.texts(file)
    guard let first = found.first else { return noFrequency }
    let values = found.compactMap(\.value)
    guard let value = values.first else { return first.map { .text($0) } }
    let isUniform = values.count == found.count && values.allSatisfy { $0 == value }
    return .value(.text(isUniform ? value : "mixed"))
  }

  private func policyInteger(
    _ file: FrequencyFiles.File, _ choose: (Int64, Int64) -> Int64
  ) -> Reading<StateValue> {
    fold(frequencies.kilohertz(file).map(\.value), choose) ?? noFrequency
  }

  /// Over the online CPUs, each by its policy's clock.
  private func meanFrequency() -> Reading<StateValue> {
    let online = Set(onlineCPUs)
    var sum = 0.0
    var count = 0.0
    var reason: Reason?
    for (policy, clock) in frequencies.kilohertz(.now) {
      switch clock {
      case .value(let value):
        let cpus = Double(max(1, policy.cpus.count(where: online.contains)))
        sum += Double(value) * cpus
        count += cpus
      case .unavailable(let why): reason = reason ?? why
      }
    }
    if count > 0 { return .value(.number(sum / count)) }
    return reason.map { .unavailable($0) } ?? noFrequency
  }

  /// The limits of the first package zone; `constraint_K_name` says which is which.
  private func powerLimits(_ facts: inout [StateFact: Reading<StateValue>]) {
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
    let zones = reader.names(MachinePath.powercap).map { "\(MachinePath.powercap)/\($0)" }
    let package = zones.first { zone in
      reader.text("\(zone)/name").value?.hasPrefix("package-") ?? false
        && reader.root.exists("\(zone)/constraint_0_name")
    }
    guard let package else { return }
    for index in 0..<4 {
      let base = "\(package)/constraint_\(index)_"
      guard let name = reader.text(base + "name").value, let (limit, window) = names[name] else {
        continue
      }
      facts[limit] = integer(base + "power_limit_uw")
      facts[window] = integer(base + "time_window_us")
    }
  }

  private func idleStates(_ facts: inout [StateFact: Reading<StateValue>]) {
    facts[StateFact.intelIdleMaximumState] = integer(
      "/sys/module/intel_idle/parameters/max_cstate")
    let folder = MachinePath.cpu(onlineCPUs.first ?? 0) + "/cpuidle"
    guard let states = try? reader.root.names(folder) else {
      facts[StateFact.disabledIdleStates] = .unavailable(
        Reason(.absent, "there is no \(folder)"))
      return
    }
    // The first CPU stands for all: 200 CPUs with ten states each would be 2000 reads.
    let disabled = states.filter { reader.text("\(folder)/\($0)/disable").value == "1" }
    facts[StateFact.disabledIdleStates] = .value(.integer(Int64(disabled.count)))
  }

  private func throttleCount() -> Reading<StateValue> {
    var total: Int64 = 0
    var reason: Reason?
    var isKnown = false
    for cpu in onlineCPUs {
      for kind in ["core", "package"] {
        let path = "\(MachinePath.cpu(cpu))/thermal_throttle/\(kind)_throttle_count"
        switch reader.integer(path) {
        case .value(let count):
          total += count
          isKnown = true
        case .unavailable(let why): reason = reason ?? why
        }
      }
    }
    if isKnown { return .value(.integer(total)) }
    return reason.map { .unavailable($0) } ?? noCPU
  }

  // MARK: Supply

  private func supply(_ facts: inout [StateFact: Reading<StateValue>]) {
    facts[StateFact.mainsOnline] = mainsOnline()
    let battery = supplies.first { reader.text($0 + "/type").value == "Battery" }
    facts[StateFact.batteryStatus] =
      battery.map { text($0 + "/status") } ?? .unavailable(Reason(.absent, "no battery"))
  }

  private func mainsOnline() -> Reading<StateValue> {
    let mains = supplies.filter { supply in
      let kind = reader.text(supply + "/type").value
      return kind == "Mains" || kind == "USB"
    }.map { reader.integer($0 + "/online") }
    return mains.isEmpty
      ? .unavailable(Reason(.absent, "no mains supply is known to the kernel"))
      : .value(.flag(mains.contains { $0 == .value(1) }))
  }

  // MARK: Load

  private func load(_ facts: inout [StateFact: Reading<StateValue>]) {
    facts[StateFact.loadAverage] = loadAverage()
    let ticks = ProcStat(reader)
    facts[StateFact.busyTicks] = ticks.busy
    facts[StateFact.stealTicks] = ticks.steal
    facts[StateFact.totalTicks] = ticks.total
    facts[StateFact.contextSwitches] = ticks.contextSwitches
    facts[StateFact.processesCreated] = ticks.processes
    let own = OwnProcess(reader)
    facts[StateFact.ownTicks] = own.ticks
    facts[StateFact.ownInvoluntarySwitches] = own.involuntarySwitches
    let memory = reader.keyedIntegers(MachinePath.memoryInfo)
    facts[StateFact.memoryAvailable] = keyed(memory, "MemAvailable").map { .integer($0) }
    facts[StateFact.swapUsed] = keyed(memory, "SwapTotal").flatMap { total in
      keyed(memory, "SwapFree").map { .integer(total - $0) }
    }
  }

  private func loadAverage() -> Reading<StateValue> {
    let path = "/proc/loadavg"
    return switch reader.text(path) {
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

  private func configuration(_ facts: inout [StateFact: Reading<StateValue>]) {
    facts[StateFact.onlineCPUs] = text(MachinePath.onlineCPUs)
    facts[StateFact.isolatedCPUs] = text(MachinePath.isolatedCPUs)
    facts[StateFact.simultaneousMultithreading] = reader.flag(MachinePath.multithreadingActive)
      .map { .flag($0) }
    facts[StateFact.transparentHugePages] = text("/sys/kernel/mm/transparent_hugepage/enabled")
    facts[StateFact.numaBalancing] = text("/proc/sys/kernel/numa_balancing")
    facts[StateFact.cgroupQuota] = text("/sys/fs/cgroup/cpu.max")
    facts[StateFact.bootID] = text("/proc/sys/kernel/random/boot_id")
    facts[StateFact.suspendCount] = integer("/sys/power/suspend_stats/success")
  }

  // MARK: Reading

  private var noCPU: Reading<StateValue> {
    .unavailable(Reason(.absent, "no CPU is listed in \(MachinePath.onlineCPUs)"))
  }

  private var noFrequency: Reading<StateValue> {
    onlineCPUs.isEmpty
      ? noCPU
      : .unavailable(Reason(.absent, "there is no \(MachinePath.cpu(onlineCPUs[0]))/cpufreq"))
  }

  private func text(_ path: String) -> Reading<StateValue> { reader.text(path).map { .text($0) } }

  private func integer(_ path: String) -> Reading<StateValue> {
    reader.integer(path).map { .integer($0) }
  }

  private func maximum(_ paths: [String], _ absent: String) -> Reading<StateValue> {
    fold(paths.map(reader.integer), max) ?? .unavailable(Reason(.absent, absent))
  }

  /// Folds what could be read; the first reason when nothing could; nil for no reading at all.
  private func fold(
    _ readings: [Reading<Int64>], _ choose: (Int64, Int64) -> Int64
  ) -> Reading<StateValue>? {
    let values = readings.compactMap(\.value)
    if let first = values.first {
      return .value(.integer(values.dropFirst().reduce(first, choose)))
    }
    return readings.first?.map { .integer($0) }
  }

  private func keyed(_ values: Reading<[Substring: Int64]>, _ key: String) -> Reading<Int64> {
    values.flatMap { values in
      Reading(
        values[Substring(key)],
        else: Reason(.absent, "\(MachinePath.memoryInfo) has no \(key)"))
    }
  }
}
