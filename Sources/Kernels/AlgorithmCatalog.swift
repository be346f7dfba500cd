internal import COpenSSLKernels
package import Model
internal import Text

/// The algorithms that a program knows.
package struct AlgorithmCatalog: Sendable {
  /// In the order shown to users.
  package let all: [AlgorithmDescriptor]

  /// What this program carries: another one is one more file and one more line here, and `CompletenessTests` lists what
  /// it then still lacks.
  package static let builtIn = AlgorithmCatalog([
    .sha256d, .scrypt, .keccak256, .randomx, .randomxV2, .equihash,
    .etchash, .etchashTest,
  ])

  package init(_ all: [AlgorithmDescriptor]) { self.all = all }

  /// The descriptor of an algorithm, or nil for one that is not known.
  package func descriptor(of id: AlgorithmID) -> AlgorithmDescriptor? {
    all.first { $0.id == id }
  }

  /// The descriptor of an algorithm that a person named.
  package func descriptor(named name: String) throws(Failure) -> AlgorithmDescriptor {
    guard let found = descriptor(of: AlgorithmID(rawValue: name)) else {
      throw Failure.unknown("algorithm", name, among: all.map(\.id.rawValue))
    }
    return found
  }

  /// The kernels of libcrypto for one algorithm of block headers.
  internal static func openSSLKernels(_ algorithm: AlgorithmID) -> [KernelVariant] {
    unsafe kernelTable(.blockHeader) { unsafe hw_openssl_kernels($0) }
      .filter { $0.algorithm == algorithm }
  }
}

/// The references behind the port that policy uses.
package struct CatalogReferences: ReferenceProvider {
  private let catalog: AlgorithmCatalog

  package init(_ catalog: AlgorithmCatalog = .builtIn) { self.catalog = catalog }

  package func shape(of algorithm: AlgorithmID) -> WorkShape? {
    catalog.descriptor(of: algorithm)?.shape
  }

  package func reference(
    of algorithm: AlgorithmID, challenge: Challenge, epoch: UInt32?
  ) throws(Failure) -> (any WorkReference)? {
    guard let descriptor = catalog.descriptor(of: algorithm) else { return nil }
    return try descriptor.reference(
      key: WorkDerivation.key(descriptor.shape, challenge: challenge, epoch: epoch))
  }
}
