/// Keccak-f[1600] and the sponges of the padding that came before SHA-3's (0x01, not 0x06).
package enum Keccak {
  /// The state: lane (x, y) is word `x + 5 * y` (FIPS 202, section 3.1.2).
  package typealias State = InlineArray<25, UInt64>

  /// The permutation (FIPS 202, section 3.3), with every lane a variable: the reference of Etchash needs millions of them.
  package static func permute(_ state: inout State) {
    var (a0, a1, a2, a3, a4) = (
      state[0], state[1], state[2], state[3], state[4]
    )
    var (a5, a6, a7, a8, a9) = (
      state[5], state[6], state[7], state[8], state[9]
    )
    var (a10, a11, a12, a13, a14) = (
      state[10], state[11], state[12], state[13], state[14]
    )
    var (a15, a16, a17, a18, a19) = (
      state[15], state[16], state[17], state[18], state[19]
    )
    var (a20, a21, a22, a23, a24) = (
      state[20], state[21], state[22], state[23], state[24]
    )
    for constant in roundConstants {
      // theta
      let c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20
      let c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21
      let c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22
      let c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23
      let c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24
      let d0 = c4 ^ rotate(c1, 1)
      let d1 = c0 ^ rotate(c2, 1)
      let d2 = c1 ^ rotate(c3, 1)
      let d3 = c2 ^ rotate(c4, 1)
      let d4 = c3 ^ rotate(c0, 1)
      // rho and pi
      let b0 = a0 ^ d0
      let b1 = rotate(a6 ^ d1, 44)
      let b2 = rotate(a12 ^ d2, 43)
      let b3 = rotate(a18 ^ d3, 21)
      let b4 = rotate(a24 ^ d4, 14)
      let b5 = rotate(a3 ^ d3, 28)
      let b6 = rotate(a9 ^ d4, 20)
      let b7 = rotate(a10 ^ d0, 3)
      let b8 = rotate(a16 ^ d1, 45)
      let b9 = rotate(a22 ^ d2, 61)
      let b10 = rotate(a1 ^ d1, 1)
      let b11 = rotate(a7 ^ d2, 6)
      let b12 = rotate(a13 ^ d3, 25)
      let b13 = rotate(a19 ^ d4, 8)
      let b14 = rotate(a20 ^ d0, 18)
      let b15 = rotate(a4 ^ d4, 27)
      let b16 = rotate(a5 ^ d0, 36)
      let b17 = rotate(a11 ^ d1, 10)
      let b18 = rotate(a17 ^ d2, 15)
      let b19 = rotate(a23 ^ d3, 56)
      let b20 = rotate(a2 ^ d2, 62)
      let b21 = rotate(a8 ^ d3, 55)
      let b22 = rotate(a14 ^ d4, 39)
      let b23 = rotate(a15 ^ d0, 41)
      let b24 = rotate(a21 ^ d1, 2)
      // chi, and iota on the first lane
      a0 = b0 ^ (~b1 & b2) ^ constant
      a1 = b1 ^ (~b2 & b3)
      a2 = b2 ^ (~b3 & b4)
      a3 = b3 ^ (~b4 & b0)
      a4 = b4 ^ (~b0 & b1)
      a5 = b5 ^ (~b6 & b7)
      a6 = b6 ^ (~b7 & b8)
      a7 = b7 ^ (~b8 & b9)
      a8 = b8 ^ (~b9 & b5)
      a9 = b9 ^ (~b5 & b6)
      a10 = b10 ^ (~b11 & b12)
      a11 = b11 ^ (~b12 & b13)
      a12 = b12 ^ (~b13 & b14)
      a13 = b13 ^ (~b14 & b10)
      a14 = b14 ^ (~b10 & b11)
      a15 = b15 ^ (~b16 & b17)
      a16 = b16 ^ (~b17 & b18)
      a17 = b17 ^ (~b18 & b19)
      a18 = b18 ^ (~b19 & b15)
      a19 = b19 ^ (~b15 & b16)
      a20 = b20 ^ (~b21 & b22)
      a21 = b21 ^ (~b22 & b23)
      a22 = b22 ^ (~b23 & b24)
      a23 = b23 ^ (~b24 & b20)
      a24 = b24 ^ (~b20 & b21)
    }
    state = [
      a0, a1, a2, a3, a4,
      a5, a6, a7, a8, a9,
      a10, a11, a12, a13, a14,
      a15, a16, a17, a18, a19,
      a20, a21, a22, a23, a24,
    ]
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word &<< count | word &>> (64 &- count)
  }

  /// The constants of iota (FIPS 202, 3.2.5), made by the definition's shift register.
  private static let roundConstants: [UInt64] = {
    var register: UInt8 = 1
    return (0..<24).map { _ in
      var constant: UInt64 = 0
      for bit in 0..<7 {
        if register & 1 == 1 { constant |= 1 << UInt64((1 << bit) - 1) }
        register = register & 0x80 == 0 ? register << 1 : register << 1 ^ 0x71
      }
      return constant
    }
  }()

  /// The digest of any bytes: 32 of them for Keccak-256, 64 for Keccak-512.
  ///
  /// `domain` is the padding's first byte: 0x01 for Keccak, 0x06 for SHA-3.
  package static func hash(_ bytes: [UInt8], size: Int, domain: UInt8 = 0x01) -> [UInt8] {
    // 1600 bits less twice the digest's are absorbed by one permutation.
    let rate = 200 - 2 * size
    var padded = bytes + [domain]
    while padded.count % rate != 0 { padded.append(0) }
    padded[padded.count - 1] |= 0x80
    var state = State(repeating: 0)
    for block in stride(from: 0, to: padded.count, by: rate) {
      for index in 0..<rate {
        state[index / 8] ^= UInt64(padded[block + index]) << UInt64(index % 8 * 8)
      }
      permute(&state)
    }
    return (0..<size).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
  }

  /// Keccak-512 of exactly 64 bytes, as sixteen little-endian words.
  package static func hash512(_ words: SIMD16<UInt32>) -> SIMD16<UInt32> {
    let lanes =
      SIMD8<UInt64>(truncatingIfNeeded: words.evenHalf)
      | SIMD8<UInt64>(truncatingIfNeeded: words.oddHalf) &<< 32
    var state = State(repeating: 0)
    for index in 0..<8 { state[index] = lanes[index] }
    // The padding's first and last bit lie in the ninth and last word of the rate.
    state[8] = 1 << 63 | 1
    permute(&state)
    let digest = SIMD8<UInt64>(
      state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7])
    var result = SIMD16<UInt32>(repeating: 0)
    result.evenHalf = SIMD8<UInt32>(truncatingIfNeeded: digest)
    result.oddHalf = SIMD8<UInt32>(truncatingIfNeeded: digest &>> 32)
    return result
  }
}
