internal import LinuxSystem
package import Model

/// The files of the kernel's CPU frequency control: the one place that knows them.
package struct FrequencyFiles: Sendable {
  /// CPUs whose clock is set together.
  package struct Policy: Hashable, Sendable {
    package var path: String
    package var cpus: [Int]
  }

  /// Files of a policy, by the kernel's names.
  package enum File: String, Sendable {
    case governor = "scaling_governor"
    case driver = "scaling_driver"
    case energyPreference = "energy_performance_preference"
    case lowestNow = "scaling_min_freq"
    case highestNow = "scaling_max_freq"
    case now = "scaling_cur_freq"
    case lowest = "cpuinfo_min_freq"
    case highest = "cpuinfo_max_freq"
    case base = "base_frequency"
  }

  /// In the order of the kernel's names; empty where it has no frequency control.
  package let policies: [Policy]
  private let reader: FactReader

  package init(_ reader: FactReader, onlineCPUs: [Int]) {
    self.reader = reader
    let folder = MachinePath.cpus + "/cpufreq"
    let named = reader.names(folder).filter { $0.hasPrefix("policy") }.map { name in
      let path = "\(folder)/\(name)"
      return Policy(
        path: path,
        cpus: reader.list(path + "/related_cpus") ?? Int(name.dropFirst(6)).map { [$0] } ?? [])
    }
    // Older kernels keep the folder below each CPU.
    policies =
      named.isEmpty
      ? onlineCPUs.map { Policy(path: MachinePath.cpu($0) + "/cpufreq", cpus: [$0]) }
        .filter { reader.root.exists($0.path) }
      : named
  }

  /// What a file says, of each policy.
  package func texts(_ file: File) -> [Reading<String>] {
    policies.map { reader.text("\($0.path)/\(file.rawValue)") }
  }

  /// What a file says in kHz, of each policy, with how many CPUs have it.
  package func kilohertz(_ file: File) -> [(policy: Policy, value: Reading<Int64>)] {
    policies.map { ($0, reader.integer("\($0.path)/\(file.rawValue)")) }
  }

  /// A policy's clock in Hz; nil where its file holds none or 0.
  package func hertz(_ file: File, of policy: Policy) -> UInt64? {
    guard let kilohertz = reader.integer("\(policy.path)/\(file.rawValue)").value, kilohertz > 0,
      kilohertz < 1 << 40
    else { return nil }
    return UInt64(kilohertz) * 1000
  }

  /// Whether turbo or boost is allowed.
  package func turbo() -> Reading<Bool> {
    // The intel_pstate file says that turbo is off; the generic one says that it is on.
    if let off = reader.flag(MachinePath.cpus + "/intel_pstate/no_turbo").value {
      return .value(!off)
    }
    return reader.flag(MachinePath.cpus + "/cpufreq/boost")
  }

  /// The mode of the maker's driver: `intel_pstate: active`.
  package func driverStatus() -> Reading<String> {
    for driver in ["intel_pstate", "amd_pstate"] {
      if let status = reader.text("\(MachinePath.cpus)/\(driver)/status").value {
        return .value("\(driver): \(status)")
      }
    }
    return .unavailable(Reason(.absent, "no intel_pstate or amd_pstate driver is shown"))
  }
}
