internal import Fleet
internal import Model

/// A fleet whose results are collected.
struct CollectedFleet: Sendable {
  let folder: FleetFolder
  let plan: FleetPlan
  /// What its nodes must have recorded.
  let expected: [ExpectedFact]
  let assignment: FleetAssignment

  init(_ folder: FleetFolder) throws {
    self.folder = folder
    plan = try folder.plan()
    expected = try FleetCommand.expectedFacts(plan.expected)
    assignment = FleetAssignment(plan)
  }

  /// What is known of a node that left no result.
  func missing(_ name: String) -> String {
    guard let node = plan.nodes.first(where: { $0.name.rawValue == name }),
      let attempt = node.attempts.last
    else { return "it was never submitted" }
    return folder.lastLine(node.name, attempt.number) ?? "no result, and no line in its log"
  }
}

/// Whose a result is.
struct NodeKey: Hashable, Comparable {
  let name: String
  /// Index of its fleet among those that are collected; nil without any.
  let fleet: Int?
  /// Where no fleet tells what is collected together apart, and the result itself does.
  let setting: NodeSetting?

  static func < (left: NodeKey, right: NodeKey) -> Bool {
    (left.name, left.fleet ?? -1, left.setting?.value ?? "")
      < (right.name, right.fleet ?? -1, right.setting?.value ?? "")
  }
}
