internal import Kernels
internal import Model

/// SHA-256 of tens of megabytes, as the program's own before every run.
enum LargeDigest {
  static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    LibcryptoDigest.sha256(bytes) ?? SHA256.hash(bytes)
  }
}
