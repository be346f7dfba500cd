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
package enum MachineOrigin: String, Hashable, Sendable, CaseIterable {
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
  package var architecture: Reading<String>
  package var family: Reading<Int>
  package var model: Reading<Int>
  package var stepping: Reading<Int>
  package var microcode: Reading<String>
  /// Packages that can be seen, disallowed ones included.
  package var packages: Reading<Int>
  package var dies: Reading<Int>
  /// Cores that can be seen: those with an online thread, disallowed ones included.
  package var cores: Reading<Int>
  /// Hardware threads that exist, online or not, allowed or not.
  package var threads: Int
  package var onlineCPUs: [Int]
  package var offlineCPUs: Reading<[Int]>
  /// Online CPUs that this process may use (cgroup, affinity).
  package var allowedCPUs: Reading<[Int]>
  package var coreKinds: Reading<[CoreKind]>
  package var caches: Reading<[CacheDescription]>
  package var numaNodes: Reading<[NUMANode]>
  /// The tree of packages; empty where the topology could not be read.
  package var tree: [PackageDescription]
  /// Instruction-set features that matter to hashing, in the kernel's names: `avx2`, `avx512f`, `sha_ni`, `asimd`.
  package var features: Reading<[String]>
  package var minimumFrequencyHz: Reading<UInt64>
  package var maximumFrequencyHz: Reading<UInt64>
  package var simultaneousMultithreading: Reading<Bool>
  /// Settings by name, as read.
  package var settings: [CPUSetting: Reading<StateValue>]

  package init(
    hardwareID: HardwareID, vendor: Reading<String>, modelName: Reading<String>,
    architecture: Reading<String>, family: Reading<Int>, model: Reading<Int>,
    stepping: Reading<Int>, microcode: Reading<String>, packages: Reading<Int>,
    dies: Reading<Int>, cores: Reading<Int>, threads: Int, onlineCPUs: [Int],
    offlineCPUs: Reading<[Int]>, allowedCPUs: Reading<[Int]>, coreKinds: Reading<[CoreKind]>,
    caches: Reading<[CacheDescription]>, numaNodes: Reading<[NUMANode]>,
    tree: [PackageDescription] = [], features: Reading<[String]>,
    minimumFrequencyHz: Reading<UInt64>, maximumFrequencyHz: Reading<UInt64>,
    simultaneousMultithreading: Reading<Bool>, settings: [CPUSetting: Reading<StateValue>] = [:]
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
    self.offlineCPUs = offlineCPUs
    self.allowedCPUs = allowedCPUs
    self.coreKinds = coreKinds
    self.caches = caches
    self.numaNodes = numaNodes
    self.tree = tree
    self.features = features
    self.minimumFrequencyHz = minimumFrequencyHz
    self.maximumFrequencyHz = maximumFrequencyHz
    self.simultaneousMultithreading = simultaneousMultithreading
    self.settings = settings
  }
}

/// One package (socket) with what it holds.
package struct PackageDescription: Hashable, Sendable {
  /// The operating system's number of it; nil where it gives none.
  package let index: Int?
  package let modelName: Reading<String>
  package let cores: Int
  /// Online CPUs, disallowed ones included.
  package let cpus: [Int]
  /// The groups of cores that share the last cache, in the order of their CPUs.
  package let groups: [CacheGroup]

  package init(
    index: Int?, modelName: Reading<String>, cores: Int, cpus: [Int], groups: [CacheGroup]
  ) {
    self.index = index
    self.modelName = modelName
    self.cores = cores
    self.cpus = cpus
    self.groups = groups
  }
}

/// Cores that share one cache of the highest level that they have.
package struct CacheGroup: Hashable, Sendable {
  /// `L3`, `L2`; nil where no cache is known.
  package let cache: String?
  package let size: ByteCount?
  package let cores: Int
  package let cpus: [Int]

  package init(cache: String?, size: ByteCount?, cores: Int, cpus: [Int]) {
    self.cache = cache
    self.size = size
    self.cores = cores
    self.cpus = cpus
  }
}

/// One kind of core of a hybrid CPU, from hwloc's cpukinds.
package struct CoreKind: Hashable, Sendable {
  /// `P`, `E`, `LP-E`, or `kind-N` where the source names none.
  package let name: String
  /// What the source says: `IntelCore`, `IntelAtom`, `Cortex-A72`.
  package let coreType: String?
  package let cpus: [Int]
  package let cores: Int
  package let maximumFrequencyHz: UInt64?

  package init(
    name: String, coreType: String? = nil, cpus: [Int], cores: Int,
    maximumFrequencyHz: UInt64? = nil
  ) {
    self.name = name
    self.coreType = coreType
    self.cpus = cpus
    self.cores = cores
    self.maximumFrequencyHz = maximumFrequencyHz
  }
}

extension CPUDescription {
  /// Bytes of all caches of the last level together; nil where they are not known.
  package var lastLevelCache: ByteCount? {
    guard let known = caches.value else { return nil }
    for level in ["L4", "L3", "L2"] {
      let own = known.filter { $0.name == level }
      if !own.isEmpty { return ByteCount(own.reduce(0) { $0 + $1.size.value * UInt64($1.count) }) }
    }
    return nil
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
  /// Unavailable where the source does not tell.
  package let memory: Reading<ByteCount>
  package let cpus: [Int]

  package init(index: Int, memory: Reading<ByteCount>, cpus: [Int]) {
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
  /// The parameters that change hashing or metering, such as `mitigations=off`.
  ///
  /// Others may name disks, hosts or people, and are left out.
  package var kernelCommandLine: Reading<String>
  /// Name of each vulnerability file and its text.
  package var mitigations: Reading<[String: String]>

  package init(
    name: Reading<String>, kernelRelease: Reading<String>, kernelCommandLine: Reading<String>,
    mitigations: Reading<[String: String]>
  ) {
    self.name = name
    self.kernelRelease = kernelRelease
    self.kernelCommandLine = kernelCommandLine
    self.mitigations = mitigations
  }
}
