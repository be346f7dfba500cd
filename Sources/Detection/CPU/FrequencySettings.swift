internal import LinuxSystem
internal import Model

/// Frequency range and the settings around it, from `/sys/devices/system/cpu`.
struct FrequencySettings {
  var minimumHz: Reading<UInt64>
  var maximumHz: Reading<UInt64>
  /// By CPU number, where the kernel tells it.
  var maximumHzOfCPU: [Int: UInt64]
  var settings: [String: Reading<StateValue>]

  private static let folder = "/sys/devices/system/cpu"

  init(_ reader: SysfsReader, onlineCPUs: [Int]) {
    let policies = FrequencySettings.policies(reader, onlineCPUs: onlineCPUs)
    let absent = Reason(
      .absent,
      reader.root.isLive
        ? "the kernel shows no CPU frequency control here"
        : "the capture has no CPU frequency files")
    var maxima: [Int: UInt64] = [:]
    var lowest: UInt64?
    for policy in policies {
      if let minimum = FrequencySettings.hertz(reader, "\(policy.path)/cpuinfo_min_freq") {
        lowest = min(lowest ?? minimum, minimum)
      }
      guard let maximum = FrequencySettings.hertz(reader, "\(policy.path)/cpuinfo_max_freq") else {
        continue
      }
      for cpu in policy.cpus { maxima[cpu] = maximum }
    }
    minimumHz = Reading(lowest, else: absent)
    maximumHz = Reading(maxima.values.max(), else: absent)
    maximumHzOfCPU = maxima

    var settings: [String: Reading<StateValue>] = [:]
    let perPolicy = [
      ("governor", "scaling_governor"), ("driver", "scaling_driver"),
      ("epp", "energy_performance_preference"),
    ]
    for (name, file) in perPolicy {
      settings[name] = FrequencySettings.common(
        policies.map { reader.text("\($0.path)/\(file)") }, else: absent)
    }
    let base = policies.compactMap {
      FrequencySettings.hertz(reader, "\($0.path)/base_frequency")
    }
    settings["base_frequency_hz"] = Reading(
      base.max().map { .integer(Int64(clamping: $0)) }, else: absent)
    settings["turbo"] = FrequencySettings.turbo(reader)
    settings["smt_control"] = reader.text("\(FrequencySettings.folder)/smt/control").map {
      .text($0)
    }
    settings["driver_status"] = FrequencySettings.driverStatus(reader)
    if let isolated = reader.text("\(FrequencySettings.folder)/isolated").value {
      settings["isolated_cpus"] = .value(.text(isolated))
    }
    self.settings = settings
  }

  private struct Policy {
    var path: String
    var cpus: [Int]
  }

  private static func policies(_ reader: SysfsReader, onlineCPUs: [Int]) -> [Policy] {
    let names = reader.names("\(folder)/cpufreq").filter { $0.hasPrefix("policy") }
    let policies = names.map { name in
      let path = "\(folder)/cpufreq/\(name)"
      return Policy(
        path: path,
        cpus: reader.list("\(path)/related_cpus") ?? Int(name.dropFirst(6)).map { [$0] } ?? [])
    }
    if !policies.isEmpty { return policies }
    // Older kernels keep the folder below each CPU.
    return onlineCPUs.map { Policy(path: "\(folder)/cpu\($0)/cpufreq", cpus: [$0]) }
      .filter { reader.root.exists($0.path) }
  }

  /// A frequency file's number, which is in kHz, as Hz; nil where it is not one or is 0.
  private static func hertz(_ reader: SysfsReader, _ path: String) -> UInt64? {
    guard let kilohertz = reader.integer(path).value, kilohertz > 0, kilohertz < 1 << 40 else {
      return nil
    }
    return UInt64(kilohertz) * 1000
  }

  /// The text that all policies share, or the different ones in alphabetical order.
  private static func common(_ texts: [Reading<String>], else absent: Reason)
    -> Reading<StateValue>
  {
    let values = Set(texts.compactMap(\.value))
    guard !values.isEmpty else {
      return .unavailable(texts.compactMap(\.reason).first ?? absent)
    }
    return .value(.text(values.sorted().joined(separator: ",")))
  }

  private static func turbo(_ reader: SysfsReader) -> Reading<StateValue> {
    // The intel_pstate file says that turbo is off; the generic one says that it is on.
    if let off = reader.integer("\(folder)/intel_pstate/no_turbo").value {
      return .value(.flag(off == 0))
    }
    return reader.integer("\(folder)/cpufreq/boost").map { .flag($0 != 0) }
  }

  private static func driverStatus(_ reader: SysfsReader) -> Reading<StateValue> {
    for driver in ["intel_pstate", "amd_pstate"] {
      if let status = reader.text("\(folder)/\(driver)/status").value {
        return .value(.text("\(driver): \(status)"))
      }
    }
    return .unavailable(Reason(.absent, "no intel_pstate or amd_pstate driver is shown"))
  }
}
