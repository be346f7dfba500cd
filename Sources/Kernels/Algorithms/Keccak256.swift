internal import CKernels
internal import Model

/// Keccak-256 with the original padding (0x01), which is not that of SHA3-256 (0x06).
package enum Keccak256 {
  /// The 32-byte digest of any bytes; `domain` as in `Keccak.hash`.
  package static func hash(bytes: [UInt8], domain: UInt8 = 0x01) -> [UInt8] {
    Keccak.hash(bytes, size: 32, domain: domain)
  }
}

extension AlgorithmDescriptor {
  package static let keccak256 = AlgorithmDescriptor(
    id: .keccak256,
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
    ], kernels: unsafe kernelTable(.blockHeader) { unsafe hw_keccak256_kernels($0) }
  ) { Keccak256.hash(bytes: $0) }
}
