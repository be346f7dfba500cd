internal import MachineFacts
internal import Model

/// The kinds of cores of a machine, and their names.
///
/// A core's kind is what it is: its identification register on ARM, Intel's type of core elsewhere. Where nothing says so,
/// clocks tell kinds apart that lie far from one another. Cores of one kind whose highest clocks differ by some per cent, as
/// a chip's better cores do, stay one kind.
struct CoreKinds {
  /// Nil where there is no topology.
  var facts: TopologyFacts?
  /// The kinds by `/proc/cpuinfo`; empty where it does not name cores.
  var named: [CPUInfo.ARMKind]
  /// Intel's type of each CPU, as the kernel's own lists tell it.
  var types: [Int: String]
  /// Highest clock of each CPU in Hz, where the kernel tells it.
  var maxima: [Int: UInt64]

  /// How far the next clock must lie above the one before to be another kind's.
  private static let gap = 1.10

  /// The kinds; empty where all cores are alike.
  func kinds() -> [CoreKind] {
    let parts = parts
    guard parts.count > 1 else { return [] }
    let isRanked = hasAllSpeeds && parts.allSatisfy { !isIntel($0.type) }
    return parts.enumerated().map { index, part in
      var name = "kind-\(index)"
      if isIntel(part.type) {
        name = part.type == Self.core ? "P" : part.isLowPower ? "LP-E" : "E"
      } else if parts.count == 2, facts != nil, isRanked || facts?.kinds.count == 2 {
        name = index == 0 ? "E" : "P"
      }
      return CoreKind(
        name: name, coreType: part.type ?? coreName(part.cpus), cpus: part.cpus,
        cores: coreCount(part.cpus), maximumFrequencyHz: part.cpus.compactMap { maxima[$0] }.max())
    }
  }

  private static let core = "IntelCore"
  private static let atom = "IntelAtom"

  private struct Part {
    var cpus: [Int]
    var type: String?
    /// True for efficient cores outside the L3 cache that others of their type share.
    var isLowPower = false
  }

  private func isIntel(_ type: String?) -> Bool { type == Self.core || type == Self.atom }

  private var parts: [Part] {
    if let typed { return typed }
    if named.count > 1 || (named.count == 1 && facts == nil) {
      // The file's order; cores of one name and far apart clocks are kinds, too.
      let byName = named.flatMap { kind in
        clusters(kind.cpus).map { Part(cpus: $0, type: kind.name) }
      }
      return facts == nil || !hasAllSpeeds ? byName : byName.sorted { speed($0) < speed($1) }
    }
    guard let facts else { return [] }
    let all = facts.kinds.flatMap(\.cpus).sorted()
    guard facts.kinds.count > 1 else {
      return all.isEmpty && named.isEmpty ? [] : clusters(facts.onlineCPUs).map { Part(cpus: $0) }
    }
    if hasAllSpeeds { return clusters(all).map { Part(cpus: $0) } }
    // hwloc ranks the more efficient kind first.
    return facts.kinds.map { Part(cpus: $0.cpus) }
  }

  // MARK: - Intel's types

  private var typed: [Part]? {
    var types = types
    for kind in facts?.kinds ?? [] {
      guard let type = kind.infos["CoreType"] else { continue }
      for cpu in kind.cpus { types[cpu] = type }
    }
    let online = facts?.onlineCPUs ?? types.keys.sorted()
    let cores = online.filter { types[$0] == Self.core }
    let atoms = online.filter { types[$0] == Self.atom }
    guard !atoms.isEmpty, cores.count + atoms.count == online.count else { return nil }
    let below = Set(
      (facts?.packages ?? []).flatMap(\.description.groups).filter { $0.cache == "L3" }
        .flatMap(\.cpus))
    // Low-power cores sit on another die without the L3 cache that the other efficient ones share.
    let inside = atoms.filter(below.contains)
    let outside = atoms.filter { !below.contains($0) }
    var parts: [Part] = []
    if inside.isEmpty || outside.isEmpty {
      parts.append(Part(cpus: atoms, type: Self.atom))
    } else {
      parts.append(Part(cpus: outside, type: Self.atom, isLowPower: true))
      parts.append(Part(cpus: inside, type: Self.atom))
    }
    if !cores.isEmpty { parts.append(Part(cpus: cores, type: Self.core)) }
    return parts
  }

  // MARK: - Clocks

  private func speed(_ part: Part) -> Double { part.cpus.compactMap { speeds[$0] }.max() ?? 0 }

  /// One measure for all CPUs: the kernel's clock, hwloc's, or the kernel's capacity; empty where none covers all.
  private var speeds: [Int: Double] {
    let online = facts?.onlineCPUs ?? named.flatMap(\.cpus)
    func covering(_ speeds: [Int: Double]) -> [Int: Double]? {
      online.allSatisfy { speeds[$0] != nil } ? speeds : nil
    }
    func info(_ name: String) -> [Int: Double] {
      var speeds: [Int: Double] = [:]
      for kind in facts?.kinds ?? [] {
        guard let value = kind.infos[name].flatMap({ Double($0) }) else { continue }
        for cpu in kind.cpus { speeds[cpu] = value }
      }
      return speeds
    }
    return covering(maxima.mapValues { Double($0) }) ?? covering(info("FrequencyMaxMHz"))
      ?? covering(info("LinuxCapacity")) ?? [:]
  }

  private var hasAllSpeeds: Bool { !speeds.isEmpty }

  /// The CPUs in groups of near clocks, slowest first; one group where clocks are not known.
  private func clusters(_ cpus: [Int]) -> [[Int]] {
    let speeds = speeds
    guard cpus.allSatisfy({ speeds[$0] != nil }) else { return [cpus] }
    let steps = Set(cpus.compactMap { speeds[$0] }).sorted()
    var limits: [Double] = []
    for (low, high) in zip(steps, steps.dropFirst()) where high > low * Self.gap {
      limits.append(high)
    }
    let groups = Dictionary(grouping: cpus) { cpu in
      limits.count { $0 <= speeds[cpu] ?? 0 }
    }
    return groups.keys.sorted().map { (groups[$0] ?? []).sorted() }
  }

  // MARK: - Names and counts

  private func coreName(_ cpus: [Int]) -> String? {
    let found = Set(named.filter { kind in kind.cpus.contains(where: cpus.contains) }.map(\.name))
    return found.count == 1 ? found.first : nil
  }

  private func coreCount(_ cpus: [Int]) -> Int {
    let members = Set(cpus)
    // ARM cores that only a file lists have one thread each.
    return facts.map { $0.cpusOfCores.count { $0.first.map(members.contains) ?? false } }
      ?? cpus.count
  }
}
