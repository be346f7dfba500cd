internal import CKernels
internal import Model

/// The scrypt function (RFC 7914), for any parameters, so that the RFC's own vectors can test it.
package enum Scrypt {
  /// The 32-byte proof-of-work hash of some work: it is password and salt, N = 1024, r = 1, p = 1.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    derive(
      password: bytes, salt: bytes, cost: 1024, blockSize: 1, parallelization: 1,
      length: 32)
  }

  /// RFC 7914, section 6.
  ///
  /// `cost` is N, a power of two above 1; `blockSize` is r; `parallelization` is p.
  package static func derive(
    password: [UInt8], salt: [UInt8], cost: Int, blockSize: Int, parallelization: Int, length: Int
  ) -> [UInt8] {
    let size = 128 * blockSize
    let blocks = pbkdf2(
      password: password, salt: salt, iterations: 1, length: parallelization * size)
    var mixed: [UInt8] = []
    for start in stride(from: 0, to: blocks.count, by: size) {
      mixed += roMix(Array(blocks[start..<start + size]), cost: cost)
    }
    return pbkdf2(password: password, salt: mixed, iterations: 1, length: length)
  }

  /// PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
  package static func pbkdf2(
    password: [UInt8], salt: [UInt8], iterations: Int, length: Int
  ) -> [UInt8] {
    var output: [UInt8] = []
    var index: UInt32 = 1
    while output.count < length {
      let suffix = (0..<4).map { UInt8(truncatingIfNeeded: index >> UInt32(24 - 8 * $0)) }
      var block = hmac(key: password, salt + suffix)
      var sum = block
      for _ in 1..<max(1, iterations) {
        block = hmac(key: password, block)
        for byte in 0..<sum.count { sum[byte] ^= block[byte] }
      }
      output += sum
      index += 1
    }
    return Array(output.prefix(length))
  }

  /// HMAC-SHA-256 (RFC 2104).
  package static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var block = key.count > 64 ? SHA256.hash(key) : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    let inner = SHA256.hash(block.map { $0 ^ 0x36 } + message)
    return SHA256.hash(block.map { $0 ^ 0x5c } + inner)
  }

  /// RFC 7914, section 5: fill a table with the states, then visit it in an order that the state decides.
  package static func roMix(_ block: [UInt8], cost: Int) -> [UInt8] {
    precondition(cost > 1 && cost & (cost - 1) == 0, "the cost is a power of two")
    var state = words(block)
    let count = state.count
    var table: [UInt32] = []
    table.reserveCapacity(cost * count)
    for _ in 0..<cost {
      table += state
      state = blockMix(state)
    }
    for _ in 0..<cost {
      // Integerify: the last 64-byte block as a little-endian integer, of which N needs the lowest word.
      let row = Int(state[count - 16] & UInt32(cost - 1)) * count
      for index in 0..<count { state[index] ^= table[row + index] }
      state = blockMix(state)
    }
    return bytes(state)
  }

  /// RFC 7914, section 4.
  package static func blockMix(_ block: [UInt32]) -> [UInt32] {
    let chunks = block.count / 16
    var chunk = Chunk { block[block.count - 16 + $0] }
    var output = [UInt32](repeating: 0, count: block.count)
    for index in 0..<chunks {
      for word in 0..<16 { chunk[word] ^= block[16 * index + word] }
      salsa(&chunk)
      // Chunks of even index come first in the output, those of odd index after them.
      let place = 16 * (index / 2 + index % 2 * (chunks / 2))
      for word in 0..<16 { output[place + word] = chunk[word] }
    }
    return output
  }

  /// Sixteen words.
  package typealias Chunk = InlineArray<16, UInt32>

  /// Salsa20/8 (RFC 7914, section 3).
  package static func salsa(_ block: inout Chunk) {
    var x = block
    for _ in 0..<4 {
      quarter(&x, 0, 4, 8, 12)
      quarter(&x, 5, 9, 13, 1)
      quarter(&x, 10, 14, 2, 6)
      quarter(&x, 15, 3, 7, 11)
      quarter(&x, 0, 1, 2, 3)
      quarter(&x, 5, 6, 7, 4)
      quarter(&x, 10, 11, 8, 9)
      quarter(&x, 15, 12, 13, 14)
    }
    for index in 0..<16 { block[index] &+= x[index] }
  }

  private static func quarter(_ x: inout Chunk, _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    x[b] ^= rotate(x[a] &+ x[d], 7)
    x[c] ^= rotate(x[b] &+ x[a], 9)
    x[d] ^= rotate(x[c] &+ x[b], 13)
    x[a] ^= rotate(x[d] &+ x[c], 18)
  }

  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word << count | word >> (32 - count)
  }

  /// Little-endian words of bytes.
  package static func words(_ bytes: [UInt8]) -> [UInt32] {
    (0..<bytes.count / 4).map { index in
      (0..<4).reduce(0) { $0 | UInt32(bytes[4 * index + $1]) << UInt32(8 * $1) }
    }
  }

  /// Bytes of little-endian words.
  package static func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
  }
}

extension AlgorithmDescriptor {
  package static let scrypt = AlgorithmDescriptor(
    id: .scrypt,
    knownAnswers: [
      KnownAnswer(
        "Litecoin genesis block",
        header: "010000000000000000000000000000000000000000000000000000000000000000000000d9ced4ed11"
          + "30f7b7faad9be25323ffafa33232a17c3edf6cfd97bee6bafbdd97b9aa8e4ef0ff0f1ecd513f7c",
        displayHash: "0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00"),
      KnownAnswer(
        "Litecoin block 900000",
        header: "03000000be4888357a007fda4f9235c6594700a0e02be135da3d8e69c2aebd1b809e81932912ca57d4"
          + "29c5b7332f86aa3778aacaaffbda73034cd2e946635f323e9e9211b8046656c54e011b0480e328",
        displayHash: "000000000000f3f0f2e31def24c22f27a8b79e056ee4c059eb601b4e9fec4a7d"),
    ],
    kernels: unsafe kernelTable(.blockHeader) { unsafe hw_scrypt_kernels($0) }
      + AlgorithmCatalog.openSSLKernels(.scrypt), hash: Scrypt.hash)
}
