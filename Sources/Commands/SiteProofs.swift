internal import Analysis
internal import Arguments
internal import Kernels
internal import Model
internal import Records
internal import Reporting

/// What a site can say of the proof behind each of its files.
enum SiteProofs {
  /// One proof for each record, in order.
  ///
  /// `verify` asks that every share of every result is hashed again.
  ///
  /// - Throws: `Failure` with exit code 130 once the user pressed Ctrl-C.
  static func of(
    _ records: [LoadedRecord], verify: Bool, _ context: CommandContext
  ) throws -> [SiteRecord.Proof] {
    let results = try records.map { record in
      guard verify, case .result(let recorded) = record.file else {
        return SiteRecord.Proof.notChecked
      }
      return try proof(of: recorded, context)
    }
    var byName: [String: [Int]] = [:]
    for (index, record) in records.enumerated() where record.isResult {
      byName[record.name, default: []].append(index)
    }
    var digests: [Int: String] = [:]
    return try records.indices.map { index in
      guard case .profile(let profile) = records[index].file else { return results[index] }
      guard !profile.sources.isEmpty else { return .notChecked }
      var cited: [CitedResult] = []
      var proofs: [SiteRecord.Proof] = []
      for source in profile.sources {
        // Two results of one name may lie in two folders; the digest tells which one is meant.
        let found = (byName[source.result] ?? []).first { candidate in
          guard case .result(let recorded) = records[candidate].file else { return false }
          let digest = digests[candidate] ?? recorded.digest
          digests[candidate] = digest
          return digest == source.digest
        }
        guard let found, case .result(let recorded) = records[found].file else {
          return .resultAbsent(source.result)
        }
        cited.append(
          CitedResult(name: source.result, digest: source.digest, result: recorded.result))
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
        recorded: recorded, demands: try VerifyDemands(ParsedArguments(values: [:], operands: [])),
        hasher: CatalogReferenceHasher(), isInterrupted: context.isInterrupted
      ).verify()
      return .proven
    } catch let falsehood as Falsehood {
      return .refuted("\(falsehood.place): \(falsehood.message)")
    }
  }
}

extension LoadedRecord {
  /// Whether it is a result, not a profile.
  var isResult: Bool {
    if case .result = file { true } else { false }
  }
}
