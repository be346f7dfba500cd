internal import Analysis
internal import Model
internal import Records
internal import Verification

/// A file as a site holds it: not what was decoded, of which there may be a gigabyte, but what it becomes.
struct SiteInput: Sendable {
  let origin: RecordOrigin
  /// File name without folders, as where the file is not packed.
  let name: String
  let bytes: [UInt8]
  let figures: [Figure]
  /// Nil for a result.
  let profile: Profile?

  /// What is remembered of a result's verification; nil where it is to be judged.
  let known: RecordProof?
  private let knownDigest: [UInt8]?

  init(
    _ reading: RecordReading, _ signatures: Signatures, known: RememberedVerdict? = nil
  ) throws(Failure) {
    origin = reading.origin
    name = reading.name
    bytes = try reading.bytes()
    // Another build's kernel has a name that means nothing outside of its run.
    figures = try reading.figures(signatures).filter { $0.kernel?.isOther != true }
    profile = try reading.profile()
    knownDigest = reading.digest
    self.known = known.map { verdict -> RecordProof in
      switch verdict {
      case .proven: .proven
      case .refuted(let place, let message): .refuted("\(place): \(message)")
      }
    }
  }

  init(_ record: LoadedRecord, _ signatures: Signatures) throws(Failure) {
    let place = RecordPlace(record.path, below: record.path)
    try self.init(RecordReading(place, record, digest: nil), signatures)
  }

  /// SHA-256 of the content, as profiles cite it.
  var digest: String { Hexadecimal.encode(knownDigest ?? SHA256.hash(bytes)) }

  /// The result in the file, decoded again.
  func result() throws(Failure) -> RecordedResult {
    try ResultFile.read(bytes, name: origin.path)
  }
}

extension ProvableRecord {
  init(_ input: SiteInput) {
    self.init(
      name: input.name,
      content: input.profile.map(Content.profile) ?? .result { try input.result() },
      known: input.known, digest: { input.digest })
  }
}
