/// Names of the settings in a `CPUDescription`: detection writes them, reports and files read them.
///
/// A name ends in its unit where it has one. Open: files may carry names that this version does not know.
package struct CPUSetting: FactName, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  /// Text; the different ones in alphabetical order with commas where CPUs differ.
  package static let governor = CPUSetting(rawValue: "governor")
  package static let driver = CPUSetting(rawValue: "driver")
  package static let energyPreference = CPUSetting(rawValue: "epp")
  package static let baseFrequency = CPUSetting(rawValue: "base_frequency_hz")
  /// Flag: whether turbo or boost is allowed.
  package static let turbo = CPUSetting(rawValue: "turbo")
  package static let multithreadingControl = CPUSetting(rawValue: "smt_control")
  package static let driverStatus = CPUSetting(rawValue: "driver_status")
  package static let isolatedCPUs = CPUSetting(rawValue: "isolated_cpus")

  // MARK: What this process may use, where that is not all

  package static let usablePackages = CPUSetting(rawValue: "usable_packages")
  package static let usableNUMANodes = CPUSetting(rawValue: "usable_numa_nodes")
  package static let usableCores = CPUSetting(rawValue: "usable_cores")
  package static let usableThreads = CPUSetting(rawValue: "usable_threads")

  /// CPU time that control groups allow, in CPUs; absent where it is not limited.
  package static let quota = CPUSetting(rawValue: "cpu_quota_cpus")

  // MARK: NUMA nodes that are no ordinary memory, as lists

  package static let gpuMemoryNodes = CPUSetting(rawValue: "gpu_memory_nodes")
  package static let highBandwidthNodes = CPUSetting(rawValue: "high_bandwidth_memory_nodes")
  package static let expansionNodes = CPUSetting(rawValue: "cxl_memory_nodes")

  // MARK: Words of `/proc/cpuinfo` where it is not an x86 file

  package static let armParts = CPUSetting(rawValue: "arm_parts")
  /// What stands behind a key, such as `hardware`.
  package static func cpuInfo(_ key: String) -> CPUSetting {
    CPUSetting(rawValue: "cpuinfo_\(key.split(separator: " ").joined(separator: "_"))")
  }
}

extension CPUDescription {
  /// The CPU time that control groups allow, in CPUs; nil where it is not limited.
  package var cpuQuota: Double? {
    if case .number(let cpus)? = settings[.quota]?.value { cpus } else { nil }
  }
}
