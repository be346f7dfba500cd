package import Analysis
package import Model
internal import Statistics
internal import Text

/// A recorded fact of a machine by which sisters may differ, such as its power limit.
package struct NodeFact: Hashable, Sendable {
  /// As the files spell it; stable.
  package let name: String
  /// For people.
  package let title: String

  package init(_ name: String, _ title: String) {
    self.name = name
    self.title = title
  }
}

/// What one node's results say of the machine, as far as sisters may differ in it.
package struct NodeFacts: Hashable, Sendable {
  /// Longer texts of strangers' files are cut; they are compared as cut.
  private static let longestText = 120

  /// Each as a person reads it; a fact that was not recorded is left out.
  package private(set) var texts: [NodeFact: String] = [:]
  /// Hottest CPU sensor during the windows, in degrees Celsius.
  package private(set) var temperature: Double?
  /// Median over the windows of the cores' mean clock, in hertz.
  package private(set) var clock: Double?
  /// Names of checks that failed.
  package private(set) var failedChecks: Set<String> = []
  /// Tells one boot of one machine from every other.
  package private(set) var bootID: String?
  /// When the run began and ended, seconds since 1970.
  package let startedAt: Double
  package let endedAt: Double

  package init(_ result: RunResult) {
    startedAt = result.startedAt
    endedAt = result.endedAt
    failedChecks = Set(
      result.checks.filter { $0.verdict == .fail }.map { Self.cut($0.name.rawValue) })
    let state = result.samples.lazy.compactMap(\.stateBefore).first
    bootID = state?.text(.bootID).map(Self.cut)
    note(state)
    note(result.machine)
    note(devices: result.devices, state)
    let loads = result.samples.filter { $0.kind == .load }
    temperature =
      loads.compactMap {
        $0.stateAfter?.number(.temperatureDuring) ?? $0.stateAfter?.number(.temperature)
      }.max().map { $0 / 1000 }
    clock = Descriptive.median(loads.compactMap { $0.stateAfter?.number(.frequency) })
      .map { $0 * 1000 }
  }

  private static func cut(_ text: String) -> String { String(text.prefix(longestText)) }

  private mutating func note(_ name: String, _ title: String, _ text: String?) {
    guard let text, !text.isEmpty else { return }
    texts[NodeFact(name, title)] = Self.cut(text)
  }

  // MARK: What the state before the first window says

  /// A fact as results name it, with the title that it has among these.
  package static func fact(named name: String) -> NodeFact {
    let title = settings.first { $0.0.rawValue == name }?.1
    return NodeFact(name, title ?? name)
  }

  private static let settings: [(StateFact, String)] = [
    (.longTermPowerLimit, "PL1"), (.longTermWindow, "PL1's time window"),
    (.shortTermPowerLimit, "PL2"), (.governor, "governor"), (.scalingDriver, "driver"),
    (.energyPreference, "EPP"), (.minimumFrequency, "lowest clock"),
    (.maximumFrequency, "highest clock"), (.turbo, "turbo"),
    (.platformProfile, "platform profile"), (.disabledIdleStates, "idle states off"),
    (.intelIdleMaximumState, "deepest idle state"), (.mainsOnline, "mains"),
    (.onlineCPUs, "CPUs online"), (.isolatedCPUs, "CPUs isolated"),
    (.simultaneousMultithreading, "SMT"), (.transparentHugePages, "THP"),
    (.numaBalancing, "NUMA balancing"),
  ]

  private mutating func note(_ state: MachineState?) {
    for (fact, title) in Self.settings {
      note(fact.rawValue, title, state?.facts[fact]?.value.map { Self.text($0, of: fact) })
    }
  }

  /// A value with its unit, by the end of the fact's name.
  static func text(_ value: StateValue, of fact: StateFact) -> String {
    switch value {
    case .text(let text): text
    case .flag(let flag): flag ? "on" : "off"
    case .integer(let number): text(Double(number), of: fact)
    case .number(let number): text(number, of: fact)
    }
  }

  private static func text(_ number: Double, of fact: StateFact) -> String {
    if fact.name.hasSuffix("_uw") {
      return "\(DecimalText.rounded(number / 1e6, decimals: 1)) W"
    }
    if fact.name.hasSuffix("_us") {
      return "\(DecimalText.rounded(number / 1e6, decimals: 3)) s"
    }
    if fact.name.hasSuffix("_khz") {
      return "\(DecimalText.rounded(number / 1e6, decimals: 2)) GHz"
    }
    return DecimalText.rounded(number, decimals: 2)
  }

  // MARK: What the machine's description says

  private mutating func note(_ machine: Machine) {
    let memory = machine.memory.value
    note("memory_type", "memory", memory?.type.value)
    note("memory_speed_mtps", "memory speed", memory?.speedMTps.value.map { "\($0) MT/s" })
    let cpu = machine.cpu.value
    note("microcode", "microcode", cpu?.microcode.value)
    note("stepping", "stepping", cpu?.stepping.value.map { "\($0)" })
    note("allowed_cpus", "CPUs allowed", cpu?.allowedCPUs.value.map { "\($0.count)" })
    // That of the process's own control groups; only a quota is recorded.
    note(
      CPUSetting.quota.rawValue, "CPU quota",
      cpu.map { $0.cpuQuota.map { "\(DecimalText.rounded($0, decimals: 2)) CPUs" } ?? "none" })
    let platform = machine.platform
    note("board_name", "board", platform.boardName.value)
    note("firmware_version", "firmware", platform.firmwareVersion.value)
    note("firmware_date", "firmware's date", platform.firmwareDate.value)
    note("hypervisor", "hypervisor", platform.hypervisor.value.map { $0 ?? "none" })
    note("container", "container", platform.container.value.map { $0 ?? "none" })
    let system = machine.operatingSystem
    note("os", "operating system", system.name.value)
    note("kernel_release", "kernel release", system.kernelRelease.value)
    note("kernel_command_line", "kernel parameters", system.kernelCommandLine.value)
    let mitigations = system.mitigations.value?.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value)" }.joined(separator: ";")
    note("mitigations", "mitigations", mitigations)
  }

  private mutating func note(devices: [Device], _ state: MachineState?) {
    for device in devices where device.id != .cpu {
      for (fact, title) in [
        (StateFact.powerLimit, "power limit"), (.throttleReasons, "throttle reasons"),
      ] {
        let own = fact.of(device.id)
        note(
          own.rawValue, "\(title) of \(device.id)",
          state?.facts[own]?.value.map { Self.text($0, of: fact) })
      }
    }
  }
}

extension NodeFact: Comparable, PackedParts {
  package static func < (left: NodeFact, right: NodeFact) -> Bool {
    (left.name, left.title) < (right.name, right.title)
  }

  package static func parts(
    _ part: inout some PartList<NodeFact>
  ) throws(UnpackingProblem) -> NodeFact { NodeFact(try part(\.name), try part(\.title)) }
}

extension NodeFacts: PackedParts {
  package static func parts(
    _ part: inout some PartList<NodeFacts>
  ) throws(UnpackingProblem) -> NodeFacts {
    var facts = NodeFacts(startedAt: try part(\.startedAt), endedAt: try part(\.endedAt))
    facts.texts = try part(\.texts)
    facts.temperature = try part(\.temperature)
    facts.clock = try part(\.clock)
    facts.failedChecks = Set(try part { $0.failedChecks.sorted() })
    facts.bootID = try part(\.bootID)
    return facts
  }

  private init(startedAt: Double, endedAt: Double) {
    self.startedAt = startedAt
    self.endedAt = endedAt
  }
}
