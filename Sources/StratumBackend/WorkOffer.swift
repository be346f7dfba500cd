package import Model

/// One way in which miners may be given work.
package struct WorkOffer: Sendable {
  package let convention: ShareConvention
  package let derivation: ProofDerivation
  /// Before another one is found.
  package let difficulty: ShareDifficulty
  /// What the data that miners prepare are made from; empty where nothing is prepared.
  package let key: [UInt8]
  /// 32 bytes in wire order, or nil where the reference cannot hash now.
  package let hash: @Sendable (WorkInput) -> [UInt8]?

  package init(
    _ convention: ShareConvention, _ derivation: ProofDerivation, difficulty: ShareDifficulty,
    key: [UInt8] = [], hash: @escaping @Sendable (WorkInput) -> [UInt8]?
  ) {
    self.convention = convention
    self.derivation = derivation
    self.difficulty = difficulty
    self.key = key
    self.hash = hash
  }
}
