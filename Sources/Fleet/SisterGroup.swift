internal import Analysis
package import Model
internal import Text

/// Nodes of equal hardware that ran one plan with one program.
package struct SisterGroup: Hashable, Sendable {
  /// From 1, the greatest group first.
  package let number: Int
  package let hardwareID: HardwareID
  package let deviceName: String
  /// Of the first node; others differ by what firmware and kernel keep for themselves.
  package let memory: ByteCount?
  package let plan: String
  package let toolVersion: String
  /// What all of them were set to, where that tells what is collected together apart.
  package let setting: NodeSetting?
  /// Names of the nodes, sorted.
  package let nodes: [String]
  package let comparisons: [SisterComparison]
  package let minorities: [MinorityFinding]
  /// For each node that was called out, what is unusual about it.
  package let reasons: [String: NodeReasons]

  /// Names of nodes with this verdict on any quantity.
  package func nodes(_ verdict: SisterVerdict) -> Set<String> {
    Set(comparisons.flatMap(\.values).filter { $0.verdict == verdict }.map(\.node))
  }
}

/// What is unusual about one node that was called out.
package struct NodeReasons: Hashable, Sendable {
  package let facts: [FactDifference]
  package let remarks: [String]

  package var texts: [String] { facts.map(\.text) + remarks }
}

/// Which nodes are sisters.
enum SisterGrouping {
  /// Two machines have the same memory where their sizes differ by less than this: firmware and kernel keep back some, and a
  /// memory module is more than a thirtieth of what there is.
  private static let memoryTolerance = 0.03

  /// What is equal in nodes that may stand on one curve over a setting.
  struct Kin: Hashable {
    fileprivate let hardware: HardwareID
    fileprivate let memoryClass: Int
    fileprivate let plan: Plan
    fileprivate let tool: ToolKey
  }

  /// Nodes that may be held against one another.
  struct Sisters {
    let kin: Kin
    let setting: NodeSetting?
    fileprivate(set) var nodes: [NodeAnswer]
  }

  private struct Key: Hashable {
    let kin: Kin
    let setting: NodeSetting?
  }

  /// A program is told by its digest; where there is none, by what it says of itself.
  fileprivate struct ToolKey: Hashable {
    let digest: String
    let version: String
    let configuration: String

    init(_ tool: ToolIdentity) {
      digest = tool.executableDigest.value ?? ""
      version = tool.version
      configuration = tool.configuration
    }

    /// As much of the digest as tells two programs apart.
    var shortDigest: String { digest.isEmpty ? "unknown" : String(digest.prefix(12)) }
  }

  /// The nodes that may be judged, by group; the greatest group first.
  static func groups(_ nodes: [NodeAnswer]) -> [Sisters] {
    let classes = memoryClasses(nodes)
    var byKey: [Key: Sisters] = [:]
    for node in nodes {
      guard let identity = node.identity else { continue }
      let kin = Kin(
        hardware: identity.hardwareID, memoryClass: identity.memory.flatMap { classes[$0] } ?? 0,
        plan: identity.plan, tool: ToolKey(identity.tool))
      byKey[
        Key(kin: kin, setting: node.setting),
        default: Sisters(kin: kin, setting: node.setting, nodes: [])
      ].nodes.append(node)
    }
    return byKey.values.sorted { first, second in
      if first.nodes.count != second.nodes.count { return first.nodes.count > second.nodes.count }
      let names = (first.nodes.first?.name ?? "", second.nodes.first?.name ?? "")
      if names.0 != names.1 { return names.0 < names.1 }
      guard let own = first.setting, let other = second.setting else { return false }
      return NodeSetting.precedes(own, other)
    }
  }

  /// Why a group is not a part of the greatest one with the same hardware and setting: a sentence for each that is not.
  static func partings(_ groups: [Sisters]) -> [String] {
    groups.indices.compactMap { index in
      guard let own = groups[index].nodes.first?.identity,
        let first = groups[..<index].firstIndex(where: {
          $0.kin.hardware == own.hardwareID && $0.setting == groups[index].setting
        }), let other = groups[first].nodes.first?.identity
      else { return nil }
      return "group \(index + 1) is not held against group \(first + 1): "
        + differences(own, other).joined(separator: ", ")
    }
  }

  private static func differences(_ own: SisterIdentity, _ other: SisterIdentity) -> [String] {
    var texts: [String] = []
    func add(_ title: String, _ own: String, _ other: String) {
      if own != other { texts.append("\(title) \(own), there \(other)") }
    }
    if own.plan != other.plan {
      texts.append(
        own.planText == other.planText
          ? "another plan" : "plan \(own.planText), there \(other.planText)")
    }
    let keys = [ToolKey(own.tool), ToolKey(other.tool)]
    add("hashwatt", keys[0].version, keys[1].version)
    add("program of SHA-256", keys[0].shortDigest, keys[1].shortDigest)
    add("built as", keys[0].configuration, keys[1].configuration)
    let memory = [own, other].map { $0.memory.map { QuantityText.bytes($0.value) } ?? "unknown" }
    // Of equal plan and program it is the memory, where the sizes look alike too.
    if texts.isEmpty || memory[0] != memory[1] { add("memory", memory[0], memory[1]) }
    return texts.isEmpty ? ["another size of memory"] : texts
  }

  /// From 1: each size that is no more than the tolerance above the least of its class.
  private static func memoryClasses(_ nodes: [NodeAnswer]) -> [ByteCount: Int] {
    var classes: [ByteCount: Int] = [:]
    var least = 0.0
    var number = 0
    for size in Set(nodes.compactMap { $0.identity?.memory }).sorted() {
      if number == 0 || Double(size.value) > least * (1 + memoryTolerance) {
        number += 1
        least = Double(size.value)
      }
      classes[size] = number
    }
    return classes
  }
}
