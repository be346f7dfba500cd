internal import Analysis
internal import LinuxSystem
internal import Model
internal import Reporting

/// What a run over several thread counts or core kinds says at its end.
enum ScalingText {
  /// The points of each kernel, the most efficient one marked; empty when nothing was scaled.
  static func text(_ result: RunResult, root: SystemRoot) -> String {
    let scalings = Scaling.all(of: result.summaries)
    guard !scalings.isEmpty else { return "" }
    var text = ""
    for scaling in scalings {
      let scope = scaling.scope.map { ", energy in \($0)" } ?? ""
      text += "\nscaling of \(scaling.algorithm) \(scaling.kernel)\(scope)\n"
      for point in scaling.points { text += line(point, scaling) }
    }
    return text + sweep(root)
  }

  private static func line(_ point: Scaling.Point, _ scaling: Scaling) -> String {
    var parts = [
      "\(point.series.threads) threads" + (point.series.coreKind.map { " on \($0) cores" } ?? ""),
      QuantityText.text(point.hashesPerSecond, unit: "H/s"),
    ]
    if let watts = point.watts { parts.append(QuantityText.text(watts, unit: "W")) }
    if let efficiency = point.hashesPerJoule {
      parts.append(QuantityText.text(efficiency, unit: "H/J"))
    }
    if point.series == scaling.mostEfficient?.series { parts.append("<- most efficient") }
    if point.series == scaling.fastest?.series { parts.append("<- fastest") }
    return "  " + parts.joined(separator: "  ") + "\n"
  }

  /// Commands by which the owner can go on to power limits and frequencies; nothing is changed here.
  private static func sweep(_ root: SystemRoot) -> String {
    var commands: [String] = []
    let zones = (try? root.names("/sys/class/powercap")) ?? []
    let limits = zones.map { "/sys/class/powercap/\($0)/constraint_0_power_limit_uw" }
    if let path = limits.first(where: { root.exists($0) }),
      let now = (try? root.integer(path)) ?? nil
    {
      for share in [80, 60, 40] {
        commands.append("echo \(now * Int64(share) / 100) | sudo tee \(path)")
      }
      commands.append("echo \(now) | sudo tee \(path)   # as it is now")
    }
    let frequency = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq"
    if let now = (try? root.integer(frequency)) ?? nil {
      for share in [80, 60] {
        commands.append("sudo cpupower frequency-set --max \(now * Int64(share) / 100)kHz")
      }
      commands.append("sudo cpupower frequency-set --max \(now)kHz   # as it is now")
    }
    guard !commands.isEmpty else {
      return "this machine lets no power limit or frequency be set\n"
    }
    return "to go on to power limits and frequencies, set one and run again:\n"
      + commands.map { "  \($0)\n" }.joined()
  }
}
