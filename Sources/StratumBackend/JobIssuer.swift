internal import JSON
package import Model

/// Makes the jobs of the present epoch, and finds those that shares name.
///
/// Old jobs of an epoch stay valid to its end; those of an earlier one are known, so that a late share is told from a false
/// one.
package struct JobIssuer {
  private let derivation: ProofDerivation
  package private(set) var epoch: UInt32 = 0
  private var jobs: [[ProofJob]] = []
  private var firstKept: UInt32 = 0

  /// Epochs whose jobs are remembered beside the present one.
  package static let remembered: UInt32 = 1

  package init(_ derivation: ProofDerivation) { self.derivation = derivation }

  /// What all jobs are derived from.
  var challenge: Challenge { derivation.challenge }

  /// The jobs sent in the present epoch.
  package var sent: [ProofJob] { jobs.last ?? [] }

  /// Begins the next epoch: shares of jobs before it count no more.
  package mutating func beginEpoch() {
    if !jobs.isEmpty { epoch += 1 }
    jobs.append([])
    while epoch - firstKept > Self.remembered {
      jobs.removeFirst()
      firstKept += 1
    }
  }

  /// The next job of the present epoch, at a time in seconds since 1970.
  package mutating func next(at time: UInt32) -> ProofJob {
    if jobs.isEmpty { jobs.append([]) }
    let job = derivation.job(
      epoch: epoch, index: UInt32(jobs[jobs.count - 1].count), time: time)
    jobs[jobs.count - 1].append(job)
    return job
  }

  /// The job of a name, if it is remembered.
  package func job(named name: String) -> ProofJob? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = UInt32(parts[0]), let index = Int(parts[1]),
      epoch >= firstKept, epoch - firstKept < UInt32(jobs.count)
    else { return nil }
    let list = jobs[Int(epoch - firstKept)]
    guard list.indices.contains(index), list[index].name == name else { return nil }
    return list[index]
  }
}

extension ProofJob {
  /// The identifier of this job in the protocol, never used twice in a run: ESP-Miner ignores one that it has.
  package var name: String { "\(epoch)-\(index)" }

  /// The line that gives this job to a miner.
  ///
  /// It discards what the miner works on at the start of an epoch only, because cgminer then drops its queue and ESP-Miner the
  /// shares in flight.
  package func notification(discardsOthers: Bool) -> [UInt8] {
    // Each 4-byte word of the previous hash is reversed, as the field has it.
    let previous = stride(from: 0, to: 32, by: 4).flatMap { previousHash[$0..<$0 + 4].reversed() }
    func hex(_ bytes: [UInt8]) -> JSONValue { .string(Hexadecimal.encode(bytes)) }
    return StratumLine.notification(
      "mining.notify",
      [
        .string(name), hex(previous), hex(coinbaseStart), hex(coinbaseEnd),
        .array(branches.map(hex)), hex(Self.version.bigEndianBytes),
        hex(Self.compactTarget.bigEndianBytes), hex(time.bigEndianBytes), .bool(discardsOthers),
      ])
  }
}
