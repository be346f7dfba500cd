internal import Model

/// Where CPU temperatures and fan speeds are read.
struct SensorFiles {
  let temperatures: [String]
  let fans: [String]

  /// Drivers whose sensors are those of a CPU.
  private static let cpuDrivers: Set<String> = [
    "coretemp", "k10temp", "zenpower", "cpu_thermal", "scpi_sensors", "soc_thermal",
  ]
  private static let cpuZones: Set<String> = ["x86_pkg_temp", "cpu-thermal", "cpu_thermal", "soc"]

  init(_ reader: FactReader) {
    var temperatures: [String] = []
    var fans: [String] = []
    for monitor in reader.names(MachinePath.monitors) {
      let folder = "\(MachinePath.monitors)/\(monitor)"
      let driver = reader.text(folder + "/name").value ?? ""
      for file in reader.names(folder) where file.hasSuffix("_input") {
        if file.hasPrefix("fan") { fans.append("\(folder)/\(file)") }
        if file.hasPrefix("temp"), Self.cpuDrivers.contains(driver) {
          temperatures.append("\(folder)/\(file)")
        }
      }
    }
    if temperatures.isEmpty {
      for zone in reader.names(MachinePath.thermal) where zone.hasPrefix("thermal_zone") {
        let folder = "\(MachinePath.thermal)/\(zone)"
        if Self.cpuZones.contains(reader.text(folder + "/type").value ?? "") {
          temperatures.append(folder + "/temp")
        }
      }
    }
    self.temperatures = temperatures
    self.fans = fans
  }
}
