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

  init(_ record: LoadedRecord, _ signatures: Signatures) throws(Failure) {
    origin = record.origin
    name = record.name
    bytes = record.bytes
    // Another build's kernel has a name that means nothing outside of its run.
    figures = try record.figures(signatures).filter { $0.kernel?.isOther != true }
    if case .profile(let profile) = record.file { self.profile = profile } else { profile = nil }
  }

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
      digest: { ResultFile.digest(of: input.bytes) })
  }
}
