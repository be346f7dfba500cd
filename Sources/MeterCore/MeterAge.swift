package import Model

/// How old what a meter shows may be: one rule for every meter that is asked for a power.
///
/// A reading that is renewed every so often, or is the mean of so long a time, shows up to so much of what was before it.
/// Beside a tenth of the window that is a fact to be told; above the window the reading is of another time. A counter has
/// no such age: what it misses at one end of a window it shows at the other (see `CounterGrain`).
package enum MeterAge {
  /// The longest time before a reading that may still be in it; nil for a counter and where nobody says.
  package static func age(_ meter: MeterDescriptor) -> Seconds? {
    guard meter.quantity != .energyCounter else { return nil }
    return [meter.averagingWindow, meter.updatePeriod].compactMap(\.self).max()
  }

  /// Why the meter cannot speak for a window of that length, or nil.
  package static func refusal(_ meter: MeterDescriptor, window: Seconds) -> Reason? {
    // Clocks of two machines and the instants of polls differ by some milliseconds.
    guard let age = age(meter), age.value > window.value * 1.01 + 0.1 else { return nil }
    return Reason(
      .stale,
      "each reading may show the last \(tenths(age)) s, more than the window's \(tenths(window)) s",
      remedy: "use windows of \(tenths(Seconds(age.value * 10))) s or more (--window)")
  }

  /// What a result should tell about a meter whose readings are old beside its windows, or nil.
  package static func note(_ meter: MeterDescriptor, window: Seconds) -> String? {
    guard let age = age(meter), age.value > window.value / 10 + 0.1 else { return nil }
    return
      "each reading of \(meter.id) may show the last \(tenths(age)) s, more than a tenth of the "
      + "shortest window, \(tenths(window)) s"
  }

  private static func tenths(_ time: Seconds) -> String { "\((time.value * 10).rounded() / 10)" }
}
