internal import CKernels
internal import Model

/// SHA-256 applied twice: Bitcoin's proof of work.
package enum SHA256d {
  /// The 32-byte hash in wire order.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] { SHA256.hash(SHA256.hash(bytes)) }
}

extension AlgorithmDescriptor {
  package static let sha256d = AlgorithmDescriptor(
    id: .sha256d,
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
    kernels: unsafe kernelTable(.blockHeader) { unsafe hw_sha256d_kernels($0) }
      + AlgorithmCatalog.openSSLKernels(.sha256d), hash: SHA256d.hash)
}
