package import Kernels
internal import LinuxSystem
package import Model

/// Runs kernels on pinned threads of this machine's CPUs.
package struct CPUBackend: ComputeBackend {
  package let device = DeviceID.cpu
  private let catalog: KernelCatalog
  private let features: CPUFeatures
  private let patience: Patience

  /// - Parameters:
  ///   - catalog: the kernels to offer.
  ///   - features: what the CPU can run.
  ///   - patience: how long a kernel is waited for.
  package init(
    catalog: KernelCatalog = .builtIn, features: CPUFeatures = .current,
    patience: Patience = Patience()
  ) {
    self.catalog = catalog
    self.features = features
    self.patience = patience
  }

  package func kernels() -> [KernelDescription] { catalog.descriptions(on: features) }

  package func selfTest(_ algorithm: AlgorithmID, _ kernel: KernelID) throws {
    let variant = try catalog.select(kernel, for: algorithm, on: features)
    try catalog.prove(variant)
  }

  package func start(_ job: ComputeJob) throws -> any ComputeSession {
    guard !job.cpus.isEmpty, job.cpus.count == job.series.threads else {
      throw Failure(
        .usage, "\(job.series.threads) threads were asked for on \(job.cpus.count) CPUs",
        remedy: "give one CPU for each thread")
    }
    let allowed = try Affinity.allowedCPUs()
    for cpu in job.cpus where !allowed.contains(cpu) {
      throw Failure(
        .unavailable, "CPU \(cpu) is offline or not available to this process",
        remedy: "choose among CPUs \(CPUList.text(allowed))")
    }
    let task: Worker.Task =
      switch job.mode {
      case .hash: .hash(try provenVariant(job.series))
      case .spin: .spin
      }
    return try CPUSession(job: job, task: task, patience: patience)
  }

  /// A plug-in's kernel that is known to be faulty is never called in this process.
  private func provenVariant(_ series: SeriesID) throws -> KernelVariant {
    let variant = try catalog.select(series.kernel, for: series.algorithm, on: features)
    if let fault = catalog.fault(of: variant) { throw fault }
    return variant
  }
}
