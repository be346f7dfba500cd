extension Target {
  /// The target that a header's `nBits` word stands for: one byte of size, three of mantissa.
  ///
  /// The value is `mantissa * 256^(size - 3)`, rounded down.
  ///
  /// - Throws: what is wrong with the word: a sign, a target of zero, or one beyond 256 bits. A chain's own upper
  ///   limit is not checked, because a header does not name its chain.
  package init(compact word: UInt32) throws(CompactTargetFault) {
    let size = Int(word >> 24)
    // A size below three cuts the mantissa's low bytes off before anything else is judged.
    let mantissa = (word & 0x007f_ffff) >> UInt32(8 * max(0, 3 - size))
    if word & 0x0080_0000 != 0, mantissa != 0 { throw .negative }
    let isTooLarge =
      mantissa != 0
      && (size > 34 || (mantissa > 0xff && size > 33) || (mantissa > 0xffff && size > 32))
    if isTooLarge { throw .overflow }
    var bytes = [UInt8](repeating: 0, count: 32)
    for index in 0..<3 {
      let place = max(0, size - 3) + index
      if (0..<32).contains(place) {
        bytes[place] = UInt8(truncatingIfNeeded: mantissa >> UInt32(8 * index))
      }
    }
    guard bytes.contains(where: { $0 != 0 }), let target = Target(littleEndian: bytes) else {
      throw .zero
    }
    self = target
  }

  /// The target given as a person writes it: the big-endian integer.
  package init?(bigEndian bytes: [UInt8]) { self.init(littleEndian: bytes.reversed()) }

  /// The 64 digits of the big-endian integer.
  package var displayText: String { Hexadecimal.encode(bytes.reversed()) }
}

/// Why an `nBits` word stands for no target.
package enum CompactTargetFault: Error, Hashable, Sendable, CustomStringConvertible {
  case negative
  case overflow
  case zero

  package var description: String {
    switch self {
    case .negative: "it is negative"
    case .overflow: "it is above 2^256"
    case .zero: "it is zero"
    }
  }
}

extension WorkShape {
  /// Where a block header has its `nBits` word; nil for work that has none.
  package var compactTargetOffset: Int? { self == .blockHeader ? 72 : nil }
}

extension WorkInput {
  /// The `nBits` word of work of this shape; nil for a shape that has none.
  package func compactTarget(_ shape: WorkShape) -> UInt32? {
    shape.compactTargetOffset.map { offset in
      bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
  }
}
