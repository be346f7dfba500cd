/// SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"): the same numbers for
/// the same seed on every machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Uniform in `[0, 1)`, 53 bits.
  ///
  /// Written out, so that a later standard library cannot change the sequence.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in `0..<bound`, by rejection (no modulo bias); `bound` is at least 1.
  package mutating func index(below bound: Int) -> Int {
    precondition(bound >= 1, "a random index needs a positive bound")
    let range = UInt64(bound)
    let limit = UInt64.max - UInt64.max % range
    var value = next()
    while value >= limit { value = next() }
    return Int(value % range)
  }

  /// The values in random order (Fisher and Yates 1938; Durstenfeld 1964).
  package mutating func shuffled<Value>(_ values: [Value]) -> [Value] {
    var result = values
    for last in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(last, index(below: last + 1))
    }
    return result
  }
}
