/// A fixed, versioned plan, or what the options made of it.
package struct Plan: Hashable, Sendable {
  /// `quick-1`, `standard-1`, `metered-1`, or nil when an option overrode the suite's numbers (`custom`).
  package var suite: String?
  /// Shortest warm-up before a series' first window.
  package var warmup: Seconds
  /// Longest warm-up, when `warmsToSteadyState`.
  package var warmupLimit: Seconds
  package var warmsToSteadyState: Bool
  package var window: Seconds
  /// Time at load on each side of a window that is not measured.
  package var ramp: Seconds
  package var minimumRepeats: Int
  package var maximumRepeats: Int
  /// Relative half-width of the 95 % interval at which repeats stop; nil: exactly `minimumRepeats`.
  package var stopHalfWidth: Double?
  package var idle: Seconds
  package var idlesAfter: Bool
  /// Whether the series of one algorithm, one of each device, are measured at the same time instead of in turn.
  package var isTogether: Bool

  package init(
    suite: String?, warmup: Seconds, warmupLimit: Seconds, warmsToSteadyState: Bool,
    window: Seconds, ramp: Seconds, minimumRepeats: Int, maximumRepeats: Int,
    stopHalfWidth: Double?, idle: Seconds, idlesAfter: Bool, isTogether: Bool = false
  ) {
    self.suite = suite
    self.warmup = warmup
    self.warmupLimit = warmupLimit
    self.warmsToSteadyState = warmsToSteadyState
    self.window = window
    self.ramp = ramp
    self.minimumRepeats = minimumRepeats
    self.maximumRepeats = maximumRepeats
    self.stopHalfWidth = stopHalfWidth
    self.idle = idle
    self.idlesAfter = idlesAfter
    self.isTogether = isTogether
  }
}
