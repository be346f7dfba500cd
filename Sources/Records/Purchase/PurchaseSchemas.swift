package import JSON

/// The schemas of the formats of a purchase, made from the field lists that read the files and print the evaluation.
package enum PurchaseSchemas {
  /// File names in `profiles/schema/` with their bytes.
  ///
  /// - Throws: `JSONProblem` where a field list cannot be described.
  package static func all() throws(JSONProblem) -> [(name: String, bytes: [UInt8])] {
    [
      ("chain-v1.schema.json", ChainFile.shape.schema),
      ("contract-v1.schema.json", ContractFile.shape.schema),
      ("evaluation-v1.schema.json", try EvaluationFile.recordFormat.schema()),
      ("history-v1.schema.json", HistoryFile.shape.schema),
      ("hosting-v1.schema.json", ContractFile.hostingShape.schema),
      ("network-v1.schema.json", NetworkFile.shape.schema),
      ("prices-v1.schema.json", PriceListFile.shape.schema),
      ("rental-v1.schema.json", ContractFile.rentalShape.schema),
      ("scenario-v1.schema.json", ScenarioFile.shape.schema),
      ("tariff-v1.schema.json", ContractFile.tariffShape.schema),
    ]
  }
}
