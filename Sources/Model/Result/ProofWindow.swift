/// Everything of one window in which a miner worked on derived jobs: what it was given and what came back.
///
/// With the challenge it rebuilds every header and every hash.
package struct ProofWindow: Hashable, Sendable {
  /// As in `ProofDerivation`; never used twice in a run.
  package var epoch: UInt32
  /// When the epoch's first job was sent; arrivals count from it.
  package var sentAt: Instant
  /// Seconds since 1970 of each job, by its number: the only part of a job that is not derived.
  package var jobTimes: [UInt32]
  /// Every share of the epoch that met the target, in order of arrival, up to the window's end; those that came while
  /// the miner settled are before its start.
  package var shares: [MinerShare]
  package var refused: RefusedShares
  /// Connections that were open in the epoch.
  package var connections: [MinerLink]
  /// How the hashes of the counted shares lie below the target; of those that were hashed again.
  package var fit: ShareFit
  /// One share in so many was hashed again, as `ShareSample` draws them; nil where all are as a matter of course.
  package var hashedOneIn: UInt32?
  /// How many of the counted shares were; nil with it.
  package var hashed: Int?
  /// What the miner said of itself meanwhile.
  package var claims: [Claim]

  package init(
    epoch: UInt32, sentAt: Instant, jobTimes: [UInt32], shares: [MinerShare],
    refused: RefusedShares = RefusedShares(), connections: [MinerLink] = [],
    fit: ShareFit = ShareFit(), hashedOneIn: UInt32? = nil, hashed: Int? = nil,
    claims: [Claim] = []
  ) {
    self.epoch = epoch
    self.sentAt = sentAt
    self.jobTimes = jobTimes
    self.shares = shares
    self.refused = refused
    self.connections = connections
    self.fit = fit
    self.hashedOneIn = hashedOneIn
    self.hashed = hashed
    self.claims = claims
  }

  /// Those of some shares that were hashed again.
  package func hashed(_ shares: some Sequence<MinerShare>, _ challenge: Challenge) -> [MinerShare] {
    let sample = ShareSample(challenge: challenge, oneIn: hashedOneIn ?? 1)
    return shares.filter { sample.contains($0, epoch: epoch) }
  }

  /// When a share arrived, to the millisecond below.
  package func instant(of share: MinerShare) -> Instant {
    Instant(nanoseconds: sentAt.nanoseconds &+ UInt64(share.arrival) * 1_000_000)
  }

  /// The shares that arrived at `start` or later and before `end`: those that a window counts.
  package func counted(from start: Instant, to end: Instant) -> ArraySlice<MinerShare> {
    func place(_ instant: Instant) -> Int {
      shares.firstIndex { self.instant(of: $0) >= instant } ?? shares.count
    }
    let first = place(start)
    return shares[first..<max(first, place(end))]
  }
}

/// Shares that were not counted, by why.
package struct RefusedShares: Hashable, Sendable {
  /// Of the epoch before: accepted, and not counted.
  package var late = 0
  package var duplicates = 0
  /// Above the target by less than 100 parts in a million: the rounding of clients that compute it in floating point.
  package var rounded = 0
  package var aboveTarget = 0
  package var unknownJobs = 0
  /// Of a form, a time or version bits that no job permits.
  package var malformed = 0
  /// Of another hash than the miner said; nil where shares are sent without their hash.
  package var wrongHashes: Int?

  package init(
    late: Int = 0, duplicates: Int = 0, rounded: Int = 0, aboveTarget: Int = 0,
    unknownJobs: Int = 0, malformed: Int = 0, wrongHashes: Int? = nil
  ) {
    self.late = late
    self.duplicates = duplicates
    self.rounded = rounded
    self.aboveTarget = aboveTarget
    self.unknownJobs = unknownJobs
    self.malformed = malformed
    self.wrongHashes = wrongHashes
  }
}

/// One connection of a miner within an epoch.
package struct MinerLink: Hashable, Sendable {
  /// The first extranonce, given to each connection once in a run.
  package let connection: UInt32
  /// Number of the miner, from 0.
  package let miner: Int
  /// Milliseconds since the epoch began when it was lost; nil where it held.
  package let lost: UInt32?

  package init(connection: UInt32, miner: Int, lost: UInt32? = nil) {
    self.connection = connection
    self.miner = miner
    self.lost = lost
  }
}

/// How the hashes of shares, divided by the target, lie between 0 and 1; of honest shares they are uniform whatever the
/// rate is.
package struct ShareFit: Hashable, Sendable {
  /// The largest; 0 without shares.
  package var largest: Double
  /// Kolmogorov's distance from the uniform distribution; 0 without shares.
  package var distance: Double

  package init(largest: Double = 0, distance: Double = 0) {
    self.largest = largest
    self.distance = distance
  }

  /// The fit of some quotients, in any order.
  package init(_ quotients: [Double]) {
    let sorted = quotients.sorted()
    let count = Double(sorted.count)
    largest = sorted.last ?? 0
    distance = sorted.enumerated().reduce(0) { most, place in
      max(
        most, Double(place.offset + 1) / count - place.element,
        place.element - Double(place.offset) / count)
    }
  }
}

extension Target {
  /// A hash in wire order divided by the target: at most 1 where it meets it.
  package func quotient(of hash: [UInt8]) -> Double {
    func value(_ bytes: [UInt8]) -> Double { bytes.reduce(0.0) { ($0 + Double($1)) / 256 } }
    return value(hash) / value(bytes)
  }
}

/// A figure that a miner states of itself: never a measurement of ours.
package struct Claim: Hashable, Sendable {
  /// Where it was asked, such as `cgminer` or `axeos`.
  package let source: String
  /// The answer's own name of it, such as `GHS 5s`.
  package let field: String
  /// Work per second.
  package let value: Double
  package let instant: Instant

  package init(source: String, field: String, value: Double, instant: Instant) {
    self.source = source
    self.field = field
    self.value = value
    self.instant = instant
  }
}

/// What a series of proven work rests on besides its target.
package struct ProofTerms: Hashable, Sendable {
  /// The name of the clients' convention, as in `ShareConvention.all`.
  package var convention: String
  package var difficulty: Double
  /// How near the miners were.
  package var link: MinerLinkKind
  /// In the order of their numbers.
  package var miners: [MinerIdentity]

  package init(
    convention: String, difficulty: Double, link: MinerLinkKind, miners: [MinerIdentity]
  ) {
    self.convention = convention
    self.difficulty = difficulty
    self.link = link
    self.miners = miners
  }
}

/// How near a miner was to the machine that measured it: what shares themselves cannot tell.
package enum MinerLinkKind: String, Hashable, Sendable, CaseIterable {
  /// The same link, on an interface without a gateway, and this machine forwards nothing.
  case direct
  /// The same link, from which there is a way elsewhere.
  case sameLink = "same-link"
  /// Behind a router (`--from`).
  case routed
  /// The machine that measured.
  case thisMachine = "this-machine"

  /// Whether no router lies between.
  package var isOnLink: Bool { self == .direct || self == .sameLink }
}

/// What a miner says that it is: a claim.
package struct MinerIdentity: Hashable, Sendable {
  /// The software's name, printable ASCII, cut; nil where it names none.
  package var agent: String?
  /// The difficulty that it asked for.
  package var suggestedDifficulty: Double?
  /// The bits of the version that it rolls.
  package var versionMask: UInt32

  package init(agent: String?, suggestedDifficulty: Double?, versionMask: UInt32) {
    self.agent = agent
    self.suggestedDifficulty = suggestedDifficulty
    self.versionMask = versionMask
  }
}
