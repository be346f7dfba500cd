internal import LinuxSystem
internal import Model

/// The state of one AMD or Intel GPU, from the files of its kernel driver.
///
/// Sources: the kernel's documents of amdgpu (`gpu/amdgpu/thermal`, and `gpu_metrics` in `kgd_pp_interface.h`), of xe and of i915
/// (`ABI/testing/sysfs-driver-intel-xe-hwmon`, `sysfs-driver-intel-i915-hwmon`, the frequency files of both).
struct KernelGPUState: Sendable {
  let device: DeviceID
  private let root: SystemRoot
  /// Its folder among the PCI devices.
  private let base: String
  private let sensors: String?
  /// Where Intel's drivers tell clock and throttling.
  private let frequency: Frequency?

  private struct Frequency: Sendable {
    let clock: String
    let folder: String
    let prefix: String
  }

  /// Those of a machine, in the order of the bus; empty for cards of other drivers.
  static func all(_ root: SystemRoot) -> [KernelGPUState] {
    let folder = "/sys/bus/pci/devices"
    return ((try? root.names(folder)) ?? []).sorted().compactMap { name in
      let base = "\(folder)/\(name)"
      guard let address = PCIAddress(name), root.exists("\(base)/drm") else { return nil }
      return KernelGPUState(root, base, .pci(address))
    }
  }

  private init?(_ root: SystemRoot, _ base: String, _ device: DeviceID) {
    self.root = root
    self.base = base
    self.device = device
    func names(_ folder: String) -> [String] { ((try? root.names(folder)) ?? []).sorted() }
    let drivers: Set<String> = ["amdgpu", "xe", "i915"]
    sensors = names("\(base)/hwmon").map { "\(base)/hwmon/\($0)" }.first {
      drivers.contains((try? root.text("\($0)/name")) ?? "")
    }
    let xe = "\(base)/tile0/gt0/freq0"
    let i915 = names("\(base)/drm").filter { $0.hasPrefix("card") }
      .map { "\(base)/drm/\($0)/gt/gt0" }.first { root.exists($0) }
    if root.exists(xe) {
      frequency = Frequency(clock: "\(xe)/act_freq", folder: "\(xe)/throttle", prefix: "reason_")
    } else {
      frequency = i915.map {
        Frequency(clock: "\($0)/rps_act_freq_mhz", folder: $0, prefix: "throttle_reason_")
      }
    }
    guard sensors != nil || frequency != nil else { return nil }
  }

  /// A number above 0; 0 stands for a sensor that is not there, and for a clock that is stopped.
  private func number(_ path: String) -> Int64? {
    guard let number = try? root.integer(path), number > 0 else { return nil }
    return number
  }

  /// Those that the driver tells; none of a card that sleeps, which asking would wake.
  func facts() -> [StateFact: Reading<StateValue>] {
    if let status = try? root.text("\(base)/power/runtime_status"), status != "active" {
      return [:]
    }
    var facts: [StateFact: Reading<StateValue>] = [:]
    func set(_ fact: StateFact, _ value: Int64?) {
      if let value { facts[fact.of(device)] = .value(.integer(value)) }
    }
    if let sensors {
      set(.clock, number("\(sensors)/freq1_input").map { $0 / 1000 })
      set(.memoryClock, number("\(sensors)/freq2_input").map { $0 / 1000 })
      set(
        .deviceTemperature,
        number("\(sensors)/temp1_input") ?? number("\(sensors)/temp2_input"))
      set(.powerLimit, number("\(sensors)/power1_cap") ?? number("\(sensors)/power1_max"))
    }
    if let frequency { set(.clock, number(frequency.clock).map { $0 * 1000 }) }
    if let reasons = reasons() {
      facts[StateFact.throttleReasons.of(device)] = .value(.text(reasons.joined(separator: ",")))
    }
    return facts
  }

  // MARK: Why it runs slower

  /// In the words that are used of every card; nil where the driver does not tell.
  private func reasons() -> [String]? {
    guard let frequency else { return metrics().map(Self.words) }
    let names = ((try? root.names(frequency.folder)) ?? []).filter {
      $0.hasPrefix(frequency.prefix) && !$0.hasSuffix("status")
    }
    guard !names.isEmpty else { return nil }
    let active = names.filter { number("\(frequency.folder)/\($0)") != nil }
      .map { String($0.dropFirst(frequency.prefix.count)) }
    return Self.unique(active.map(Self.word))
  }

  private static func word(_ intel: String) -> String {
    switch intel {
    case "pl1", "pl2", "pl4": "power-cap"
    case "thermal", "ratl", "vr_thermalert": "thermal"
    case "prochot": "hardware-thermal"
    case "vr_tdc": "current-limit"
    default: "other"
    }
  }

  private static func unique(_ words: [String]) -> [String] { Array(Set(words)).sorted() }

  /// The bits of `indep_throttle_status`, which mean the same on every card: of `gpu_metrics` 1.3, 120 bytes long, the last eight.
  private func metrics() -> UInt64? {
    guard let bytes = try? root.bytes("\(base)/gpu_metrics", limit: 1 << 16), bytes.count >= 120,
      bytes[0] == 120, bytes[1] == 0, bytes[2] == 1, bytes[3] == 3
    else { return nil }
    let bits = bytes[112..<120].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    // All ones: this card does not tell.
    return bits == .max ? nil : bits
  }

  private static func words(_ bits: UInt64) -> [String] {
    let groups: [(bits: ClosedRange<UInt64>, word: String)] = [
      (0...15, "power-cap"), (16...31, "current-limit"), (32...43, "thermal"),
      (44...47, "hardware-thermal"), (48...63, "other"),
    ]
    return groups.filter { group in group.bits.contains { bits >> $0 & 1 != 0 } }.map(\.word)
      .sorted()
  }
}
