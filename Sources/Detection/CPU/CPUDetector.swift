internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Puts a CPU's description together from the topology, `/proc/cpuinfo` and the frequency files.
struct CPUDetector {
  /// Nil where no `sys` and `proc` are read.
  var reader: FactReader?
  /// Nil where there is no topology.
  var facts: TopologyFacts?
  var info: CPUInfo?
  /// CPUs that the affinity of this process allows; nil in a replay.
  var affinity: Set<Int>?
  /// The architecture that the present kernel runs on; nil in a replay.
  var architecture: String?
  var isVirtual: Bool
  /// Features from CPUID dumps, where there is no `/proc/cpuinfo`.
  var dumpedFeatures: [String]?
  /// The chip of a board without firmware tables, such as `bcm2711`.
  var chip: String?

  /// The description, or nil where the sources tell nothing of a CPU.
  func describe() -> CPUDescription? {
    guard facts != nil || !(info?.records.isEmpty ?? true) else { return nil }
    let online = onlineCPUs
    let frequency = reader.map { FrequencySettings($0, onlineCPUs: online) }
    let maxima = frequency?.maximumHzOfCPU ?? [:]
    let noFrequency = Reason.notCaptured("the CPU frequency range")
    var cpu = CPUDescription(
      hardwareID: hardwareID,
      vendor: Reading(vendor, else: unknown("its vendor")),
      modelName: Reading(modelName, else: unknown("its model name")),
      architecture: Reading(architectureName, else: unknown("its architecture")),
      family: Reading(family, else: unknown("a family number")),
      model: Reading(model, else: unknown("a model number")),
      stepping: Reading(stepping, else: unknown("a stepping")),
      microcode: Reading(info?.first("microcode"), else: unknown("a microcode version")),
      packages: Reading(packages, else: unknown("the number of packages")),
      dies: Reading(dies, else: unknown("the number of dies")),
      cores: Reading(cores, else: unknown("the number of cores")),
      threads: facts.map(\.completeCPUs.count) ?? online.count,
      onlineCPUs: online,
      offlineCPUs: Reading(offlineCPUs, else: unknown("which CPUs are offline")),
      allowedCPUs: Reading(allowedCPUs, else: unknown("which CPUs a process may use")),
      coreKinds: coreKinds(maxima),
      caches: caches, numaNodes: numaNodes,
      tree: facts?.packages.map(\.description) ?? [],
      features: Reading(features, else: unknown("the instruction sets")),
      minimumFrequencyHz: frequency?.minimumHz ?? .unavailable(noFrequency),
      maximumFrequencyHz: frequency?.maximumHz ?? .unavailable(noFrequency),
      simultaneousMultithreading: multithreading)
    cpu.settings = (frequency?.settings ?? [:]).merging(words) { first, _ in first }
    if let usable { cpu.settings.merge(usable) { first, _ in first } }
    cpu.settings.merge(limits) { first, _ in first }
    return cpu
  }

  private func unknown(_ what: String) -> Reason {
    Reason(.absent, "the sources do not tell \(what)")
  }

  // MARK: - Identity

  private func packageInfo(_ name: String) -> String? {
    facts?.packages.lazy.compactMap { $0.infos[name] }.first ?? facts?.machineInfos[name]
  }

  private var vendor: String? {
    if let vendor = packageInfo("CPUVendor") ?? info?.vendor { return vendor }
    if let kind = exportedARM { return ARMParts.implementer(kind.implementer) }
    return packageInfo("CPUModel")?.uppercased().hasPrefix("POWER") == true ? "IBM" : nil
  }

  /// The first core of an ARM machine whose topology was exported without `/proc/cpuinfo`.
  private var exportedARM: CPUInfo.ARMKind? {
    guard info?.armKinds.isEmpty ?? true,
      let implementer = packageInfo("CPUImplementer")?.hexadecimalValue, implementer < 256,
      let part = packageInfo("CPUPart")?.hexadecimalValue, part < 4096
    else { return nil }
    return CPUInfo.ARMKind(
      implementer: Int(implementer), part: Int(part), cpus: facts?.onlineCPUs ?? [])
  }

  /// Whether the core's name fits many chips.
  private var needsChip: Bool {
    info?.armKinds.isEmpty == false || exportedARM != nil
      || ["aarch64", "arm"].contains(facts?.machineInfos["Architecture"] ?? "")
  }

  private var modelName: String? {
    // On ARM hwloc knows at most what the kernel prints, which names the architecture, not the core.
    if let info, !info.armKinds.isEmpty { return info.modelName }
    if let kind = exportedARM {
      let isMixed = (facts?.kinds.count ?? 0) > 1
      return isMixed ? "\(kind.name) and others" : kind.name
    }
    var name = packageInfo("CPUModel") ?? info?.modelName
    if let text = name, text.uppercased().hasPrefix("POWER") { name = CPUInfo.plainPOWER(text) }
    return name?.split(whereSeparator: \.isWhitespace).joined(separator: " ").nonEmpty
  }

  private var family: Int? {
    (packageInfo("CPUFamilyNumber") ?? info?.first("cpu family")).flatMap { Int($0) }
  }
  private var model: Int? {
    (packageInfo("CPUModelNumber") ?? info?.first("model")).flatMap { Int($0) }
  }
  private var stepping: Int? {
    (packageInfo("CPUStepping") ?? info?.first("stepping")).flatMap { Int($0) }
  }

  private var architectureName: String? {
    architecture ?? info?.architecture ?? facts?.machineInfos["Architecture"]
  }

  private var features: [String]? {
    info?.featureWords.map { FeatureCatalog.matching($0) } ?? dumpedFeatures
  }

  private var hardwareID: HardwareID {
    HardwareNaming.cpu(
      HardwareNaming.CPU(
        vendor: vendor, modelName: modelName, family: family, model: model, stepping: stepping,
        chip: chip, needsChip: needsChip, counts: counts,
        threads: facts.map(\.completeCPUs.count) ?? onlineCPUs.count, isVirtual: isVirtual))
  }

  // MARK: - Counts

  private var onlineCPUs: [Int] {
    facts?.onlineCPUs ?? info?.records.map(\.number).sorted() ?? []
  }

  private var offlineCPUs: [Int]? {
    facts.map { facts in
      let online = Set(facts.onlineCPUs)
      return facts.completeCPUs.filter { !online.contains($0) }
    }
  }

  private var allowedCPUs: [Int]? {
    facts.map { facts in
      affinity.map { affinity in facts.allowedCPUs.filter(affinity.contains) } ?? facts.allowedCPUs
    }
  }

  /// A topology without packages tells nothing about them, which is not zero.
  private var packages: Int? {
    facts.flatMap { $0.packages.isEmpty ? nil : $0.packages.count } ?? info?.packages
  }

  private var cores: Int? { facts.flatMap { $0.cores > 0 ? $0.cores : nil } ?? info?.cores }

  private var dies: Int? {
    if let dies = facts?.dies { return dies }
    // hwloc leaves dies out where each package has one; the kernel's files tell whether that is so.
    guard let facts, let reader, let first = facts.onlineCPUs.first,
      reader.integer(MachinePath.cpu(first) + "/topology/die_id").value.map({ $0 >= 0 })
        == true
    else { return nil }
    return packages
  }

  /// Packages and cores with nothing switched off, as far as anything tells them.
  private var counts: CoreCounts {
    let single = ["IntelAtom", "E", "LP-E"]
    let kinds = (coreKinds([:]).value ?? []).filter {
      single.contains($0.coreType ?? "") || single.contains($0.name)
    }
    let hasOneThread =
      ["aarch64", "arm", "riscv64", "riscv32"].contains(architectureName ?? "")
      && !(info?.armKinds.contains { ARMParts.hasSeveralThreads($0.implementer, $0.part) } ?? false)
      && !(facts?.cpusOfCores.contains { $0.count > 1 } ?? false)
    return CoreCounts(
      CoreCounts.Sources(
        facts: facts, info: info,
        multithreadingControl: reader?.text(MachinePath.multithreadingControl).value,
        singleThreaded: Set(kinds.flatMap(\.cpus)), isSingleThreaded: hasOneThread,
        firmware: isVirtual ? nil : reader.flatMap { ProcessorTable.read($0) }))
  }

  /// Why the identifier says nothing of cores though a topology is there; nil where it does.
  var countsGap: Reason? {
    let counts = counts
    guard counts.isTold, counts.cores == nil else { return nil }
    return Reason(
      .absent,
      "CPUs are offline, and nothing tells how many cores and packages there are with them: the identifier leaves "
        + "them out",
      remedy:
        "switch the CPUs on ('echo 1 | sudo tee /sys/devices/system/cpu/cpu*/online'), or run it as root"
    )
  }

  private var multithreading: Reading<Bool> {
    // What is shown as cores and threads and this must be one truth.
    if let facts, !facts.cpusOfCores.isEmpty {
      return .value(facts.cpusOfCores.contains { $0.count > 1 })
    }
    if let active = reader?.flag(MachinePath.multithreadingActive).value {
      return .value(active)
    }
    if let info, let cores = info.cores { return .value(info.records.count > cores) }
    return .unavailable(unknown("whether cores run several threads"))
  }

  /// What of the machine this process may use; nil where that is all of it or not known.
  private var usable: [CPUSetting: Reading<StateValue>]? {
    guard let facts, let allowed = allowedCPUs, allowed.count < facts.onlineCPUs.count else {
      return nil
    }
    let members = Set(allowed)
    func count(_ sets: [[Int]]) -> Reading<StateValue> {
      .value(.integer(Int64(sets.count { $0.contains(where: members.contains) })))
    }
    let packages = facts.usable.map { Reading<StateValue>.value(.integer(Int64($0.packages))) }
    let nodes = facts.usable.map { Reading<StateValue>.value(.integer(Int64($0.numaNodes))) }
    return [
      .usablePackages: packages ?? count(facts.packages.map(\.description.cpus)),
      .usableNUMANodes: nodes ?? count((numaNodes.value ?? []).map(\.cpus)),
      .usableCores: count(facts.cpusOfCores),
      .usableThreads: .value(.integer(Int64(allowed.count))),
    ]
  }

  /// The quota of CPU time, and the NUMA nodes that are no ordinary memory.
  private var limits: [CPUSetting: Reading<StateValue>] {
    var limits: [CPUSetting: Reading<StateValue>] = [:]
    if let reader, let quota = CPUQuota.cpus(reader).value ?? nil {
      limits[.quota] = .value(.number(quota))
    }
    guard let facts else { return limits }
    func nodes(_ setting: CPUSetting, _ indices: [Int]) {
      if !indices.isEmpty { limits[setting] = .value(.text(CPUList.text(indices.sorted()))) }
    }
    func nodes(_ setting: CPUSetting, of kinds: [String]) {
      nodes(
        setting,
        facts.nodeKinds.filter { node in kinds.contains { node.value.hasPrefix($0) } }.map(\.key))
    }
    nodes(.gpuMemoryNodes, facts.gpuMemoryNodes.map(\.index))
    nodes(.highBandwidthNodes, of: ["HBM", "MCDRAM"])
    nodes(.expansionNodes, of: ["CXL"])
    return limits
  }

  /// What `/proc/cpuinfo` tells beside names and features, where it is not an x86 file.
  private var words: [CPUSetting: Reading<StateValue>] {
    guard let info else { return [:] }
    var words: [CPUSetting: Reading<StateValue>] = [:]
    for key in ["isa", "uarch", "mmu", "hardware", "platform", "machine", "system type", "model"] {
      guard let value = key == "model" ? info.globals[key] : info.first(key) else { continue }
      words[.cpuInfo(key)] = .value(.text(value))
    }
    if !info.armKinds.isEmpty {
      let parts = info.armKinds.map {
        "\($0.cpus.count) x 0x\($0.implementer.hexadecimal(2))/0x\($0.part.hexadecimal(3))"
      }
      words[.armParts] = .value(.text(parts.joined(separator: ", ")))
    }
    return words
  }

  // MARK: - Parts

  private func coreKinds(_ maxima: [Int: UInt64]) -> Reading<[CoreKind]> {
    let named = info?.armKinds ?? []
    // A file that names every core by its part also tells that all are alike.
    guard facts != nil || !named.isEmpty else {
      return .unavailable(unknown("whether there are several kinds of cores"))
    }
    var types: [Int: String] = [:]
    for (folder, type) in [
      ("cpu_core", "IntelCore"), ("cpu_atom", "IntelAtom"), ("cpu_lowpower", "IntelAtom"),
    ] {
      for cpu in reader?.list("/sys/devices/\(folder)/cpus") ?? [] { types[cpu] = type }
    }
    return .value(CoreKinds(facts: facts, named: named, types: types, maxima: maxima).kinds())
  }

  private var caches: Reading<[CacheDescription]> {
    Reading(facts.flatMap { $0.caches.isEmpty ? nil : $0.caches }, else: unknown("its caches"))
  }

  private var numaNodes: Reading<[NUMANode]> {
    Reading(
      facts.flatMap { $0.numaNodes.isEmpty ? nil : $0.numaNodes }, else: unknown("the NUMA nodes"))
  }
}
