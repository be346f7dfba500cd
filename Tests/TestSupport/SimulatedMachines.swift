/// The simulated machines that tests of the built program run on, by name: 40 W and 25 W more for each busy CPU.
package enum SimulatedMachines {
  package static let names = [
    "one-package", "two-packages-reversed-dram", "package-psys-mmio", "package-psys-dram",
    "amd-package-core",
    "mirrored-dies", "wrap", "stall", "vanish", "unreadable-once", "unreadable-file",
  ]

  /// The processor's vendor and the zones of a machine; nil for a name that is none of `names`.
  package static func machine(_ name: String) -> (vendor: String, zones: [SimulatedZone])? {
    var package = SimulatedZone("intel-rapl:0", "package-0", base: 40, perBusyCPU: 25)
    switch name {
    case "one-package": return ("GenuineIntel", [package])
    case "two-packages-reversed-dram":
      return (
        "GenuineIntel",
        [
          SimulatedZone("intel-rapl:0", "package-1", base: 15, perBusyCPU: 5),
          dram("intel-rapl:0:0"),
          SimulatedZone("intel-rapl:1", "package-0", base: 25, perBusyCPU: 20),
          dram("intel-rapl:1:0"),
        ]
      )
    case "package-psys-mmio":
      var twin = package
      twin.folder = "intel-rapl-mmio:0"
      twin.start = 77_000_000
      return (
        "GenuineIntel",
        [
          package, twin, SimulatedZone("intel-rapl:1", "psys", base: 55, perBusyCPU: 27),
        ]
      )
    case "package-psys-dram":
      return (
        "GenuineIntel",
        [
          package, dram("intel-rapl:0:0"),
          SimulatedZone("intel-rapl:1", "psys", base: 55, perBusyCPU: 27),
        ]
      )
    case "amd-package-core":
      package.range = 65_532_610_987
      package.unitNanojoules = 15_258
      var core = SimulatedZone("intel-rapl:0:0", "core", base: 1, perBusyCPU: 4)
      core.range = package.range
      core.unitNanojoules = 15_258
      return ("AuthenticAMD", [package, core])
    case "mirrored-dies":
      var zones: [SimulatedZone] = []
      for die in 0..<2 {
        var mirror = package
        mirror.folder = "intel-rapl:\(die)"
        mirror.name = "package-0-die-\(die)"
        mirror.range = 65_532_610_987
        mirror.unitNanojoules = 15_258
        zones.append(mirror)
      }
      return ("AuthenticAMD", zones)
    case "wrap":
      // 65 W or more reach the end of the range within seconds of the start, in every case of a busy machine.
      package.range = 3_000_000_000
      package.start = 3_000_000_000 - 400_000_000
      return ("GenuineIntel", [package])
    case "stall":
      package.fault = .stalls(at: 8)
      return ("GenuineIntel", [package])
    case "vanish":
      package.fault = .vanishes(at: 8)
      return ("GenuineIntel", [package])
    case "unreadable-once":
      package.fault = .unreadable(at: 8, duration: 1.2)
      return ("GenuineIntel", [package])
    case "unreadable-file":
      package.mode = 0o400
      return ("GenuineIntel", [package])
    default: return nil
    }
  }

  private static func dram(_ folder: String) -> SimulatedZone {
    var zone = SimulatedZone(folder, "dram", base: 3, perBusyCPU: 1)
    zone.range = 65_712_999_613
    zone.unitNanojoules = 15_300
    return zone
  }
}
