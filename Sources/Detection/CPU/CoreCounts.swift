internal import MachineFacts
internal import Model

/// How many packages there are and how many cores each has, with none switched off: what a hardware identifier may say.
///
/// A CPU that is offline hides its core, and with the last core its package. Counts are stated only where the CPUs that
/// exist are explained by what is seen; nothing is concluded from what happens to be online.
struct CoreCounts: Hashable {
  /// Cores of each package, descending; nil where it is not known.
  var cores: [Int]?
  /// Whether a source told of cores at all.
  var isTold: Bool

  /// What may tell of CPUs that are offline.
  struct Sources {
    var facts: TopologyFacts?
    var info: CPUInfo?
    /// `/sys/devices/system/cpu/smt/control`.
    var multithreadingControl: String?
    /// CPUs whose cores have one thread by their design, such as Intel's E-cores.
    var singleThreaded: Set<Int> = []
    /// Whether the cores of this architecture have one thread each.
    var isSingleThreaded = false
    /// Cores of each package in use, as the firmware's table tells them.
    var firmware: [Int]?
  }

  init(_ sources: Sources) {
    guard let facts = sources.facts, !facts.packages.isEmpty, facts.cores > 0 else {
      cores = CoreCounts.told(by: sources.info)
      isTold = cores != nil || sources.info?.cores != nil
      return
    }
    isTold = true
    cores = CoreCounts.certain(facts, sources) ?? sources.firmware?.sorted(by: >)
  }

  /// By `/proc/cpuinfo` alone, which has no line of what is offline but counts the cores of a package.
  private static func told(by info: CPUInfo?) -> [Int]? {
    guard let info, let packages = info.packages, packages > 0 else { return nil }
    let stated = Set(info.records.map { $0.fields["cpu cores"].flatMap { Int($0) } })
    if stated.count == 1, let cores = stated.first ?? nil, cores > 0,
      (info.cores ?? 0) <= cores * packages
    {
      return Array(repeating: cores, count: packages)
    }
    guard let cores = info.cores else { return nil }
    return [Int](repeating: (cores + packages - 1) / packages, count: packages)
  }

  private static func certain(_ facts: TopologyFacts, _ sources: Sources) -> [Int]? {
    let seen = facts.packages.map(\.description.cores).filter { $0 > 0 }.sorted(by: >)
    let existing = facts.completeCPUs.count
    guard let largest = seen.first else { return nil }
    if existing == facts.onlineCPUs.count { return seen }
    // A machine of one chip whose cores have one thread: each CPU is a core.
    if sources.isSingleThreaded, seen.count == 1 { return [existing] }
    let stated = sources.info?.first("cpu cores").flatMap { Int($0) } ?? 0
    let isHybrid = !sources.singleThreaded.isEmpty
    for threads in threadCounts(facts, sources) {
      if isHybrid {
        // Second threads that are missing from cores that could have one.
        let missing = facts.cpusOfCores.reduce(0) { sum, cpus in
          let isSingle = cpus.contains(where: sources.singleThreaded.contains)
          return sum + (isSingle ? 0 : max(0, threads - cpus.count))
        }
        if facts.onlineCPUs.count + missing == existing { return seen }
      } else if seen.count * max(largest, stated) * threads == existing {
        return Array(repeating: max(largest, stated), count: seen.count)
      }
    }
    return nil
  }

  /// How many threads a core may have, as far as that is known.
  private static func threadCounts(_ facts: TopologyFacts, _ sources: Sources) -> [Int] {
    let seen = facts.cpusOfCores.map(\.count).max() ?? 1
    if seen > 1 || sources.isSingleThreaded { return [seen] }
    switch sources.multithreadingControl {
    case "on", "off", "forceoff": return [2]
    case .some: return [1]
    case nil:
      // Firmware counts the first threads of all cores before the second ones.
      let isFirstHalf = facts.onlineCPUs == Array(0..<facts.onlineCPUs.count)
      return isFirstHalf ? [1, 2] : [1]
    }
  }
}
