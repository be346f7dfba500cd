/// Which parameters of the kernel's command line may leave the machine.
enum KernelParameters {
  /// The parameters that change hashing or metering, in their order; the others may name disks, hosts or people.
  static func relevant(in commandLine: String) -> String {
    commandLine.split(whereSeparator: \.isWhitespace).filter { parameter in
      let name = String(parameter.split(separator: "=", maxSplits: 1).first ?? "")
      return names.contains(name)
    }.joined(separator: " ")
  }

  private static let names: Set<String> = [
    "mitigations", "spectre_v2", "spectre_v2_user", "spec_store_bypass_disable", "pti", "nopti",
    "mds", "l1tf", "tsx", "tsx_async_abort", "retbleed", "gather_data_sampling", "srbds", "nosmt",
    "noibrs", "noibpb", "nospectre_v1", "nospectre_v2", "isolcpus", "nohz", "nohz_full",
    "rcu_nocbs", "irqaffinity", "maxcpus", "nr_cpus", "possible_cpus", "intel_pstate",
    "amd_pstate", "amd_prefcore", "cpufreq.default_governor", "cpufreq.off", "cpuidle.off",
    "cpuidle.governor", "intel_idle.max_cstate", "processor.max_cstate", "idle", "preempt",
    "hugepages", "hugepagesz", "default_hugepagesz", "transparent_hugepage", "numa_balancing",
    "numa", "iommu", "intel_iommu", "amd_iommu", "iommu.passthrough", "iommu.strict", "pcie_aspm",
    "pcie_aspm.policy", "pci", "pcie_port_pm", "tsc", "clocksource", "nmi_watchdog", "nowatchdog",
    "split_lock_detect", "clearcpuid", "noxsave", "nosmap", "nosmep", "mce", "skew_tick",
    "workqueue.power_efficient", "amdgpu.ppfeaturemask", "threadirqs", "audit", "cgroup_disable",
  ]
}
