package import Model
internal import Text

/// The kernels that one run may choose from: the built-in ones and those of its plug-ins.
///
/// Every choice is a pure function of this list and of a set of CPU features; there is no fallback.
package struct KernelCatalog: Sendable {
  package let variants: [KernelVariant]
  /// What the kernels may be of.
  package let algorithms: AlgorithmCatalog
  /// Kernels of plug-ins that failed the self-test in a child process; never to be called in this one.
  package let faults: [KernelFault]
  /// Kernels of plug-ins: they have been through the self-test in a child process.
  private let triedElsewhere: Set<KernelID>

  /// What this program carries.
  package static let builtIn = KernelCatalog(algorithms: .builtIn)

  /// The kernels that belong to some algorithms.
  package init(algorithms: AlgorithmCatalog) {
    self.init(variants: algorithms.all.flatMap(\.kernels), algorithms: algorithms)
  }

  package init(variants: [KernelVariant], algorithms: AlgorithmCatalog = .builtIn) {
    self.variants = variants
    self.algorithms = algorithms
    faults = []
    triedElsewhere = []
  }

  private init(
    variants: [KernelVariant], algorithms: AlgorithmCatalog, faults: [KernelFault],
    triedElsewhere: Set<KernelID>
  ) {
    self.variants = variants
    self.algorithms = algorithms
    self.faults = faults
    self.triedElsewhere = triedElsewhere
  }

  /// With the kernels of a plug-in, which went through the self-test in a child process.
  package func adding(_ plugin: [KernelVariant], faults: [KernelFault]) -> KernelCatalog {
    KernelCatalog(
      variants: variants + plugin, algorithms: algorithms, faults: self.faults + faults,
      triedElsewhere: triedElsewhere.union(plugin.map(\.id)))
  }

  /// Throws what is wrong with a kernel: proven here, or known from the child process that tried it.
  package func prove(_ variant: KernelVariant) throws {
    if let fault = fault(of: variant) { throw fault }
    if isTriedElsewhere(variant) { return }
    guard let algorithm = algorithms.descriptor(of: variant.algorithm) else {
      throw KernelFault(variant.algorithm, variant.id, "its algorithm is unknown")
    }
    try KernelSelfTest.run(variant, of: algorithm)
  }

  /// Whether a kernel is of a plug-in, and went through the self-test in a child process.
  package func isTriedElsewhere(_ variant: KernelVariant) -> Bool {
    triedElsewhere.contains(variant.id)
  }

  /// The fault that a child process found, or nil.
  package func fault(of variant: KernelVariant) -> KernelFault? {
    faults.first { $0.algorithm == variant.algorithm && $0.kernel == variant.id }
  }

  /// Every kernel of an algorithm, in the order shown to users.
  package func variants(of algorithm: AlgorithmID) -> [KernelVariant] {
    variants.filter { $0.algorithm == algorithm }
  }

  /// The kernels of an algorithm that a CPU with these features can run.
  package func usable(for algorithm: AlgorithmID, on features: CPUFeatures) -> [KernelVariant] {
    variants(of: algorithm).filter { KernelCatalog.obstacle(to: $0, on: features) == nil }
  }

  /// Why a kernel cannot run on a CPU with these features, or nil when it can; a library behind it is loaded.
  package static func obstacle(to variant: KernelVariant, on features: CPUFeatures) -> Reason? {
    let missing = variant.requiredFeatures.subtracting(features)
    guard !missing.isEmpty else { return variant.libraryObstacle?() }
    return Reason(.unsupported, "this CPU lacks \(missing.names.joined(separator: ", "))")
  }

  /// Every kernel as a backend offers it.
  package func descriptions(on features: CPUFeatures) -> [KernelDescription] {
    variants.map { variant in
      KernelDescription(
        algorithm: variant.algorithm, kernel: variant.id, shape: variant.shape,
        lanes: variant.lanes,
        scratch: ByteCount(UInt64(variant.scratchSize)),
        unsupported: KernelCatalog.obstacle(to: variant, on: features),
        isCandidate: variant.isCandidate,
        // A state that takes long, or attempts that do.
        isProvenInRuns: variant.state?.library?.isLarge == true || !variant.shape.countsAttempts)
    }
  }

  /// The kernel of that name.
  ///
  /// - Throws: a usage error that lists the usable names when there is none of that name; when this CPU cannot run
  ///   it, an error that names what is missing. Another kernel is never taken instead.
  package func select(
    _ kernel: KernelID, for algorithm: AlgorithmID, on features: CPUFeatures
  ) throws(Failure) -> KernelVariant {
    guard let found = variants(of: algorithm).first(where: { $0.id == kernel }) else {
      let names = usable(for: algorithm, on: features).map(\.id.rawValue)
      throw Failure.unknown("kernel", kernel.rawValue, place: " for \(algorithm)", among: names)
    }
    if let obstacle = KernelCatalog.obstacle(to: found, on: features) {
      throw Failure(
        .unavailable, "kernel '\(kernel)' of \(algorithm) cannot run: \(obstacle.message)",
        remedy: obstacle.remedy ?? "choose one that 'hashwatt kernels' shows as usable")
    }
    return found
  }
}
