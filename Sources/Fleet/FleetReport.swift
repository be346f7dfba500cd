package import Analysis
internal import Model
internal import Text

/// How nodes are to be judged.
package struct FleetDemands: Hashable, Sendable {
  /// Limits that replace the usual ones.
  package var gates: [ComparisonGate]
  /// Whether several nodes may be one machine, as in a trial on one host.
  package var allowsOneMachine: Bool
  /// What each node is held against besides its sisters.
  package var base: FleetBase?
  /// The setting in which what is collected together differs, if any does.
  package var over: NodeFact?

  package init(
    gates: [ComparisonGate] = [], allowsOneMachine: Bool = false, base: FleetBase? = nil,
    over: NodeFact? = nil
  ) {
    self.gates = gates
    self.allowsOneMachine = allowsOneMachine
    self.base = base
    self.over = over
  }

  /// The relative change that is looked for.
  func wanted(_ quantity: ComparedQuantity) -> Double {
    gates.filter { $0.quantity == quantity }.map { abs($0.ratioLimit - 1) }.min()
      ?? quantity.defaultResolution
  }
}

/// What all nodes of a fleet say together.
package struct FleetReport: Hashable, Sendable {
  /// In the order of their names.
  package let nodes: [NodeAnswer]
  package let groups: [SisterGroup]
  /// What equal nodes reach over the setting in which they were collected apart, and where they do most work per joule; empty where
  /// there is no such setting.
  package let curves: [SettingCurve]
  /// Nodes that are one machine by their boot identifiers, each list sorted.
  package let oneMachine: [[String]]
  package let demands: FleetDemands
  /// What a reader must know besides.
  package let notes: [String]

  /// The notes are what is known of the collection: copies, strangers.
  package init(_ answers: [NodeAnswer], _ demands: FleetDemands, notes: [String] = []) {
    nodes = answers.sorted { left, right in
      if left.name != right.name { return left.name < right.name }
      guard let other = right.setting else { return false }
      guard let own = left.setting else { return true }
      return NodeSetting.precedes(own, other)
    }
    self.demands = demands
    oneMachine = Self.sharedBoots(nodes)
    let members = SisterGrouping.groups(nodes.filter { $0.state == .measured })
    let candidates = members.map { SisterComparison.candidates(of: $0.nodes) }
    // One report is one family of tests: all its comparisons of enough nodes together have one chance of a false alarm.
    let tests = candidates.joined().count { $0.count >= SisterComparison.leastNodes }
    let groups = zip(members, candidates).enumerated().map { index, group in
      Self.group(
        index + 1, group.0,
        group.1.map {
          SisterComparison(
            $0, tests: tests, wanted: demands.wanted($0.key.quantity), base: demands.base)
        })
    }
    self.groups = groups
    curves = Self.curves(members, groups)
    let without = demands.over.map { fact in
      "no series was measured at two values of \(fact.title): nothing is compared over it"
    }
    self.notes =
      notes + SisterGrouping.partings(members) + Self.overlaps(nodes)
      + (curves.isEmpty ? [without].compactMap(\.self) : [])
  }

  /// The curves of groups that are equal in all but their setting, the greatest group's first.
  private static func curves(
    _ members: [SisterGrouping.Sisters], _ groups: [SisterGroup]
  ) -> [SettingCurve] {
    var order: [SisterGrouping.Kin] = []
    var byKin: [SisterGrouping.Kin: [SisterGroup]] = [:]
    for (sisters, group) in zip(members, groups) {
      if byKin[sisters.kin] == nil { order.append(sisters.kin) }
      byKin[sisters.kin, default: []].append(group)
    }
    return order.flatMap { SettingCurve.all(byKin[$0] ?? []) }
  }

  private static func group(
    _ number: Int, _ sisters: SisterGrouping.Sisters, _ comparisons: [SisterComparison]
  ) -> SisterGroup {
    let members = sisters.nodes
    let facts = GroupFacts(members)
    let called = Set(
      comparisons.flatMap(\.values).filter { $0.verdict == .slow || $0.verdict == .tooGood }
        .map(\.node))
    let reasons = called.map { name -> (String, NodeReasons) in
      let found = facts.differences(of: name)
      return (name, NodeReasons(facts: found.facts, remarks: found.remarks))
    }
    let identity = members.first?.identity
    return SisterGroup(
      number: number, hardwareID: identity?.hardwareID ?? HardwareID(rawValue: "unknown"),
      deviceName: identity?.deviceName ?? "unknown", memory: identity?.memory,
      plan: identity?.planText ?? "", toolVersion: identity?.tool.version ?? "",
      setting: sisters.setting,
      nodes: members.map(\.name).sorted(), comparisons: comparisons,
      minorities: facts.minorities(comparisons),
      reasons: Dictionary(reasons, uniquingKeysWith: { first, _ in first }))
  }

  /// One boot of one machine has one identifier; several nodes with the same are that machine.
  private static func sharedBoots(_ nodes: [NodeAnswer]) -> [[String]] {
    // A node that was measured at several settings is one machine, and may be.
    var names: [String: Set<String>] = [:]
    for node in nodes {
      guard let boot = node.facts?.bootID else { continue }
      names[boot, default: []].insert(node.name)
    }
    return names.values.filter { $0.count > 1 }.map { $0.sorted() }
      .sorted { ($0.first ?? "") < ($1.first ?? "") }
  }

  /// What nodes that measured one after the other leave open; nothing where all measured at one moment.
  ///
  /// Two that measured at one moment share what a machine can do; of others one can have answered for both.
  ///
  /// Of nodes at several settings those of each are looked at by themselves.
  private static func overlaps(_ nodes: [NodeAnswer]) -> [String] {
    var settings: [NodeSetting?] = []
    for node in nodes where !settings.contains(node.setting) { settings.append(node.setting) }
    return settings.compactMap { setting in
      overlap(nodes.filter { $0.setting == setting }).map { text in
        setting.map { "\($0.text): \(text)" } ?? text
      }
    }
  }

  private static func overlap(_ nodes: [NodeAnswer]) -> String? {
    let spans = nodes.filter { $0.state == .measured }.compactMap(\.facts)
      .filter { $0.endedAt > $0.startedAt }
    // What ends at the instant at which another begins is over.
    let begins = spans.map(\.startedAt).sorted()
    let ends = spans.map(\.endedAt).sorted()
    var ended = 0
    var most = 0
    for (begun, start) in begins.enumerated() {
      while ended < ends.count, ends[ended] <= start { ended += 1 }
      most = max(most, begun + 1 - ended)
    }
    guard spans.count > 1, most < spans.count else { return nil }
    return "at most \(most) of \(spans.count) nodes measured at one moment: by their times alone, "
      + "one machine can have answered for nodes that measured one after the other"
  }

  // MARK: - The answer

  package func count(_ state: NodeAnswer.State) -> Int { nodes.count { $0.state == state } }

  /// Nodes called out in any group.
  package func nodes(_ verdict: SisterVerdict) -> Set<String> {
    groups.reduce(into: []) { $0.formUnion($1.nodes(verdict)) }
  }

  /// Nodes that are further below the base than is allowed.
  package var belowBase: Set<String> {
    Set(
      groups.flatMap(\.comparisons).flatMap(\.values).filter { $0.base?.isBelow == true }
        .map(\.node))
  }

  /// Whether every node answered, nothing is false, and none is slower than its sisters or the base.
  package var passes: Bool {
    nodes.allSatisfy { $0.state == .measured } && nodes(.slow).isEmpty && belowBase.isEmpty
      && (demands.allowsOneMachine || oneMachine.isEmpty)
  }

  /// The buyer's line: how many are as they should be, and what is wrong with the others.
  package var conclusion: String {
    let whole = nodes.count { $0.state == .measured }
    let areVerified = nodes.allSatisfy { $0.state != .measured || $0.isVerified }
    // A node that was measured at several settings answers for each.
    let of =
      nodes.contains { $0.setting != nil }
      ? "\(CountText.text(nodes.count, "measurement")) of \(CountText.text(Set(nodes.map(\.name)).count, "node"))"
      : CountText.text(nodes.count, "node")
    var parts = [
      "\(whole) of \(of) "
        + (areVerified ? "verified" : "answered, not verified")
    ]
    if let slow = slowText { parts.append(slow) }
    if let base = demands.base, !belowBase.isEmpty {
      parts.append("\(belowBase.count) below \(base.name)")
    }
    let tooGood = nodes(.tooGood).subtracting(nodes(.slow))
    if !tooGood.isEmpty {
      parts.append("\(tooGood.count) better than \(Self.its(tooGood.count)) sisters")
    }
    let unjudged = groups.filter { $0.comparisons.allSatisfy { $0.limit == nil } }
      .reduce(0) { $0 + $1.nodes.count }
    if unjudged > 0 { parts.append("\(unjudged) with too few sisters to tell") }
    for (state, text) in [
      (NodeAnswer.State.partial, "interrupted"), (.refuted, "false"), (.unreadable, "unreadable"),
      (.refused, "not set as expected"), (.missing, "did not answer"),
    ] where count(state) > 0 { parts.append("\(count(state)) \(text)") }
    if !oneMachine.isEmpty {
      let count = oneMachine.reduce(0) { $0 + $1.count }
      parts.append("\(count) nodes are \(CountText.text(oneMachine.count, "machine"))")
    }
    return (parts + bestTexts).joined(separator: "; ")
  }

  /// `most work per joule at PL1 240 W`, of several series each with its algorithm.
  private var bestTexts: [String] {
    let found = curves.compactMap { curve in
      curve.best.map { (curve.work, curve.points[$0].setting.text) }
    }
    guard Set(found.map(\.1)).count > 1 else {
      return found.first.map { ["most work per joule at \($0.1)"] } ?? []
    }
    var seen: Set<String> = []
    return found.map { "\($0.0): most work per joule at \($0.1)" }
      .filter { seen.insert($0).inserted }.prefix(4).map(\.self)
  }

  private static func its(_ count: Int) -> String { count == 1 ? "its" : "their" }

  /// `2 slower than their sisters by 4.8 and 5.3 % (PL1 280 W, others 320 W)`.
  private var slowText: String? {
    let slow = nodes(.slow).sorted()
    guard !slow.isEmpty else { return nil }
    let depths = slow.map { name in
      groups.flatMap(\.comparisons).flatMap(\.values)
        .filter { $0.node == name && $0.verdict == .slow }.map { -$0.deviation }.max() ?? 0
    }.sorted()
    let numbers = depths.map { DecimalText.fixed($0 * 100, decimals: 1) }
    let range =
      switch numbers.count {
      case 1: numbers[0]
      case 2...4: numbers.dropLast().joined(separator: ", ") + " and " + numbers[numbers.count - 1]
      default: "\(numbers[0]) to \(numbers[numbers.count - 1])"
      }
    // A reason is told where all of them share it.
    let reasons = slow.map { name in Set(groups.compactMap { $0.reasons[name] }.flatMap(\.texts)) }
    let common = reasons.dropFirst().reduce(reasons[0]) { $0.intersection($1) }.sorted()
    let why = common.isEmpty ? "" : " (\(common.prefix(3).joined(separator: "; ")))"
    return "\(slow.count) slower than \(Self.its(slow.count)) sisters by \(range) %\(why)"
  }
}
