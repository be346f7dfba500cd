internal import Model

/// The processors of a machine as files spell them.
struct CPUV1: Codable {
  var hardwareID: String
  var vendor: ReadingV1<String>
  var modelName: ReadingV1<String>
  var architecture: ReadingV1<String>
  var family: ReadingV1<Int>
  var model: ReadingV1<Int>
  var stepping: ReadingV1<Int>
  var microcode: ReadingV1<String>
  var packages: ReadingV1<Int>
  var dies: ReadingV1<Int>
  var cores: ReadingV1<Int>
  var threads: Int
  var onlineCPUs: [Int]
  var offlineCPUs: ReadingV1<[Int]>
  var allowedCPUs: ReadingV1<[Int]>
  var coreKinds: ReadingV1<[CoreKindV1]>
  var caches: ReadingV1<[CacheV1]>
  var numaNodes: ReadingV1<[NUMANodeV1]>
  var tree: [PackageV1]
  var features: ReadingV1<[String]>
  var minimumFrequencyHz: ReadingV1<UInt64>
  var maximumFrequencyHz: ReadingV1<UInt64>
  var simultaneousMultithreading: ReadingV1<Bool>
  var settings: FactsV1

  private enum CodingKeys: String, CodingKey {
    case vendor, architecture, family, model, stepping, microcode, packages, dies, cores, threads
    case caches, tree, features, settings
    case hardwareID = "hardware_id"
    case modelName = "model_name"
    case onlineCPUs = "online_cpus"
    case offlineCPUs = "offline_cpus"
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
    architecture = ReadingV1(cpu.architecture)
    family = ReadingV1(cpu.family)
    model = ReadingV1(cpu.model)
    stepping = ReadingV1(cpu.stepping)
    microcode = ReadingV1(cpu.microcode)
    packages = ReadingV1(cpu.packages)
    dies = ReadingV1(cpu.dies)
    cores = ReadingV1(cpu.cores)
    threads = cpu.threads
    onlineCPUs = cpu.onlineCPUs
    offlineCPUs = ReadingV1(cpu.offlineCPUs)
    allowedCPUs = ReadingV1(cpu.allowedCPUs)
    coreKinds = ReadingV1(cpu.coreKinds) { $0.map(CoreKindV1.init) }
    caches = ReadingV1(cpu.caches) { $0.map(CacheV1.init) }
    numaNodes = ReadingV1(cpu.numaNodes) { $0.map(NUMANodeV1.init) }
    tree = cpu.tree.map(PackageV1.init)
    features = ReadingV1(cpu.features)
    minimumFrequencyHz = ReadingV1(cpu.minimumFrequencyHz)
    maximumFrequencyHz = ReadingV1(cpu.maximumFrequencyHz)
    simultaneousMultithreading = ReadingV1(cpu.simultaneousMultithreading)
    settings = FactsV1(cpu.settings)
  }

  var domain: CPUDescription {
    CPUDescription(
      hardwareID: HardwareID(rawValue: hardwareID), vendor: vendor.domain,
      modelName: modelName.domain, architecture: architecture.domain, family: family.domain,
      model: model.domain, stepping: stepping.domain, microcode: microcode.domain,
      packages: packages.domain, dies: dies.domain, cores: cores.domain, threads: threads,
      onlineCPUs: onlineCPUs, offlineCPUs: offlineCPUs.domain, allowedCPUs: allowedCPUs.domain,
      coreKinds: coreKinds.reading { $0.map(\.domain) },
      caches: caches.reading { $0.map(\.domain) },
      numaNodes: numaNodes.reading { $0.map(\.domain) }, tree: tree.map(\.domain),
      features: features.domain, minimumFrequencyHz: minimumFrequencyHz.domain,
      maximumFrequencyHz: maximumFrequencyHz.domain,
      simultaneousMultithreading: simultaneousMultithreading.domain,
      settings: settings.domain())
  }
}

struct PackageV1: Codable {
  var index: Int?
  var modelName: ReadingV1<String>
  var cores: Int
  var cpus: [Int]
  var groups: [CacheGroupV1]

  private enum CodingKeys: String, CodingKey {
    case index, cores, cpus, groups
    case modelName = "model_name"
  }

  init(_ package: PackageDescription) {
    index = package.index
    modelName = ReadingV1(package.modelName)
    cores = package.cores
    cpus = package.cpus
    groups = package.groups.map(CacheGroupV1.init)
  }

  var domain: PackageDescription {
    PackageDescription(
      index: index, modelName: modelName.domain, cores: cores, cpus: cpus,
      groups: groups.map(\.domain))
  }
}

struct CacheGroupV1: Codable {
  var cache: String?
  var sizeBytes: UInt64?
  var cores: Int
  var cpus: [Int]

  private enum CodingKeys: String, CodingKey {
    case cache, cores, cpus
    case sizeBytes = "size_bytes"
  }

  init(_ group: CacheGroup) {
    cache = group.cache
    sizeBytes = group.size?.value
    cores = group.cores
    cpus = group.cpus
  }

  var domain: CacheGroup {
    CacheGroup(cache: cache, size: sizeBytes.map(ByteCount.init), cores: cores, cpus: cpus)
  }
}

struct CoreKindV1: Codable {
  var name: String
  var coreType: String?
  var cpus: [Int]
  var cores: Int
  var maximumFrequencyHz: UInt64?

  private enum CodingKeys: String, CodingKey {
    case name, cpus, cores
    case coreType = "core_type"
    case maximumFrequencyHz = "maximum_frequency_hz"
  }

  init(_ kind: CoreKind) {
    name = kind.name
    coreType = kind.coreType
    cpus = kind.cpus
    cores = kind.cores
    maximumFrequencyHz = kind.maximumFrequencyHz
  }

  var domain: CoreKind {
    CoreKind(
      name: name, coreType: coreType, cpus: cpus, cores: cores,
      maximumFrequencyHz: maximumFrequencyHz)
  }
}

struct CacheV1: Codable {
  var name: String
  var sizeBytes: UInt64
  var count: Int
  var sharedBy: Int

  private enum CodingKeys: String, CodingKey {
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

struct NUMANodeV1: Codable {
  var index: Int
  var memoryBytes: ReadingV1<UInt64>
  var cpus: [Int]

  private enum CodingKeys: String, CodingKey {
    case index, cpus
    case memoryBytes = "memory_bytes"
  }

  init(_ node: NUMANode) {
    index = node.index
    memoryBytes = ReadingV1(node.memory, \.value)
    cpus = node.cpus
  }

  var domain: NUMANode {
    NUMANode(index: index, memory: memoryBytes.reading(ByteCount.init), cpus: cpus)
  }
}
