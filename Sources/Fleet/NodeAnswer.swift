package import Analysis
package import Model
internal import Text

/// What came back from one node.
package struct NodeAnswer: Hashable, Sendable {
  /// Whether the answer counts, and if not, why.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Complete, and as far as it was asked, true.
    case measured
    /// Interrupted: what there is may be true, but it is not the plan.
    case partial
    /// Something in it is not true.
    case refuted = "false"
    /// No result can be made of the file.
    case unreadable
    /// A recorded fact is not the one that was expected.
    case refused
    /// Nothing came.
    case missing
  }

  /// As whoever collects calls it: the engine's name, or that of a file.
  package let name: String
  /// Files that the answer is made of, in order of name.
  package let files: [String]
  package let state: State
  /// Whether the work was hashed again.
  package let isVerified: Bool
  /// What is to be said of the state: the first false thing, the reason of an early end.
  package let remark: String?
  /// Of results that count; empty otherwise.
  package let figures: [Figure]
  package let identity: SisterIdentity?
  package let facts: NodeFacts?
  /// What the node was set to, where that tells what is collected together apart.
  package let setting: NodeSetting?

  /// The name, with the setting where there is one.
  package var title: String { setting.map { "\(name) at \($0.text)" } ?? name }

  package init(
    name: String, files: [String], state: State, isVerified: Bool, remark: String? = nil,
    figures: [Figure] = [], identity: SisterIdentity? = nil, facts: NodeFacts? = nil,
    setting: NodeSetting? = nil
  ) {
    self.name = name
    self.files = files
    self.state = state
    self.isVerified = isVerified
    self.remark = remark
    self.figures = figures
    self.identity = identity
    self.facts = facts
    self.setting = setting
  }
}

/// What must be equal before two machines may be held against one another.
package struct SisterIdentity: Hashable, Sendable {
  package let hardwareID: HardwareID
  package let deviceName: String
  package let memory: ByteCount?
  package let plan: Plan
  package let tool: ToolIdentity

  package init(_ result: RunResult) {
    let device = result.devices.first
    let cpu = result.machine.cpu.value
    hardwareID =
      cpu?.hardwareID ?? device?.hardwareID ?? HardwareID(rawValue: "unknown")
    deviceName = cpu?.modelName.value ?? device?.name ?? hardwareID.rawValue
    memory = result.machine.memory.value?.total
    plan = result.plan
    tool = result.tool
  }

  /// The plan in a few words.
  package var planText: String {
    plan.suite
      ?? "window \(DecimalText.rounded(plan.window.value, decimals: 3)) s, "
      + CountText.text(plan.minimumRepeats, "repeat")
  }
}
