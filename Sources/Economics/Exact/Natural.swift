/// A whole number from 0 of any size, for targets, work and difficulties, where a 64-bit float would round.
///
/// Sizes here are a few hundred bits, so the schoolbook methods are fast enough.
package struct Natural: Hashable, Comparable, Sendable {
  /// Base 2^32, least significant first, without leading zeros.
  private var limbs: [UInt32]

  private init(limbs: [UInt32]) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
  }

  package init(_ value: UInt64) {
    self.init(limbs: [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)])
  }

  /// The little-endian integer of some bytes.
  package init(littleEndian bytes: [UInt8]) {
    var limbs = [UInt32](repeating: 0, count: (bytes.count + 3) / 4)
    for (index, byte) in bytes.enumerated() {
      limbs[index / 4] |= UInt32(byte) << UInt32(8 * (index % 4))
    }
    self.init(limbs: limbs)
  }

  /// The integer in decimal digits; nil for anything but 1 to 200 digits.
  package init?(decimal text: some StringProtocol) {
    guard (1...200).contains(text.utf8.count) else { return nil }
    self.init(limbs: [])
    for byte in text.utf8 {
      guard (0x30...0x39).contains(byte) else { return nil }
      self = times(10) + Natural(UInt64(byte - 0x30))
    }
  }

  package static let zero = Natural(0)
  package static let one = Natural(1)

  /// `2^exponent`.
  package static func powerOfTwo(_ exponent: Int) -> Natural { one.shiftedLeft(exponent) }

  package var isZero: Bool { limbs.isEmpty }

  /// The number of bits of the value; 0 for 0.
  package var bitWidth: Int {
    limbs.last.map { 32 * limbs.count - $0.leadingZeroBitCount } ?? 0
  }

  /// The value where it fits.
  package var uint64: UInt64? {
    guard limbs.count <= 2 else { return nil }
    return limbs.reversed().reduce(0) { $0 << 32 | UInt64($1) }
  }

  /// The nearest 64-bit float, to one unit in the last place.
  package var double: Double { limbs.reversed().reduce(0) { $0 * 0x1p32 + Double($1) } }

  /// Decimal digits.
  package var decimal: String {
    guard !isZero else { return "0" }
    var digits: [String] = []
    var rest = self
    while !rest.isZero {
      let (quotient, remainder) = rest.divided(by: 1_000_000_000)
      rest = quotient
      digits.append(String(remainder))
    }
    let padded = digits.dropLast().map { String(repeating: "0", count: 9 - $0.count) + $0 }
    return (digits.suffix(1) + padded.reversed()).joined()
  }

  package static func < (left: Natural, right: Natural) -> Bool {
    guard left.limbs.count == right.limbs.count else { return left.limbs.count < right.limbs.count }
    return left.limbs.reversed().lexicographicallyPrecedes(right.limbs.reversed())
  }

  package static func + (left: Natural, right: Natural) -> Natural {
    var limbs: [UInt32] = []
    var carry: UInt64 = 0
    for index in 0..<max(left.limbs.count, right.limbs.count) {
      carry += UInt64(left.limb(index)) + UInt64(right.limb(index))
      limbs.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    return Natural(limbs: limbs + [UInt32(carry)])
  }

  /// The difference; 0 where `right` is the larger.
  package static func - (left: Natural, right: Natural) -> Natural {
    guard left > right else { return .zero }
    var limbs = left.limbs
    var borrow: Int64 = 0
    for index in limbs.indices {
      let difference = Int64(limbs[index]) - Int64(right.limb(index)) - borrow
      borrow = difference < 0 ? 1 : 0
      limbs[index] = UInt32(truncatingIfNeeded: difference)
    }
    return Natural(limbs: limbs)
  }

  package static func * (left: Natural, right: Natural) -> Natural {
    var limbs = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
    for (low, first) in left.limbs.enumerated() {
      var carry: UInt64 = 0
      for (high, second) in right.limbs.enumerated() {
        carry += UInt64(first) * UInt64(second) + UInt64(limbs[low + high])
        limbs[low + high] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      limbs[low + right.limbs.count] = UInt32(carry)
    }
    return Natural(limbs: limbs)
  }

  package func times(_ factor: UInt32) -> Natural { self * Natural(UInt64(factor)) }

  package func shiftedLeft(_ bits: Int) -> Natural {
    var result = [UInt32](repeating: 0, count: bits / 32)
    let part = UInt64(bits % 32)
    var carry: UInt64 = 0
    for limb in limbs {
      carry |= UInt64(limb) << part
      result.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    return Natural(limbs: result + [UInt32(carry)])
  }

  /// Quotient and remainder by a small divisor above 0.
  package func divided(by divisor: UInt32) -> (quotient: Natural, remainder: UInt32) {
    precondition(divisor > 0, "a number is divided by one above 0")
    var remainder: UInt64 = 0
    var result = limbs
    for index in limbs.indices.reversed() {
      let part = remainder << 32 | UInt64(limbs[index])
      result[index] = UInt32(part / UInt64(divisor))
      remainder = part % UInt64(divisor)
    }
    return (Natural(limbs: result), UInt32(remainder))
  }

  /// Quotient and remainder by a divisor above 0, bit by bit.
  package func divided(by divisor: Natural) -> (quotient: Natural, remainder: Natural) {
    precondition(!divisor.isZero, "a number is divided by one above 0")
    var quotient = [UInt32](repeating: 0, count: limbs.count)
    var remainder = Natural.zero
    for bit in stride(from: bitWidth - 1, through: 0, by: -1) {
      remainder = remainder.shiftedLeft(1)
      if limbs[bit / 32] >> UInt32(bit % 32) & 1 == 1 { remainder = remainder + .one }
      if remainder >= divisor {
        remainder = remainder - divisor
        quotient[bit / 32] |= 1 << UInt32(bit % 32)
      }
    }
    return (Natural(limbs: quotient), remainder)
  }

  private func limb(_ index: Int) -> UInt32 { index < limbs.count ? limbs[index] : 0 }
}

/// A quotient of two whole numbers, kept exact until a float is asked for.
package struct ExactRatio: Hashable, Sendable {
  package let numerator: Natural
  /// Above 0.
  package let denominator: Natural

  package init(_ numerator: Natural, over denominator: Natural = .one) {
    precondition(!denominator.isZero, "a ratio has a denominator above 0")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The value of a decimal text such as `16552923967337.16`; nil for signs, exponents or more than 80 digits.
  package init?(decimal text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), text.utf8.count <= 81 else { return nil }
    guard let digits = Natural(decimal: parts.joined()), !parts.contains("") else { return nil }
    let places = parts.count == 2 ? parts[1].utf8.count : 0
    self.init(digits, over: (0..<places).reduce(Natural.one) { power, _ in power.times(10) })
  }

  /// The whole part.
  package var floor: Natural { numerator.divided(by: denominator).quotient }

  /// The nearest 64-bit float, to a unit or two in the last place.
  package var double: Double {
    let (quotient, remainder) = numerator.divided(by: denominator)
    return quotient.double + remainder.double / denominator.double
  }
}
