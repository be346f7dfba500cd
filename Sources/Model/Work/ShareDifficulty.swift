/// The difficulty of shares as miners are given it; which target it stands for is a `ShareConvention`.
package struct ShareDifficulty: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Positive and finite; powers of two are exact in every firmware.
  package let value: Double

  /// Nil unless the value is positive and finite.
  package init?(_ value: Double) {
    guard value > 0, value.isFinite else { return nil }
    self.value = value
  }

  package static func < (left: ShareDifficulty, right: ShareDifficulty) -> Bool {
    left.value < right.value
  }

  /// As `mining.set_difficulty` carries it: whole numbers without a fraction, because some firmwares read nothing else.
  package var description: String {
    if let whole = Int64(exactly: value) { return "\(whole)" }
    return "\(value)"
  }

  /// The target of Stratum V1, `floor(factor * 0xFFFF * 2^208 / d)`, at most 2^256 - 1; nil where it would be zero.
  ///
  /// The factor is 1 for sha256d, 65536 for scrypt, 128 or 256 for keccak256; 1 to 2^32.
  package func target(factor: UInt64) -> Target? {
    // The value is `significand * 2^exponent` exactly, with a whole significand below 2^53.
    let significand = UInt64(value.significandBitPattern) | (value.isNormal ? 1 << 52 : 0)
    let exponent = (value.isNormal ? Int(value.exponentBitPattern) : 1) - 1075
    let numerator = factor.multipliedFullWidth(by: 0xffff)
    // numerator * 2^(208 - exponent) / significand, bit by bit from the top.
    let shift = 208 - exponent
    guard shift >= 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 32)
    var remainder: UInt64 = 0
    for place in stride(from: 127 + shift, through: 0, by: -1) {
      let from = place - shift
      let bit: UInt64 =
        switch from {
        case 64...: (numerator.high >> UInt64(from - 64)) & 1
        case 0..<64: (numerator.low >> UInt64(from)) & 1
        default: 0
        }
      remainder = remainder << 1 | bit
      guard remainder >= significand else { continue }
      remainder -= significand
      // A quotient of 257 bits or more: every hash is a share.
      guard place < 256 else { return Target(leadingZeroBits: 0) }
      bytes[place / 8] |= 1 << UInt8(place % 8)
    }
    guard bytes.contains(where: { $0 != 0 }) else { return nil }
    return Target(littleEndian: bytes)
  }
}
