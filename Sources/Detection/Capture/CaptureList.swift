internal import LinuxSystem
internal import MachineFacts

/// Every file that a capture may hold.
enum CaptureList {
  /// Files below a root, those that are missing included.
  static func files(_ root: SystemRoot) -> [String] {
    let reader = FactReader(root: root)
    return single + cpuFiles(reader) + nodeFiles(reader) + memoryModuleFiles(reader)
      + usbFiles(reader)
  }

  /// Symbolic links below a root.
  static func links(_ root: SystemRoot) -> [String] {
    let reader = FactReader(root: root)
    let folder = "/sys/bus/pci/devices"
    return reader.names(folder).flatMap { address in
      ["driver", "iommu_group", "physfn"].map { "\(folder)/\(address)/\($0)" }
    }
  }

  /// Files of one PCI function, without its configuration space.
  static let pciFiles = [
    "vendor", "device", "class", "subsystem_vendor", "subsystem_device", "revision", "numa_node",
    "resource", "power_state", "current_link_speed", "current_link_width", "max_link_speed",
    "max_link_width", "boot_vga", "sriov_numvfs", "mem_info_vram_total",
  ]

  private static let single: [String] =
    [
      "/proc/cpuinfo", "/proc/meminfo", "/proc/cmdline", "/proc/sys/kernel/ostype",
      "/proc/sys/kernel/osrelease", "/proc/1/cgroup", "/proc/self/cgroup",
      "/proc/self/mountinfo", "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cgroup.controllers",
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us",
      "/sys/devices/soc0/machine", "/sys/devices/soc0/family", "/sys/devices/soc0/soc_id",
      "/sys/firmware/dmi/tables/DMI", "/sys/hypervisor/type",
      "/sys/firmware/devicetree/base/model", "/sys/firmware/devicetree/base/compatible",
      "/sys/firmware/devicetree/base/hypervisor/compatible", "/run/systemd/container",
      "/run/.containerenv", "/.dockerenv",
      // Which CPUs of a hybrid Intel CPU are of which kind.
      "/sys/devices/cpu_core/cpus", "/sys/devices/cpu_atom/cpus", "/sys/devices/cpu_lowpower/cpus",
    ]
    + [
      "board_vendor", "board_name", "product_name", "sys_vendor", "bios_version", "bios_date",
      "bios_vendor",
    ].map { "/sys/class/dmi/id/\($0)" }

  private static let cpuFolder = "/sys/devices/system/cpu"

  private static func cpuFiles(_ reader: FactReader) -> [String] {
    var files = [
      "online", "offline", "present", "possible", "isolated", "smt/active", "smt/control",
      "intel_pstate/no_turbo", "intel_pstate/status", "amd_pstate/status", "cpufreq/boost",
    ].map { "\(cpuFolder)/\($0)" }
    files += reader.names("\(cpuFolder)/vulnerabilities").map {
      "\(cpuFolder)/vulnerabilities/\($0)"
    }
    let clock = [
      "cpuinfo_min_freq", "cpuinfo_max_freq", "scaling_governor", "scaling_driver",
      "energy_performance_preference", "base_frequency", "related_cpus",
    ]
    for policy in reader.names("\(cpuFolder)/cpufreq") where policy.hasPrefix("policy") {
      files += clock.map { "\(cpuFolder)/cpufreq/\(policy)/\($0)" }
    }
    for cpu in reader.names(cpuFolder) where isNumbered(cpu, "cpu") {
      let folder = "\(cpuFolder)/\(cpu)"
      files += ["online", "cpu_capacity", "acpi_cppc/nominal_perf", "acpi_cppc/highest_perf"].map {
        "\(folder)/\($0)"
      }
      files += reader.names("\(folder)/topology").map { "\(folder)/topology/\($0)" }
      files += clock.map { "\(folder)/cpufreq/\($0)" }
      for cache in reader.names("\(folder)/cache") where isNumbered(cache, "index") {
        files += [
          "level", "type", "size", "shared_cpu_map", "shared_cpu_list", "coherency_line_size",
          "number_of_sets", "ways_of_associativity", "physical_line_partition",
        ].map { "\(folder)/cache/\(cache)/\($0)" }
      }
    }
    return files
  }

  private static func nodeFiles(_ reader: FactReader) -> [String] {
    let folder = "/sys/devices/system/node"
    let general = ["online", "possible", "has_cpu", "has_memory", "has_normal_memory"].map {
      "\(folder)/\($0)"
    }
    return general
      + reader.names(folder).filter { isNumbered($0, "node") }.flatMap { node in
        ["cpumap", "cpulist", "meminfo", "distance"].map { "\(folder)/\(node)/\($0)" }
      }
  }

  private static func memoryModuleFiles(_ reader: FactReader) -> [String] {
    let folder = "/sys/devices/system/edac/mc"
    return reader.names(folder).flatMap { controller in
      reader.names("\(folder)/\(controller)").filter {
        isNumbered($0, "dimm") || isNumbered($0, "rank")
      }.map { "\(folder)/\(controller)/\($0)/dimm_mem_type" }
    }
  }

  private static func usbFiles(_ reader: FactReader) -> [String] {
    let folder = "/sys/bus/usb/devices"
    return reader.names(folder).filter { !$0.contains(":") }.flatMap { port in
      ["idVendor", "idProduct", "manufacturer", "product"].map { "\(folder)/\(port)/\($0)" }
    }
  }

  private static func isNumbered(_ name: String, _ prefix: String) -> Bool {
    name.hasPrefix(prefix) && Int(name.dropFirst(prefix.count)) != nil
  }
}
