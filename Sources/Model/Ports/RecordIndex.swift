/// What is remembered of a file.
package struct IndexedRecord: Hashable, Sendable {
  package let identity: FileIdentity
  /// SHA-256 of the content; nil where nobody needed it yet.
  package var digest: [UInt8]?
  /// What tables need, as this program packed it.
  package let reading: [UInt8]
  /// What only a fleet needs.
  package let facts: [UInt8]

  package init(identity: FileIdentity, digest: [UInt8]?, reading: [UInt8], facts: [UInt8]) {
    self.identity = identity
    self.digest = digest
    self.reading = reading
    self.facts = facts
  }
}

/// What one program remembers of the files below a folder, so that they need not be read again: a cache, and never the truth.
///
/// Every call may give nothing and keep nothing: a full disk, another process or a damaged file costs time only.
package protocol RecordIndex: Sendable {
  /// By the path from the folder; without facts where these are not wanted.
  func records(withFacts: Bool) -> [String: IndexedRecord]

  /// What is remembered of one file.
  func record(_ name: String) -> IndexedRecord?

  /// Keeps these, and forgets the files of these names.
  func remember(_ records: [String: IndexedRecord], forgetting: [String])

  /// What this program's verification of a content came to under the same demands; nil where nobody may trust it.
  func verdict(of digest: [UInt8], _ demands: String) -> [UInt8]?

  func remember(_ verdict: [UInt8], of digest: [UInt8], _ demands: String)

  /// Why something could not be kept, at most once.
  func complaint() -> String?
}
