internal import LinuxSystem
internal import MachineFacts
internal import MeterCore
package import Model

extension MeterSourceID {
  static let powercap = MeterSourceID("powercap", isOnMachine: true)
}

/// RAPL through `/sys/class/powercap`: the energy counters of CPU packages, DRAM and platform.
package struct PowercapSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .powercap }
  package var summary: String { "RAPL energy counters of the CPU packages (powercap)" }
  package var argumentName: String? { nil }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let root = request.environment.root
    let facts = ProcessorFacts(root)
    let tree = PowercapTree(root)
    guard !tree.zones.isEmpty else {
      return .none(PowercapAbsence.reason(root, facts, tree))
    }
    var discovery = MeterDiscovery()
    var members: [PowercapProbe.Member] = []
    var names: [String: Int] = [:]
    for zone in Self.chosen(tree.zones) {
      switch zone.energy {
      case .unavailable(let reason): discovery.unavailable.append(reason)
      case .value(let file):
        names[zone.path, default: 0] += 1
        let copy = names[zone.path, default: 1]
        let label = copy == 1 ? zone.path : "\(zone.path)@\(zone.folder)"
        members.append(
          PowercapProbe.Member(
            channel: Self.channel(zone, label, facts, root), zone: zone, file: file))
      }
    }
    guard !members.isEmpty else { return discovery }
    return PowercapProbe(environment: request.environment, facts: facts, tree: tree).examine(
      members, discovery)
  }

  /// One control type for each domain: a zone of `intel-rapl-mmio` only where no other zone shows the same (R4).
  static func chosen(_ zones: [PowercapZone]) -> [PowercapZone] {
    let readable = Set(zones.filter { !$0.isMMIO && $0.energy.value != nil }.map(\.path))
    let shown = Set(zones.filter { !$0.isMMIO }.map(\.path))
    return zones.filter { zone in
      guard zone.isMMIO else { return true }
      if readable.contains(zone.path) { return false }
      return zone.energy.value != nil || !shown.contains(zone.path)
    }
  }

  static func channel(
    _ zone: PowercapZone, _ label: String, _ facts: ProcessorFacts, _ root: SystemRoot
  ) -> MeterChannel {
    let isSingleCore = zone.name == .core && facts.isAMD
    let scope: Scope =
      switch zone.name {
      case .package: .cpuPackage
      case .core: .cpuCore
      case .uncore: .cpuUncore
      case .dram: .dram
      case .psys: .psys
      case .unknown: .unknown
      }
    let cover: MeterCover =
      scope == .psys ? .machine : zone.package.map { .package($0) } ?? .unknown
    var part =
      zone.package.map(String.init)
      ?? (zone.name == .psys && label == zone.path ? "platform" : zone.folder)
    if let die = zone.die { part += ".\(die)" }
    var shown = label
    if isSingleCore {
      let cpu = zone.package.flatMap { Self.firstCPU(ofPackage: $0, root) }
      shown = label + "[\(cpu.map { "cpu\($0)" } ?? "one core")]"
      part += "/" + (cpu.map { "cpu\($0)" } ?? "one-core")
    }
    return MeterChannel(
      descriptor: MeterDescriptor(
        id: MeterID(rawValue: "powercap:\(label)"), source: .powercap, label: shown, scope: scope,
        covers: cover, part: part, kind: facts.counterKind, quantity: .energyCounter,
        rawUnit: RawUnit.microjoule.symbol, resolution: nil, updatePeriod: nil,
        accuracy: facts.accuracy(scope),
        privilege: Self.privilege(root, "\(PowercapTree.folder)/\(zone.folder)/energy_uj"),
        wrapRange: zone.range),
      rules: ChannelRules(
        unit: .microjoule, modulus: zone.range.map { ChannelRules.modulus(largestValue: $0) },
        // A cap that was set low is no bound for what the hardware does for some milliseconds.
        maximumPower: zone.maximumPower.map { Watts(max(250, $0.value)) } ?? Watts(1000),
        stallAfter: Seconds(2.5)))
  }

  /// The CPU that the kernel reads a package's registers on: the first that is online.
  private static func firstCPU(ofPackage package: Int, _ root: SystemRoot) -> Int? {
    let folder = "/sys/devices/system/cpu"
    return ((try? root.names(folder)) ?? []).compactMap { name -> Int? in
      guard name.hasPrefix("cpu"), let cpu = Int(name.dropFirst(3)),
        let owner = try? root.integer("\(folder)/\(name)/topology/physical_package_id"),
        owner == package
      else { return nil }
      return cpu
    }.min()
  }

  /// Whose privilege the file's mode demands.
  private static func privilege(_ root: SystemRoot, _ path: String) -> String {
    guard let mode = root.mode(path) else { return "unknown" }
    if mode & 0o004 != 0 { return "none" }
    return mode & 0o040 != 0 ? "group" : "root"
  }
}

/// Why a machine shows no powercap zone (R13).
enum PowercapAbsence {
  private static func module(_ root: SystemRoot) -> String {
    Remedies.module(
      "intel_rapl_msr", root, cost: "none, the counters stay readable by root only")
  }

  static func reason(
    _ root: SystemRoot, _ facts: ProcessorFacts, _ tree: PowercapTree
  ) -> Reason {
    if !tree.dangling.isEmpty {
      return Reason(
        .masked,
        "\(PowercapTree.folder) names \(tree.dangling.count) zones but \(PowercapTree.devices) is empty: masked by the container runtime",
        remedy: Remedies.container)
    }
    let isContainer = (Containers.name(FactReader(root: root)).value ?? nil) != nil
    if isContainer, root.exists(PowercapTree.devices),
      (try? root.names(PowercapTree.devices))?.isEmpty == true
    {
      return Reason(
        .masked, "\(PowercapTree.devices) is empty: masked by the container runtime",
        remedy: Remedies.container)
    }
    if facts.isVirtual {
      return Reason(
        .virtualMachine, "virtual machine: no energy counters are passed to the guest",
        remedy: "measure on the host, or name an external meter with --meter")
    }
    guard facts.mayHaveRAPL else { return facts.noRAPL }
    if !root.exists(PowercapTree.folder) {
      return Reason(
        .moduleMissing,
        "\(PowercapTree.folder) is absent: the kernel has no powercap support loaded",
        remedy: module(root))
    }
    if !root.exists("\(PowercapTree.folder)/intel-rapl") {
      return Reason(
        .moduleMissing, "\(PowercapTree.folder) has no zones: intel_rapl_msr is not loaded",
        remedy: module(root))
    }
    return Reason(
      .unsupported,
      "\(PowercapTree.folder) has no zones: this kernel does not know this processor's counters",
      remedy: "use a newer kernel")
  }
}
