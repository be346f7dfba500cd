internal import CLinuxShims
internal import LinuxSystem
internal import Model

/// RAPL through the kernel's perf events: the fallback where powercap may not be read, and its cross-check.
package struct PerfSource: MeterSource {
  package init() {}

  package var name: String { "perf" }
  package var summary: String { "RAPL energy counters through perf events" }
  package var argumentName: String? { nil }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let root = request.environment.root
    let facts = ProcessorFacts(root)
    guard let pmu = PerfPMU(root, facts) else {
      return .none(
        facts.isVirtual
          ? Reason(.virtualMachine, "virtual machine: no power PMU is passed to the guest")
          : Reason(
            .moduleMissing, "\(PerfPMU.folder) is absent: the rapl module is not loaded",
            remedy: "run 'sudo modprobe rapl' (cost: none)"))
    }
    // Counters cannot be opened on a captured machine.
    guard root.isLive else {
      return .none(Reason(.notCaptured, "perf events cannot be read from a captured machine"))
    }
    var discovery = MeterDiscovery(unavailable: pmu.refused)
    guard !pmu.events.isEmpty, !pmu.cpus.isEmpty else {
      discovery.unavailable.append(
        Reason(.unsupported, "\(PerfPMU.folder) lists no energy event that can be used"))
      return discovery
    }
    for cpu in pmu.cpus {
      switch PerfReader.open(pmu, cpu, facts, root) {
      case .value(let reader): discovery.readers.append(reader)
      case .unavailable(let reason): discovery.unavailable.append(reason)
      }
    }
    return request.environment.probing == .full
      ? PerfProbe.examine(discovery, request.environment.clock, facts) : discovery
  }
}

/// One package's group of energy events: one system call reads them all.
final class PerfReader: MeterReader {
  let channels: [MeterChannel]
  let pace = ReadingPace.inline(guardPeriod: Seconds(1))
  /// The leader first; the others are held open for it.
  private let descriptors: [OpenEvent]

  final class OpenEvent: Sendable {
    let descriptor: FileDescriptor
    init(_ number: CInt, _ name: String) {
      descriptor = FileDescriptor.adopting(number, name: name)
    }
  }

  private init(_ channels: [MeterChannel], _ descriptors: [OpenEvent]) {
    self.channels = channels
    self.descriptors = descriptors
  }

  static func open(
    _ pmu: PerfPMU, _ cpu: Int, _ facts: ProcessorFacts, _ root: SystemRoot
  ) -> Reading<any MeterReader> {
    var opened: [OpenEvent] = []
    var channels: [MeterChannel] = []
    let topology = "/sys/devices/system/cpu/cpu\(cpu)/topology"
    let package = (try? root.integer("\(topology)/physical_package_id")).flatMap { $0 } ?? 0
    for event in pmu.events {
      let number = hw_perf_open(
        pmu.type, event.config, CInt(cpu), opened.first?.descriptor.number ?? -1)
      guard number >= 0 else { return .unavailable(refusal(Errno(rawValue: -number), root)) }
      opened.append(OpenEvent(number, event.name))
      channels.append(channel(event, cpu, Int(package), facts))
    }
    return .value(PerfReader(channels, opened))
  }

  /// Why the kernel refused, with the setting that did it (R13).
  static func refusal(_ error: Errno, _ root: SystemRoot) -> Reason {
    let paranoid = (try? root.integer("/proc/sys/kernel/perf_event_paranoid")).flatMap { $0 }
    switch error {
    case .permissionDenied, .notPermitted:
      return Reason(
        .permission,
        "perf_event_paranoid is \(paranoid.map(String.init) ?? "unknown") and refuses system-wide events",
        remedy: "\(Remedies.perfCapability), or \(Remedies.perfParanoid)")
    default: return Reason(.failed, "perf_event_open: \(error)")
    }
  }

  private static func channel(
    _ event: PerfPMU.Event, _ cpu: Int, _ package: Int, _ facts: ProcessorFacts
  ) -> MeterChannel {
    let scope: Scope =
      switch event.name {
      case "energy-pkg": .cpuPackage
      case "energy-cores": .cpuCore
      case "energy-gpu": .cpuUncore
      case "energy-ram": .dram
      case "energy-psys": .psys
      default: .unknown
      }
    let label = "\(event.name)@package-\(package)"
    return MeterChannel(
      descriptor: MeterDescriptor(
        id: MeterID(rawValue: "perf:\(label)"), source: "perf", label: "\(label) (cpu\(cpu))",
        scope: scope, part: scope == .psys ? "platform" : "\(package)", kind: facts.counterKind,
        quantity: .energyCounter, rawUnit: RawUnit.perf.symbol, resolution: nil, updatePeriod: nil,
        accuracy: facts.accuracy(scope), privilege: "CAP_PERFMON"),
      rules: ChannelRules(unit: .perf, maximumPower: Watts(1000), stallAfter: Seconds(2.5)))
  }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    var counts = [UInt64](repeating: 0, count: channels.count)
    let began = clock.now()
    let found = unsafe counts.withUnsafeMutableBufferPointer { buffer -> CInt in
      guard let start = buffer.baseAddress, let leader = descriptors.first else { return 0 }
      return unsafe hw_perf_read(leader.descriptor.number, start, CInt(buffer.count))
    }
    let instant = Instant.midpoint(began, clock.now())
    return channels.indices.map { index in
      let value: Reading<UInt64> =
        index < Int(found)
        ? .value(counts[index])
        : .unavailable(
          Reason(
            .lost,
            "perf: \(found < 0 ? Errno(rawValue: -found).description : "a count is missing")"))
      return ChannelReading(channel: index, instant: instant, value: value)
    }
  }
}

/// Tries the perf counters out before they are trusted.
enum PerfProbe {
  static func examine(
    _ discovery: MeterDiscovery, _ clock: any MonotonicClock, _ facts: ProcessorFacts
  ) -> MeterDiscovery {
    var discovery = discovery
    var readers: [any MeterReader] = []
    for reader in discovery.readers {
      let probes = CounterProbe.watch(reader, clock)
      var good: Set<Int> = []
      var channels = reader.channels
      for (index, probe) in probes.enumerated() {
        let descriptor = channels[index].descriptor
        if let reason = PowercapProbe.refusal(descriptor, probe) {
          discovery.unavailable.append(
            facts.isVirtual && probe.last == 0
              ? Reason(
                .virtualMachine,
                "\(descriptor.id): virtual machine, the hypervisor shows a counter that reads 0")
              : reason)
          continue
        }
        good.insert(index)
        channels[index] = PowercapProbe.refined(channels[index], probe)
        discovery.checks.append(PowercapProbe.tickCheck(descriptor, probe))
      }
      if !good.isEmpty {
        readers.append(SubsetReader(reader, channels, keeping: good))
      }
    }
    discovery.readers = readers
    return discovery
  }
}
