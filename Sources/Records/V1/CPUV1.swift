package import JSON
package import Model

extension CPUDescription: Record {
  package static var recordName: String { "cpu" }
  package static var recordMeaning: String {
    "The processors of a machine, as hwloc, CPUID and /proc tell."
  }

  package static func fields(
    _ field: inout some FieldList<CPUDescription>
  ) throws(JSONProblem) -> CPUDescription {
    // Statement by statement: as one expression of 24 arguments the compiler takes seconds for it.
    let hardwareID = try field(
      "hardware_id", \.hardwareID, "Short name of the model, equal for equal hardware.")
    let vendor = try field("vendor", \.vendor, "`AuthenticAMD`, `GenuineIntel`, `ARM`, ...")
    let modelName = try field("model_name", \.modelName, "As the CPU names itself.")
    let architecture = try field("architecture", \.architecture, "`x86_64`, `aarch64`.")
    let family = try field("family", \.family, "As CPUID tells.", .atLeast(0))
    let model = try field("model", \.model, "As CPUID tells.", .atLeast(0))
    let stepping = try field("stepping", \.stepping, "As CPUID tells.", .atLeast(0))
    let microcode = try field("microcode", \.microcode, "Revision of the microcode.")
    let packages = try field(
      "packages", \.packages, "Packages that can be seen, disallowed ones included.", .atLeast(0))
    let dies = try field("dies", \.dies, "Dies of all packages.", .atLeast(0))
    let cores = try field("cores", \.cores, "Cores with an online thread.", .atLeast(0))
    let threads = try field(
      "threads", \.threads, "Hardware threads that exist, online or not.", .atLeast(1))
    let onlineCPUs = try field("online_cpus", \.onlineCPUs, "Numbers of the CPUs.", .atLeast(0))
    let offlineCPUs = try field("offline_cpus", \.offlineCPUs, "Those switched off.", .atLeast(0))
    let allowedCPUs = try field(
      "allowed_cpus", \.allowedCPUs, "Online CPUs that the process may use.", .atLeast(0))
    let coreKinds = try field("core_kinds", \.coreKinds, "The kinds of core of a hybrid CPU.")
    let caches = try field("caches", \.caches, "All caches by level, type and size.")
    let numaNodes = try field("numa_nodes", \.numaNodes, "The NUMA nodes.")
    let tree = try field(
      "tree", \.tree, "The packages; empty where the topology could not be read.")
    let features = try field(
      "features", \.features, "Instruction-set features that matter to hashing.")
    let minimum = try field(
      "minimum_frequency_hz", \.minimumFrequencyHz, "Lowest frequency that may be set.")
    let maximum = try field(
      "maximum_frequency_hz", \.maximumFrequencyHz, "Highest frequency that may be set.")
    let multithreading = try field(
      "simultaneous_multithreading", \.simultaneousMultithreading,
      "Whether cores run several threads.")
    let settings = try field(
      "settings", \.settings, "Settings by stable name: `governor`, `turbo`, ...")
    return CPUDescription(
      hardwareID: hardwareID, vendor: vendor, modelName: modelName, architecture: architecture,
      family: family, model: model, stepping: stepping, microcode: microcode, packages: packages,
      dies: dies, cores: cores, threads: threads, onlineCPUs: onlineCPUs,
      offlineCPUs: offlineCPUs, allowedCPUs: allowedCPUs, coreKinds: coreKinds, caches: caches,
      numaNodes: numaNodes, tree: tree, features: features, minimumFrequencyHz: minimum,
      maximumFrequencyHz: maximum, simultaneousMultithreading: multithreading, settings: settings)
  }
}

extension PackageDescription: Record {
  package static var recordName: String { "package" }
  package static var recordMeaning: String { "One package (socket) with what it holds." }

  package static func fields(
    _ field: inout some FieldList<PackageDescription>
  ) throws(JSONProblem) -> PackageDescription {
    PackageDescription(
      index: try field.optional(
        "index", \.index, "The operating system's number; absent where it gives none.",
        .atLeast(0)),
      modelName: try field("model_name", \.modelName, "As the package names itself."),
      cores: try field("cores", \.cores, "Its cores.", .atLeast(0)),
      cpus: try field("cpus", \.cpus, "Its online CPUs.", .atLeast(0)),
      groups: try field("groups", \.groups, "Cores that share the last cache, by their CPUs."))
  }
}

extension CacheGroup: Record {
  package static var recordName: String { "cache_group" }
  package static var recordMeaning: String {
    "Cores that share one cache of the highest level they have."
  }

  package static func fields(_ field: inout some FieldList<CacheGroup>) throws(JSONProblem)
    -> CacheGroup
  {
    CacheGroup(
      cache: try field.optional("cache", \.cache, "`L3`, `L2`; absent where none is known."),
      size: try field.optional("size_bytes", \.size, "Its size."),
      cores: try field("cores", \.cores, "Its cores.", .atLeast(0)),
      cpus: try field("cpus", \.cpus, "Its online CPUs.", .atLeast(0)))
  }
}

extension CoreKind: Record {
  package static var recordName: String { "core_kind" }
  package static var recordMeaning: String { "One kind of core of a hybrid CPU." }

  package static func fields(_ field: inout some FieldList<CoreKind>) throws(JSONProblem)
    -> CoreKind
  {
    CoreKind(
      name: try field("name", \.name, "`P`, `E`, `LP-E`, or `kind-N` where the source names none."),
      coreType: try field.optional("core_type", \.coreType, "What the source says."),
      cpus: try field("cpus", \.cpus, "Its CPUs.", .atLeast(0)),
      cores: try field("cores", \.cores, "Its cores.", .atLeast(0)),
      maximumFrequencyHz: try field.optional(
        "maximum_frequency_hz", \.maximumFrequencyHz, "Highest frequency."))
  }
}

extension CacheDescription: Record {
  package static var recordName: String { "cache" }
  package static var recordMeaning: String { "All caches of one level, type and size." }

  package static func fields(
    _ field: inout some FieldList<CacheDescription>
  ) throws(JSONProblem) -> CacheDescription {
    CacheDescription(
      name: try field("name", \.name, "`L1d`, `L1i`, `L2`, `L3`."),
      size: try field("size_bytes", \.size, "Size of one."),
      count: try field("count", \.count, "How many there are.", .atLeast(1)),
      sharedBy: try field(
        "shared_by_threads", \.sharedBy, "Hardware threads that share one.", .atLeast(0)))
  }
}

extension NUMANode: Record {
  package static var recordName: String { "numa_node" }
  package static var recordMeaning: String { "One NUMA node." }

  package static func fields(_ field: inout some FieldList<NUMANode>) throws(JSONProblem)
    -> NUMANode
  {
    NUMANode(
      index: try field("index", \.index, "Its number.", .atLeast(0)),
      memory: try field("memory_bytes", \.memory, "Its memory."),
      cpus: try field("cpus", \.cpus, "Its CPUs.", .atLeast(0)))
  }
}
