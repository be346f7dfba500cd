internal import CKernels
internal import COpenSSLKernels
package import Model
internal import Text

/// Every algorithm; another one is one more file and one more line here.
package enum AlgorithmCatalog {
  package static let all: [AlgorithmDescriptor] = [sha256d, scrypt, keccak256]

  /// The descriptor of an algorithm, or nil for one that this version does not know.
  package static func descriptor(of id: AlgorithmID) -> AlgorithmDescriptor? {
    all.first { $0.id == id }
  }

  /// The descriptor of an algorithm that a person named.
  package static func descriptor(named name: String) throws(Failure) -> AlgorithmDescriptor {
    guard let found = descriptor(of: AlgorithmID(rawValue: name)) else {
      throw Failure.unknown("algorithm", name, among: all.map(\.id.rawValue))
    }
    return found
  }

  private static let openSSLKernels = unsafe kernelTable { unsafe hw_openssl_kernels($0) }

  private static let sha256d = AlgorithmDescriptor(
    id: .sha256d, reference: SHA256d.hash,
    knownAnswers: [
      KnownAnswer(
        "Bitcoin block 100000",
        header: "0100000050120119172a610421a6c3011dd330d9df07b63616c2cc1f1cd00200000000006657a9252a"
          + "acd5c0b2940996ecff952228c3067cc38d4885efb5a4ac4247e9f337221b4d4c86041b0f2b5710",
        displayHash: "000000000003ba27aa200b1cecaad478d2b00432346c3f1f3986da1afd33e506"),
      KnownAnswer(
        "Bitcoin testnet4 block 40000",
        header: "0020b42b030216aa3bfeb2cffb069ffe3a9b0de3db50c75112279e4f1200000000000000456d7ffa5b"
          + "03f0e8a4a2e10c296a2d140128e32728886aa304135e8d1cd1d0caeac2c06604fa54195ec4d06c",
        displayHash: "000000000000000c1a1fad82b0e133f4772802b6dff7a95990580ae2e15c634f"),
    ],
    swiftKernel: ReferenceScan.sha256d,
    cKernels: unsafe kernelTable { unsafe hw_sha256d_kernels($0) }
      + openSSLKernels.filter { $0.algorithm == .sha256d })

  private static let scrypt = AlgorithmDescriptor(
    id: .scrypt, reference: Scrypt.hash,
    knownAnswers: [
      KnownAnswer(
        "Litecoin genesis block",
        header: "010000000000000000000000000000000000000000000000000000000000000000000000d9ced4ed11"
          + "30f7b7faad9be25323ffafa33232a17c3edf6cfd97bee6bafbdd97b9aa8e4ef0ff0f1ecd513f7c",
        displayHash: "0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00"),
      KnownAnswer(
        "Litecoin block 900000",
        header: "03000000be4888357a007fda4f9235c6594700a0e02be135da3d8e69c2aebd1b809e81932912ca57d4"
          + "29c5b7332f86aa3778aacaaffbda73034cd2e946635f323e9e9211b8046656c54e011b0480e328",
        displayHash: "000000000000f3f0f2e31def24c22f27a8b79e056ee4c059eb601b4e9fec4a7d"),
    ],
    swiftKernel: ReferenceScan.scrypt,
    cKernels: unsafe kernelTable { unsafe hw_scrypt_kernels($0) }
      + openSSLKernels.filter { $0.algorithm == .scrypt })

  private static let keccak256 = AlgorithmDescriptor(
    id: .keccak256, reference: Keccak256.hash(_:),
    knownAnswers: [
      KnownAnswer(
        "MaxCoin genesis block",
        header: "700000000000000000000000000000000000000000000000000000000000000000000000f36ae45560"
          + "247c5c7fe195e47128af943405cc987ddc18c388a473c2463bccf87843e652ffff001e3936b000",
        displayHash: "0000002d0f86558a6e737a3a351043ee73906fe077692dfaa3c9328aaca21964"),
      KnownAnswer(
        "SmartCash genesis block",
        header: "02000000000000000000000000000000000000000000000000000000000000000000000062d421ff67"
          + "5e5e9e829ba28cd9097b1e8f247642d30d7398c35e4dced88791b70a4a3259f0ff0f1e7fc00300",
        displayHash: "000007acc6970b812948d14ea5a0a13db0fdd07d5047c7e69101fa8b361e05a4"),
    ],
    swiftKernel: ReferenceScan.keccak256,
    cKernels: unsafe kernelTable { unsafe hw_keccak256_kernels($0) })
}

/// The reference hash functions behind the port that policy uses.
package struct CatalogReferenceHasher: ReferenceHasher {
  package init() {}

  package func hash(_ header: Header, _ algorithm: AlgorithmID) -> [UInt8]? {
    AlgorithmCatalog.descriptor(of: algorithm)?.reference(header)
  }
}
