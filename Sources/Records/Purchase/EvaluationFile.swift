package import Economics
internal import JSON
internal import Model

/// Files of the format "hashwatt-evaluation".
package enum EvaluationFile {
  package static let format = "hashwatt-evaluation"

  /// The answers by themselves, in the canonical layout.
  package static func answers(_ evaluation: Evaluation) -> [UInt8] {
    JSONWriter.write(EvaluationAnswers.tree(evaluation))
  }

  package static func answers(_ refusal: Refusal) -> [UInt8] {
    JSONWriter.write(EvaluationAnswers.refused(refusal))
  }

  /// What stands beside the answers.
  package struct Context: Sendable {
    package var toolVersion: String
    package var evaluatedAt: Double
    package var currency: String
    /// Role, name and SHA-256 of every file.
    package var inputs: [(role: String, name: String, digest: String)]
    package var overrides: [String]
    package var sources: [(part: String, text: String)]
    package var seed: UInt64?
    package var command: String

    package init(
      toolVersion: String, evaluatedAt: Double, currency: String,
      inputs: [(role: String, name: String, digest: String)], overrides: [String],
      sources: [(part: String, text: String)], seed: UInt64?, command: String
    ) {
      self.toolVersion = toolVersion
      self.evaluatedAt = evaluatedAt
      self.currency = currency
      self.inputs = inputs
      self.overrides = overrides
      self.sources = sources
      self.seed = seed
      self.command = command
    }
  }

  /// One device, contract, offer or order, with what is known beside it.
  package struct Answered: Sendable {
    package var name: String
    package var outcome: Result<Evaluation, Refusal>
    package var candidate: Candidate?
    package var hangsOn: [TornadoRow]
    package var fairPrice: FairPriceRange?

    package init(
      name: String, outcome: Result<Evaluation, Refusal>, candidate: Candidate? = nil,
      hangsOn: [TornadoRow] = [], fairPrice: FairPriceRange? = nil
    ) {
      self.name = name
      self.outcome = outcome
      self.candidate = candidate
      self.hangsOn = hangsOn
      self.fairPrice = fairPrice
    }
  }

  /// The canonical bytes of an evaluation: of one, or of several by name.
  package static func encode(_ all: [Answered], isComparison: Bool, _ context: Context) -> [UInt8] {
    var members: [String: JSONValue] = [
      "format": .string(format), "version": 1.jsonNumber,
      "tool_version": .string(context.toolVersion),
      "evaluated_at_unix_s": NumberText.json(context.evaluatedAt),
      "currency": .string(context.currency), "command": .string(context.command),
      "inputs": .array(
        context.inputs.map {
          .object([
            "role": .string($0.role), "name": .string($0.name), "sha256": .string($0.digest),
          ])
        }), "overrides": .array(context.overrides.map { .string($0) }),
      "assumptions": .array(
        context.sources.map { .object(["part": .string($0.part), "source": .string($0.text)]) }),
    ]
    if let seed = context.seed { members["seed"] = seed.jsonNumber }
    if isComparison {
      members["answers"] = .object(
        Dictionary(all.map { ($0.name, answers($0)) }) { first, _ in first })
    } else if let one = all.first {
      members["answers"] = answers(one)
    }
    members["devices"] = .array(all.compactMap(device))
    members["findings"] = .array(all.flatMap(findings))
    members["refusals"] = .array(all.compactMap(refusal))
    return JSONWriter.write(.object(members))
  }

  private static func answers(_ one: Answered) -> JSONValue {
    switch one.outcome {
    case .success(let evaluation): EvaluationAnswers.tree(evaluation)
    case .failure(let refusal): EvaluationAnswers.refused(refusal)
    }
  }

  private static func device(_ one: Answered) -> JSONValue? {
    guard let candidate = one.candidate else { return nil }
    let device = candidate.device
    var members: [String: JSONValue] = [
      "name": .string(one.name), "algorithm": .string(device.algorithm.rawValue),
      "work_unit": .string(device.workUnit), "origin": .string(device.origin.rawValue),
      "rate_per_s": NumberText.json(device.ratePerSecond),
      "rate_range_per_s": range(candidate.rate), "trust": .string(candidate.trust),
      "low_confidence": .bool(candidate.isLowConfidence), "source": .string(candidate.source),
      "power_measured_at": .string(candidate.measuredAt),
      "other_claims": .array(candidate.others.map { .string($0) }),
      "hangs_on": .array(
        one.hangsOn.map {
          .object([
            "input": .string($0.range.input.rawValue), "low": NumberText.json($0.range.low),
            "high": NumberText.json($0.range.high),
            "net_present_value_at_low": NumberText.json($0.atLow),
            "net_present_value_at_high": NumberText.json($0.atHigh),
          ])
        }),
    ]
    if let id = device.hardwareID { members["hardware_id"] = .string(id.rawValue) }
    if let power = device.powerW { members["power_w"] = NumberText.json(power) }
    if let power = candidate.power { members["power_range_w"] = range(power) }
    if let fair = one.fairPrice {
      members["fair_machine_price_range"] = .array([
        NumberText.json(fair.low), NumberText.json(fair.high),
      ])
    }
    return .object(members)
  }

  private static func range(_ range: ClosedRange<Double>) -> JSONValue {
    .array([NumberText.json(range.lowerBound), NumberText.json(range.upperBound)])
  }

  private static func findings(_ one: Answered) -> [JSONValue] {
    guard case .success(let evaluation) = one.outcome else { return [] }
    return (evaluation.findings + (one.candidate?.findings ?? [])).map {
      .object([
        "code": .string($0.code.rawValue), "text": .string($0.text), "of": .string(one.name),
      ])
    }
  }

  private static func refusal(_ one: Answered) -> JSONValue? {
    guard case .failure(let refusal) = one.outcome else { return nil }
    return .object([
      "code": .string(refusal.code.rawValue), "text": .string(refusal.line),
      "of": .string(one.name),
    ])
  }

  /// The envelope as it is read, from which its schema is made.
  static let shape = PurchaseFormat(
    name: format, version: 1, title: "hashwatt evaluation, version 1"
  ) { reader throws(JSONProblem) in
    let text = FieldKind<String>.text(100_000)
    _ = try reader.required("tool_version", text, "Of the program that wrote it.")
    _ = try reader.required("evaluated_at_unix_s", .time, "The time of the question.")
    _ = try reader.required("currency", .currency, "Of all amounts.")
    _ = try reader.required("command", text, "That computes it again.")
    _ = try reader.required(
      "inputs", .list(.anything, 0...10_000), "Files with role, name and SHA-256.")
    _ = try reader.required("overrides", .list(text, 0...1000), "What the command line replaced.")
    _ = try reader.required("assumptions", .list(.anything, 0...1000), "Where numbers come from.")
    _ = try reader.optional("seed", .whole(0...UInt64.max), "Of the random futures.")
    _ = try reader.required(
      "answers", .anything, "The answers under the reference's names; of several devices by name.")
    _ = try reader.required("devices", .list(.anything, 0...10_000), "The figures that went in.")
    _ = try reader.required("findings", .list(.anything, 0...100_000), "Code, text and device.")
    _ = try reader.required("refusals", .list(.anything, 0...10_000), "Code, text and device.")
  }

  /// The answers flattened for a spreadsheet: a line for each name and value.
  package static func csv(_ evaluation: Evaluation) -> [(name: String, value: String)] {
    flattened(EvaluationAnswers.tree(evaluation), "")
  }

  private static func flattened(_ value: JSONValue, _ path: String) -> [(
    name: String, value: String
  )] {
    switch value {
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap {
        flattened($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)")
      }
    case .array(let elements):
      elements.enumerated().flatMap { flattened($0.element, "\(path)[\($0.offset)]") }
    case .null: [(path, "")]
    case .bool(let flag): [(path, flag ? "true" : "false")]
    case .number(let text), .string(let text): [(path, text)]
    }
  }
}
