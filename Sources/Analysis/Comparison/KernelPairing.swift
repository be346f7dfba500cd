package import Model

/// Two kernels of one algorithm that stand against one another.
package struct KernelPair: Hashable, Sendable {
  package let algorithm: AlgorithmID
  package let base: KernelID
  package let new: KernelID
}

/// Which kernels of one result stand against one another.
package struct KernelPairing: Hashable, Sendable {
  package private(set) var pairs: [KernelPair] = []
  /// Why nothing stands against something, a sentence each.
  package private(set) var refusals: [String] = []

  /// Finds the pairs among the kernels that one result measured, in the order in which the run named them.
  ///
  /// A kernel of `--interleave` is the base of the run's own one of the same name, or of the only one. Without such,
  /// two kernels are base and new in their order. `base` and `new` name a side: alone it stands against every other
  /// kernel.
  package init(
    _ figures: [Figure], choices: [KernelChoice], base: KernelID?, new: KernelID?
  ) {
    var algorithms: [AlgorithmID] = []
    for figure in figures where !algorithms.contains(figure.algorithm) {
      algorithms.append(figure.algorithm)
    }
    for algorithm in algorithms {
      let measured = figures.filter { $0.algorithm == algorithm }.compactMap(\.kernel)
      let named = choices.filter { $0.algorithm == algorithm }.flatMap(\.chosen)
      var kernels: [KernelID] = []
      for kernel in named + measured where measured.contains(kernel) && !kernels.contains(kernel) {
        kernels.append(kernel)
      }
      guard base != nil || new != nil else {
        pairs += natural(algorithm, kernels)
          .map { KernelPair(algorithm: algorithm, base: $0.0, new: $0.1) }
        continue
      }
      for old in kernels where base == nil || base == old {
        for young in kernels where young != old && (new == nil || new == young) {
          pairs.append(KernelPair(algorithm: algorithm, base: old, new: young))
        }
      }
    }
  }

  private mutating func natural(
    _ algorithm: AlgorithmID, _ kernels: [KernelID]
  ) -> [(KernelID, KernelID)] {
    let others = kernels.filter(\.isOther)
    let own = kernels.filter { !$0.isOther }
    let names = { (kernels: [KernelID]) in kernels.map(\.rawValue).joined(separator: ", ") }
    guard others.isEmpty else {
      return others.compactMap { other in
        let plugin = KernelID(rawValue: KernelID.pluginPrefix + other.bareName)
        let same = own.first { $0 == plugin } ?? own.first { $0.rawValue == other.bareName }
        if let partner = same ?? (own.count == 1 ? own[0] : nil) { return (other, partner) }
        refusals.append("\(algorithm): \(other) has the name of none of \(names(own))")
        return nil
      }
    }
    if kernels.count == 2 { return [(kernels[0], kernels[1])] }
    refusals.append(
      kernels.count < 2
        ? "\(algorithm): only \(names(kernels)) was measured"
        : "\(algorithm): \(kernels.count) kernels, choose with --base-kernel and --new-kernel among "
          + names(kernels))
    return []
  }
}
