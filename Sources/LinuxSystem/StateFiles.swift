internal import Glibc
internal import Model

/// Reads files of state as readings: a value, or the reason in the kernel's words.
enum StateFile {
  static func text(_ root: SystemRoot, _ path: String) -> Reading<String> {
    do {
      let text = try root.text(path)
      guard !text.isEmpty else { return .unavailable(Reason(.absent, "\(path) is empty")) }
      return .value(text)
    } catch {
      return .unavailable(reason(error, path))
    }
  }

  static func integer(_ root: SystemRoot, _ path: String) -> Reading<StateValue> {
    switch text(root, path) {
    case .unavailable(let reason): .unavailable(reason)
    case .value(let text):
      if let value = Int64(text) {
        .value(.integer(value))
      } else {
        .unavailable(Reason(.malformed, "\(path) holds no number"))
      }
    }
  }

  /// The integers of lines such as `MemFree:  123 kB`, by their first word without the colon.
  static func keyedIntegers(_ text: String) -> [Substring: Int64] {
    var values: [Substring: Int64] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard words.count >= 2, let key = words.first, let value = Int64(words[1]) else { continue }
      values[key.hasSuffix(":") ? key.dropLast() : key] = value
    }
    return values
  }

  static func reason(_ error: SystemError, _ path: String) -> Reason {
    switch error.errno {
    case .noSuchFile, .notDirectory: Reason(.absent, "there is no \(path)")
    case .permissionDenied, .notPermitted:
      Reason(.permission, "\(path) may not be read by this user")
    default: Reason(.failed, "\(path) cannot be read: \(error.errno)")
    }
  }
}

/// The CPU line and the counters of `/proc/stat`.
struct ProcStat {
  let busy: Reading<StateValue>
  let steal: Reading<StateValue>
  let total: Reading<StateValue>
  let contextSwitches: Reading<StateValue>
  let processes: Reading<StateValue>

  init(_ root: SystemRoot) {
    let path = "/proc/stat"
    switch StateFile.text(root, path) {
    case .unavailable(let reason):
      let none = Reading<StateValue>.unavailable(reason)
      (busy, steal, total) = (none, none, none)
      (contextSwitches, processes) = (none, none)
    case .value(let text):
      let lines = text.split(separator: "\n")
      // user nice system idle iowait irq softirq steal guest guest_nice; guest is within user.
      let ticks =
        lines.first { $0.hasPrefix("cpu ") }?.split(separator: " ").dropFirst().compactMap {
          Int64($0)
        } ?? []
      let missing = Reading<StateValue>.unavailable(
        Reason(.malformed, "\(path) has no line of CPU ticks"))
      func sum(_ places: [Int]) -> Reading<StateValue> {
        guard places.allSatisfy({ ticks.indices.contains($0) }) else { return missing }
        return .value(.integer(places.reduce(0) { $0 + ticks[$1] }))
      }
      busy = sum([0, 1, 2, 5, 6])
      steal = sum([7])
      total = sum([0, 1, 2, 3, 4, 5, 6, 7])
      let counters = StateFile.keyedIntegers(text)
      func counter(_ name: Substring) -> Reading<StateValue> {
        counters[name].map { .value(.integer($0)) }
          ?? .unavailable(Reason(.absent, "\(path) has no \(name)"))
      }
      contextSwitches = counter("ctxt")
      processes = counter("processes")
    }
  }
}

/// What this process itself took of the CPUs.
struct OwnProcess {
  let ticks: Reading<StateValue>
  let involuntarySwitches: Reading<StateValue>

  init(_ root: SystemRoot) {
    ticks = Self.ticks(root)
    involuntarySwitches = Self.switches(root)
  }

  private static func ticks(_ root: SystemRoot) -> Reading<StateValue> {
    let path = "/proc/self/stat"
    return switch StateFile.text(root, path) {
    case .unavailable(let reason): .unavailable(reason)
    case .value(let text):
      // The name in parentheses may hold anything: count from after the last one. utime and stime are fields 14, 15.
      if let end = text.lastIndex(of: ")"),
        case let fields = text[text.index(after: end)...].split(separator: " "),
        fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12])
      {
        .value(.integer(user + system))
      } else {
        .unavailable(Reason(.malformed, "\(path) has no CPU times"))
      }
    }
  }

  /// Over the threads that live now; those of a finished session are gone, and their switches with them.
  private static func switches(_ root: SystemRoot) -> Reading<StateValue> {
    let folder = "/proc/self/task"
    guard let threads = try? root.names(folder), !threads.isEmpty else {
      return .unavailable(Reason(.absent, "there is no \(folder)"))
    }
    let counts = threads.compactMap { thread -> Int64? in
      guard let text = try? root.text("\(folder)/\(thread)/status") else { return nil }
      return StateFile.keyedIntegers(text)["nonvoluntary_ctxt_switches"]
    }
    guard !counts.isEmpty else {
      return .unavailable(Reason(.absent, "no thread tells its involuntary switches"))
    }
    return .value(.integer(counts.reduce(0, +)))
  }
}

/// Where CPU temperatures and fan speeds are read.
struct SensorFiles {
  let temperatures: [String]
  let fans: [String]

  /// Drivers whose sensors are those of a CPU.
  private static let cpuDrivers: Set<String> = [
    "coretemp", "k10temp", "zenpower", "cpu_thermal", "scpi_sensors", "soc_thermal",
  ]
  private static let cpuZones: Set<String> = ["x86_pkg_temp", "cpu-thermal", "cpu_thermal", "soc"]

  init(_ root: SystemRoot) {
    var temperatures: [String] = []
    var fans: [String] = []
    let monitors = "/sys/class/hwmon"
    for monitor in (try? root.names(monitors)) ?? [] {
      let folder = "\(monitors)/\(monitor)"
      let driver = (try? root.text(folder + "/name")) ?? ""
      for file in (try? root.names(folder)) ?? [] where file.hasSuffix("_input") {
        if file.hasPrefix("fan") { fans.append("\(folder)/\(file)") }
        if file.hasPrefix("temp"), Self.cpuDrivers.contains(driver) {
          temperatures.append("\(folder)/\(file)")
        }
      }
    }
    if temperatures.isEmpty {
      let zones = "/sys/class/thermal"
      for zone in (try? root.names(zones)) ?? [] where zone.hasPrefix("thermal_zone") {
        let type = (try? root.text("\(zones)/\(zone)/type")) ?? ""
        if Self.cpuZones.contains(type) { temperatures.append("\(zones)/\(zone)/temp") }
      }
    }
    self.temperatures = temperatures
    self.fans = fans
  }
}
