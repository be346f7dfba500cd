/// An 80-byte block header; the nonce is the little-endian word at byte 76.
package struct Header: Hashable, Sendable {
  package static let size = 80

  /// Exactly 80 bytes.
  package let bytes: [UInt8]

  /// Nil unless there are exactly 80 bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Header.size else { return nil }
    self.bytes = bytes
  }

  /// The header's own nonce field.
  package var nonce: UInt32 {
    bytes[76..<80].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The same header with another nonce.
  package func with(nonce: UInt32) -> Header {
    var changed = bytes
    for index in 0..<4 { changed[76 + index] = UInt8(truncatingIfNeeded: nonce >> (8 * index)) }
    return Header(unchecked: changed)
  }

  private init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// A 256-bit target: a hash, read as a little-endian integer, meets it when it is not greater.
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

  /// Whether a 32-byte hash in wire order meets this target.
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

/// A header, a range of nonces and a target.
package struct Work: Hashable, Sendable {
  package let header: Header
  package let firstNonce: UInt32
  /// 0 to 2^32; the nonce wraps.
  package let count: UInt64
  package let target: Target

  package init(header: Header, firstNonce: UInt32, count: UInt64, target: Target) {
    self.header = header
    self.firstNonce = firstNonce
    self.count = count
    self.target = target
  }
}

/// How far a worker has come in its own endless range: sequence number of the header, then the nonce.
///
/// The difference of two positions is the number of hashes between them.
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

/// A nonce whose hash meets the target: the proof that hashing happened.
package struct Share: Hashable, Comparable, Sendable {
  package let worker: Int
  package let position: WorkPosition

  package init(worker: Int, position: WorkPosition) {
    self.worker = worker
    self.position = position
  }

  package static func < (left: Share, right: Share) -> Bool {
    (left.worker, left.position) < (right.worker, right.position)
  }
}

/// The run's 32 random or given bytes that every header is derived from.
package struct Challenge: Hashable, Sendable {
  package let bytes: [UInt8]

  /// Nil unless there are exactly 32 bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }
}
