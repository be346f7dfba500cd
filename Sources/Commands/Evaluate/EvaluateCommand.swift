package import Arguments
internal import Economics
internal import LinuxSystem
package import Model
internal import Records
internal import Reporting

/// Says what a machine, a contract or an order is worth, and what that hangs on.
package enum EvaluateCommand: Subcommand {
  static let formats = ["text", "markdown", "csv", "json", "html"]

  static let device = RepeatedOption(
    "device", "PROFILE[#N]", .file,
    "A profile whose best-supported figures are taken, or those of its Nth claim.")
  static let network = Option(
    "network", "FILE", .file, "The chains' state: a file of the format hashwatt-network.")
  static let chain = RepeatedOption(
    "chain", "NAME", "What to mine, the parent first (default: by function).")
  static let price = Option("price", "N", "The price of the first coin.")
  static let tariff = Option(
    "tariff", "N|FILE", "What a kWh costs all day, or a file of the format hashwatt-tariff.")
  static let machinePrice = Option("machine-price", "N", "What one machine costs.")
  static let growth = Option("growth", "LIST", "Growths of difficulty a month, such as 0%,2%,5%.")
  static let horizon = Option("horizon", "MONTHS", "Months to look at (default 36).")
  static let poolFee = Option("pool-fee", "P", "The pool's fee, such as 1%.")
  static let count = Option("count", "N", "How many machines.")
  static let against = RepeatedOption(
    "against", "LIST",
    "What else the same money buys: coin and nothing (always shown), contract:FILE, rental:FILE, hosting:FILE."
  )
  static let priceList = Option(
    "price-list", "FILE", .file, "Prices of machines: a file of the format hashwatt-prices.")
  static let history = Option(
    "history", "FILE", .file,
    "A history that random futures are drawn from, in blocks of six months.")
  static let paths = Option("paths", "N", "How many random futures.")
  static let seed = Option("seed", "N", "The seed of the random futures.")
  static let at = Option(
    "at", "TIME", "The time of the question: seconds since 1970, or 2026-05-30 (default now).")
  static let allowStale = Option(
    "allow-stale", "DAYS", "Accept headers and prices up to this age; it is said first.")
  static let acceptLowConfidence = Flag(
    "accept-low-confidence",
    "Evaluate devices of which only claims of low confidence are known.")
  static let gate = RepeatedOption(
    "gate", "LIMIT",
    "Exit with 1 unless it holds in every scenario: fair-price>=N, coins-over-buying>=1.")
  static let format = Option(
    "format", "FORMAT", .oneOf(formats), "Form of the output (default text).")
  static let output = Option("output", "FILE", .file, "Write to this file, whole or not at all.")

  package static let description = CommandDescription(
    name: "evaluate", summary: "say what a machine is worth before it is bought",
    discussion: """
      Answers a buyer's question: the most to pay for a machine at a tariff, in which futures it pays back, and \
      whether the coin was the better buy. Nothing is asked of any service: a scenario holds the assumptions, a \
      network file the state of a chain (make one with 'hashwatt network').

      Options take the place of what the scenario says, and every output lists which. With several devices, or a \
      folder of profiles, they are ranked by fair price; where ranges overlap it says that it cannot tell.

      What cannot be answered is refused with one line and a stable code, and nothing that looks like an answer. \
      There is no forecast in any of it: every number is that of a scenario.

      Documentation/Evaluating.md has worked examples.
      """,
    options: [
      device, network, chain, price, tariff, machinePrice, growth, horizon, poolFee, count, against,
      priceList, history, paths, seed, at, allowStale, acceptLowConfidence, gate, format, output,
    ],
    operands: OperandDescription(
      name: "SCENARIO|PROFILE|DIR", minimum: 0, maximum: nil,
      help: "A scenario, and profiles or folders of them as with --device."),
    examples: [
      "hashwatt evaluate scenario.json --network network.json",
      "hashwatt evaluate --device profiles/asic/bitmain-antminer-s21.json --network network.json --tariff 0.06 "
        + "--machine-price 2200",
      "hashwatt evaluate profiles --price-list prices.json --network network.json --tariff 0.08",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let format = arguments[Self.format] ?? "text"
    let gates = try arguments[Self.gate].map(EvaluationGate.init)
    let request = try EvaluationRequest(arguments)
    let output = arguments[Self.output]
    let style = Document.style(output, context)
    let answers: EvaluationRun
    do {
      answers = try EvaluationRun(request, hashes: Composition.headerHashes)
    } catch let refusal as Refusal where format == "json" {
      // The document says that there is no answer; the line and the exit code say so too.
      try Document.write(try EvaluationRun.refused(refusal, request), to: output, context)
      throw refusal
    }
    try Document.write(try answers.render(format, style), to: output, context)
    return gates.allSatisfy { $0.holds(answers) } ? .done : .no
  }
}

/// A limit that sets the exit code.
struct EvaluationGate {
  private enum Subject: String, CaseIterable {
    case fairPrice = "fair-price"
    case coinsOverBuying = "coins-over-buying"
  }

  private let subject: Subject
  private let least: Double

  init(_ text: String) throws(ArgumentError) {
    let parts = text.split(separator: ">=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let subject = Subject(rawValue: parts[0]), let least = Double(parts[1]),
      least.isFinite
    else {
      throw ArgumentError(
        "'\(text)' is not a gate", remedy: "write fair-price>=1500 or coins-over-buying>=1")
    }
    self.subject = subject
    self.least = least
  }

  /// Whether every scenario of every device keeps it; one without an answer does not.
  func holds(_ run: EvaluationRun) -> Bool {
    let outcomes = run.reports.flatMap { $0.evaluation.device?.outcomes ?? [] }
    guard !outcomes.isEmpty else { return false }
    return outcomes.allSatisfy { outcome in
      switch subject {
      case .fairPrice: outcome.measures.fairMachinePrice >= least
      case .coinsOverBuying: (outcome.measures.coinsOverBuying ?? -.infinity) >= least
      }
    }
  }
}
