/// The schemas of the formats of a purchase, made from the field lists that read the files.
package enum PurchaseSchemas {
  /// File names in `profiles/schema/` with their bytes.
  package static var all: [(name: String, bytes: [UInt8])] {
    [
      ("chain-v1.schema.json", ChainFile.shape.schema),
      ("contract-v1.schema.json", ContractFile.shape.schema),
      ("history-v1.schema.json", HistoryFile.shape.schema),
      ("network-v1.schema.json", NetworkFile.shape.schema),
      ("rental-v1.schema.json", ContractFile.rentalShape.schema),
      ("scenario-v1.schema.json", ScenarioFile.shape.schema),
      ("tariff-v1.schema.json", ContractFile.tariffShape.schema),
    ]
  }
}
