internal import CHwloc
internal import LinuxSystem
internal import MachineFacts
package import Model

/// Describes the present machine or a captured one.
package struct MachineDetector: Sendable {
  private let sources: DetectionSources

  package init(_ sources: DetectionSources) { self.sources = sources }

  /// Absence is no error, it is in the report; throws `Failure` for a capture that cannot be read.
  package func detect() throws -> DetectionReport {
    if let root = sources.root, !root.isLive { try checkFolder(root) }
    let reader = sources.root.map { FactReader(root: $0) }
    var (facts, topologyGaps) = try topology()
    let text = reader?.text("/proc/cpuinfo")
    let info = text?.value.map { CPUInfo($0) }
    try checkTogether(facts, info)
    let dump = reader.flatMap(cpuidDump)
    let platform = PlatformReader(
      reader: reader, info: info, dump: dump, machineInfos: facts?.machineInfos ?? [:],
      isLive: sources.isLive)
    let description = platform.platform()
    if isBoard(reader, info, facts) { facts = facts?.withOnePackage() }
    let detector = CPUDetector(
      reader: reader, facts: facts, info: info,
      affinity: sources.isLive ? (try? Affinity.allowedCPUs()).map(Set.init) : nil,
      architecture: sources.isLive ? HardwareIdentity.kernel()?.architecture : nil,
      isVirtual: (description.hypervisor.value ?? nil) != nil, dumpedFeatures: dump?.features,
      chip: platform.chip(core: info?.armKinds.first?.name))
    let cpu = detector.describe()
    if cpu != nil, let gap = detector.countsGap { topologyGaps.append(gap) }
    let machine = Machine(
      origin: sources.isLive ? .live : .captured,
      cpu: Reading(cpu, else: missingCPU(text)),
      memory: MemoryReader.read(reader, facts: facts),
      platform: description, operatingSystem: platform.operatingSystem())

    let scan = try pciScan(facts)
    var devices: [Device] = []
    if let cpu {
      devices.append(
        Device(
          id: .cpu, kind: .cpu, hardwareID: cpu.hardwareID,
          name: cpu.modelName.value ?? "unknown CPU"))
    }
    let cards = PCIDevices(functions: scan.functions).devices()
    devices += cards
    if let reader {
      devices += PlatformScanner(reader: reader).devices() + USBScanner(reader: reader).devices()
    }
    return DetectionReport(
      machine: machine, devices: devices, pciFunctions: scan.count,
      gaps: topologyGaps + DetectionGaps.gaps(of: machine, reader: reader)
        + scan.gaps(told: Set(cards.compactMap(\.id.pciAddress))))
  }

  /// Whether this is a board of one ARM or RISC-V chip: described by a device tree, not by firmware tables.
  private func isBoard(_ reader: FactReader?, _ info: CPUInfo?, _ facts: TopologyFacts?) -> Bool {
    let architecture = info?.architecture ?? facts?.machineInfos["Architecture"] ?? ""
    guard ["aarch64", "arm", "riscv64", "riscv32"].contains(architecture) else { return false }
    if let reader, reader.root.exists(MachinePath.firmware) { return false }
    return facts?.machineInfos.keys.contains { $0.hasPrefix("DMI") } != true
  }

  private func checkFolder(_ root: SystemRoot) throws {
    guard root.exists("/sys") || root.exists("/proc") || root.exists(Self.dumpMark) else {
      throw Failure(
        .badInput, "\(root.prefix): no 'sys' or 'proc' folder in it",
        remedy:
          "name the folder that holds them, such as one made by 'hashwatt detect --capture DIR'")
    }
  }

  /// The topology that the sources hold, and why there is none where hwloc finds none in them.
  private func topology() throws -> (facts: TopologyFacts?, gaps: [Reason]) {
    if let file = sources.hwlocXML {
      try TopologyFile.check(file)
      return (try facts(.xml(file)), [])
    }
    guard let root = sources.root, let source = source(root) else { return (nil, []) }
    do {
      return (try facts(source), [])
    } catch {
      return (nil, [Reason(.failed, error.message, remedy: error.remedy)])
    }
  }

  /// What the first thread of a folder of CPUID dumps answered.
  private func cpuidDump(_ reader: FactReader) -> CPUIDDump? {
    guard reader.root.exists(Self.dumpMark), !reader.root.isLive else { return nil }
    let threads = reader.names("/").filter { $0.hasPrefix("pu") }
      .compactMap { Int($0.dropFirst(2)) }
    guard let first = threads.min(), let text = reader.text("/pu\(first)").value else { return nil }
    return CPUIDDump(text)
  }

  /// The file by which hwloc's tools mark a folder of CPUID dumps.
  private static let dumpMark = "/hwloc-cpuid-info"

  private func source(_ root: SystemRoot) -> TopologySource? {
    if root.isLive { return .live }
    if root.exists("/sys/devices/system/cpu") { return .root(root.prefix) }
    return root.exists(Self.dumpMark) ? .cpuid(root.prefix) : nil
  }

  private func facts(_ source: TopologySource) throws(Failure) -> TopologyFacts {
    var facts = TopologyFacts(try HwlocTopology.load(source))
    if facts.allowedCPUs.count < facts.onlineCPUs.count,
      let restricted = try? HwlocTopology.load(source, withDisallowed: false)
    {
      facts.usable = (
        restricted.count(HWLOC_OBJ_PACKAGE), restricted.count(HWLOC_OBJ_NUMANODE)
      )
    }
    return facts
  }

  /// Two captures of different machines must not become one machine.
  private func checkTogether(_ facts: TopologyFacts?, _ info: CPUInfo?) throws {
    guard let file = sources.hwlocXML, let root = sources.root, let info, info.armKinds.isEmpty,
      let known = facts?.packages.lazy.compactMap({ $0.infos["CPUModel"] }).first,
      let other = info.first("model name")
    else { return }
    func plain(_ name: String) -> [Substring] { name.split(whereSeparator: \.isWhitespace) }
    guard plain(known) != plain(other) else { return }
    throw Failure(
      .badInput,
      "\(file) is of a machine with '\(known)', \(root.prefix)/proc/cpuinfo of one with '\(other)'",
      remedy: "name captures of one machine")
  }

  private func missingCPU(_ text: Reading<String>?) -> Reason {
    if sources.isLive { return Reason(.absent, "neither hwloc nor /proc/cpuinfo shows a CPU") }
    if sources.root == nil {
      return .notCaptured(
        "the CPU", "add '--sysroot DIR' or '--hwloc-xml FILE' of the same machine")
    }
    return text?.reason ?? .notCaptured("the CPU")
  }

  private func pciScan(_ facts: TopologyFacts?) throws -> PCIScan {
    let scanner = PCIScanner(names: sources.pciNames)
    if let dump = sources.pciDump { return try scanner.scan(dump: dump, root: sources.root) }
    if let root = sources.root, root.isLive || root.exists("/sys/bus/pci/devices") {
      return scanner.scan(root)
    }
    if let facts, !facts.pciObjects.isEmpty { return scanner.scan(objects: facts.pciObjects) }
    return .missing(
      .notCaptured("the PCI bus", "add '--pci-dump FILE' made with 'sudo lspci -xxxx'"))
  }
}
