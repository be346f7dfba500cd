package import Model

/// What a few moments of close reading tell about one counter (R11).
package struct CounterProbe: Hashable, Sendable {
  /// Times between changes of the value, ascending.
  package var ticks: [Seconds] = []
  /// The steps that the value made, in raw units.
  package var steps: [UInt64] = []
  package var first: UInt64?
  package var last: UInt64?
  /// A failed read, if one was seen.
  package var failure: Reason?
  /// How long it was watched.
  package var duration = Seconds(0)

  package init() {}

  package var medianTick: Seconds? { ticks.isEmpty ? nil : ticks[ticks.count / 2] }
  package var lateTick: Seconds? {
    ticks.isEmpty ? nil : ticks[min(ticks.count - 1, ticks.count * 95 / 100)]
  }

  package var moves: Bool { !steps.isEmpty }

  /// The raw unit that every step is a multiple of: the one that the range implies, if the steps fit it, else their
  /// greatest common divisor.
  package func unit(range: UInt64?) -> Double? {
    guard !steps.isEmpty else { return nil }
    if let range {
      let implied = Double(range) / Double(UInt32.max)
      let fits = steps.allSatisfy { step in
        let units = (Double(step) / implied).rounded()
        return units > 0 && abs(Double(step) - units * implied) <= 1.01
      }
      if implied > 4, fits { return implied }
    }
    return Double(steps.reduce(0, Self.divisor))
  }

  private static func divisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }

  /// Reads closely for `span`, and slowly for up to `patience` more where a counter has not moved three times yet.
  package static func watch(
    _ reader: any MeterReader, _ clock: any MonotonicClock, span: Seconds = Seconds(0.05),
    patience: Seconds = Seconds(2.5)
  ) -> [CounterProbe] {
    var probes = [CounterProbe](repeating: CounterProbe(), count: reader.channels.count)
    var changed = [Instant?](repeating: nil, count: probes.count)
    let start = clock.now()
    let closeEnd = start.advanced(by: span)
    let lateEnd = start.advanced(by: span + patience)
    while true {
      for reading in reader.read(clock) {
        probes[reading.channel].take(reading, &changed[reading.channel])
      }
      let now = clock.now()
      if now >= closeEnd {
        if now >= lateEnd || probes.allSatisfy({ $0.ticks.count >= 2 || $0.failure != nil }) {
          break
        }
        clock.sleep(until: now.advanced(by: Seconds(0.001))) { false }
      }
    }
    for index in probes.indices {
      probes[index].duration = clock.now().since(start)
      probes[index].ticks.sort()
    }
    return probes
  }

  private mutating func take(_ reading: ChannelReading, _ changed: inout Instant?) {
    switch reading.value {
    case .unavailable(let reason): failure = reason
    case .value(let raw):
      if let last, raw != last {
        // A wrap gives no step; the next change does.
        if raw > last { steps.append(raw - last) }
        if let changed { ticks.append(reading.instant.since(changed)) }
        changed = reading.instant
      }
      if first == nil { first = raw }
      last = raw
    }
  }
}
