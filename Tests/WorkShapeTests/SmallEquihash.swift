import Kernels
import Model
import TestSupport

/// Equihash with small parameters, an algorithm that exists in tests only: several solutions an attempt, a payload, no
/// hash to count (Biryukov and Khovratovich 2016; the Zcash protocol specification, section 7.7.1).
///
/// The work is 108 bytes, a nonce of 32 bytes that begins with ours, and nothing more; a solution is 2^k indices.
struct SmallEquihash: WorkReference {
  let n: Int
  let k: Int
  /// The judge that headers of Zcash have too; what is solved here is judged there.
  private let form: Equihash

  /// Solutions an attempt of 48,5 has on average, found by solving 400 of them: their number varies more than a
  /// Poisson number does.
  static let small = SmallEquihash(n: 48, k: 5)
  static let id = AlgorithmID(rawValue: "equihash-48-5")
  static let shape = WorkShape(
    size: 140, nonceOffset: 108, yield: .solutions(expected: 0.72),
    payloadSize: small.payloadSize, proofsPerWindow: 32)

  init(n: Int, k: Int) {
    self.n = n
    self.k = k
    form = Equihash(n: n, k: k)
  }

  /// Bits of one round's collision.
  private var collision: Int { n / (k + 1) }
  /// Bits of an index.
  private var indexBits: Int { collision + 1 }
  var payloadSize: Int { form.solutionSize }

  // MARK: Reference

  func outcomes(of input: WorkInput) -> [AttemptOutcome] {
    solutions(of: input.bytes).map { indices in
      let payload = packed(indices)
      return AttemptOutcome(value: value(input.bytes, payload), payload: payload)
    }
  }

  func value(of input: WorkInput, payload: [UInt8]) -> [UInt8]? {
    form.isSolution(payload, of: input.bytes) ? value(input.bytes, payload) : nil
  }

  private func value(_ input: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    SHA256.hash(SHA256.hash(input + [UInt8(payload.count)] + payload))
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
            input + littleEndian(index / perDigest), length: perDigest * size,
            personalisation: person))
      }
      let start = index % perDigest * size
      return digests[index / perDigest][start..<start + size].reduce(0) { $0 << 8 | UInt128($1) }
    }
  }

  // MARK: Packing

  /// Indices as one string of bits, the most significant first.
  func packed(_ indices: [Int]) -> [UInt8] {
    packedBits(indices, width: indexBits)
  }

  private func littleEndian(_ word: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}

extension SmallEquihash {
  static let descriptor = AlgorithmDescriptor(id: id, shape: shape, knownAnswers: []) {
    _ throws(Failure) in small
  }

  /// A catalogue that knows this algorithm besides those of the program.
  static let algorithms = AlgorithmCatalog(AlgorithmCatalog.builtIn.all + [descriptor])
}
