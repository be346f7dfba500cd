internal import COpenSSLKernels

/// SHA-256 of something large by libcrypto, whose code for the CPU is more than twice as fast as `SHA256`.
package enum LibcryptoDigest {
  /// The 32 bytes of the digest (FIPS 180-4); nil where libcrypto has none, as one that allows no such function.
  package static func sha256(_ bytes: [UInt8]) -> [UInt8]? {
    var digest = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe bytes.withUnsafeBytes { message in
      unsafe digest.withUnsafeMutableBufferPointer { result in
        unsafe hw_openssl_sha256(message.baseAddress, message.count, result.baseAddress) == 1
      }
    }
    return isDone ? digest : nil
  }
}
