/// The computer, with everything that identifies what it is.
///
/// What changes while it runs is `MachineState`.
package struct Machine: Hashable, Sendable {
  /// `live`, or which captures this was read from.
  ///
  /// Captured and live facts never mix in one value.
  package var origin: MachineOrigin
  package var cpu: Reading<CPUDescription>
  package var memory: Reading<MemoryDescription>
  package var platform: PlatformDescription
  package var operatingSystem: OperatingSystemDescription

  package init(
    origin: MachineOrigin, cpu: Reading<CPUDescription>, memory: Reading<MemoryDescription>,
    platform: PlatformDescription, operatingSystem: OperatingSystemDescription
  ) {
    self.origin = origin
    self.cpu = cpu
    self.memory = memory
    self.platform = platform
    self.operatingSystem = operatingSystem
  }
}

/// Where a description of a machine came from.
package enum MachineOrigin: String, Hashable, Sendable {
  case live
  case captured
}

/// The processors of one machine, as hwloc, CPUID and /proc describe them.
package struct CPUDescription: Hashable, Sendable {
  /// The short hardware identifier, such as `cpu/amd-epyc-9654-2x96c`.
  package var hardwareID: HardwareID
  /// `AuthenticAMD`, `GenuineIntel`, `ARM`, ...
  package var vendor: Reading<String>
  package var modelName: Reading<String>
  package var architecture: String
  package var family: Reading<Int>
  package var model: Reading<Int>
  package var stepping: Reading<Int>
  package var microcode: Reading<String>
  package var packages: Int
  package var dies: Reading<Int>
  package var cores: Int
  /// Hardware threads that exist, online or not, allowed or not.
  package var threads: Int
  package var onlineCPUs: [Int]
  /// CPUs that this process may use (cgroup, affinity).
  package var allowedCPUs: [Int]
  package var coreKinds: [CoreKind]
  package var caches: [CacheDescription]
  package var numaNodes: [NUMANode]
  /// Instruction-set features that matter to hashing, in the project's names: `avx2`, `avx512f`, `sha_ni`.
  package var features: [String]
  package var minimumFrequencyHz: Reading<UInt64>
  package var maximumFrequencyHz: Reading<UInt64>
  package var simultaneousMultithreading: Reading<Bool>

  package init(
    hardwareID: HardwareID, vendor: Reading<String>, modelName: Reading<String>,
    architecture: String, family: Reading<Int>, model: Reading<Int>, stepping: Reading<Int>,
    microcode: Reading<String>, packages: Int, dies: Reading<Int>, cores: Int, threads: Int,
    onlineCPUs: [Int], allowedCPUs: [Int], coreKinds: [CoreKind], caches: [CacheDescription],
    numaNodes: [NUMANode], features: [String], minimumFrequencyHz: Reading<UInt64>,
    maximumFrequencyHz: Reading<UInt64>, simultaneousMultithreading: Reading<Bool>
  ) {
    self.hardwareID = hardwareID
    self.vendor = vendor
    self.modelName = modelName
    self.architecture = architecture
    self.family = family
    self.model = model
    self.stepping = stepping
    self.microcode = microcode
    self.packages = packages
    self.dies = dies
    self.cores = cores
    self.threads = threads
    self.onlineCPUs = onlineCPUs
    self.allowedCPUs = allowedCPUs
    self.coreKinds = coreKinds
    self.caches = caches
    self.numaNodes = numaNodes
    self.features = features
    self.minimumFrequencyHz = minimumFrequencyHz
    self.maximumFrequencyHz = maximumFrequencyHz
    self.simultaneousMultithreading = simultaneousMultithreading
  }
}

/// One kind of core of a hybrid CPU, from hwloc's cpukinds.
package struct CoreKind: Hashable, Sendable {
  /// `P`, `E`, `LP-E`, or `kind-N` where the source names none.
  package let name: String
  package let cpus: [Int]
  package let cores: Int

  package init(name: String, cpus: [Int], cores: Int) {
    self.name = name
    self.cpus = cpus
    self.cores = cores
  }
}

/// All caches of one level, type and size.
package struct CacheDescription: Hashable, Sendable {
  /// `L1d`, `L1i`, `L2`, `L3`.
  package let name: String
  package let size: ByteCount
  package let count: Int
  /// Hardware threads that share one of them.
  package let sharedBy: Int

  package init(name: String, size: ByteCount, count: Int, sharedBy: Int) {
    self.name = name
    self.size = size
    self.count = count
    self.sharedBy = sharedBy
  }
}

/// One NUMA node.
package struct NUMANode: Hashable, Sendable {
  package let index: Int
  package let memory: ByteCount
  package let cpus: [Int]

  package init(index: Int, memory: ByteCount, cpus: [Int]) {
    self.index = index
    self.memory = memory
    self.cpus = cpus
  }
}

/// Main memory.
package struct MemoryDescription: Hashable, Sendable {
  package var total: ByteCount
  package var type: Reading<String>
  package var speedMTps: Reading<Int>

  package init(total: ByteCount, type: Reading<String>, speedMTps: Reading<Int>) {
    self.total = total
    self.type = type
    self.speedMTps = speedMTps
  }
}

/// Board, firmware and what stands between us and the hardware.
package struct PlatformDescription: Hashable, Sendable {
  package var boardVendor: Reading<String>
  package var boardName: Reading<String>
  package var productName: Reading<String>
  package var firmwareVersion: Reading<String>
  package var firmwareDate: Reading<String>
  /// `kvm`, `vmware`, `xen`, `microsoft`; nil when the machine is real; unavailable when not known.
  package var hypervisor: Reading<String?>
  /// `docker`, `podman`, `lxc`, ...; nil when not in a container.
  package var container: Reading<String?>

  package init(
    boardVendor: Reading<String>, boardName: Reading<String>, productName: Reading<String>,
    firmwareVersion: Reading<String>, firmwareDate: Reading<String>,
    hypervisor: Reading<String?>, container: Reading<String?>
  ) {
    self.boardVendor = boardVendor
    self.boardName = boardName
    self.productName = productName
    self.firmwareVersion = firmwareVersion
    self.firmwareDate = firmwareDate
    self.hypervisor = hypervisor
    self.container = container
  }
}

/// The kernel and what of its configuration changes hashing or metering.
package struct OperatingSystemDescription: Hashable, Sendable {
  package var name: Reading<String>
  package var kernelRelease: Reading<String>
  package var kernelCommandLine: Reading<String>
  /// Name of each vulnerability file and its text.
  package var mitigations: [String: String]

  package init(
    name: Reading<String>, kernelRelease: Reading<String>, kernelCommandLine: Reading<String>,
    mitigations: [String: String]
  ) {
    self.name = name
    self.kernelRelease = kernelRelease
    self.kernelCommandLine = kernelCommandLine
    self.mitigations = mitigations
  }
}
