internal import Glibc

/// What a block of a height pays altogether, fees apart.
package enum SubsidyRule: Hashable, Sendable {
  /// Halved every so many blocks: `initial >> height / blocks`.
  case halving(initial: UInt64, blocks: UInt64)
  /// From each height on a value, halved by `height / blocks` where that is given; nothing is known below the first.
  case steps([SubsidyStep])
  /// `initial * (numerator / denominator)^era`, eras of `blocks` from block 1 on (ECIP-1017).
  case eras(initial: UInt64, blocks: UInt64, numerator: UInt64, denominator: UInt64)
  /// The same for every block.
  case constant(UInt64)
  /// Zcash's: a slow start, and twice the blocks for half the reward each from `spacingHalvesAt` on.
  case slowStart(
    initial: UInt64, slowBlocks: UInt64, halvingBlocks: UInt64, spacingHalvesAt: UInt64)
  /// `round(base * at / (height + 1))` coins, of `atoms` each.
  case inverseHeight(base: UInt64, at: UInt64, atoms: UInt64)
  /// No rule is known here: the snapshot must bring the reward.
  case unknown

  /// Atoms; nil where the reward was random or no rule is known.
  package func atoms(height: UInt64) -> Natural? {
    switch self {
    case .halving(let initial, let blocks): Natural(Self.halved(initial, height / blocks))
    case .steps(let steps):
      steps.last { $0.fromHeight <= height }.map { step in
        Natural(step.halvingBlocks.map { Self.halved(step.atoms, height / $0) } ?? step.atoms)
      }
    case .eras(let initial, let blocks, let numerator, let denominator):
      Self.era(initial, height == 0 ? 0 : (height - 1) / blocks, numerator, denominator)
    case .constant(let atoms): Natural(atoms)
    case .slowStart(let initial, let slow, let halving, let halves):
      Natural(Self.slowStart(height, initial, slow, halving, halves))
    case .inverseHeight(let base, let at, let atoms):
      Natural(Self.inverse(base * at, height)) * Natural(atoms)
    case .unknown: nil
    }
  }

  /// A height above `height` before which the reward cannot change; nil where it never does again.
  func nextStep(after height: UInt64) -> UInt64? {
    switch self {
    case .halving(_, let blocks): (height / blocks + 1) * blocks
    case .steps(let steps):
      [
        steps.map(\.fromHeight).first { $0 > height },
        steps.last { $0.fromHeight <= height }?.halvingBlocks.map { (height / $0 + 1) * $0 },
      ].compactMap { $0 }.min()
    case .eras(_, let blocks, _, _): (height == 0 ? 1 : (height - 1) / blocks + 1) * blocks + 1
    case .constant, .unknown: nil
    case .slowStart(_, let slow, let halving, let halves):
      if height < slow {
        height + 1
      } else if height < halves {
        min(halves, slow / 2 + ((height - slow / 2) / halving + 1) * halving)
      } else {
        (Self.eraAfter(height, slow, halving, halves) + 1) * 2 * halving + halves
          - 2 * (halves - slow / 2)
      }
    case .inverseHeight(let base, let at, _): Self.nextInverse(base * at, after: height)
    }
  }

  /// `product / (height + 1)`, rounded.
  private static func inverse(_ product: UInt64, _ height: UInt64) -> UInt64 {
    (product + (height + 1) / 2) / (height + 1)
  }

  /// It never rises again, so that the next step is found by halves; nil once it is nothing.
  private static func nextInverse(_ product: UInt64, after height: UInt64) -> UInt64? {
    let now = inverse(product, height)
    guard now > 0 else { return nil }
    // At the second it is nothing.
    var (low, high) = (height, 2 * product + 1)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if inverse(product, middle) == now { low = middle } else { high = middle }
    }
    return high
  }

  private static func halved(_ atoms: UInt64, _ times: UInt64) -> UInt64 {
    times < 64 ? atoms >> times : 0
  }

  private static func era(
    _ initial: UInt64, _ era: UInt64, _ numerator: UInt64, _ denominator: UInt64
  ) -> Natural {
    // After 400 eras nothing is left of any 64-bit reward.
    guard era < 400 else { return .zero }
    var top = Natural(initial)
    var bottom = Natural.one
    for _ in 0..<era {
      top = top * Natural(numerator)
      bottom = bottom * Natural(denominator)
    }
    return top.divided(by: bottom).quotient
  }

  private static func eraAfter(
    _ height: UInt64, _ slow: UInt64, _ halving: UInt64, _ halves: UInt64
  ) -> UInt64 {
    (2 * (halves - slow / 2) + height - halves) / (2 * halving)
  }

  private static func slowStart(
    _ height: UInt64, _ initial: UInt64, _ slow: UInt64, _ halving: UInt64, _ halves: UInt64
  ) -> UInt64 {
    if height < slow / 2 { return initial / slow * height }
    if height < slow { return initial / slow * (height + 1) }
    if height < halves { return halved(initial, (height - slow / 2) / halving) }
    return halved(initial / 2, eraAfter(height, slow, halving, halves))
  }
}

/// A reward from a height on.
package struct SubsidyStep: Hashable, Sendable {
  package let fromHeight: UInt64
  package let atoms: UInt64
  /// Halved every so many blocks of the chain's whole height; nil where it stays.
  package let halvingBlocks: UInt64?

  package init(fromHeight: UInt64, atoms: UInt64, halvingBlocks: UInt64?) {
    self.fromHeight = fromHeight
    self.atoms = atoms
    self.halvingBlocks = halvingBlocks
  }
}

/// Ethereum Classic's uncles (core-geth rewards.go).
package enum UncleRule {
  /// The mean seconds between blocks: `9 / ln((2 + u) / (1 + u))`.
  package static func spacing(unclesPerBlock uncles: Double) -> Double {
    9 / log((2 + uncles) / (1 + uncles))
  }

  /// What a solution brings: it is a block with probability `1 / (1 + u)`, else an uncle that pays 1/32, and a block
  /// pays 1/32 more for each uncle that it includes.
  package static func reward(subsidy: Double, fees: Double, unclesPerBlock uncles: Double) -> Double
  {
    (subsidy * (1 + uncles / 16) + fees) / (1 + uncles)
  }
}

/// The data set of Etchash (ECIP-1099), which a device must hold.
package enum EtchashDataSet {
  private static let firstLongEpoch: UInt64 = 11_700_000

  /// Bytes at a height: the largest `2^30 + 2^23 * epoch - 128 - 256 k` whose 128th part is prime.
  package static func bytes(height: UInt64) -> UInt64 {
    let epoch = height < firstLongEpoch ? height / 30_000 : height / 60_000
    var size: UInt64 = 1 << 30 + epoch << 23 - 128
    while !isPrime(size / 128) { size -= 256 }
    return size
  }

  private static func isPrime(_ number: UInt64) -> Bool {
    guard number > 3 else { return number > 1 }
    guard number % 2 != 0 else { return false }
    var divisor: UInt64 = 3
    while divisor * divisor <= number {
      if number % divisor == 0 { return false }
      divisor += 2
    }
    return true
  }
}
