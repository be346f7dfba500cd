internal import Analysis
package import Model
package import Records

/// What is known of the proof behind a file.
package enum RecordProof: Hashable, Sendable {
  /// Nobody hashed a result's shares again.
  case notChecked
  /// Every share of a result was hashed again and every number of it derived again.
  case proven
  /// A profile has the very numbers that follow from its results, which are here; their shares were hashed again
  /// or not.
  case derived(sharesProven: Bool)
  /// A profile cannot be derived again, for this result of it is not here.
  case resultAbsent(String)
  /// The first thing that is false.
  case refuted(String)
}

/// A file whose proof is asked for.
///
/// Nothing is decoded until it is needed: a set may be larger than memory.
package struct ProvableRecord: Sendable {
  package enum Content: Sendable {
    case result(@Sendable () throws -> RecordedResult)
    case profile(Profile)
  }

  /// File name without folders, by which profiles cite it.
  package let name: String
  package let content: Content
  /// What is known of a result already; nil where it is to be verified.
  package let known: RecordProof?
  /// SHA-256 of the file's bytes.
  package let digest: @Sendable () -> String

  package init(
    name: String, content: Content, known: RecordProof? = nil,
    digest: @escaping @Sendable () -> String
  ) {
    self.name = name
    self.content = content
    self.known = known
    self.digest = digest
  }

  fileprivate var result: (@Sendable () throws -> RecordedResult)? {
    if case .result(let result) = content { result } else { nil }
  }
}

/// What a set of files proves of one another.
package struct RecordProofs {
  /// Verifies one result, or is nil where no share is to be hashed again; throws `Falsehood`.
  private let verify: ((RecordedResult) throws -> Void)?

  package init(verify: ((RecordedResult) throws -> Void)?) { self.verify = verify }

  /// One proof for each record, in order.
  ///
  /// - Throws: what the verification throws, apart from `Falsehood`, which is an answer.
  package func proofs(of records: [ProvableRecord]) throws -> [RecordProof] {
    let results = try records.map { record in
      try record.known ?? record.result.map { try proof(of: $0) } ?? .notChecked
    }
    var byName: [String: [Int]] = [:]
    for (index, record) in records.enumerated() where record.result != nil {
      byName[record.name, default: []].append(index)
    }
    var digests: [Int: String] = [:]
    return try records.indices.map { index in
      guard case .profile(let profile) = records[index].content else { return results[index] }
      guard !profile.sources.isEmpty else { return .notChecked }
      var cited: [CitedResult] = []
      var proofs: [RecordProof] = []
      for source in profile.sources {
        // Two results of one name may lie in two folders; the digest tells which one is meant.
        let found = (byName[source.result] ?? []).first { candidate in
          let digest = digests[candidate] ?? records[candidate].digest()
          digests[candidate] = digest
          return digest == source.digest
        }
        guard let found, let result = records[found].result else {
          return .resultAbsent(source.result)
        }
        cited.append(
          CitedResult(name: source.result, digest: source.digest, result: try result().result))
        proofs.append(results[found])
      }
      return try Self.proof(of: profile, from: cited, proofs)
    }
  }

  private func proof(of result: () throws -> RecordedResult) throws -> RecordProof {
    guard let verify else { return .notChecked }
    do {
      try verify(try result())
      return .proven
    } catch let falsehood as Falsehood {
      return .refuted("\(falsehood.place): \(falsehood.message)")
    }
  }

  /// Derives a profile again from the results that it names, whose own proofs are in the same order.
  private static func proof(
    of profile: Profile, from cited: [CitedResult], _ proofs: [RecordProof]
  ) throws -> RecordProof {
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
}
