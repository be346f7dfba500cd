/// The best rates of something and of the core's clock beside it, of two halves of the rounds: whatever disturbs a round makes it
/// slower.
///
/// The halves tell how far the figure can be trusted. Those of a loop's rounds lie far apart, between them the other loops and the
/// kernels, so that what disturbs for a while spoils one of them: a throughput that is too low would make a bound that is too low, and a
/// kernel that does more than it.
package struct RooflineRounds: Sendable {
  package init() {}

  private var rates = [0.0, 0.0]
  private var cycles = [0.0, 0.0]

  /// A second's best.
  package var rate: Double { max(rates[0], rates[1]) }
  /// The core's clock at its highest, in Hz.
  package var clock: Double { max(cycles[0], cycles[1]) }
  package var perCycle: Double { clock > 0 ? rate / clock : 0 }
  /// Of each half alone, in its own cycles.
  package var halves: [Double] { zip(rates, cycles).map { $1 > 0 ? $0 / $1 : 0 } }

  /// One round of the clock, of the thing and of the clock, so that all are of the same one.
  package mutating func add(
    _ half: Int, clock: () -> Double, _ rate: () throws -> Double
  ) rethrows {
    let before = clock()
    rates[half] = max(rates[half], try rate())
    // The clock may rise under the load: the higher one of before and after counts.
    cycles[half] = max(cycles[half], before, clock())
  }

  /// Rounds of all loops in turn, half of them before something else and half after it.
  package static func inTurn<Between>(
    _ loops: [() -> Double], clock: () -> Double, rounds: Int, check: () throws -> Void,
    between: () throws -> Between
  ) rethrows -> (rounds: [RooflineRounds], between: Between) {
    var found = [RooflineRounds](repeating: RooflineRounds(), count: loops.count)
    func turns(_ half: Int) throws {
      for _ in 0..<rounds / 2 {
        for (index, loop) in loops.enumerated() {
          try check()
          found[index].add(half, clock: clock, loop)
        }
      }
    }
    try turns(0)
    let between = try between()
    try turns(1)
    return (found, between)
  }
}
