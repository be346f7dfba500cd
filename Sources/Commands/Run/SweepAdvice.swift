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

  /// A sweep of this run over power limits, or over frequencies where no limit can be set: for each a command that
  /// sets it and the run with a note, then the command that brings back what is set now, then the page that draws them.
  ///
  /// `words` are those of the run; `cards` the cards that it measures, as nvidia-smi knows them.
  package static func sweep(_ root: SystemRoot, words: [String], cards: [String]) -> String {
    guard !cards.isEmpty else {
      let own = powerLimits(root).isEmpty ? frequencies(root) : powerLimits(root)
      guard let restored = own.last else {
        return
          "this machine lets no power limit or frequency be set: in a virtual machine the host sets them\n"
      }
      let steps = [restored] + own.dropLast()
      return lines(
        words, steps.map { ($0.replacing(current, with: ""), setting($0)) },
        restored: restored.replacing(current, with: ""))
    }
    // What a card permits, nvidia-smi knows; it refuses what is outside.
    return cards.map { card in
      let show =
        "nvidia-smi --id=\(card) --query-gpu=power.min_limit,power.default_limit,power.max_limit"
      return "\(show) --format=csv   # choose W between these\n"
        + lines(
          words,
          ["$DEFAULT", "$((DEFAULT * 80 / 100))", "$((DEFAULT * 60 / 100))"].map {
            ("sudo nvidia-smi --id=\(card) --power-limit=\($0)", "\($0) W")
          }, restored: "sudo nvidia-smi --id=\(card) --power-limit=$DEFAULT", quote: "\"",
          first: "DEFAULT=$(nvidia-smi --id=\(card) --query-gpu=power.default_limit"
            + " --format=csv,noheader,nounits | cut -d. -f1)\n")
    }.joined()
  }

  private static let current = "   # as it is now"

  private static func lines(
    _ words: [String], _ steps: [(set: String, note: String)], restored: String,
    quote: String = "'", first: String = ""
  ) -> String {
    let run = "hashwatt " + words.joined(separator: " ")
    return first
      + steps.map { "\($0.set)\n\(run) --note \(quote)\($0.note)\(quote)\n" }.joined()
      + "\(restored)\nhashwatt report results --output sweep.html\n"
  }

  /// What a command sets, for a person: `power limit 80 W`, `frequency limit 3.2 GHz`.
  private static func setting(_ command: String) -> String {
    let digits = command.split(whereSeparator: { !$0.isNumber }).compactMap { Double($0) }
    if command.hasPrefix("echo"), let microwatts = digits.first {
      return "power limit \(Int((microwatts * 1e-6).rounded())) W"
    }
    return "frequency limit \(Int(((digits.first ?? 0) * 1e-3).rounded())) MHz"
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
