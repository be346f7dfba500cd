/// Nodes that are measured by one plan, and every attempt at it.
package struct FleetPlan: Hashable, Sendable {
  /// Short name of this fleet, part of its jobs' names: hexadecimal digits.
  package var id: String
  /// 32 random bytes that the challenge of each attempt is derived from.
  package var challenge: Challenge
  /// Seconds since 1970.
  package var createdAt: Double
  /// Version of the program that submitted.
  package var toolVersion: String
  /// What brings the nodes to work: `slurm`, `commands`.
  package var engine: String
  /// Path of the program on the nodes.
  package var program: String
  /// SHA-256 of that program as it was at submission, in hexadecimal digits; nil where it could not be read there, or is a script
  /// that starts another.
  package var programDigest: String?
  /// Words after `hashwatt run`, without what the fleet adds.
  package var runOptions: [String]
  /// Site options of the engine, as given.
  package var engineOptions: [String]
  /// Longest time of one attempt.
  package var timeLimitMinutes: Int
  /// Nodes at once, of the fleet or, where `slotsArePerRack`, of each rack; nil for all.
  package var slots: Int?
  package var slotsArePerRack: Bool
  /// Between the begin of one node and the next.
  package var stagger: Seconds
  /// Facts that every node must have recorded, as `NAME=VALUE`.
  package var expected: [String]
  package var nodes: [FleetNode]

  package init(
    id: String, challenge: Challenge, createdAt: Double, toolVersion: String, engine: String,
    program: String, programDigest: String?, runOptions: [String], engineOptions: [String],
    timeLimitMinutes: Int,
    slots: Int?, slotsArePerRack: Bool, stagger: Seconds, expected: [String], nodes: [FleetNode]
  ) {
    self.id = id
    self.challenge = challenge
    self.createdAt = createdAt
    self.toolVersion = toolVersion
    self.engine = engine
    self.program = program
    self.programDigest = programDigest
    self.runOptions = runOptions
    self.engineOptions = engineOptions
    self.timeLimitMinutes = timeLimitMinutes
    self.slots = slots
    self.slotsArePerRack = slotsArePerRack
    self.stagger = stagger
    self.expected = expected
    self.nodes = nodes
  }

  /// Names the rule of challenges; a later rule gets another number.
  package static let domain = "hashwatt-fleet-1"

  /// The challenge of one attempt of one node, which nobody knows before it is submitted and by which alone a result is
  /// told to be the node's.
  ///
  /// SHA-256 of the domain string, the fleet's challenge, the length and the bytes of the node's name, and the attempt; length
  /// and attempt as little-endian 32-bit words.
  package func challenge(of node: NodeName, attempt: Int) -> Challenge {
    let name = Array(node.rawValue.utf8)
    let message =
      Array(Self.domain.utf8) + challenge.bytes + Self.littleEndian(name.count) + name
      + Self.littleEndian(attempt)
    guard let derived = Challenge(bytes: SHA256.hash(message)) else {
      preconditionFailure("a digest has 32 bytes")
    }
    return derived
  }

  private static func littleEndian(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}

/// One node of a fleet.
package struct FleetNode: Hashable, Sendable {
  package var name: NodeName
  /// Rack or power distribution unit, where that was told.
  package var rack: String?
  /// In order, numbered from 1.
  package var attempts: [FleetAttempt]

  package init(name: NodeName, rack: String? = nil, attempts: [FleetAttempt] = []) {
    self.name = name
    self.rack = rack
    self.attempts = attempts
  }
}

/// One try of one node.
package struct FleetAttempt: Hashable, Sendable {
  package var number: Int
  /// Seconds since 1970.
  package var submittedAt: Double
  /// Nil until the engine has taken it.
  package var job: FleetJobID?

  package init(number: Int, submittedAt: Double, job: FleetJobID? = nil) {
    self.number = number
    self.submittedAt = submittedAt
    self.job = job
  }
}

/// A job as its engine names it; checked, since it goes into command lines.
package struct FleetJobID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package var description: String { rawValue }

  /// Nil for anything but 1 to 20 digits.
  package init?(rawValue: String) {
    guard (1...20).contains(rawValue.utf8.count),
      rawValue.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    self.rawValue = rawValue
  }
}
