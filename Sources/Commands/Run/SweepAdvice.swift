package import LinuxSystem
internal import Model

/// Commands by which the owner of a machine can go on from a scaling run to power limits and frequencies.
///
/// Nothing is changed here.
package enum SweepAdvice {
  /// The commands that this machine has settings for, with those that bring back what is set now.
  package static func text(_ root: SystemRoot) -> String {
    let commands = powerLimits(root) + frequencies(root)
    guard !commands.isEmpty else {
      return "this machine lets no power limit or frequency be set\n"
    }
    return "to go on to power limits and frequencies, set one and run again:\n"
      + commands.map { "  \($0)\n" }.joined()
  }

  private static func powerLimits(_ root: SystemRoot) -> [String] {
    let zones = (try? root.names("/sys/class/powercap")) ?? []
    let limits = zones.map { "/sys/class/powercap/\($0)/constraint_0_power_limit_uw" }
    guard let path = limits.first(where: { root.exists($0) }),
      let now = (try? root.integer(path)) ?? nil
    else { return [] }
    return [80, 60, 40].map { "echo \(now * Int64($0) / 100) | sudo tee \(path)" }
      + ["echo \(now) | sudo tee \(path)   # as it is now"]
  }

  private static func frequencies(_ root: SystemRoot) -> [String] {
    let path = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq"
    guard let now = (try? root.integer(path)) ?? nil else { return [] }
    return [80, 60].map { "sudo cpupower frequency-set --max \(now * Int64($0) / 100)kHz" }
      + ["sudo cpupower frequency-set --max \(now)kHz   # as it is now"]
  }
}
