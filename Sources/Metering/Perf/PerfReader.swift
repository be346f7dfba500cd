internal import CLinuxShims
package import LinuxSystem
package import MeterCore
package import Model

/// One package's group of energy events, or one core's: one system call reads them all.
package final class PerfReader: MeterReader {
  package let channels: [MeterChannel]
  package let pace = ReadingPace.inline(guardPeriod: Seconds(1))
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
      channels.append(channel(event, pmu.device, cpu, Int(package), facts))
    }
    return .value(PerfReader(channels, opened))
  }

  /// Why the kernel refused, with the setting that did it (R13).
  package static func refusal(_ error: Errno, _ root: SystemRoot) -> Reason {
    guard error == .permissionDenied || error == .notPermitted else {
      return Reason(.failed, "perf_event_open: \(error)")
    }
    let paranoid = (try? root.integer("/proc/sys/kernel/perf_event_paranoid")).flatMap { $0 }
    if let paranoid, paranoid <= 0 {
      if KernelLockdown(root) == .confidentiality {
        return Reason(
          .lockdown,
          "the kernel is locked down (confidentiality) and refuses perf events, though perf_event_paranoid is \(paranoid)",
          remedy: Remedies.lockdown)
      }
      return Reason(
        .permission,
        "perf events are refused though perf_event_paranoid is \(paranoid): a container's seccomp filter does so",
        remedy: Remedies.perfContainer)
    }
    return Reason(
      .permission,
      "perf_event_paranoid is \(paranoid.map(String.init) ?? "unknown") and refuses system-wide events",
      remedy: "\(Remedies.perfCapability), or \(Remedies.perfParanoid)")
  }

  package static func channel(
    _ event: PerfPMU.Event, _ device: PerfPMU.Device, _ cpu: Int, _ package: Int,
    _ facts: ProcessorFacts
  ) -> MeterChannel {
    let scope: Scope =
      switch event.name {
      case "energy-pkg": .cpuPackage
      case "energy-cores", "energy-core": .cpuCore
      case "energy-gpu": .cpuUncore
      case "energy-ram": .dram
      case "energy-psys": .psys
      default: .unknown
      }
    let cover: MeterCover =
      switch scope {
      case .psys: .machine
      case .unknown: .unknown
      default: .package(package)
      }
    let place: (label: String, shown: String, part: String) =
      switch device {
      case .core: ("\(event.name)@cpu\(cpu)", "core[cpu\(cpu)]", "\(package)/cpu\(cpu)")
      case .power:
        (
          "\(event.name)@package-\(package)", "\(event.name)@package-\(package) (cpu\(cpu))",
          scope == .psys ? "platform" : "\(package)"
        )
      }
    return MeterChannel(
      descriptor: MeterDescriptor(
        id: MeterID(rawValue: "perf:\(place.label)"), source: .perf, label: place.shown,
        scope: scope, covers: cover, part: place.part, kind: facts.counterKind,
        quantity: .energyCounter,
        rawUnit: RawUnit.perf.symbol, resolution: nil, updatePeriod: nil,
        accuracy: facts.accuracy(scope), privilege: "CAP_PERFMON"),
      rules: ChannelRules(unit: .perf, maximumPower: Watts(1000), stallAfter: Seconds(2.5)))
  }

  package func read(_ clock: any MonotonicClock) -> [ChannelReading] {
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
