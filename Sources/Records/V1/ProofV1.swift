package import JSON
package import Model

extension MinerLinkKind: ClosedWord {}

extension ProofTerms: Record {
  package static var recordName: String { "proof_terms" }
  package static var recordMeaning: String {
    "What a series of proven work rests on besides its target: how miners were given work and where they were."
  }

  package static func fields(
    _ field: inout some FieldList<ProofTerms>
  ) throws(JSONProblem) -> ProofTerms {
    ProofTerms(
      convention: try field(
        "convention", \.convention,
        "What the clients of the algorithm agree on: `sha256d`, `scrypt`, `keccak`, `keccakc`, `randomx`, `randomx-32`."
      ),
      difficulty: try field(
        "difficulty", \.difficulty, "As it was sent to the miners; the target follows from it.",
        .above(0)),
      link: try field(
        "link", \.link,
        "How near the miners were: `direct` without a way elsewhere, `same-link`, `routed`, `this-machine`."
      ),
      miners: try field("miners", \.miners, "What each says that it is, by its number."))
  }
}

extension MinerIdentity: Record {
  package static var recordName: String { "miner" }
  package static var recordMeaning: String { "What a miner says that it is: a claim." }

  package static func fields(
    _ field: inout some FieldList<MinerIdentity>
  ) throws(JSONProblem) -> MinerIdentity {
    MinerIdentity(
      agent: try field.optional("agent", \.agent, "The name of its software, cut."),
      suggestedDifficulty: try field.optional(
        "suggested_difficulty", \.suggestedDifficulty, "What it asked for.", .above(0)),
      versionMask: try field(
        "version_mask", \.versionMask, "The bits of the version that it rolls."))
  }
}

extension ProofWindow: Record {
  package static var recordName: String { "proof" }
  package static var recordMeaning: String {
    "What miners were given in one window and what came back; with the challenge it rebuilds every header."
  }

  package static func fields(
    _ field: inout some FieldList<ProofWindow>
  ) throws(JSONProblem) -> ProofWindow {
    let window = ProofWindow(
      epoch: try field(
        "epoch", \.epoch, "Number of the epoch, which its work is derived from; never used twice.",
        .between(0, Double(ProofJob.lastEpoch))),
      sentAt: try field("sent_ns", \.sentAt, "When the epoch's first job was sent."),
      jobTimes: try field(
        "jobs_unix_s", \.jobTimes, "The time of each job's header; the rest of it is derived."),
      shares: try field(
        "shares", { MinerShareList(shares: $0.shares) },
        "Every share of the epoch that met the target, in order of arrival, up to the window's end."
      ).shares,
      refused: try field("refused", \.refused, "How many shares were not counted, by why."),
      connections: try field("connections", \.connections, "Those that were open."),
      fit: try field(
        "fit", \.fit,
        "How the hashes of the counted shares lie below the target: of those that were hashed again."
      ),
      hashedOneIn: try field.optional(
        "hashed_one_in", \.hashedOneIn,
        "One share in so many was hashed again, drawn by the challenge (`hashwatt-sample-1`); absent where all are as a matter "
          + "of course.", .between(1, Double(ShareSample.sparsest))),
      hashed: try field.optional(
        "hashed", \.hashed, "How many of the counted shares were; absent with it.", .atLeast(0)),
      claims: try field("claims", \.claims, "What the miner said of itself meanwhile."))
    try field.require(
      zip(window.shares, window.shares.dropFirst()).allSatisfy { $0.arrival <= $1.arrival },
      "the shares are not in order of arrival")
    return window
  }
}

extension RefusedShares: Record {
  package static var recordName: String { "refused_shares" }
  package static var recordMeaning: String { "Shares that were not counted, by why." }

  package static func fields(
    _ field: inout some FieldList<RefusedShares>
  ) throws(JSONProblem) -> RefusedShares {
    RefusedShares(
      late: try field("late", \.late, "Of the epoch before.", .atLeast(0)),
      duplicates: try field("duplicates", \.duplicates, "Sent before.", .atLeast(0)),
      rounded: try field(
        "rounded", \.rounded,
        "Above the target by less than 100 parts in a million: rounding of the client.", .atLeast(0)
      ),
      aboveTarget: try field("above_target", \.aboveTarget, "Farther above it.", .atLeast(0)),
      unknownJobs: try field("unknown_jobs", \.unknownJobs, "Of no job of this run.", .atLeast(0)),
      malformed: try field(
        "malformed", \.malformed, "With a time or version bits that no job permits.", .atLeast(0)),
      wrongHashes: try field.optional(
        "wrong_hashes", \.wrongHashes,
        "Of another hash than the miner said, among those that were hashed again; absent where shares are sent without theirs.",
        .atLeast(0)))
  }
}

extension MinerLink: Record {
  package static var recordName: String { "miner_connection" }
  package static var recordMeaning: String { "One connection of a miner." }

  package static func fields(
    _ field: inout some FieldList<MinerLink>
  ) throws(JSONProblem) -> MinerLink {
    MinerLink(
      connection: try field(
        "connection", \.connection, "The first extranonce, given once in a run."),
      miner: try field("miner", \.miner, "Number of the miner.", .between(0, 65_535)),
      lost: try field.optional(
        "lost_ms", \.lost, "When it was lost, since the epoch began; absent where it held."))
  }
}

extension ShareFit: Record {
  package static var recordName: String { "share_fit" }
  package static var recordMeaning: String {
    "Hashes divided by the target, which are uniform from 0 to 1 where the miner sends all that it finds."
  }

  package static func fields(
    _ field: inout some FieldList<ShareFit>
  ) throws(JSONProblem) -> ShareFit {
    ShareFit(
      largest: try field("largest", \.largest, "The largest, at most 1.", .atLeast(0)),
      distance: try field(
        "distance", \.distance, "Kolmogorov's distance from the uniform distribution.", .atLeast(0))
    )
  }
}

extension Claim: Record {
  package static var recordName: String { "claim" }
  package static var recordMeaning: String { "A figure that a miner states of itself." }

  package static func fields(_ field: inout some FieldList<Claim>) throws(JSONProblem) -> Claim {
    Claim(
      source: try field("source", \.source, "Where it was asked: `cgminer`, `axeos`."),
      field: try field("field", \.field, "The answer's own name of it."),
      value: try field("rate_per_s", \.value, "Work a second.", .atLeast(0)),
      instant: try field("at_ns", \.instant, "When it was asked."))
  }
}

/// A list of `[job, connection, extranonce, time offset, version bits, nonce, arrival]`: there are thousands, so they have no
/// keys.
struct MinerShareList: RecordValue {
  let shares: [MinerShare]

  private static let names = [
    "job", "connection", "extranonce", "time_offset_s", "version_bits", "nonce", "arrival_ms",
  ]

  static func read(_ node: RecordNode) throws(JSONProblem) -> MinerShareList {
    let document = node.document
    guard node.kind == .array else {
      throw node.problem("\(document.kindName(node.index)) where a list belongs")
    }
    let end = document.after(node.index)
    var shares: [MinerShare] = []
    // A share is a list of seven: eight nodes.
    shares.reserveCapacity((end - node.index) / 8)
    var index = node.index + 1
    while index < end {
      guard document.kind(index) == .array, document.after(index) == index + 8 else {
        throw document.problem("not a list of seven numbers", at: index)
      }
      func word(_ place: Int) throws(JSONProblem) -> UInt32 {
        guard let word = document.wholeNumber(index + place).flatMap(UInt32.init(exactly:)) else {
          throw document.problem("no whole number below 2^32", at: index + place)
        }
        return word
      }
      shares.append(
        MinerShare(
          job: try word(1), connection: try word(2), extranonce: try word(3),
          timeOffset: try word(4), versionBits: try word(5), nonce: try word(6),
          arrival: try word(7)))
      index = document.after(index)
    }
    return MinerShareList(shares: shares)
  }

  func written(_ context: RecordContext) -> JSONValue {
    .array(
      shares.map { share in
        .array(
          [
            share.job, share.connection, share.extranonce, share.timeOffset, share.versionBits,
            share.nonce, share.arrival,
          ].map { .number(String($0)) })
      })
  }

  static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape {
    let word = UInt32.shape(&catalogue)
    return .list(.tuple(names.map { FieldShape.Part(name: $0, shape: word) }))
  }

  static func example(_ numbers: inout ExampleNumbers) -> MinerShareList {
    MinerShareList(shares: [
      MinerShare(
        job: UInt32.example(&numbers), connection: UInt32.example(&numbers),
        extranonce: UInt32.example(&numbers),
        timeOffset: UInt32.example(&numbers), versionBits: UInt32.example(&numbers),
        nonce: UInt32.example(&numbers), arrival: UInt32.example(&numbers))
    ])
  }
}
