/// BLAKE2b with a personalisation and without a key (RFC 7693; the parameter block is that of the BLAKE2 paper, 2.8).
package enum BLAKE2b {
  private static let blockSize = 128

  private static let initial: [UInt64] = [
    0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
  ]

  /// The order of the message's words in each of the first ten rounds; the last two are as the first two.
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

  /// The words that each half of a round mixes: columns, then diagonals.
  private static let lanes: [(a: Int, b: Int, c: Int, d: Int)] = [
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
  ]

  /// The first `length` bytes, 1 to 64, of the hash that is made for that length; a personalisation has 16 bytes.
  package static func hash(_ input: [UInt8], length: Int, personalisation: [UInt8]) -> [UInt8] {
    precondition((1...64).contains(length) && personalisation.count == 16, "BLAKE2b's own sizes")
    var state = initial
    // Digest length, no key, fan-out and depth 1: sequential hashing.
    state[0] ^= 0x0101_0000 | UInt64(length)
    state[6] ^= word(personalisation, 0)
    state[7] ^= word(personalisation, 8)
    var done = 0
    repeat {
      let end = min(done + blockSize, input.count)
      var block = Array(input[done..<end])
      block += [UInt8](repeating: 0, count: blockSize - block.count)
      done = end
      compress(&state, block, count: UInt64(done), isLast: done == input.count)
    } while done < input.count
    return (0..<length).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64(8 * ($0 % 8))) }
  }

  private static func word(_ bytes: [UInt8], _ place: Int) -> UInt64 {
    bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func compress(
    _ state: inout [UInt64], _ block: [UInt8], count: UInt64, isLast: Bool
  ) {
    let message = (0..<16).map { word(block, 8 * $0) }
    var work = state + initial
    work[12] ^= count
    if isLast { work[14] = ~work[14] }
    for round in 0..<12 {
      let order = order[round % 10]
      for (index, lane) in lanes.enumerated() {
        mix(&work, lane, message[order[2 * index]], message[order[2 * index + 1]])
      }
    }
    for index in 0..<8 { state[index] ^= work[index] ^ work[index + 8] }
  }

  private static func mix(
    _ work: inout [UInt64], _ lane: (a: Int, b: Int, c: Int, d: Int), _ x: UInt64, _ y: UInt64
  ) {
    work[lane.a] = work[lane.a] &+ work[lane.b] &+ x
    work[lane.d] = turned(work[lane.d] ^ work[lane.a], 32)
    work[lane.c] = work[lane.c] &+ work[lane.d]
    work[lane.b] = turned(work[lane.b] ^ work[lane.c], 24)
    work[lane.a] = work[lane.a] &+ work[lane.b] &+ y
    work[lane.d] = turned(work[lane.d] ^ work[lane.a], 16)
    work[lane.c] = work[lane.c] &+ work[lane.d]
    work[lane.b] = turned(work[lane.b] ^ work[lane.c], 63)
  }

  private static func turned(_ word: UInt64, _ bits: UInt64) -> UInt64 {
    word >> bits | word << (64 - bits)
  }
}
