internal import Economics
internal import Model
internal import Records
internal import Reporting

/// A request answered.
struct EvaluationRun {
  let reports: [PurchaseReport]
  private let comparison: PurchaseComparison?
  private let answered: [EvaluationFile.Answered]
  private let request: EvaluationRequest

  /// - Throws: `Refusal`; of a comparison only where no device at all can be evaluated.
  init(_ request: EvaluationRequest, hashes: HeaderHashes) throws {
    self.request = request
    let evaluator = Evaluator(
      chains: try BuiltInChains.all(), network: request.network, hashes: hashes, now: request.now)
    guard request.isComparison else {
      let (report, answer) = try Self.one(request, evaluator)
      reports = [report]
      comparison = nil
      answered = [answer]
      return
    }
    var rows: [PurchaseComparison.Row] = []
    var refused: [PurchaseComparison.Refused] = []
    var answers: [EvaluationFile.Answered] = []
    var last: Refusal?
    for device in request.devices {
      do {
        let (report, answer) = try Self.evaluate(device, request, evaluator, isDetailed: false)
        guard let candidate = report.candidate else { continue }
        rows.append(
          PurchaseComparison.Row(
            candidate: candidate, report: report, fairPrice: report.fairPrice,
            listPrice: request.prices.first { $0.hardwareID == device.profile.hardwareID }))
        answers.append(answer)
      } catch let refusal as Refusal {
        last = refusal
        refused.append(PurchaseComparison.Refused(name: device.profile.name, refusal: refusal))
        answers.append(
          EvaluationFile.Answered(
            name: device.profile.hardwareID.rawValue, outcome: .failure(refusal)))
      }
    }
    if rows.isEmpty, let last { throw last }
    let ranked = PurchaseComparison(rows: rows, refused: refused)
    comparison = ranked
    reports = ranked.rows.map(\.report)
    answered = answers
  }

  private static func one(
    _ request: EvaluationRequest, _ evaluator: Evaluator
  ) throws -> (PurchaseReport, EvaluationFile.Answered) {
    if let device = request.devices.first {
      return try evaluate(device, request, evaluator, isDetailed: true)
    }
    let candidate = request.scenario.device.map {
      Candidate(
        stated: $0, source: request.sources.first { $0.part == "device" }.map(\.text))
    }
    return try report(request.scenario, candidate, request, evaluator, isDetailed: true)
  }

  private static func evaluate(
    _ device: EvaluationRequest.Device, _ request: EvaluationRequest, _ evaluator: Evaluator,
    isDetailed: Bool
  ) throws -> (PurchaseReport, EvaluationFile.Answered) {
    var scenario = request.scenario
    let chains = evaluator.chains
    let wanted = scenario.chains.compactMap { id in chains.first { $0.id == id } }.first
    let functions = wanted.map { [$0.algorithm] + $0.sameFunctions }
    let candidate =
      Candidate.best(of: device.profile, for: functions, claim: device.claim)
      ?? Candidate.best(of: device.profile, for: nil)
    guard let candidate else {
      throw Refusal(
        .noSnapshot, "\(device.profile.name) has no figure with a rate",
        remedy: "give a device with one")
    }
    guard !candidate.isLowConfidence || request.acceptsLowConfidence || device.claim != nil else {
      throw Refusal(
        .lowConfidence, "the only claim of \(device.profile.name) is of low confidence",
        remedy: "accept it with --accept-low-confidence; it is then labelled")
    }
    if scenario.chains.isEmpty { scenario.chains = defaultChains(candidate, evaluator) }
    var machine = candidate.device
    machine.count = request.count ?? request.scenario.device?.count ?? 1
    machine.memoryBytes = request.scenario.device?.memoryBytes
    scenario.device = machine
    let listed = request.prices.first { $0.hardwareID == device.profile.hardwareID }
    if let listed { scenario.purchase.machinePrice = listed.price }
    return try report(scenario, candidate, request, evaluator, isDetailed: isDetailed)
  }

  /// The first chain of the network file whose function the device computes, and what is merge-mined with it.
  private static func defaultChains(_ candidate: Candidate, _ evaluator: Evaluator) -> [ChainID] {
    let fitting = evaluator.network.chains.compactMap { snapshot in
      evaluator.chains.first { $0.id == snapshot.chain }
    }.filter {
      $0.algorithm == candidate.device.algorithm
        || $0.sameFunctions.contains(candidate.device.algorithm)
    }
    guard let first = fitting.first(where: { $0.mergedWith == nil }) ?? fitting.first else {
      // Whichever chain it is, the refusal says that its state is missing.
      return evaluator.chains.first { $0.algorithm == candidate.device.algorithm }.map { [$0.id] }
        ?? evaluator.network.chains.prefix(1).map(\.chain)
    }
    return [first.id] + fitting.filter { $0.mergedWith == first.id }.map(\.id)
  }

  private static func report(
    _ scenario: Scenario, _ candidate: Candidate?, _ request: EvaluationRequest,
    _ evaluator: Evaluator, isDetailed: Bool
  ) throws -> (PurchaseReport, EvaluationFile.Answered) {
    let evaluation = try evaluator.evaluate(scenario)
    let prospect: Prospect? =
      if isDetailed, let candidate {
        try Prospect(evaluation, by: evaluator, candidate: candidate)
      } else { nil }
    let fair: FairPriceRange? =
      if let candidate {
        try FairPriceRange(evaluation, by: evaluator, candidate: candidate)
      } else { nil }
    let report = PurchaseReport(
      evaluation: evaluation, candidate: candidate, prospect: prospect, fairPrice: fair,
      inputs: request.inputs, overrides: request.overrides, sources: request.sources,
      command: request.command)
    return (
      report,
      EvaluationFile.Answered(
        name: candidate?.device.hardwareID?.rawValue ?? "scenario", outcome: .success(evaluation),
        candidate: candidate, hangsOn: prospect?.hangsOn ?? [], fairPrice: fair,
        sheet: prospect?.sheet)
    )
  }

  // MARK: - Forms

  /// - Throws: `JSONProblem` where a number is none that JSON can spell.
  func render(_ format: String, _ style: TextStyle) throws -> String {
    switch format {
    case "json":
      return try Self.json(
        answered, request, isComparison: comparison != nil,
        at: reports.first?.evaluation.evaluatedAt)
    case "markdown": return comparison?.markdown ?? reports.first?.markdown ?? ""
    case "html": return comparison?.html ?? reports.first?.html ?? ""
    case "csv":
      if let comparison { return comparison.csv }
      guard let report = reports.first else { return "" }
      let lines = try [("name", "value")] + EvaluationFile.csv(report.evaluation)
      return lines.map { "\(Escape.csv($0.0)),\(Escape.csv($0.1))\r\n" }.joined()
    default:
      // A report is read on paper and in mails too: it is never wider than 80 columns.
      let narrow = TextStyle(width: min(style.width, 80), usesColour: style.usesColour)
      return comparison?.text(style) ?? reports.first?.text(narrow) ?? ""
    }
  }

  /// The document that says that there is no answer.
  static func refused(_ refusal: Refusal, _ request: EvaluationRequest) throws -> String {
    try json(
      [EvaluationFile.Answered(name: "scenario", outcome: .failure(refusal))], request,
      isComparison: false, at: nil)
  }

  private static func json(
    _ answered: [EvaluationFile.Answered], _ request: EvaluationRequest, isComparison: Bool,
    at time: Double?
  ) throws -> String {
    try EvaluationFile.encode(
      answered, isComparison: isComparison,
      EvaluationFile.Context(
        toolVersion: ToolIdentity.currentVersion,
        evaluatedAt: time ?? request.scenario.evaluatedAt ?? request.now,
        currency: request.network.currency.rawValue,
        inputs: request.inputs.map { ($0.role, $0.name, $0.digest) },
        overrides: request.overrides, sources: request.sources,
        seed: request.scenario.analyses.monteCarlo?.seed, command: request.command))
  }
}
