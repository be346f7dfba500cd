internal import LinuxSystem
package import Model

/// Finds out how often a device takes a new reading, from the moments at which its answer changes.
package struct UpdateWatch: Sendable {
  private var last: (mark: String, instant: Instant)?
  private var changes: [Instant] = []

  package init() {}

  /// Takes one answer's mark: the device's own time where it gives one, else its value.
  package mutating func take(_ mark: String, at instant: Instant) {
    if let last, last.mark != mark { changes.append(instant) }
    last = (mark, instant)
  }

  /// The median time between two changes; nil while fewer than three were seen.
  ///
  /// Two equal readings in a row make it longer than it is, never shorter, which errs to the safe side.
  package var period: Seconds? {
    guard changes.count >= 3 else { return nil }
    let times = zip(changes.dropFirst(), changes).map { $0.since($1) }.sorted()
    return times[times.count / 2]
  }

  /// Asks until three changes were seen, and no longer than `patience`.
  static func watch(
    _ clock: any MonotonicClock, patience: Seconds = Seconds(20),
    every step: Seconds = Seconds(0.25),
    _ ask: () -> Reading<DeviceAnswer>
  ) -> Seconds? {
    var watch = UpdateWatch()
    let end = clock.now().advanced(by: patience)
    while watch.period == nil, clock.now() < end {
      let next = clock.now().advanced(by: step)
      let began = clock.now()
      if let answer = ask().value, let mark = answer.takenAt ?? answer.power.map({ "\($0)" }) {
        watch.take(mark, at: Instant.midpoint(began, clock.now()))
      }
      clock.sleep(until: next) { false }
    }
    return watch.period
  }
}
