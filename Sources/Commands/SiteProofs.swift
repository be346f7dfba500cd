internal import Analysis
internal import Kernels
internal import Model
internal import Records
internal import Reporting

/// A file as a site holds it: not what was decoded, of which there may be a gigabyte, but what it becomes.
struct SiteInput: Sendable {
  let origin: RecordOrigin
  /// File name without folders.
  let name: String
  let bytes: [UInt8]
  let figures: [Figure]
  /// Nil for a result.
  let profile: Profile?

  init(_ record: LoadedRecord) {
    origin = record.origin
    name = record.name
    bytes = record.bytes
    // Another build's kernel has a name that means nothing outside of its run.
    figures = record.figures.filter { $0.kernel?.isOther != true }
    if case .profile(let profile) = record.file { self.profile = profile } else { profile = nil }
  }

  /// The result in the file, decoded again.
  func result() throws(Failure) -> RecordedResult {
    try ResultFile.read(bytes, name: origin.path)
  }
}

/// What a site can say of the proof behind each of its files.
enum SiteProofs {
  /// One proof for each record, in order.
  ///
  /// `verify` asks that every share of every result is hashed again.
  ///
  /// - Throws: `Interrupted` once the user pressed Ctrl-C.
  static func of(
    _ inputs: [SiteInput], verify: Bool, _ context: CommandContext
  ) throws -> [SiteRecord.Proof] {
    let results = try inputs.map { input in
      guard verify, input.profile == nil else { return SiteRecord.Proof.notChecked }
      return try proof(of: try input.result(), context)
    }
    var byName: [String: [Int]] = [:]
    for (index, input) in inputs.enumerated() where input.profile == nil {
      byName[input.name, default: []].append(index)
    }
    var digests: [Int: String] = [:]
    return try inputs.indices.map { index in
      guard let profile = inputs[index].profile else { return results[index] }
      guard !profile.sources.isEmpty else { return .notChecked }
      var cited: [CitedResult] = []
      var proofs: [SiteRecord.Proof] = []
      for source in profile.sources {
        // Two results of one name may lie in two folders; the digest tells which one is meant.
        let found = (byName[source.result] ?? []).first { candidate in
          let digest = digests[candidate] ?? ResultFile.digest(of: inputs[candidate].bytes)
          digests[candidate] = digest
          return digest == source.digest
        }
        guard let found else { return .resultAbsent(source.result) }
        cited.append(
          CitedResult(
            name: source.result, digest: source.digest, result: try inputs[found].result().result))
        proofs.append(results[found])
      }
      return try proof(of: profile, from: cited, proofs)
    }
  }

  private static func proof(
    of profile: Profile, from cited: [CitedResult], _ proofs: [SiteRecord.Proof]
  ) throws -> SiteRecord.Proof {
    for (result, proof) in zip(cited, proofs) {
      if case .refuted(let what) = proof { return .refuted("its result \(result.name): \(what)") }
    }
    let derived = try ProfileDerivation.profiles(from: cited)
      .first { $0.hardwareID == profile.hardwareID }
    guard var derived else { return .refuted("its results measured other hardware") }
    derived.published = profile.published
    derived.vendor = profile.vendor
    if let difference = try ProfileFile.firstDifference(stated: profile, derived: derived) {
      // Another version may rightly derive other words from the same windows.
      let isOwn = cited.allSatisfy { $0.result.tool.version == ToolIdentity.currentVersion }
      return isOwn ? .refuted("\(difference)") : .notChecked
    }
    return .derived(sharesProven: proofs.allSatisfy { $0 == .proven })
  }

  private static func proof(
    of recorded: RecordedResult, _ context: CommandContext
  ) throws -> SiteRecord.Proof {
    do {
      _ = try ResultVerifier(
        recorded: recorded, demands: VerifyDemands(), hasher: CatalogReferenceHasher(),
        isInterrupted: context.isInterrupted
      ).verify()
      return .proven
    } catch let falsehood as Falsehood {
      return .refuted("\(falsehood.place): \(falsehood.message)")
    }
  }
}
