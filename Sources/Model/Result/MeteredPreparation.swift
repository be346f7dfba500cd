/// What a kernel needed before its first attempt, as long as it was built: by clock and meters of its own, never inside a window.
package struct MeteredPreparation: Hashable, Sendable {
  /// The clock around the meters' snapshots before and after; no hash counters are read.
  package let start: SnapshotInstants
  package let end: SnapshotInstants
  /// Of each channel, or why there is none.
  package let energy: [ChannelEnergy]

  package init(start: SnapshotInstants, end: SnapshotInstants, energy: [ChannelEnergy]) {
    self.start = start
    self.end = end
    self.energy = energy
  }

  package var duration: Seconds { end.energy.since(start.energy) }

  /// As a window without work, for whatever judges the energy of windows.
  package var window: Sample {
    Sample(
      kind: .idleBefore, series: nil, repeatIndex: 0, start: start, end: end, spans: [],
      energy: energy, shares: [])
  }
}
