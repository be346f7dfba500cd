package import Model

/// A machine as version 1 of the result format, and `detect --format json`, spell it.
package struct MachineV1: Codable {
  private var origin: WordV1<MachineOrigin>
  private var cpu: ReadingV1<CPUV1>
  private var memory: ReadingV1<MemoryV1>
  private var platform: PlatformV1
  private var operatingSystem: OperatingSystemV1

  private enum CodingKeys: String, CodingKey {
    case origin, cpu, memory, platform
    case operatingSystem = "operating_system"
  }

  package init(_ machine: Machine) {
    origin = WordV1(machine.origin)
    cpu = ReadingV1(machine.cpu, CPUV1.init)
    memory = ReadingV1(machine.memory, MemoryV1.init)
    platform = PlatformV1(machine.platform)
    operatingSystem = OperatingSystemV1(machine.operatingSystem)
  }

  package var domain: Machine {
    Machine(
      origin: origin.domain, cpu: cpu.reading(\.domain), memory: memory.reading(\.domain),
      platform: platform.domain, operatingSystem: operatingSystem.domain)
  }
}

/// The processors.
private struct CPUV1: Codable {
  var hardwareID: String
  var vendor: ReadingV1<String>
  var modelName: ReadingV1<String>
  var architecture: String
  var family: ReadingV1<Int>
  var model: ReadingV1<Int>
  var stepping: ReadingV1<Int>
  var microcode: ReadingV1<String>
  var packages: Int
  var dies: ReadingV1<Int>
  var cores: Int
  var threads: Int
  var onlineCPUs: [Int]
  var allowedCPUs: [Int]
  var coreKinds: [CoreKindV1]
  var caches: [CacheV1]
  var numaNodes: [NUMANodeV1]
  var features: [String]
  var minimumFrequencyHz: ReadingV1<UInt64>
  var maximumFrequencyHz: ReadingV1<UInt64>
  var simultaneousMultithreading: ReadingV1<Bool>

  enum CodingKeys: String, CodingKey {
    case vendor, architecture, family, model, stepping, microcode, packages, dies, cores, threads
    case caches, features
    case hardwareID = "hardware_id"
    case modelName = "model_name"
    case onlineCPUs = "online_cpus"
    case allowedCPUs = "allowed_cpus"
    case coreKinds = "core_kinds"
    case numaNodes = "numa_nodes"
    case minimumFrequencyHz = "minimum_frequency_hz"
    case maximumFrequencyHz = "maximum_frequency_hz"
    case simultaneousMultithreading = "simultaneous_multithreading"
  }

  init(_ cpu: CPUDescription) {
    hardwareID = cpu.hardwareID.rawValue
    vendor = ReadingV1(cpu.vendor)
    modelName = ReadingV1(cpu.modelName)
    architecture = cpu.architecture
    family = ReadingV1(cpu.family)
    model = ReadingV1(cpu.model)
    stepping = ReadingV1(cpu.stepping)
    microcode = ReadingV1(cpu.microcode)
    packages = cpu.packages
    dies = ReadingV1(cpu.dies)
    cores = cpu.cores
    threads = cpu.threads
    onlineCPUs = cpu.onlineCPUs
    allowedCPUs = cpu.allowedCPUs
    coreKinds = cpu.coreKinds.map(CoreKindV1.init)
    caches = cpu.caches.map(CacheV1.init)
    numaNodes = cpu.numaNodes.map(NUMANodeV1.init)
    features = cpu.features
    minimumFrequencyHz = ReadingV1(cpu.minimumFrequencyHz)
    maximumFrequencyHz = ReadingV1(cpu.maximumFrequencyHz)
    simultaneousMultithreading = ReadingV1(cpu.simultaneousMultithreading)
  }

  var domain: CPUDescription {
    CPUDescription(
      hardwareID: HardwareID(rawValue: hardwareID), vendor: vendor.domain,
      modelName: modelName.domain, architecture: architecture, family: family.domain,
      model: model.domain, stepping: stepping.domain, microcode: microcode.domain,
      packages: packages, dies: dies.domain, cores: cores, threads: threads,
      onlineCPUs: onlineCPUs, allowedCPUs: allowedCPUs, coreKinds: coreKinds.map(\.domain),
      caches: caches.map(\.domain), numaNodes: numaNodes.map(\.domain), features: features,
      minimumFrequencyHz: minimumFrequencyHz.domain,
      maximumFrequencyHz: maximumFrequencyHz.domain,
      simultaneousMultithreading: simultaneousMultithreading.domain)
  }
}

private struct CoreKindV1: Codable {
  var name: String
  var cpus: [Int]
  var cores: Int

  init(_ kind: CoreKind) {
    name = kind.name
    cpus = kind.cpus
    cores = kind.cores
  }

  var domain: CoreKind { CoreKind(name: name, cpus: cpus, cores: cores) }
}

private struct CacheV1: Codable {
  var name: String
  var sizeBytes: UInt64
  var count: Int
  var sharedBy: Int

  enum CodingKeys: String, CodingKey {
    case name, count
    case sizeBytes = "size_bytes"
    case sharedBy = "shared_by_threads"
  }

  init(_ cache: CacheDescription) {
    name = cache.name
    sizeBytes = cache.size.value
    count = cache.count
    sharedBy = cache.sharedBy
  }

  var domain: CacheDescription {
    CacheDescription(name: name, size: ByteCount(sizeBytes), count: count, sharedBy: sharedBy)
  }
}

private struct NUMANodeV1: Codable {
  var index: Int
  var memoryBytes: UInt64
  var cpus: [Int]

  enum CodingKeys: String, CodingKey {
    case index, cpus
    case memoryBytes = "memory_bytes"
  }

  init(_ node: NUMANode) {
    index = node.index
    memoryBytes = node.memory.value
    cpus = node.cpus
  }

  var domain: NUMANode { NUMANode(index: index, memory: ByteCount(memoryBytes), cpus: cpus) }
}

private struct MemoryV1: Codable {
  var totalBytes: UInt64
  var type: ReadingV1<String>
  var speedMTps: ReadingV1<Int>

  enum CodingKeys: String, CodingKey {
    case type
    case totalBytes = "total_bytes"
    case speedMTps = "speed_mtps"
  }

  init(_ memory: MemoryDescription) {
    totalBytes = memory.total.value
    type = ReadingV1(memory.type)
    speedMTps = ReadingV1(memory.speedMTps)
  }

  var domain: MemoryDescription {
    MemoryDescription(
      total: ByteCount(totalBytes), type: type.domain, speedMTps: speedMTps.domain)
  }
}

private struct PlatformV1: Codable {
  var boardVendor: ReadingV1<String>
  var boardName: ReadingV1<String>
  var productName: ReadingV1<String>
  var firmwareVersion: ReadingV1<String>
  var firmwareDate: ReadingV1<String>
  /// JSON's null: known, and there is none.
  var hypervisor: ReadingV1<String?>
  var container: ReadingV1<String?>

  enum CodingKeys: String, CodingKey {
    case hypervisor, container
    case boardVendor = "board_vendor"
    case boardName = "board_name"
    case productName = "product_name"
    case firmwareVersion = "firmware_version"
    case firmwareDate = "firmware_date"
  }

  init(_ platform: PlatformDescription) {
    boardVendor = ReadingV1(platform.boardVendor)
    boardName = ReadingV1(platform.boardName)
    productName = ReadingV1(platform.productName)
    firmwareVersion = ReadingV1(platform.firmwareVersion)
    firmwareDate = ReadingV1(platform.firmwareDate)
    hypervisor = ReadingV1(platform.hypervisor)
    container = ReadingV1(platform.container)
  }

  var domain: PlatformDescription {
    PlatformDescription(
      boardVendor: boardVendor.domain, boardName: boardName.domain,
      productName: productName.domain, firmwareVersion: firmwareVersion.domain,
      firmwareDate: firmwareDate.domain, hypervisor: hypervisor.domain,
      container: container.domain)
  }
}

private struct OperatingSystemV1: Codable {
  var name: ReadingV1<String>
  var kernelRelease: ReadingV1<String>
  var kernelCommandLine: ReadingV1<String>
  var mitigations: [String: String]

  enum CodingKeys: String, CodingKey {
    case name, mitigations
    case kernelRelease = "kernel_release"
    case kernelCommandLine = "kernel_command_line"
  }

  init(_ system: OperatingSystemDescription) {
    name = ReadingV1(system.name)
    kernelRelease = ReadingV1(system.kernelRelease)
    kernelCommandLine = ReadingV1(system.kernelCommandLine)
    mitigations = system.mitigations
  }

  var domain: OperatingSystemDescription {
    OperatingSystemDescription(
      name: name.domain, kernelRelease: kernelRelease.domain,
      kernelCommandLine: kernelCommandLine.domain, mitigations: mitigations)
  }
}
