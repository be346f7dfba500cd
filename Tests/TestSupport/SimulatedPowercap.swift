import Glibc
import LinuxSystem
import Synchronization

/// One RAPL zone of a simulated machine.
package struct SimulatedZone: Sendable {
  /// What happens to a zone while it runs, in seconds after the start.
  package enum Fault: Sendable, Hashable {
    case none
    case stalls(at: Double)
    case vanishes(at: Double)
    /// Gives no number from `at` for `duration` seconds.
    case unreadable(at: Double, duration: Double)
  }

  /// `intel-rapl:0`, `intel-rapl:0:1`, `intel-rapl-mmio:0`.
  package var folder: String
  package var name: String
  /// Largest value of the counter in microjoules.
  package var range: UInt64 = 262_143_328_850
  /// Counter at the start, in microjoules.
  package var start: UInt64 = 1_000_000
  package var baseWatts: Double
  package var wattsPerBusyCPU: Double
  /// The counter moves in steps of this many nanojoules.
  package var unitNanojoules: UInt64 = 61_035
  package var mode: UInt32 = 0o444
  package var maximumPowerMicrowatts: UInt64?
  package var fault = Fault.none

  package init(_ folder: String, _ name: String, base: Double, perBusyCPU: Double) {
    self.folder = folder
    self.name = name
    baseWatts = base
    wattsPerBusyCPU = perBusyCPU
  }

  /// One unit more than the largest value.
  var modulus: UInt64 { range + max(1, (range + (1 << 31)) / 0xffff_ffff) }

  /// The folder below /sys/devices: nested as the kernel nests it.
  var devicePath: String {
    let parts = folder.split(separator: ":").map(String.init)
    var path = "sys/devices/virtual/powercap/\(parts[0])"
    for count in 2...parts.count { path += "/" + parts.prefix(count).joined(separator: ":") }
    return path
  }
}

/// A tree of /sys and /proc whose energy counters advance by a known power curve, with the simulation's own integral.
///
/// Counters are written in place with text of constant width, so that a reader with an open descriptor sees each value
/// whole, as it would from sysfs.
package final class SimulatedPowercap: Sendable {
  /// Where the number of busy CPUs comes from.
  package enum Load: Sendable {
    /// Not-idle time of the CPUs of the machine that runs the simulation.
    case machine
    case constant(Double)
    /// A file with a number.
    case file(String)
  }

  /// The energy of every zone since the start, in microjoules, at one instant of `CLOCK_MONOTONIC_RAW`.
  package struct Truth: Sendable {
    package let nanoseconds: UInt64
    package let microjoules: [UInt64]

    package init(nanoseconds: UInt64, microjoules: [UInt64]) {
      self.nanoseconds = nanoseconds
      self.microjoules = microjoules
    }
  }

  private struct State {
    var energy: [Double]
    var shown: [UInt64]
    var last: UInt64
    var started: UInt64
    var trace: [Truth] = []
    var busy = 0.0
    var meter = BusyMeter()
  }

  package var root: String { folder.path }
  private let folder: FixtureTree
  package let zones: [SimulatedZone]
  private let load: Load
  private let descriptors: [CInt]
  private let state: Locked<State>
  private let stopped = Atomic<Bool>(false)
  private let thread = Locked<pthread_t?>(nil)

  /// Writes the tree below `folder`.
  package init(
    in folder: FixtureTree, zones: [SimulatedZone], load: Load = .constant(1),
    vendor: String = "GenuineIntel", isVirtual: Bool = false
  ) throws {
    self.zones = zones
    self.load = load
    self.folder = folder
    try SimulatedPowercap.writeTree(folder, zones, vendor, isVirtual)
    descriptors = try zones.map { zone in
      let path = "\(folder.path)/\(zone.devicePath)/energy_uj"
      let descriptor = open(path, O_WRONLY)
      guard descriptor >= 0 else { throw TestSupportError("open \(path): errno \(errno)") }
      return descriptor
    }
    let now = SimulatedPowercap.now()
    state = Locked(
      State(
        energy: zones.map { _ in 0 }, shown: zones.map { _ in 0 }, last: now, started: now))
    step(to: now)
  }

  deinit {
    stop()
    for descriptor in descriptors { close(descriptor) }
  }

  /// Advances the counters every millisecond by a thread of its own, until stopped.
  package func start() {
    let body = Unmanaged.passUnretained(self)
    var handle = pthread_t()
    let status = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<SimulatedPowercap>.fromOpaque(argument).takeUnretainedValue().run()
        return nil
      }, body.toOpaque())
    if status == 0 { thread.withLock { $0 = handle } }
  }

  package func stop() {
    stopped.store(true, ordering: .relaxed)
    let running = thread.withLock { handle in
      defer { handle = nil }
      return handle
    }
    if let running { pthread_join(running, nil) }
  }

  /// Advances the counters on the calling thread until stopped.
  package func run() {
    while !stopped.load(ordering: .relaxed) {
      step(to: SimulatedPowercap.now())
      usleep(1000)
    }
  }

  /// Brings the counters to an instant; deterministic where the load is constant.
  package func step(to now: UInt64) {
    state.withLock { state in
      switch load {
      case .constant(let busy): state.busy = busy
      case .machine: state.busy = state.meter.busy(at: now) ?? state.busy
      case .file(let path): state.busy = SimulatedPowercap.number(path) ?? state.busy
      }
      let seconds = Double(now - state.last) * 1e-9
      let age = Double(now - state.started) * 1e-9
      state.last = now
      for (index, zone) in zones.enumerated() {
        state.energy[index] +=
          (zone.baseWatts + zone.wattsPerBusyCPU * state.busy) * seconds * 1e6
        let units = UInt64(state.energy[index] * 1e3) / zone.unitNanojoules
        let microjoules = units * zone.unitNanojoules / 1000
        show(zone, index, microjoules, age)
        state.shown[index] = microjoules
      }
      state.trace.append(Truth(nanoseconds: now, microjoules: state.shown))
    }
  }

  private func show(_ zone: SimulatedZone, _ index: Int, _ microjoules: UInt64, _ age: Double) {
    switch zone.fault {
    case .stalls(let at) where age >= at: return
    case .vanishes(let at) where age >= at:
      unlink("\(root)/\(zone.devicePath)/energy_uj")
      unlink("\(root)/sys/class/powercap/\(zone.folder)")
      ftruncate(descriptors[index], 0)
      return
    case .unreadable(let at, let duration) where age >= at && age < at + duration:
      ftruncate(descriptors[index], 0)
      return
    default: break
    }
    let digits = String((zone.start + microjoules) % zone.modulus)
    let text = Array((String(repeating: "0", count: 20 - digits.count) + digits + "\n").utf8)
    pwrite(descriptors[index], text, text.count, 0)
  }

  /// What the counters show now.
  package var present: Truth {
    state.withLock { $0.trace.last } ?? Truth(nanoseconds: 0, microjoules: zones.map { _ in 0 })
  }

  /// The simulation's own integral so far.
  package var trace: [Truth] { state.withLock { $0.trace } }

  /// The energy that a zone's counter had shown since the start at an instant: the last value written before it.
  package static func microjoules(_ trace: [Truth], zone: Int, at nanoseconds: UInt64) -> UInt64? {
    var low = 0
    var high = trace.count
    while low < high {
      let middle = (low + high) / 2
      if trace[middle].nanoseconds <= nanoseconds { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? trace[low - 1].microjoules[zone] : nil
  }

  /// `CLOCK_MONOTONIC_RAW` in nanoseconds.
  package static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_RAW, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  private static func number(_ path: String) -> Double? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 64)
    guard fgets(&buffer, 64, file) != nil else { return nil }
    return strtod(buffer, nil)
  }

  private static func writeTree(
    _ folder: FixtureTree, _ zones: [SimulatedZone], _ vendor: String, _ isVirtual: Bool
  ) throws {
    try folder.folder("sys/class/powercap")
    for control in Set(zones.map { String($0.folder.prefix { $0 != ":" }) }) {
      try folder.write("1\n", to: "sys/devices/virtual/powercap/\(control)/enabled")
      try folder.link(
        "sys/class/powercap/\(control)", to: "../../devices/virtual/powercap/\(control)")
    }
    for zone in zones {
      try folder.write(zone.name + "\n", to: zone.devicePath + "/name", mode: 0o444)
      try folder.write(
        "\(zone.range)\n", to: zone.devicePath + "/max_energy_range_uj", mode: 0o444)
      try folder.write("0\n", to: zone.devicePath + "/energy_uj", mode: zone.mode)
      if let power = zone.maximumPowerMicrowatts {
        try folder.write("\(power)\n", to: zone.devicePath + "/constraint_0_max_power_uw")
      }
      try folder.link(
        "sys/class/powercap/\(zone.folder)", to: "../../../" + zone.devicePath)
    }
    let flags = "fpu vme sse2" + (isVirtual ? " hypervisor" : "")
    let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let processors = (0..<count).map {
      """
      processor\t: \($0)
      vendor_id\t: \(vendor)
      cpu family\t: \(vendor == "GenuineIntel" ? 6 : 25)
      model\t\t: 85
      model name\t: Simulated Processor
      physical id\t: 0
      core id\t\t: \($0)
      flags\t\t: \(flags)

      """
    }
    try folder.write(processors.joined(separator: "\n") + "\n", to: "proc/cpuinfo")
    try folder.write("0-\(count - 1)\n", to: "sys/devices/system/cpu/online")
    for cpu in 0..<count {
      try folder.write("0\n", to: "sys/devices/system/cpu/cpu\(cpu)/topology/physical_package_id")
    }
  }
}

/// How many CPUs of this machine are busy, from /proc/stat, over the last tenth of a second or more.
struct BusyMeter: Sendable {
  private var last: (nanoseconds: UInt64, busy: UInt64)?

  mutating func busy(at now: UInt64) -> Double? {
    if let last, now - last.nanoseconds < 100_000_000 { return nil }
    guard let file = fopen("/proc/stat", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, 512, file) != nil else { return nil }
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fields = text.split(separator: " ").dropFirst().compactMap { UInt64($0) ?? nil }
    guard fields.count >= 7 else { return nil }
    // user nice system idle iowait irq softirq: all but the two idle ones.
    let ticks = fields[0] + fields[1] + fields[2] + fields[5] + fields[6]
    defer { last = (now, ticks) }
    guard let last else { return nil }
    let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    return Double(ticks - last.busy) / perSecond / (Double(now - last.nanoseconds) * 1e-9)
  }
}
