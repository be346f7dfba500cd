internal import Benchmarking
internal import LinuxSystem
internal import Model
internal import Reporting
internal import Text

/// What `prove` tells a person while it waits and measures.
enum ProvingText {
  /// What to type into the miner, and what it costs.
  static func invitation(_ options: ProveOptions, _ challenge: Challenge) -> [String] {
    let host = options.address.bytes.count == 4 ? "\(options.address)" : "[\(options.address)]"
    let dialects = Set(options.conventions.map(\.dialect))
    var command: [String] = []
    if dialects.contains(.cryptoNote) {
      let user = options.miners > 1 ? "NAME" : "x"
      command = [
        dialects.count > 1 ? "or, for RandomX, with xmrig:" : "With xmrig that is:",
        "  xmrig -a rx/0 -o \(host):\(options.port) -u \(user) -p x --keepalive --donate-level 0",
      ]
    }
    return [
      "Type into the miner, as its only pool:",
      "  stratum+tcp://\(host):\(options.port)",
      "  user: \(options.miners > 1 ? "another name for each miner" : "anything")   password: x",
    ] + command + [
      "The work belongs to no chain: the miner earns nothing until you change its pool back.",
      "challenge: \(Hexadecimal.encode(challenge.bytes))"
        + (options.challenge == nil ? " (random)" : " (given)"),
    ]
  }

  /// The live line.
  static func line(_ progress: ProvingProgress) -> String {
    var parts = [progress.phase]
    if let remaining = progress.remaining {
      parts.insert("\(ProgressLine.clock(remaining)) left", at: 0)
    }
    if let rate = progress.rate {
      let width = progress.halfWidth.map { " ±\(DecimalText.percent($0, decimals: 1))" } ?? ""
      parts.append(RateText.text(rate) + width)
    }
    let watts = progress.power.values.map(\.value)
    if !watts.isEmpty { parts.append(QuantityText.text(watts.reduce(0, +), unit: "W")) }
    if let efficiency = progress.efficiency {
      parts.append(RateText.text(efficiency.energyPerWork))
    }
    if let until = progress.untilHalfWidth, until.value > 0 {
      parts.append("\(ProgressLine.clock(until)) to the width asked for")
    }
    return parts.joined(separator: "  ")
  }
}
