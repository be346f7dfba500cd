package import Model
internal import Statistics

/// What one of several miners proved, over all windows of a series.
package struct MinerRate: Hashable, Sendable {
  /// From 0.
  package let miner: Int
  package let agent: String?
  package let shares: Int
  package let rate: Rate
  /// The exact 95 % interval of so many shares (Garwood 1936), work per second.
  package let lower: Double
  package let upper: Double
}

extension RunResult {
  /// Each miner of each series of proven work, in the order of their numbers.
  package var minerRates: [MinerRate] {
    workers.flatMap { workers -> [MinerRate] in
      guard let terms = workers.terms else { return [] }
      let windows = samples.filter { $0.series == workers.series && $0.origin == .proven }
      var shares = [Int](repeating: 0, count: terms.miners.count)
      for window in windows {
        guard let proof = window.proof else { continue }
        let miners = Dictionary(proof.connections.map { ($0.connection, $0.miner) }) { $1 }
        for share in proof.counted(from: window.start.hashes, to: window.end.hashes) {
          if let miner = miners[share.connection], shares.indices.contains(miner) {
            shares[miner] += 1
          }
        }
      }
      let seconds = windows.reduce(0) { $0 + $1.duration.value }
      guard seconds > 0 else { return [] }
      let unit = 1 / workers.target.probability / seconds
      return terms.miners.enumerated().map { number, identity in
        let interval = Poisson.interval(shares[number])
        return MinerRate(
          miner: number, agent: identity.agent, shares: shares[number],
          rate: Rate(perSecond: Double(shares[number]) * unit, unit: workers.unit),
          lower: interval.lower * unit, upper: interval.upper * unit)
      }
    }
  }
}
