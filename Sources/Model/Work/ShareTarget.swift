extension Target {
  /// How many shares a window should yield: enough for the count to prove the hashing, few enough to store.
  package static let sharesPerWindow = 1024.0

  /// The target of the form `2^(256 - n) - 1` with which so many hashes yield about 1024 shares.
  ///
  /// Between 725 and 1448 are expected for any window of at least 1024 hashes; for fewer hashes every hash is a
  /// share. The target depends only on the number, never on the kernel, so that kernels are compared at like work.
  package static func forWindow(ofHashes hashes: Double) -> Target {
    var bits = 0
    var left = hashes / sharesPerWindow
    // Halving exactly is enough: 2^256 hashes are beyond every machine.
    while left > 2.0.squareRoot(), bits < 256 {
      left /= 2
      bits += 1
    }
    return Target(leadingZeroBits: bits)
  }
}
