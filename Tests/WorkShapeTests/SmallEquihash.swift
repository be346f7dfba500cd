import Kernels
import Model

/// Equihash with small parameters, an algorithm that exists in tests only: several solutions an attempt, a payload, no
/// hash to count (Biryukov and Khovratovich 2016; the Zcash protocol specification, section 7.7.1).
///
/// The work is 108 bytes, a nonce of 32 bytes that begins with ours, and nothing more; a solution is 2^k indices.
struct Equihash: WorkReference {
  let n: Int
  let k: Int

  /// Solutions an attempt of 48,5 has on average, found by solving 400 of them: their number varies more than a
  /// Poisson number does.
  static let small = Equihash(n: 48, k: 5)
  static let id = AlgorithmID(rawValue: "equihash-48-5")
  static let shape = WorkShape(
    size: 140, nonceOffset: 108, yield: .solutions(expected: 0.72),
    payloadSize: small.payloadSize, proofsPerWindow: 32)

  /// Bits of one round's collision.
  private var collision: Int { n / (k + 1) }
  /// Bits of an index.
  private var indexBits: Int { collision + 1 }
  var payloadSize: Int { (1 << k) * indexBits / 8 }

  // MARK: Reference

  func outcomes(of input: WorkInput) -> [AttemptOutcome] {
    solutions(of: input.bytes).map { indices in
      let payload = packed(indices)
      return AttemptOutcome(value: value(input.bytes, payload), payload: payload)
    }
  }

  func value(of input: WorkInput, payload: [UInt8]) -> [UInt8]? {
    isSolution(payload, of: input.bytes) ? value(input.bytes, payload) : nil
  }

  private func value(_ input: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    SHA256.hash(SHA256.hash(input + [UInt8(payload.count)] + payload))
  }

  // MARK: Checking

  func isSolution(_ payload: [UInt8], of input: [UInt8]) -> Bool {
    guard payload.count == payloadSize else { return false }
    let indices = unpacked(payload)
    let leaves = leaves(input)
    guard Set(indices).count == indices.count else { return false }
    return root(indices[...], leaves) == 0
  }

  /// The exclusive or of a subtree, or nil when its order or its collisions are wrong.
  private func root(_ indices: ArraySlice<Int>, _ leaves: [UInt128]) -> UInt128? {
    guard indices.count > 1, let first = indices.first else {
      return indices.first.map { leaves[$0] }
    }
    let middle = indices.startIndex + indices.count / 2
    guard let left = root(indices[..<middle], leaves), let right = root(indices[middle...], leaves),
      first < indices[middle]
    else { return nil }
    let both = left ^ right
    let height = indices.count.trailingZeroBitCount
    let zeros = height == k ? n : height * collision
    return both >> (n - zeros) == 0 ? both : nil
  }

  // MARK: Solving

  /// Every solution, as lists of indices, ascending.
  func solutions(of input: [UInt8]) -> [[Int]] {
    var rows = leaves(input).enumerated().map { (rest: $0.element, indices: [$0.offset]) }
    for round in 1...k {
      let left = n - round * collision
      let shift = round == k ? 0 : left
      let buckets = Dictionary(grouping: rows) { $0.rest >> shift }
      rows = buckets.values.flatMap { bucket in
        bucket.indices.flatMap { one in
          bucket[..<one].compactMap { other in
            combined(bucket[one].indices, other.indices).map {
              (rest: bucket[one].rest ^ other.rest, indices: $0)
            }
          }
        }
      }
    }
    return Set(rows.map(\.indices)).sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func combined(_ one: [Int], _ other: [Int]) -> [Int]? {
    guard Set(one).isDisjoint(with: other) else { return nil }
    return one[0] < other[0] ? one + other : other + one
  }

  /// The hash of each index.
  private func leaves(_ input: [UInt8]) -> [UInt128] {
    let perDigest = 512 / n
    let size = n / 8
    let person = Array("ZcashPoW".utf8) + littleEndian(n) + littleEndian(k)
    var digests: [[UInt8]] = []
    return (0..<1 << indexBits).map { index in
      if index / perDigest == digests.count {
        digests.append(
          BLAKE2b.hash(
            input + littleEndian(index / perDigest), size: perDigest * size, person: person))
      }
      let start = index % perDigest * size
      return digests[index / perDigest][start..<start + size].reduce(0) { $0 << 8 | UInt128($1) }
    }
  }

  // MARK: Packing

  /// Indices as one string of bits, the most significant first.
  func packed(_ indices: [Int]) -> [UInt8] {
    let bits = indices.flatMap { index in
      (0..<indexBits).map { index >> (indexBits - 1 - $0) & 1 }
    }
    return stride(from: 0, to: bits.count, by: 8).map { start in
      UInt8(bits[start..<start + 8].reduce(0) { $0 << 1 | $1 })
    }
  }

  private func unpacked(_ payload: [UInt8]) -> [Int] {
    let bits = payload.flatMap { byte in (0..<8).map { Int(byte) >> (7 - $0) & 1 } }
    return (0..<1 << k).map { index in
      bits[index * indexBits..<(index + 1) * indexBits].reduce(0) { $0 << 1 | $1 }
    }
  }

  private func littleEndian(_ word: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}

extension Equihash {
  static let descriptor = AlgorithmDescriptor(id: id, shape: shape, knownAnswers: []) {
    _ throws(Failure) in small
  }

  /// A catalogue that knows this algorithm besides those of the program.
  static let algorithms = AlgorithmCatalog(AlgorithmCatalog.builtIn.all + [descriptor])
}

/// BLAKE2b without a key (RFC 7693), for personalized digests of 1 to 64 bytes.
enum BLAKE2b {
  private static let initial: [UInt64] = [
    0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
  ]

  private static let order: [[Int]] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
  ]

  private static let places: [[Int]] = [
    [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
    [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
  ]

  /// `person` has 16 bytes.
  static func hash(_ message: [UInt8], size: Int, person: [UInt8]) -> [UInt8] {
    var state = initial
    state[0] ^= 0x0101_0000 ^ UInt64(size)
    state[6] ^= word(person[0..<8])
    state[7] ^= word(person[8..<16])
    let blocks = max(1, (message.count + 127) / 128)
    for block in 0..<blocks {
      let end = min(message.count, 128 * (block + 1))
      var bytes = Array(message[128 * block..<end])
      bytes += [UInt8](repeating: 0, count: 128 - bytes.count)
      compress(&state, bytes, count: UInt64(end), isLast: block == blocks - 1)
    }
    return Array(
      state.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        .prefix(size))
  }

  private static func compress(
    _ state: inout [UInt64], _ block: [UInt8], count: UInt64, isLast: Bool
  ) {
    let message = (0..<16).map { word(block[8 * $0..<8 * $0 + 8]) }
    var v = state + initial
    v[12] ^= count
    if isLast { v[14] = ~v[14] }
    for round in 0..<12 {
      let order = order[round % 10]
      for (step, place) in places.enumerated() {
        let (a, b, c, d) = (place[0], place[1], place[2], place[3])
        v[a] = v[a] &+ v[b] &+ message[order[2 * step]]
        v[d] = rotated(v[d] ^ v[a], 32)
        v[c] = v[c] &+ v[d]
        v[b] = rotated(v[b] ^ v[c], 24)
        v[a] = v[a] &+ v[b] &+ message[order[2 * step + 1]]
        v[d] = rotated(v[d] ^ v[a], 16)
        v[c] = v[c] &+ v[d]
        v[b] = rotated(v[b] ^ v[c], 63)
      }
    }
    for index in 0..<8 { state[index] ^= v[index] ^ v[index + 8] }
  }

  private static func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word >> count | word << (64 - count)
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
