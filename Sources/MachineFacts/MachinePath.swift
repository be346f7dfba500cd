/// Where Linux keeps the facts that more than one reader asks for.
package enum MachinePath {
  package static let cpuInfo = "/proc/cpuinfo"
  package static let memoryInfo = "/proc/meminfo"
  package static let cpus = "/sys/devices/system/cpu"
  package static let onlineCPUs = cpus + "/online"
  package static let isolatedCPUs = cpus + "/isolated"
  package static let multithreadingControl = cpus + "/smt/control"
  package static let multithreadingActive = cpus + "/smt/active"
  package static let firmware = "/sys/class/dmi/id"
  package static let monitors = "/sys/class/hwmon"
  package static let thermal = "/sys/class/thermal"
  package static let supplies = "/sys/class/power_supply"
  package static let powercap = "/sys/class/powercap"

  /// The folder of one CPU.
  package static func cpu(_ number: Int) -> String { "\(cpus)/cpu\(number)" }
}
