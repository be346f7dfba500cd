/// Equihash by Zcash's rules (Biryukov and Khovratovich 2016; Zcash protocol specification, section 7.7.1).
package struct Equihash: Sendable {
  /// Bits of a hash, and rounds of collisions.
  package let n: Int
  package let k: Int

  /// The form that Zcash is mined with.
  package static let zcash = Equihash(n: 200, k: 9)

  /// `n` is a multiple of 8 from 16 to 512, and `k + 1` divides it.
  package init(n: Int, k: Int) {
    precondition(
      n % 8 == 0 && (16...512).contains(n) && k >= 1 && n % (k + 1) == 0, "an Equihash form")
    self.n = n
    self.k = k
  }

  /// Bits that each round makes zero.
  private var collisionBits: Int { n / (k + 1) }
  private var indexBits: Int { collisionBits + 1 }

  /// Bytes of a solution: `2^k` indices, packed.
  package var solutionSize: Int { (indexBits << k) / 8 }

  /// Whether packed indices solve an input, which is the header with its nonce.
  ///
  /// The hashes of each subtree of `2^i` indices agree in the first `i` parts, the first index of a left subtree is
  /// the smaller, all are distinct, and the whole comes to zero.
  package func isSolution(_ packed: [UInt8], of input: [UInt8]) -> Bool {
    guard packed.count == solutionSize else { return false }
    let indices = unpacked(packed)
    guard Set(indices).count == indices.count else { return false }
    var nodes = indices.map { (first: $0, hash: hash($0, of: input)) }
    for round in 1...k {
      var next: [(first: Int, hash: [UInt8])] = []
      for left in stride(from: 0, to: nodes.count, by: 2) {
        let (one, other) = (nodes[left], nodes[left + 1])
        let both = zip(one.hash, other.hash).map { $0 ^ $1 }
        guard one.first < other.first, Self.startsWithZeros(both, round * collisionBits) else {
          return false
        }
        next.append((one.first, both))
      }
      nodes = next
    }
    return nodes.count == 1 && nodes[0].hash.allSatisfy { $0 == 0 }
  }

  private func unpacked(_ packed: [UInt8]) -> [Int] {
    var indices: [Int] = []
    var value = 0
    var bits = 0
    for byte in packed {
      value = value << 8 | Int(byte)
      bits += 8
      while bits >= indexBits {
        bits -= indexBits
        indices.append(value >> bits)
        value &= 1 << bits - 1
      }
    }
    return indices
  }

  /// One hash of BLAKE2b serves as many indices as have room in 512 bits.
  private func hash(_ index: Int, of input: [UInt8]) -> [UInt8] {
    let perHash = 512 / n
    let personalisation = Array("ZcashPoW".utf8) + Self.little(n) + Self.little(k)
    let whole = BLAKE2b.hash(
      input + Self.little(index / perHash), length: perHash * n / 8,
      personalisation: personalisation)
    let start = index % perHash * n / 8
    return Array(whole[start..<start + n / 8])
  }

  private static func little(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func startsWithZeros(_ bytes: [UInt8], _ bits: Int) -> Bool {
    bytes[..<(bits / 8)].allSatisfy { $0 == 0 }
      && (bits % 8 == 0 || bytes[bits / 8] >> (8 - bits % 8) == 0)
  }
}
