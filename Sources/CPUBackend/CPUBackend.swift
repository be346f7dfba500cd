package import Kernels
package import LinuxSystem
internal import MachineFacts
package import Model

/// Runs kernels on pinned threads of this machine's CPUs.
package struct CPUBackend: ComputeBackend {
  package let device = DeviceID.cpu
  private let catalog: KernelCatalog
  private let features: CPUFeatures
  private let patience: Patience
  private let kept: KeptStates

  /// - Parameters:
  ///   - catalog: the kernels to offer.
  ///   - features: what the CPU can run.
  ///   - patience: how long a kernel is waited for.
  ///   - memory: where the room for states is read: the machine, or a tree that stands in for it.
  ///   - isCancelled: ends the preparation of a state that takes long.
  package init(
    catalog: KernelCatalog = .builtIn, features: CPUFeatures = .current,
    patience: Patience = Patience(), memory: SystemRoot = .live,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    kept = KeptStates(patience, memory: memory, isCancelled: isCancelled)
    self.catalog = catalog
    self.features = features
    self.patience = patience
  }

  package func meterPreparations(_ watch: any PreparationWatch) { kept.meter(watch) }

  package func kernels() -> [KernelDescription] { catalog.descriptions(on: features) }

  package func selfTest(_ algorithm: AlgorithmID, _ kernel: KernelID) throws {
    let variant = try catalog.select(kernel, for: algorithm, on: features)
    try prove(variant, key: KernelProof.key(variant.shape))
  }

  package func selfTest(
    _ algorithm: AlgorithmID, _ kernel: KernelID, before challenge: Challenge
  ) throws {
    let variant = try catalog.select(kernel, for: algorithm, on: features)
    try prove(variant, key: WorkDerivation.key(variant.shape, challenge: challenge))
  }

  /// A kernel of a library is proven on a state that is kept, by the CPUs of one memory node.
  private func prove(_ variant: KernelVariant, key: [UInt8]) throws {
    guard variant.state?.library != nil,
      let algorithm = catalog.algorithms.descriptor(of: variant.algorithm)
    else { return try catalog.prove(variant) }
    if let fault = catalog.fault(of: variant) { throw fault }
    let cpus = try Self.hashingCPUs()
    let nodes = MemoryNodes(FactReader(root: .live))
    let near = cpus.filter { nodes.node(of: $0) == cpus.first.map(nodes.node) }
    let use = try kept.use(variant, key: key, cpus: near)
    try KernelSelfTest.run(variant, of: algorithm, state: use?.states.first)
  }

  package var canSpin: Bool { true }

  package func placements(_ wish: PlacementWish) throws -> [Placement] {
    try CPUChoice(
      wish.cpus, available: try Self.hashingCPUs(), kinds: wish.coreKinds, quota: wish.cpuQuota
    )
    .placements(wish.counts.isEmpty ? [.all] : wish.counts)
  }

  /// CPUs that this process may use, one hardware thread of each core first.
  private static func hashingCPUs() throws -> [Int] {
    let allowed = try Affinity.allowedCPUs()
    // A CPU's place among the threads of its core; the live machine's, for only that one can hash.
    let reader = FactReader(root: .live)
    func place(_ cpu: Int) -> Int {
      reader.list(MachinePath.cpu(cpu) + "/topology/thread_siblings_list")?.firstIndex(of: cpu)
        ?? 0
    }
    return allowed.map { (place($0), $0) }.sorted { $0 < $1 }.map(\.1)
  }

  /// What the core of a placement's first CPU can do at most, on the registers that these kernels work with.
  ///
  /// Nil when the operations of none of the kernels are written down, and in a debug build.
  package func roofline(
    of kernels: [(AlgorithmID, KernelID)], in placement: Placement,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> CoreRoofline? {
    let variants = Roofline.candidates(catalog, on: features).filter { variant in
      kernels.contains { $0 == (variant.algorithm, variant.id) }
    }
    let widths = Set(variants.compactMap { $0.operations?.vectorBits })
    guard Roofline.isMeasurable, !widths.isEmpty else { return nil }
    return try Roofline.measure(
      variants, on: features, cpu: placement.places.first ?? 0, widths: widths, patience: patience,
      isCancelled: isCancelled)
  }

  package func start(_ job: ComputeJob) throws -> any ComputeSession {
    let cpus = job.placement.places
    guard !cpus.isEmpty, cpus.count == job.series.workers else {
      throw Failure(
        .usage, "\(job.series.workers) threads were asked for on \(cpus.count) CPUs",
        remedy: "give one CPU for each thread")
    }
    let allowed = try Affinity.allowedCPUs()
    for cpu in cpus where !allowed.contains(cpu) {
      throw Failure(
        .unavailable, "CPU \(cpu) is offline or not available to this process",
        remedy: "choose among CPUs \(CPUList.text(allowed))")
    }
    let task: Worker.Task =
      switch job.mode {
      case .hash: .hash(try provenVariant(job.series))
      case .spin: .spin
      }
    var use: KeptStates.Use?
    if case .hash(let variant) = task {
      let key = WorkDerivation.key(variant.shape, challenge: job.keyChallenge)
      use = try kept.use(variant, key: key, cpus: cpus)
    }
    return try CPUSession(job: job, task: task, patience: patience, prepared: use)
  }

  /// A plug-in's kernel that is known to be faulty is never called in this process.
  private func provenVariant(_ series: SeriesID) throws -> KernelVariant {
    let variant = try catalog.select(series.kernel, for: series.algorithm, on: features)
    if let fault = catalog.fault(of: variant) { throw fault }
    return variant
  }
}
