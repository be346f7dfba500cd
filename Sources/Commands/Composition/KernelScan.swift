internal import Arguments
internal import CPUBackend
internal import Kernels
internal import Model

/// One kernel that is ready to scan ranges of nonces on one thread of this CPU.
struct KernelScan {
  let algorithm: AlgorithmID
  let shape: WorkShape
  private let variant: KernelVariant
  private let patience: Patience

  fileprivate init(_ variant: KernelVariant, _ shape: WorkShape, _ patience: Patience) {
    algorithm = variant.algorithm
    self.shape = shape
    self.variant = variant
    self.patience = patience
  }

  /// Calls `found` for each proof of the range, in the order of scanning.
  ///
  /// - Returns: how many nonces of the range were scanned: all of them unless `isCancelled` turned true.
  /// - Throws: what `found` throws; `StuckKernel` when a call does not come back.
  func search(
    _ work: Work, key: [UInt8], isCancelled: @escaping @Sendable () -> Bool,
    found: (_ nonce: UInt32, _ payload: [UInt8]) throws -> Void
  ) throws -> UInt64 {
    try NonceSearch.scan(
      work, with: variant, key: key, patience: patience, isCancelled: isCancelled
    ) { proof in try found(proof.nonce, proof.payload) }
  }
}

extension Composition {
  /// The kernel of that name, or where none is named `portable`, the light mode of an algorithm that has one, or the reference of
  /// one that only devices have kernels of; among the built-in ones and those of the plug-ins that the options name.
  ///
  /// - Throws: usage errors for unknown names; unavailable for a kernel that this CPU cannot run; the fault of one
  ///   that is faulty.
  static func scan(
    _ algorithm: String, _ kernel: String?, _ arguments: ParsedArguments,
    _ context: CommandContext
  ) throws -> KernelScan {
    let descriptor = try AlgorithmCatalog.builtIn.descriptor(named: algorithm)
    if kernel ?? KernelVariant.referenceName.rawValue == KernelVariant.referenceName.rawValue,
      descriptor.isOnlyOnDevices, let reference = descriptor.referenceKernel
    {
      return KernelScan(
        reference, descriptor.shape, TimeLimits.patience(context.environment))
    }
    let catalog = try PluginKernels.catalog(arguments, context)
    let usual =
      [.randomx, .randomxV2].contains(descriptor.id) ? "librandomx-light-jit" : "portable"
    let variant = try catalog.select(
      KernelID(rawValue: kernel ?? usual), for: descriptor.id, on: .current)
    if let fault = catalog.fault(of: variant) { throw fault }
    return KernelScan(
      variant, descriptor.shape, TimeLimits.patience(context.environment))
  }
}
