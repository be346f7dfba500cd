internal import LinuxSystem
internal import MachineFacts
internal import Model

/// What could not be read of a machine and how to make it readable.
enum DetectionGaps {
  static func gaps(of machine: Machine, reader: FactReader?) -> [Reason] {
    // A replay of PCI devices alone: one sentence says all.
    if let reason = machine.cpu.reason, reader == nil {
      return [
        Reason(
          reason.code, "the CPU, memory, firmware and hypervisor were not captured",
          remedy: reason.remedy)
      ]
    }
    var gaps: [Reason] = []
    func add(_ subject: String, _ reason: Reason?) {
      guard let reason else { return }
      gaps.append(Reason(reason.code, "\(subject): \(reason.message)", remedy: reason.remedy))
    }
    add("CPU", machine.cpu.reason)
    add("memory size", machine.memory.reason)
    let type = machine.memory.value?.type.reason
    let speed = machine.memory.value?.speedMTps.reason
    add(type == speed ? "memory type and speed" : "memory type", type)
    if type != speed { add("memory speed", speed) }
    if let cpu = machine.cpu.value {
      gaps += [cpu.modelName, cpu.features.map { _ in "" }, cpu.caches.map { _ in "" }]
        .compactMap(\.reason)
      add("CPU clock", cpu.maximumFrequencyHz.reason)
    }
    add("board", machine.platform.boardName.reason)
    if let reason = machine.platform.hypervisor.reason { gaps.append(reason) }
    var seen: Set<Reason> = []
    return gaps.filter { seen.insert($0).inserted }
  }
}
