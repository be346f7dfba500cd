internal import CKernels
internal import Model

/// Keccak-256 with the original padding (0x01), which is not that of SHA3-256 (0x06).
package enum Keccak256 {
  /// Bytes absorbed by one permutation: 1600 bits less twice the digest's 256.
  private static let rate = 136

  /// The 32-byte digest of any bytes.
  ///
  /// `domain` is the padding's first byte: 0x01 for Keccak, 0x06 for SHA-3.
  package static func hash(bytes: [UInt8], domain: UInt8 = 0x01) -> [UInt8] {
    var padded = bytes + [domain]
    while padded.count % rate != 0 { padded.append(0) }
    padded[padded.count - 1] |= 0x80
    var state = [UInt64](repeating: 0, count: 25)
    for block in stride(from: 0, to: padded.count, by: rate) {
      for index in 0..<rate {
        state[index / 8] ^= UInt64(padded[block + index]) << UInt64(index % 8 * 8)
      }
      permute(&state)
    }
    return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
  }

  /// Keccak-f[1600] (FIPS 202, section 3.3); lane (x, y) is word `x + 5 * y`.
  package static func permute(_ state: inout [UInt64]) {
    precondition(state.count == 25, "the state has 25 words")
    for constant in roundConstants {
      // theta
      let columns = (0..<5).map { x in
        stride(from: x, to: 25, by: 5).reduce(0) { $0 ^ state[$1] }
      }
      for x in 0..<5 {
        let parity = columns[(x + 4) % 5] ^ rotate(columns[(x + 1) % 5], 1)
        for y in 0..<5 { state[x + 5 * y] ^= parity }
      }
      // rho and pi
      var moved = [UInt64](repeating: 0, count: 25)
      for x in 0..<5 {
        for y in 0..<5 {
          moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(state[x + 5 * y], rotations[x + 5 * y])
        }
      }
      // chi
      for y in 0..<5 {
        for x in 0..<5 {
          state[x + 5 * y] =
            moved[x + 5 * y] ^ (~moved[(x + 1) % 5 + 5 * y] & moved[(x + 2) % 5 + 5 * y])
        }
      }
      // iota
      state[0] ^= constant
    }
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    count == 0 ? word : word << count | word >> (64 - count)
  }

  /// Rotation of each lane (FIPS 202, 3.2.2), made by walking the lanes as the definition does.
  private static let rotations: [UInt64] = {
    var table = [UInt64](repeating: 0, count: 25)
    var (x, y) = (1, 0)
    for step in 0..<24 {
      table[x + 5 * y] = UInt64((step + 1) * (step + 2) / 2 % 64)
      (x, y) = (y, (2 * x + 3 * y) % 5)
    }
    return table
  }()

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
