internal import Analysis
internal import Arguments

/// The values of `--gate`, of every command that has it.
enum GateOption {
  /// What `throughput=-1.75%` asks for.
  static func gate(_ text: String) throws(ArgumentError) -> ComparisonGate {
    let parts = text.split(separator: "=", maxSplits: 1)
    if parts.count == 2, let subject = ComparisonGate.Subject(rawValue: String(parts[0])),
      parts[1].hasSuffix("%"), let percent = Double(parts[1].dropLast()),
      let gate = ComparisonGate(subject, limit: percent / 100)
    {
      return gate
    }
    throw ArgumentError(
      "'\(text)' is not a gate",
      remedy: "write throughput=-1.75%, efficiency=-5%, energy=+5% or power=+5%: what must not "
        + "fall has a minus, what must not rise a plus")
  }
}
