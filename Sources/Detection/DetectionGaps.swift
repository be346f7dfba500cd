internal import LinuxSystem
internal import Model

/// What could not be read of a machine and how to make it readable.
enum DetectionGaps {
  static func gaps(of machine: Machine, reader: SysfsReader?) -> [Reason] {
    var gaps: [Reason] = []
    if let reason = machine.cpu.reason { gaps.append(reason) }
    if let reason = machine.memory.reason { gaps.append(reason) }
    if let reason = machine.memory.value?.type.reason { gaps.append(reason) }
    if let cpu = machine.cpu.value {
      gaps += [cpu.modelName.reason, cpu.features.reason, cpu.maximumFrequencyHz.reason]
        .compactMap(\.self)
    }
    gaps += [machine.platform.boardName.reason, machine.platform.hypervisor.reason]
      .compactMap(\.self)
    var seen: Set<Reason> = []
    return gaps.filter { seen.insert($0).inserted }
  }
}
