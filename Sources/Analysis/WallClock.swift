package import Model

/// Start and end of a run by the wall clock, beside what its machine's states say of that clock.
package enum WallClock {
  /// Longest time before the first state and after the last: kernels are proven and timed, miners waited for.
  package static let longest = Seconds(2 * 86400)

  /// The start as the clock of the first state has it: one that was set in between tells another time.
  package static func started(_ read: Double, before states: [MachineState]) -> Double {
    guard let first = states.first?.unixTime else { return read }
    return min(max(read, first - longest.value), first)
  }

  /// The end, likewise, as the clock of the last state has it.
  package static func ended(_ read: Double, after states: [MachineState]) -> Double {
    guard let last = states.last?.unixTime else { return read }
    return max(min(read, last + longest.value), last)
  }
}

extension [Sample] {
  /// The machine before and after each window, in the order of the windows.
  package var states: [MachineState] {
    flatMap { [$0.stateBefore, $0.stateAfter].compactMap(\.self) }
  }
}
