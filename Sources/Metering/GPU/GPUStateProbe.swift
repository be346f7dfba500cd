internal import CLinuxShims
package import LinuxSystem
package import Model

/// The machine's state with that of its GPUs: clocks, temperature, limit, and why they run slower than they could.
package struct GPUStateProbe: StateProbe {
  private let machine: any StateProbe
  private let library: NVMLLibrary?
  /// Which device each of the library's numbers is.
  private let devices: [(index: UInt32, id: DeviceID)]
  /// AMD's and Intel's.
  private let others: [KernelGPUState]

  /// Adds the GPUs that NVML and the drivers of the kernel show to what `machine` reads.
  package init(_ machine: any StateProbe, root: SystemRoot, variables: [String: String]) {
    self.machine = machine
    let given = variables["HASHWATT_NVML_LIBRARY"]
    let library =
      root.isLive || given != nil
      ? NVMLLibrary.open(given ?? "libnvidia-ml.so.1").value : nil
    self.library = library
    devices = (0..<(library?.count ?? 0)).compactMap { index in
      guard let address = library?.describe(index).value?.address, let place = PCIAddress(address)
      else { return nil }
      return (index, .pci(place))
    }
    others = KernelGPUState.all(root)
  }

  package func read() -> MachineState { joined(machine.read()) }
  package func readBriefly() -> MachineState { joined(machine.readBriefly()) }

  private func joined(_ state: MachineState) -> MachineState {
    var state = state
    if let library {
      for (index, device) in devices {
        state.facts.merge(Self.facts(library.state(index), of: device)) { $1 }
      }
    }
    for other in others { state.facts.merge(other.facts()) { $1 } }
    return state
  }

  /// Those that the driver tells.
  private static func facts(
    _ state: hw_nvml_state, of device: DeviceID
  ) -> [StateFact: Reading<StateValue>] {
    var facts: [StateFact: Reading<StateValue>] = [:]
    func set(_ fact: StateFact, _ value: Int64, times factor: Int64) {
      if value >= 0 { facts[fact.of(device)] = .value(.integer(value * factor)) }
    }
    set(.clock, state.sm_mhz, times: 1000)
    set(.memoryClock, state.memory_mhz, times: 1000)
    set(.deviceTemperature, state.celsius, times: 1000)
    set(.powerLimit, state.limit_mw, times: 1000)
    if state.throttle_reasons >= 0 {
      facts[StateFact.throttleReasons.of(device)] = .value(
        .text(ThrottleReason.text(UInt64(state.throttle_reasons))))
    }
    return facts
  }
}

/// NVML's bits of why a clock is not higher, as its documentation lists them.
private enum ThrottleReason {
  private static let words: [(bit: UInt64, word: String)] = [
    (0x1, "idle"), (0x2, "application-clocks"), (0x4, "power-cap"), (0x8, "hardware-slowdown"),
    (0x10, "sync-boost"), (0x20, "thermal"), (0x40, "hardware-thermal"), (0x80, "power-brake"),
    (0x100, "display-clocks"),
  ]

  static func text(_ bits: UInt64) -> String {
    let known = words.filter { bits & $0.bit != 0 }.map(\.word)
    let rest = words.reduce(bits) { $0 & ~$1.bit }
    return (known + (rest == 0 ? [] : ["other"])).joined(separator: ",")
  }
}
