package import Economics
package import JSON
internal import Model

/// Documents of the format "hashwatt-evaluation": what `hashwatt evaluate --format json` prints.
package enum EvaluationFile {
  package static let format = "hashwatt-evaluation"

  /// What its schema is made from.
  package static var recordFormat: RecordFormat {
    RecordFormat(
      printed: EvaluationDocument.self, "evaluation-v1", title: "hashwatt evaluation, version 1")
  }

  /// The answers by themselves, in the canonical layout.
  ///
  /// - Throws: `JSONProblem` with the path of what JSON cannot spell.
  package static func answers(_ evaluation: Evaluation) throws(JSONProblem) -> [UInt8] {
    JSONWriter.write(try EvaluationAnswers(evaluation).written(RecordContext()))
  }

  package static func answers(_ refusal: Refusal) throws(JSONProblem) -> [UInt8] {
    JSONWriter.write(try EvaluationAnswers.refused(refusal).written(RecordContext()))
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
    package var sheet: ComparisonSheet?

    package init(
      name: String, outcome: Result<Evaluation, Refusal>, candidate: Candidate? = nil,
      hangsOn: [TornadoRow] = [], fairPrice: FairPriceRange? = nil, sheet: ComparisonSheet? = nil
    ) {
      self.name = name
      self.outcome = outcome
      self.candidate = candidate
      self.hangsOn = hangsOn
      self.fairPrice = fairPrice
      self.sheet = sheet
    }
  }

  /// The canonical text of an evaluation: of one, or of several by name.
  ///
  /// - Throws: `JSONProblem` with the path of what JSON cannot spell.
  package static func encode(
    _ all: [Answered], isComparison: Bool, _ context: Context
  ) throws(JSONProblem) -> String {
    try EvaluationDocument(all: all, isComparison: isComparison, context: context).document()
  }

  /// The answers flattened for a spreadsheet: a line for each name and value.
  ///
  /// - Throws: `JSONProblem` with the path of what JSON cannot spell.
  package static func csv(
    _ evaluation: Evaluation
  ) throws(JSONProblem) -> [(name: String, value: String)] {
    flattened(try EvaluationAnswers(evaluation).written(RecordContext()), "")
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
