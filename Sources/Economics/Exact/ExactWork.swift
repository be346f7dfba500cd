package import Model

/// The expected work for one block, exactly.
package enum ExactWork {
  /// `2^256 / (target + 1)`: a hash wins when it is not above the target (Litecoin chain.cpp, GetBlockProof).
  package static func work(target: Target) -> ExactRatio {
    ExactRatio(.powerOfTwo(256), over: integer(target) + .one)
  }

  /// `2^256 / (T1/D + 1)` for a difficulty of Bitcoin's family, `T1` the target of difficulty 1.
  package static func work(difficulty: ExactRatio, one target: Target) -> ExactRatio {
    let scaled = integer(target) * difficulty.denominator
    return ExactRatio(
      Natural.powerOfTwo(256) * difficulty.numerator, over: scaled + difficulty.numerator)
  }

  /// The textbook `D * 2^32`, 0.0015 % too small for Bitcoin: only for figures that were published by it.
  package static func workByConvention(difficulty: ExactRatio) -> ExactRatio {
    ExactRatio(Natural.powerOfTwo(32) * difficulty.numerator, over: difficulty.denominator)
  }

  /// The difficulty that people are shown: `T1 / T`.
  package static func difficulty(of target: Target, one: Target) -> Double {
    ExactRatio(integer(one), over: integer(target)).double
  }

  package static func integer(_ target: Target) -> Natural { Natural(littleEndian: target.bytes) }

  /// The target of an integer below 2^256; nil above.
  package static func target(_ value: Natural) -> Target? {
    guard value.bitWidth <= 256 else { return nil }
    var bytes: [UInt8] = []
    var rest = value
    for _ in 0..<32 {
      let (quotient, remainder) = rest.divided(by: 256)
      bytes.append(UInt8(remainder))
      rest = quotient
    }
    return Target(littleEndian: bytes)
  }

  /// The `nBits` word that stands for a target, rounded down as the chains do.
  package static func compact(_ target: Target) -> UInt32 {
    var size = 32
    while size > 0, target.bytes[size - 1] == 0 { size -= 1 }
    func byte(_ index: Int) -> UInt32 { index >= 0 ? UInt32(target.bytes[index]) : 0 }
    var mantissa = byte(size - 1) << 16 | byte(size - 2) << 8 | byte(size - 3)
    // The mantissa's highest bit is a sign.
    if mantissa & 0x0080_0000 != 0 {
      mantissa >>= 8
      size += 1
    }
    return UInt32(size) << 24 | mantissa
  }
}

/// What a chain's rules make of the time that the last blocks took.
package enum Retarget {
  /// Bitcoin's and Litecoin's rule: `T * clamp(span, timespan/4, 4 * timespan) / timespan`, at most the limit.
  package static func next(
    _ target: Target, span: Int64, timespan: Int64, limit: Target
  ) -> Target {
    let clamped = min(max(span, timespan / 4), timespan * 4)
    let product = ExactWork.integer(target) * Natural(UInt64(clamped))
    let (quotient, _) = product.divided(by: Natural(UInt64(timespan)))
    return ExactWork.target(min(quotient, ExactWork.integer(limit))) ?? limit
  }
}
