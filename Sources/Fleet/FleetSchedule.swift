package import Model

/// The jobs of one submission: who waits for whom, when each begins, where it writes.
package struct FleetSchedule {
  package let plan: FleetPlan
  /// The fleet's folder, absolute, as the nodes see it.
  package let folder: String

  package init(_ plan: FleetPlan, folder: String) {
    self.plan = plan
    self.folder = folder
  }

  /// Folder of a node's results; results in it are that node's whoever collects them.
  package func results(of node: NodeName) -> String { "\(folder)/results/\(node)" }

  /// Where the lines of an attempt go.
  package static func log(of node: NodeName, attempt: Int, in folder: String) -> String {
    "\(folder)/logs/\(node)-\(attempt).log"
  }

  /// Words that measure one attempt.
  package func command(of node: FleetNode, attempt: Int) -> [String] {
    let challenge = Hexadecimal.encode(plan.challenge(of: node.name, attempt: attempt).bytes)
    return [plan.program, "run"] + plan.runOptions + [
      "--challenge", challenge, "--results", results(of: node.name), "--profiles",
      "\(folder)/profiles/\(node.name)",
    ]
  }

  /// The jobs of these attempts, in the order of the nodes.
  package func jobs(_ attempts: [(node: FleetNode, attempt: Int)]) -> [FleetJob] {
    var counts: [String: Int] = [:]
    return attempts.enumerated().map { index, item in
      let rack = plan.slotsArePerRack ? item.node.rack ?? "none" : ""
      let place = counts[rack, default: 0]
      counts[rack, default: 0] += 1
      // Jobs of one name wait for one another: so many names, so many at once.
      let slot = plan.slots.map { place % $0 }
      let name = ["hashwatt", plan.id, plan.slotsArePerRack ? Self.word(rack) : nil]
        .compactMap(\.self).joined(separator: "-")
      return FleetJob(
        node: item.node.name,
        name: slot.map { "\(name)-s\($0 + 1)" } ?? "\(name)-\(item.node.name)",
        waitsForItsName: slot != nil, delay: Seconds(plan.stagger.value * Double(index)),
        timeLimitMinutes: plan.timeLimitMinutes,
        log: Self.log(of: item.node.name, attempt: item.attempt, in: folder),
        folder: folder, command: command(of: item.node, attempt: item.attempt),
        options: plan.engineOptions)
    }
  }

  /// A rack's name as a part of a job's.
  private static func word(_ rack: String) -> String {
    let kept = rack.utf8.prefix(40).map { byte in
      NodeName(rawValue: String(decoding: [byte], as: UTF8.self)) == nil
        ? UInt8(ascii: "_") : byte
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// How many nodes may begin, or end, at one moment.
  package func greatestStep(_ attempts: [(node: FleetNode, attempt: Int)]) -> Int {
    if plan.stagger.value >= 1 { return 1 }
    guard let slots = plan.slots else { return attempts.count }
    guard plan.slotsArePerRack else { return min(slots, attempts.count) }
    let racks = Dictionary(grouping: attempts) { $0.node.rack ?? "none" }
    return racks.values.reduce(0) { $0 + min(slots, $1.count) }
  }
}
