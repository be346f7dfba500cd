internal import Economics
package import Model
internal import Records

/// What people type for a proof of work beside the algorithm's name: the coin, its symbol, or an algorithm that no kernel here computes.
package enum CoinWords {
  /// What to say of each word in lower case, of a command that takes these algorithms.
  package static func remedies(_ algorithms: [AlgorithmID]) -> [String: String] {
    // The files that are built in are read by a test; without them nothing more is said.
    let chains = (try? BuiltInChains.all()) ?? []
    var remedies: [String: String] = [:]
    for chain in chains {
      let remedy = remedy(chain, algorithms)
      for word in [chain.id.rawValue, chain.name, chain.algorithm.rawValue] {
        let word = word.lowercased()
        if !algorithms.contains(where: { $0.rawValue == word }) { remedies[word] = remedy }
      }
    }
    return remedies
  }

  private static func remedy(_ chain: Chain, _ algorithms: [AlgorithmID]) -> String {
    if case .notMinable(let since, _) = chain.market {
      return "\(chain.name) cannot be mined since \(since)"
    }
    if algorithms.contains(chain.algorithm) {
      return "the proof of work of \(chain.name) is '\(chain.algorithm)'"
    }
    return
      "\(chain.algorithm), the proof of work of \(chain.name), is none of "
      + algorithms.map(\.rawValue).joined(separator: ", ")
  }
}
