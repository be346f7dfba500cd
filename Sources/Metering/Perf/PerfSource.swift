internal import LinuxSystem
internal import MeterCore
package import Model

extension MeterSourceID {
  static let perf = MeterSourceID("perf", isOnMachine: true)
}

/// RAPL through the kernel's perf events: the fallback where powercap may not be read, and its cross-check.
package struct PerfSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .perf }
  package var summary: String { "RAPL energy counters through perf events" }
  package var argumentName: String? { nil }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let root = request.environment.root
    let facts = ProcessorFacts(root)
    let cores = PerfPMU(root, facts, .core)
    if let cores, let name = request.channel, name.hasPrefix("perf:\(Self.coreEvent)@") {
      return Self.core(name, cores, facts, request.environment)
    }
    guard let pmu = PerfPMU(root, facts) else {
      return .none(
        facts.isVirtual
          ? Reason(.virtualMachine, "virtual machine: no power PMU is passed to the guest")
          : !facts.mayHaveRAPL
            ? facts.noRAPL
            : Reason(
              .moduleMissing,
              "\(PerfPMU.Device.power.folder) is absent: the rapl module is not loaded",
              remedy: Remedies.module("rapl", root, cost: "none")))
    }
    var discovery = MeterDiscovery(unavailable: pmu.refused)
    // Counters cannot be opened on a captured machine.
    guard root.isLive else {
      discovery.unavailable.append(Self.notCaptured)
      return discovery
    }
    guard !pmu.events.isEmpty, !pmu.cpus.isEmpty else {
      discovery.unavailable.append(
        Reason(
          .unsupported,
          "\(PerfPMU.Device.power.folder) lists no energy event that can be used"))
      return discovery
    }
    for cpu in pmu.cpus {
      switch PerfReader.open(pmu, cpu, facts, root) {
      case .value(let reader): discovery.readers.append(reader)
      case .unavailable(let reason): discovery.unavailable.append(reason)
      }
    }
    if let cores, !discovery.readers.isEmpty { discovery.checks.append(Self.offer(cores)) }
    return request.environment.probing == .full
      ? PerfProbe.examine(discovery, request.environment.clock, facts) : discovery
  }

  static let notCaptured = Reason(
    .notCaptured, "perf events cannot be read from a captured machine")

  // MARK: Single cores

  static let coreEvent = "energy-core"

  /// Some dozens of channels that nobody needs at once: they are opened where one is named.
  private static func offer(_ pmu: PerfPMU) -> Check {
    let name = CheckName.meterCores
    guard let first = pmu.cpus.first, let last = pmu.cpus.last,
      pmu.events.contains(where: { $0.name == coreEvent })
    else {
      return Check(
        name: name, verdict: .unknown,
        message: "\(PerfPMU.Device.core.folder) lists no \(coreEvent) that can be used")
    }
    return Check(
      name: name, verdict: .pass,
      message: "\(pmu.cpus.count) single cores can be measured too, one each by "
        + "--meter perf:\(coreEvent)@cpu\(first) to cpu\(last)")
  }

  private static func core(
    _ name: String, _ pmu: PerfPMU, _ facts: ProcessorFacts, _ environment: MeterEnvironment
  ) -> MeterDiscovery {
    guard let cpu = pmu.cpus.first(where: { "perf:\(coreEvent)@cpu\($0)" == name }) else {
      return .none(
        Reason(
          .absent, "perf has no channel \(name)",
          remedy: "name one CPU of each core: \(pmu.cpus.map(String.init).joined(separator: ", "))")
      )
    }
    guard environment.root.isLive else { return .none(notCaptured) }
    switch PerfReader.open(pmu, cpu, facts, environment.root) {
    case .unavailable(let reason): return .none(reason)
    case .value(let reader):
      let discovery = MeterDiscovery(readers: [reader])
      return environment.probing == .full
        ? PerfProbe.examine(discovery, environment.clock, facts) : discovery
    }
  }
}

/// Tries the perf counters out before they are trusted.
package enum PerfProbe {
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
        channels[index].rules.lostWrap = lostWrap(probe)
        discovery.checks.append(PowercapProbe.tickCheck(descriptor, probe))
      }
      if !good.isEmpty {
        readers.append(SubsetReader(reader, channels, keeping: good))
      }
    }
    discovery.readers = readers
    return discovery
  }

  /// What a count loses when the kernel misses a wrap of the 32-bit register: 2^32 of the register's units.
  ///
  /// The unit is the step that the probe saw, a power of two of the count's own; nil where too few steps were seen to
  /// believe it, and then a count that runs backwards is only a fault.
  package static func lostWrap(_ probe: CounterProbe) -> UInt64? {
    guard probe.steps.count >= 4, let unit = probe.unit(range: nil),
      let step = UInt64(exactly: unit), (1 << 8)...(1 << 28) ~= step, step.nonzeroBitCount == 1
    else { return nil }
    return step << 32
  }
}
