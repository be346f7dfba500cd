internal import MachineFacts
internal import Model

/// Names for the kinds of cores of a hybrid CPU.
enum CoreKinds {
  /// The kinds of a topology; empty where all cores are alike.
  static func from(_ facts: TopologyFacts, names: [CPUInfo.ARMKind], maxima: [Int: UInt64])
    -> [CoreKind]
  {
    let parts = facts.kinds.flatMap { split($0, facts) }
    guard parts.count > 1 else { return fromNames(names, maxima: maxima) }
    return parts.enumerated().map { index, part in
      let type = part.coreType ?? name(of: part.cpus, in: names)
      return CoreKind(
        name: label(part, index: index, count: facts.kinds.count), coreType: type,
        cpus: part.cpus, cores: coreCount(part.cpus, facts),
        maximumFrequencyHz: part.cpus.compactMap { maxima[$0] }.max())
    }
  }

  /// The kinds that `/proc/cpuinfo` names where no topology does: `4 x Cortex-A53 + 2 x Cortex-A72`.
  static func fromNames(_ names: [CPUInfo.ARMKind], maxima: [Int: UInt64]) -> [CoreKind] {
    guard names.count > 1 else { return [] }
    return names.enumerated().map { index, kind in
      // ARM cores have one thread each.
      CoreKind(
        name: "kind-\(index)", coreType: kind.name, cpus: kind.cpus, cores: kind.cpus.count,
        maximumFrequencyHz: kind.cpus.compactMap { maxima[$0] }.max())
    }
  }

  private struct Part {
    var cpus: [Int]
    var coreType: String?
    /// True for efficient cores outside the L3 cache that others of their type share.
    var isLowPower: Bool
  }

  /// Low-power E-cores are of the same type as E-cores, but sit on another die without the shared L3.
  private static func split(_ kind: TopologyFacts.Kind, _ facts: TopologyFacts) -> [Part] {
    let type = kind.infos["CoreType"]
    let below = Set(
      facts.packages.flatMap(\.description.groups).filter { $0.cache == "L3" }.flatMap(\.cpus))
    let outside = kind.cpus.filter { !below.contains($0) }
    let inside = kind.cpus.filter(below.contains)
    guard type == "IntelAtom", !outside.isEmpty, !inside.isEmpty else {
      return [Part(cpus: kind.cpus, coreType: type, isLowPower: false)]
    }
    return [
      Part(cpus: outside, coreType: type, isLowPower: true),
      Part(cpus: inside, coreType: type, isLowPower: false),
    ]
  }

  private static func label(_ part: Part, index: Int, count: Int) -> String {
    switch part.coreType {
    case "IntelCore": return "P"
    case "IntelAtom": return part.isLowPower ? "LP-E" : "E"
    // Two kinds without a type: hwloc ranks the more efficient one first.
    default: return count == 2 ? (index == 0 ? "E" : "P") : "kind-\(index)"
    }
  }

  private static func name(of cpus: [Int], in names: [CPUInfo.ARMKind]) -> String? {
    let found = Set(
      names.filter { kind in kind.cpus.contains { cpus.contains($0) } }.map(\.name))
    return found.count == 1 ? found.first : nil
  }

  private static func coreCount(_ cpus: [Int], _ facts: TopologyFacts) -> Int {
    let members = Set(cpus)
    return facts.cpusOfCores.count { $0.first.map(members.contains) ?? false }
  }
}
