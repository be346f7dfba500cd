/// The bytes of one piece of work, with the place of their nonce.
package struct WorkInput: Hashable, Sendable {
  /// As many as the shape says.
  package let bytes: [UInt8]
  package let nonceOffset: Int

  /// Nil unless there are exactly as many bytes as the shape has.
  package init?(bytes: [UInt8], _ shape: WorkShape) {
    guard bytes.count == shape.size else { return nil }
    self.init(unchecked: bytes, shape.nonceOffset)
  }

  private init(unchecked bytes: [UInt8], _ nonceOffset: Int) {
    self.bytes = bytes
    self.nonceOffset = nonceOffset
  }

  /// The content of the nonce's word.
  package var nonce: UInt32 {
    bytes[nonceOffset..<nonceOffset + WorkShape.nonceSize].reversed().reduce(0) {
      $0 << 8 | UInt32($1)
    }
  }

  /// The same work with another nonce.
  package func with(nonce: UInt32) -> WorkInput {
    var changed = bytes
    for index in 0..<WorkShape.nonceSize {
      changed[nonceOffset + index] = UInt8(truncatingIfNeeded: nonce >> (8 * index))
    }
    return WorkInput(unchecked: changed, nonceOffset)
  }
}

/// A 256-bit target: a value, read as a little-endian integer, meets it when it is not greater.
package struct Target: Hashable, Sendable {
  /// 32 bytes, least significant first, the order in which kernels take them.
  package let bytes: [UInt8]

  /// Nil unless there are exactly 32 bytes; least significant first.
  package init?(littleEndian bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// The target `2^(256 - bits) - 1`, which a uniformly random hash meets with probability `2^-bits`.
  ///
  /// - Parameter bits: 0 to 256.
  package init(leadingZeroBits bits: Int) {
    precondition((0...256).contains(bits), "a target has 0 to 256 leading zero bits")
    bytes = (0..<32).map { index in
      let ones = min(8, max(0, 256 - bits - 8 * index))
      return UInt8((1 << ones) - 1)
    }
  }

  /// The target of the form `2^(256 - n) - 1` with which so much work yields about as many proofs as are wanted.
  ///
  /// Between 0.7 and 1.5 times as many are expected of any amount that is greater; of less work every unit is one.
  package static func yielding(_ proofs: Double, ofUnits units: Double) -> Target {
    let wanted = units / proofs
    var bits = 0
    var reached = 1.0
    while bits < 256, reached * 2.0.squareRoot() < wanted {
      reached *= 2
      bits += 1
    }
    return Target(leadingZeroBits: bits)
  }

  /// Whether a 32-byte value in wire order meets this target.
  package func isMet(by hash: [UInt8]) -> Bool {
    precondition(hash.count == 32, "a hash has 32 bytes")
    for index in stride(from: 31, through: 0, by: -1) where hash[index] != bytes[index] {
      return hash[index] < bytes[index]
    }
    return true
  }

  /// The probability that a uniformly random hash meets this target: `(target + 1) / 2^256`.
  package var probability: Double {
    // The 1 that the loop starts from ends up as 2^-256: the "+ 1" of the definition.
    bytes.reduce(1.0) { value, byte in (value + Double(byte)) / 256 }
  }
}

/// The bytes of some work, a range of attempts and a target.
package struct Work: Hashable, Sendable {
  package let input: WorkInput
  package let firstNonce: UInt32
  /// Attempts, one a nonce: 0 to 2^32; the nonce wraps.
  package let count: UInt64
  package let target: Target

  package init(input: WorkInput, firstNonce: UInt32, count: UInt64, target: Target) {
    self.input = input
    self.firstNonce = firstNonce
    self.count = count
    self.target = target
  }
}

/// How far a worker has come in its own endless range: sequence number of the derived work, then the nonce.
///
/// The difference of two positions is the number of attempts between them.
package struct WorkPosition: Hashable, Comparable, Sendable {
  /// `sequence * 2^32 + nonce`.
  package let value: UInt64
  package init(_ value: UInt64) { self.value = value }
  package init(sequence: UInt32, nonce: UInt32) { value = UInt64(sequence) << 32 | UInt64(nonce) }
  package var sequence: UInt32 { UInt32(truncatingIfNeeded: value >> 32) }
  package var nonce: UInt32 { UInt32(truncatingIfNeeded: value) }
  package static func < (left: WorkPosition, right: WorkPosition) -> Bool {
    left.value < right.value
  }
}

/// An attempt that meets the target, a share: the proof that work happened.
package struct Proof: Hashable, Comparable, Sendable {
  package let worker: Int
  package let position: WorkPosition
  /// What proves it besides its position: empty where the nonce does.
  package let payload: [UInt8]

  package init(worker: Int, position: WorkPosition, payload: [UInt8] = []) {
    self.worker = worker
    self.position = position
    self.payload = payload
  }

  /// By worker and position; several proofs of one attempt by their payloads.
  package static func < (left: Proof, right: Proof) -> Bool {
    if (left.worker, left.position) != (right.worker, right.position) {
      return (left.worker, left.position) < (right.worker, right.position)
    }
    return left.payload.lexicographicallyPrecedes(right.payload)
  }
}

/// The run's 32 random or given bytes that all work is derived from.
package struct Challenge: Hashable, Sendable {
  package let bytes: [UInt8]

  /// Nil unless there are exactly 32 bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }
}
