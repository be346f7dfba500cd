internal import CLinuxShims
internal import LinuxSystem
package import MeterCore
package import Model

extension MeterSourceID {
  static let nvml = MeterSourceID("nvml", isOnMachine: true)
}

/// NVIDIA GPUs through their management library, which is loaded only where it is installed.
package struct NVMLSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .nvml }
  package var summary: String { "NVIDIA GPUs (NVML)" }
  package var argumentName: String? { nil }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let given = request.environment.variables["HASHWATT_NVML_LIBRARY"]
    guard request.environment.root.isLive || given != nil else {
      return .none(Reason(.notCaptured, "GPUs cannot be asked on a captured machine"))
    }
    let library: NVMLLibrary
    switch NVMLLibrary.open(given ?? "libnvidia-ml.so.1") {
    case .value(let opened): library = opened
    case .unavailable(let reason): return .none(reason)
    }
    var discovery = MeterDiscovery()
    var pairs: [NVMLReader] = []
    for index in 0..<library.count {
      switch NVMLReader.open(library, index) {
      case .unavailable(let reason): discovery.unavailable.append(reason)
      case .value(let reader):
        discovery.readers.append(reader)
        if reader.channels.count == 2 { pairs.append(reader) }
      }
    }
    if request.environment.probing == .full {
      // All at once: each takes five seconds.
      let clock = request.environment.clock
      discovery.checks += Concurrently.map(pairs) { NVMLReader.ratioCheck($0, clock) }
    }
    if library.count == 0 {
      discovery.unavailable.append(Reason(.absent, "the NVIDIA driver knows no GPU"))
    }
    return discovery
  }
}

/// The loaded library; NVML may be called from any thread.
final class NVMLLibrary: Sendable {
  @safe private struct Handle: ~Copyable, @unchecked Sendable {
    // Sendable, for the handle is reached through the mutex alone.
    let nvml: OpaquePointer
    init(_ nvml: OpaquePointer) { unsafe self.nvml = nvml }
    deinit { unsafe hw_nvml_close(nvml) }
  }

  private let handle: Locked<Handle>
  let count: UInt32

  private init(_ nvml: OpaquePointer) {
    var count: UInt32 = 0
    _ = unsafe hw_nvml_count(nvml, &count)
    self.count = count
    unsafe handle = Locked(Handle(nvml))
  }

  static func open(_ path: String) -> Reading<NVMLLibrary> {
    var status: CInt = 0
    if let nvml = unsafe hw_nvml_open(path, &status) { return .value(unsafe NVMLLibrary(nvml)) }
    switch status {
    case CInt(hw_nvml_no_library):
      return .unavailable(
        Reason(.absent, "\(path) is not installed: this machine has no NVIDIA driver"))
    case CInt(hw_nvml_no_function):
      return .unavailable(
        Reason(.unsupported, "\(path) lacks a function: it is no NVML, or a very old one"))
    default: return .unavailable(reason(status, "nvmlInit"))
    }
  }

  /// NVML's return codes that a user can do something about.
  static func reason(_ status: CInt, _ function: String) -> Reason {
    switch status {
    case CInt(hw_nvml_no_function), 3, 13:
      Reason(.unsupported, "\(function): this GPU or driver does not offer it")
    case 4:
      Reason(.permission, "\(function): the driver refuses this user (NVML error 4)")
    case 999: Reason(.failed, "\(function): the driver failed without a reason (NVML error 999)")
    case 9: Reason(.moduleMissing, "\(function): the NVIDIA kernel driver is not loaded")
    case 15: Reason(.lost, "\(function): the GPU has fallen off the bus")
    default: Reason(.failed, "\(function): NVML error \(status)")
    }
  }

  func describe(_ index: UInt32) -> Reading<(name: String, address: String)> {
    var name = [CChar](repeating: 0, count: 96)
    var address = [CChar](repeating: 0, count: 32)
    var place: CInt = 0
    let status = handle.withLock { handle in
      unsafe name.withUnsafeMutableBufferPointer { name in
        unsafe address.withUnsafeMutableBufferPointer { address in
          guard let first = name.baseAddress, let second = address.baseAddress else {
            return CInt(-2)
          }
          return unsafe hw_nvml_describe(handle.nvml, index, first, second, &place)
        }
      }
    }
    guard status == 0 else {
      let function =
        place == CInt(hw_nvml_in_handle) ? "nvmlDeviceGetHandleByIndex" : "nvmlDeviceGetPciInfo"
      return .unavailable(Self.reason(status, "GPU \(index): \(function)"))
    }
    func text(_ buffer: [CChar]) -> String {
      String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return .value((text(name), text(address).lowercased()))
  }

  /// The largest power limit that the GPU lets itself be set; nil where it tells none.
  func limit(_ index: UInt32) -> Watts? {
    var milliwatts: UInt32 = 0
    let status = handle.withLock { unsafe hw_nvml_limit($0.nvml, index, &milliwatts) }
    return status == 0 && milliwatts > 0 ? Watts(Double(milliwatts) * 1e-3) : nil
  }

  /// Why the board's energy is not this user's alone; nil where it is.
  func sharing(_ index: UInt32) -> Reason? {
    let what: String
    switch handle.withLock({ unsafe hw_nvml_sharing($0.nvml, index) }) {
    case CInt(hw_nvml_instances): what = "it is split into instances (MIG)"
    case CInt(hw_nvml_virtual_part): what = "it is a part of a card that its host shares out (vGPU)"
    case CInt(hw_nvml_shared_out): what = "this host shares it out to virtual machines (vGPU)"
    default: return nil
    }
    return Reason(.unsupported, "shared board: \(what), and the energy is the whole board's")
  }

  /// What a GPU is doing.
  func state(_ index: UInt32) -> hw_nvml_state {
    var state = hw_nvml_state()
    handle.withLock { unsafe hw_nvml_read_state($0.nvml, index, &state) }
    return state
  }

  func energy(_ index: UInt32) -> Reading<UInt64> {
    var millijoules: UInt64 = 0
    let status = handle.withLock { unsafe hw_nvml_energy($0.nvml, index, &millijoules) }
    return status == 0
      ? .value(millijoules)
      : .unavailable(Self.reason(status, "nvmlDeviceGetTotalEnergyConsumption"))
  }

  func power(_ index: UInt32) -> Reading<(milliwatts: UInt64, isInstant: Bool)> {
    var milliwatts: UInt32 = 0
    var isInstant: CInt = 0
    let status = handle.withLock {
      unsafe hw_nvml_power($0.nvml, index, &milliwatts, &isInstant)
    }
    return status == 0
      ? .value((UInt64(milliwatts), isInstant != 0))
      : .unavailable(Self.reason(status, "nvmlDeviceGetPowerUsage"))
  }
}

/// One GPU: its energy counter, where it has one, and its power.
package final class NVMLReader: MeterReader {
  package let channels: [MeterChannel]
  package let pace = ReadingPace.polled(period: Seconds(0.1))
  private let library: NVMLLibrary
  private let index: UInt32
  private let hasEnergy: Bool
  private let hasPower: Bool

  private init(
    _ library: NVMLLibrary, _ index: UInt32, _ channels: [MeterChannel], hasEnergy: Bool,
    hasPower: Bool
  ) {
    self.library = library
    self.index = index
    self.channels = channels
    self.hasEnergy = hasEnergy
    self.hasPower = hasPower
  }

  static func open(_ library: NVMLLibrary, _ index: UInt32) -> Reading<NVMLReader> {
    let name: String
    let address: String
    switch library.describe(index) {
    case .unavailable(let reason): return .unavailable(reason)
    case .value(let found): (name, address) = found
    }
    if let reason = library.sharing(index) {
      return .unavailable(Reason(reason.code, "\(name) (\(address)): \(reason.message)"))
    }
    let energy = library.energy(index)
    let power = library.power(index)
    let limit = library.limit(index) ?? Watts(3000)
    var channels: [MeterChannel] = []
    if energy.value != nil {
      channels.append(
        channel("nvml:\(address)#energy", "\(name) energy counter", address, .energyCounter, limit))
    }
    if let (_, isInstant) = power.value {
      channels.append(
        channel(
          "nvml:\(address)#power", "\(name) power\(isInstant ? " (field 186)" : "")", address,
          isInstant ? .instantaneousPower : .averagePower, limit))
    }
    guard !channels.isEmpty else {
      return .unavailable(
        power.reason ?? Reason(.unsupported, "\(name) shows neither energy nor power"))
    }
    return .value(
      NVMLReader(
        library, index, channels, hasEnergy: energy.value != nil, hasPower: power.value != nil))
  }

  private static func channel(
    _ id: String, _ label: String, _ part: String, _ quantity: MeterQuantity, _ limit: Watts
  ) -> MeterChannel {
    let isCounter = quantity == .energyCounter
    let unit: RawUnit = isCounter ? .millijoule : .milliwatt
    return MeterChannel(
      descriptor: MeterDescriptor(
        id: MeterID(rawValue: id), source: .nvml, label: label, scope: .gpuBoard,
        covers: PCIAddress(part).map { .device(.pci($0)) } ?? .unknown, part: part,
        kind: isCounter ? .measuredCounter : .measuredSampled, quantity: quantity,
        rawUnit: unit.symbol, resolution: Double(unit.numerator), updatePeriod: Seconds(0.1),
        averagingWindow: quantity == .averagePower ? Seconds(1) : nil,
        accuracy: MeterAccuracy(
          gainBound: 0.05, source: "NVML documentation: power ±5 %", isAssumed: false),
        privilege: "none"),
      rules: ChannelRules(
        unit: unit, maximumPower: limit, tick: Seconds(0.1),
        stallAfter: isCounter ? Seconds(2) : nil, gapLimit: Seconds(1)))
  }

  package func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    var readings: [ChannelReading] = []
    func take(_ read: () -> Reading<UInt64>) {
      let began = clock.now()
      let value = read()
      readings.append(
        ChannelReading(
          channel: readings.count, asked: began, answered: clock.now(), value: value))
    }
    if hasEnergy { take { library.energy(index) } }
    if hasPower { take { library.power(index).map(\.milliwatts) } }
    return readings
  }

  /// The counter against the integrated power over five seconds: more than 5 % apart is a warning, and both are shown.
  static func ratioCheck(_ reader: NVMLReader, _ clock: any MonotonicClock) -> Check {
    var accumulators = reader.channels.map { ChannelAccumulator(rules: $0.rules) }
    let end = clock.now().advanced(by: Seconds(5))
    while clock.now() < end {
      for reading in reader.read(clock) {
        accumulators[reading.channel].add(reading.value, at: reading.instant)
      }
      clock.sleep(until: clock.now().advanced(by: Seconds(0.05))) { false }
    }
    return judge(
      reader.channels[0].descriptor.id, counted: accumulators[0].snapshot.accumulated,
      integrated: accumulators[1].snapshot.accumulated)
  }

  package static func judge(
    _ id: MeterID, counted: Microjoules, integrated: Microjoules
  ) -> Check {
    let name = CheckName.meterRatio(id)
    guard counted.value > 0, integrated.value > 0 else {
      return Check(
        name: name, verdict: .unknown, message: "the counter or the power stayed at 0 for 5 s")
    }
    let ratio = counted.joules / integrated.joules
    func tenths(_ energy: Microjoules) -> String { "\((energy.joules * 10).rounded() / 10)" }
    return Check(
      name: name, verdict: abs(ratio - 1) <= 0.05 ? .pass : .fail,
      message:
        "its counter shows \(tenths(counted)) J where its power adds up to \(tenths(integrated)) J over 5 s (limit 5 %)"
    )
  }
}
