internal import MeterCore
package import Model

/// Several counters read side by side over some windows: what mirrors and cross-checks are judged by.
package struct CounterComparison: Hashable, Sendable {
  /// Energy of each counter in each window, in microjoules: `energies[window][counter]`; nil where a read failed.
  package let energies: [[UInt64?]]
  package let window: Seconds

  package init(energies: [[UInt64?]], window: Seconds) {
    self.energies = energies
    self.window = window
  }

  /// Reads the counters at the ends of `count` windows that follow one another.
  package static func run(
    _ readers: [any MeterReader], _ clock: any MonotonicClock, windows count: Int, each: Seconds
  ) -> CounterComparison {
    var accumulators = readers.flatMap { reader in
      reader.channels.map { channel in
        var rules = channel.rules
        rules.stallAfter = nil
        return ChannelAccumulator(rules: rules)
      }
    }
    func read() -> [ChannelSnapshot] {
      var offset = 0
      for reader in readers {
        for reading in reader.read(clock) {
          accumulators[offset + reading.channel].add(reading.value, at: reading.instant)
        }
        offset += reader.channels.count
      }
      return accumulators.map(\.snapshot)
    }
    var energies: [[UInt64?]] = []
    var before = read()
    var next = clock.now()
    for _ in 0..<count {
      next = next.advanced(by: each)
      clock.sleep(until: next) { false }
      let after = read()
      energies.append(
        zip(before, after).map {
          EnergyInterval.between($0, $1, isWindow: false).value?.energy.value
        })
      before = after
    }
    return CounterComparison(energies: energies, window: each)
  }

  /// Whether two counters show the same hardware: they differ by no more than one tick's energy in 95 % of the
  /// windows (power.md 1.8); nil when neither moved enough to tell.
  package func isMirror(_ first: Int, _ second: Int, tick: Seconds) -> Bool? {
    var same = 0
    var seen = 0
    for row in energies {
      guard let left = row[first], let right = row[second] else { continue }
      guard max(left, right) > 0 else { continue }
      seen += 1
      let share = min(0.1, 1.5 * tick.value / window.value)
      let slack = Double(max(left, right)) * share + 200
      if abs(Double(left) - Double(right)) <= slack { same += 1 }
    }
    guard seen >= max(1, energies.count / 2) else { return nil }
    return same * 100 >= seen * 95
  }

  /// Energy of one counter over all windows, in microjoules; nil when a read failed.
  package func total(_ counter: Int) -> UInt64? {
    var sum: UInt64 = 0
    for row in energies {
      guard let energy = row[counter] else { return nil }
      sum += energy
    }
    return sum
  }

  /// How much more the second counter shows than the first, as a fraction; nil when it cannot be told.
  package func excess(of second: Int, over first: Int) -> Double? {
    guard let left = total(first), let right = total(second), left > 0 else { return nil }
    return Double(right) / Double(left) - 1
  }
}
