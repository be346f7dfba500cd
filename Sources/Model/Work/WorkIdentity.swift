/// What a figure is of: only figures of one and the same work stand beside one another in tables, comparisons, trends, pools and
/// groups of sisters.
///
/// Everything else that parts work (RandomX's version, Equihash's parameters, the test dataset of Etchash) is in the name of
/// the algorithm.
package struct WorkIdentity: Hashable, Sendable, CustomStringConvertible {
  package let algorithm: AlgorithmID
  /// What rates and efficiencies count.
  package let unit: WorkUnit
  /// Of an algorithm whose dataset grows with its chain: datasets of different sizes are different work for a memory.
  ///
  /// Nil for any other, and where a source names none, as published claims do.
  package let epoch: UInt32?

  package init(algorithm: AlgorithmID, unit: WorkUnit, epoch: UInt32?) {
    self.algorithm = algorithm
    self.unit = unit
    self.epoch = epoch
  }

  /// `sha256d`, `etchash epoch 435`: what a table calls it.
  package var description: String { algorithm.rawValue + (epoch.map { " epoch \($0)" } ?? "") }

  /// `sha256d avx512-2x16 2t`: the work, and by what it is done where that is known.
  package func series(_ kernel: KernelID?, _ placement: PlacementName? = nil) -> String {
    [description, kernel?.rawValue, placement.map { "\($0)" }].compactMap(\.self)
      .joined(separator: " ")
  }
}
