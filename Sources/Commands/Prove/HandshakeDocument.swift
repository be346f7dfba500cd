internal import Analysis
internal import JSON
internal import Model
internal import Records
internal import Reporting
internal import Statistics
internal import Text

/// What `prove --dry-run` learns of a miner: enough for a list of the machines that were seen to work.
struct HandshakeDocument: PrintedRecord {
  static var recordName: String { "handshake" }
  static var recordMeaning: String { "What `hashwatt prove --dry-run --format json` prints." }

  let terms: ProofTerms
  let algorithm: AlgorithmID
  let model: HardwareID
  let epoch: ProvenEpoch
  let difficulty: ShareDifficulty
  let target: Target
  let plan: Plan
  let now: Instant

  static func fields(_ field: inout some PrintedList<HandshakeDocument>) throws(JSONProblem) {
    try field.constant("format", "hashwatt-handshake", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field("algorithm", \.algorithm, "What the miner computes.")
    try field("hardware_id", \.model, "The model as it was named (`--model`).")
    try field("proof_terms", \.terms, "How it was given work, and what it says that it is.")
    try field("shares", { $0.epoch.quotients.count }, "Shares of the last look.")
    try field("refused", \.epoch.window.refused, "Shares that were not counted, by why.")
    try field("fit", { ShareFit($0.epoch.quotients) }, "How their hashes lie below the target.")
    try field("rate_per_s", \.rate, "Hashes a second, of few shares.")
    try field("shares_per_s", \.sharesPerSecond, "How fast shares come.")
    try field.optional(
      "two_percent_s", { $0.time(to: 0.02) },
      "Seconds until the rate is known within 2 %; absent where no share came.")
    try field.optional(
      "one_percent_s", { $0.time(to: 0.01) }, "Seconds until it is known within 1 %.")
  }

  private var isStratumV1: Bool {
    ShareConvention.named(terms.convention)?.dialect != .cryptoNote
  }

  private var sharesPerSecond: Double {
    Double(epoch.quotients.count) / max(0.001, now.since(epoch.window.sentAt).value)
  }
  private var rate: Double { sharesPerSecond / target.probability }

  private func time(to width: Double) -> Double? {
    sharesPerSecond > 0 ? (1.96 / width) * (1.96 / width) / sharesPerSecond : nil
  }

  var lines: [String] {
    var lines = terms.miners.enumerated().map { number, miner in
      "miner \(number + 1): \(DisplayText.visible(miner.agent ?? "names no software"))"
        + (isStratumV1
          ? ", rolls version bits " + Hexadecimal.encode(miner.versionMask.bigEndianBytes) : "")
        + (miner.suggestedDifficulty.map { ", asks for difficulty \($0)" } ?? "")
    }
    lines += [
      "link: \(terms.link.rawValue)",
      "difficulty: \(difficulty) (\(terms.convention)), "
        + "\(DecimalText.fixed(sharesPerSecond, decimals: 1)) shares a second",
    ]
    guard let two = time(to: 0.02), let one = time(to: 0.01) else {
      return lines + ["rate: unknown, no share came: give a smaller --difficulty, or none"]
    }
    let width =
      Poisson.interval(epoch.quotients.count).halfWidth / Double(epoch.quotients.count)
    lines += [
      "rate: about \(RateText.text(Rate(perSecond: rate, unit: .hash))) ± \(DecimalText.percent(width, decimals: 0))",
      "known within 2 % after \(ProgressLine.clock(Seconds(two))), within 1 % after "
        + ProgressLine.clock(Seconds(one)),
    ]
    return lines
  }
}
